"""Two records of one patient become one story, and two again; each in one transaction.

See docs/decisions/0020-two-records-of-one-patient.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.fault import Fault
from store import desk, identities, ledger, merged, projections
from store.admission import Held, held
from store.canonical import canonical
from store.database import Database
from store.derivation import Derivation
from store.differing import check_agree, check_one_person
from store.errors import Crossed, MergedAway, Overtaken, Refused, UnknownPatient
from store.ledger import Dossier, Line
from store.merged import Merge
from store.naming import check_names_nobody
from store.novelty import Saying
from store.record import anew, recorded_within
from store.recording import Joining, Recorded, Recording
from store.settle import Reckoning


def merge(
    database: Database,
    reference: str,
    other: str,
    reason: str,
    *,
    recorder: str,
    now: datetime,
    derive: Derivation,
    same_person: bool = False,
) -> Recorded:
    """From now on the record of `reference` tells what both tell; the other takes nothing more.

    `same_person` says that they are of one person although names or numbers differ. Raises UnknownPatient,
    MergedAway, Contradictory, OtherPerson, and whatever `record` raises; then nothing was recorded.
    """
    at = Reckoning.at(now, derive)

    def merging() -> Recorded:
        with database.writing() as connection:
            return merge_within(connection, reference, other, reason, recorder, at, same_person=same_person)

    return anew(merging)


def merge_within(
    connection: Connection,
    reference: str,
    other: str,
    reason: str,
    recorder: str,
    at: Reckoning,
    *,
    same_person: bool = False,
) -> Recorded:
    """Merge as part of a transaction that is open already; raises as `merge`."""
    check_names_nobody(connection, reason, reference, other)
    own, lends = _both(connection, reference, other)
    assert own.head is not None
    assert lends.head is not None
    stays, goes = ledger.dossier(own.head, own.lines), ledger.dossier(lends.head, lends.lines)
    for one in (stays, goes):
        if one.merged_into is not None:
            raise MergedAway(one.merged_into)
    check_agree(stays, goes, at)
    if not same_person:
        check_one_person(connection, stays.head.patient_id, goes.head.patient_id)
    ids = _renamed(own, lends.lines, lends.head.patient_id)
    said = Merge(lends.head.patient_id, lends.head.sequence, lends.head.hash, ids, reason)
    joining = Joining(merged.MERGE, said.payload(), tuple(lends.lines))
    recording = Recording(reference, joining=joining, source="merge")
    recorded = recorded_within(connection, recording, recorder, at)
    _end(connection, lends, goes, own.head.patient_id, recorder, at)
    desk.settle_owner(connection, own.head.patient_id)
    return recorded


def _both(connection: Connection, reference: str, other: str) -> tuple[Held, Held]:
    """Both records, with other writers kept off in the order of the patients' numbers."""
    heads = [identities.find(connection, one) for one in (reference, other)]
    numbers = [head.patient_id for head in heads if head]
    if len(numbers) < 2:
        raise UnknownPatient
    if numbers[0] == numbers[1]:
        raise Refused([Fault(None, None, "a record cannot be merged with itself")])
    for number in sorted(numbers):
        identities.head_of(connection, number, to_write=True)
    both = held(connection, reference), held(connection, other)
    if not all(one.head for one in both):  # an identity was erased meanwhile
        raise UnknownPatient
    return both


def _end(connection: Connection, lends: Held, goes: Dossier, into: int, recorder: str, at: Reckoning) -> None:
    """Say in the other record that it is part of this one, and take it off the lists."""
    assert lends.head is not None
    saying = Saying.at(Recording("", source="merge"), recorder, goes.next_recorded(at.known_at))
    line = saying.line(merged.MERGED_INTO, canonical({"patient": into}))
    if ledger.append(connection, lends.head, [line]) is None:
        raise Overtaken([])
    projections.clear(connection, lends.head.patient_id)


def _renamed(own: Held, lends: Sequence[Line], number: int) -> dict[str, str]:
    """New ids for entries of the other record whose ids are taken here, but by what it lent before."""
    here = {line.event_id for line in (*own.lines, *own.gone) if line.patient_id != number}
    taken = here | {line.event_id for line in lends}
    found: dict[str, str] = {}
    for line in lends:
        if line.event_id in here and line.event_id is not None:
            id = f"p{number}-{line.event_id}"
            while id in taken:
                id += "+"
            taken.add(id)
            found[line.event_id] = id
    return found


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The two records after a merge was undone.

    `stays` are the entries recorded since the merge, which stay where they were recorded; `idle` those of
    them that correct or retract what is gone, and so do nothing any more.
    """

    reference: str
    here: Recorded
    there: Recorded
    stays: tuple[str, ...]
    idle: tuple[str, ...]


def unmerge(
    database: Database, reference: str, reason: str, *, recorder: str, now: datetime, derive: Derivation
) -> Unmerged:
    """Undo the latest merge of this record that is not undone yet: both take entries again.

    Raises UnknownPatient, Refused where there is no merge, and whatever `record` raises.
    """
    at = Reckoning.at(now, derive)

    def unmerging() -> Unmerged:
        with database.writing() as connection:
            return unmerge_within(connection, reference, reason, recorder, at)

    return anew(unmerging)


def unmerge_within(
    connection: Connection, reference: str, reason: str, recorder: str, at: Reckoning
) -> Unmerged:
    """Undo a merge as part of a transaction that is open already; raises as `unmerge`."""
    latest = _latest(held(connection, reference))
    number = merged.other_of(latest)
    (other,) = identities.named(connection, [number]).values()
    check_names_nobody(connection, reason, reference, other)
    own, _ = _both(connection, reference, other)
    assert own.head is not None
    if _latest(own) != latest:  # somebody else came first, before others were kept off
        raise Crossed
    undone = Joining(merged.UNMERGE, canonical({"patient": number, "reason": reason}))
    back = Joining(merged.UNMERGED, canonical({"patient": own.head.patient_id}))
    here = recorded_within(connection, Recording(reference, joining=undone, source="merge"), recorder, at)
    there = recorded_within(connection, Recording(other, joining=back, source="merge"), recorder, at)
    for one in (own.head.patient_id, number):
        desk.settle_owner(connection, one)
    stays = [line.event_id for line in own.lines if line.seq > latest.seq and line.event_id]
    left = {line.event_id for line in held(connection, reference).lines}
    return Unmerged(other, here, there, tuple(stays), tuple(id for id in stays if id not in left))


def _latest(own: Held) -> Line:
    """The latest merge of a record that is not undone."""
    if own.head is None:
        raise UnknownPatient
    merges = merged.active(line for line in own.lines if line.seq)
    if not merges:
        raise Refused([Fault(None, None, "no other record is merged into this one")])
    return merges[-1]
