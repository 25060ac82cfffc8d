"""An entry recorded for the wrong patient goes to the right one, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from engine.event import CHANGES, Event
from engine.fault import Fault
from engine.history import Ledger, retracted
from store import identities, ledger
from store.admission import held
from store.database import Database
from store.derivation import Derivation
from store.errors import Refused, UnknownPatient
from store.identities import Head
from store.ledger import Dossier
from store.naming import check_names_nobody
from store.novelty import free_id
from store.origins import moved_from
from store.record import anew, recorded_within
from store.recording import Entry, Recorded, Recording
from store.settle import Reckoning

MOVE: Final = "move"
"""Where the retraction comes from by which an entry goes to another patient."""


@dataclass(frozen=True, slots=True)
class Move:
    """Which entry of which patient goes to whom, and why."""

    reference: str
    entry: str
    to: str
    reason: str


def move(
    database: Database, said: Move, *, recorder: str, now: datetime, derive: Derivation
) -> tuple[Recorded, Recorded]:
    """Retract the entry here and record it there, as it stands, of the same day and day of writing.

    The ledger names the other patient by number. Raises UnknownPatient, Refused where the entry cannot be
    moved or does not fit the other story, and whatever `record` raises; then nothing was recorded.
    """
    at = Reckoning.at(now, derive)

    def moved() -> tuple[Recorded, Recorded]:
        with database.writing() as connection:
            return move_within(connection, said, recorder, at)

    return anew(moved)


def move_within(
    connection: Connection, said: Move, recorder: str, at: Reckoning
) -> tuple[Recorded, Recorded]:
    """Move as part of a transaction that is open already; raises as `move`."""
    check_names_nobody(connection, said.reason, said.reference, said.to)
    identities.lock(connection, [said.reference, said.to])
    source, target = (_head(connection, reference) for reference in (said.reference, said.to))
    if source.patient_id == target.patient_id:
        raise Refused([Fault(said.entry, None, "it is recorded about this patient already")])
    there = held(connection, said.reference)
    event = _movable(ledger.dossier(source, there.lines), said.entry, at)
    taken_back = {
        "type": "retraction",
        "date": at.today,
        "target": said.entry,
        "reason": f"recorded for the wrong patient, moved to patient {target.patient_id}: {said.reason}",
    }
    gone = Recording(said.reference, (Entry(taken_back),), source=MOVE)
    come = Recording(
        said.to,
        (Entry(_free(event, connection, said.to)),),
        source=moved_from(source.patient_id, said.entry, said.reason),
        imported=True,
    )
    return recorded_within(connection, gone, recorder, at), recorded_within(connection, come, recorder, at)


def _head(connection: Connection, reference: str) -> Head:
    head = identities.find(connection, reference, to_write=True)
    if head is None:
        raise UnknownPatient
    return head


def _movable(dossier: Dossier, id: str, at: Reckoning) -> Event:
    """The entry as it stands, with its corrections."""
    entry = next((one for one in dossier.entries if one.id == id), None)
    if entry is None:
        raise Refused([Fault(id, None, "there is no such entry")])
    if entry.type in CHANGES:
        raise Refused([Fault(id, None, f"a {entry.type} stays with what it is about; move that entry")])
    if id in retracted(dossier.entries):
        raise Refused([Fault(id, None, "it was retracted already")])
    known = Ledger(dossier.story, dossier.all_known(at.known_at)).now.by_id[id]
    return replace(known, recorded=known.documented, corrected_by=())


def _free(event: Event, connection: Connection, reference: str) -> Event:
    """The event under an id that is free in the other record."""
    return replace(event, id=free_id(held(connection, reference).ids))
