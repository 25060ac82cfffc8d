"""An identity is forgotten: vault and indexes are emptied, the story and its chain stay, as `#17`.

That it was done stands in the ledger as an entry of its own, with one reason of a closed list: nothing in it
can name anybody. Earlier views of the patient stay as they were but for what the identity alone gave, the
age.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from store import identities, ledger
from store.canonical import canonical
from store.database import Database
from store.derivation import Derivation
from store.errors import Crossed, Overtaken, UnknownPatient
from store.identities import Head
from store.novelty import Saying
from store.parts import part_of, same_person
from store.record import anew
from store.recording import Recording
from store.refresh import write_anew
from store.settle import Reckoning
from store.tables import tracking, vault

REASONS: Final = {
    "requested": "the patient asked for it",
    "retention_over": "the period for which records are kept is over",
    "ordered": "a court or an authority ordered it",
    "not_a_patient": "registered by mistake",
}

KIND: Final = ledger.ERASURE
"""The kind of the entry."""

CLEANED: Final = "files_cleaned"
"""The detail of the access log by which an erasure says that no trace is left in the database's files."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The patient's number, whether anything was known, and whether no trace is left in the database's files.

    Where `settled` is False somebody read at that moment, so that a copy of it may still be there. `merged`
    are the records of the same person whose identities were erased with it; `part_of` is the record that it
    is part of itself, whose identity stays.
    """

    patient_id: int
    was_known: bool
    settled: bool
    merged: tuple[int, ...] = ()
    part_of: int | None = None


def erase(
    database: Database, reference: str, reason: str, *, recorder: str, now: datetime, derive: Derivation
) -> Erased:
    """Forget who a patient is, with the records merged into this one, whole or not at all; done again, it
    cleans the files where it could not.

    Raises UnknownPatient, Overtaken, Busy or CannotWrite; then nothing was erased.
    """
    assert reason in REASONS, "the reason is one of the list"
    at = Reckoning.at(now, derive)

    def erasing() -> Erased:
        with database.writing() as connection:
            return _erased(connection, reference, reason, recorder, at)

    done = anew(erasing)
    return replace(done, settled=database.settle())


def _erased(connection: Connection, reference: str, reason: str, recorder: str, at: Reckoning) -> Erased:
    head = identities.find(connection, reference)
    if head is None:
        raise UnknownPatient
    numbers = same_person(connection, head.patient_id)
    heads = {number: identities.head_of(connection, number, to_write=True) for number in numbers}
    if same_person(connection, head.patient_id) != numbers:
        raise Crossed  # merged or parted meanwhile
    known = [number for number in numbers if identities.erase(connection, number)]
    for number in known:
        _append(connection, heads[number], reason, recorder, at.known_at)
        write_anew(connection, number, at)  # the age is gone from the lists
    others = tuple(number for number in known if number != head.patient_id)
    into = part_of(connection, [head.patient_id]).get(head.patient_id)
    stays = into is not None and identities.person_of(connection, into) is not None
    return Erased(head.patient_id, head.patient_id in known, False, others, into if stays else None)


def _append(connection: Connection, head: Head, reason: str, recorder: str, now: datetime) -> None:
    there = ledger.dossier(head, ledger.lines(connection, head.patient_id))
    said = Saying.at(Recording("", source="command line"), recorder, there.next_recorded(now))
    line = said.line(KIND, canonical({"reason": reason}))
    if ledger.append(connection, head, [line]) is None:
        raise Overtaken([])


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who left the pathway: the state, and the day of the last entry."""

    reference: str
    state: str
    last_day: date


def leavers(database: Database, states: frozenset[str], before: date) -> list[Leaver]:
    """Who is in one of these states with nothing since a day, and not erased; the earliest first."""
    with database.reading() as connection:
        found = connection.execute(_left, {"states": sorted(states), "before": before}).all()
        names = identities.named(connection, (row.patient_id for row in found))
    return [Leaver(names[row.patient_id], row.state, row.latest_activity) for row in found]


_left = (
    select(tracking.c.patient_id, tracking.c.state, tracking.c.latest_activity)
    .join(vault, vault.c.patient_id == tracking.c.patient_id)
    .where(
        tracking.c.state.in_(bindparam("states", expanding=True)),
        tracking.c.latest_activity < bindparam("before"),
    )
    .order_by(tracking.c.latest_activity, tracking.c.patient_id)
)
