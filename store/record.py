"""The one write door: what is said about a patient is checked, appended and derived from at once.

1. Read what there is about the patient. 2. Refuse if somebody recorded since the writer looked. 3. Keep of
the recording what is new, and check it against the whole story. 4. Derive for today, and compare with what is
kept. 5. Append to the chain, comparing and setting the sequence, and write the rows of the lists. Steps 2 to
4 are in `admission`. Nothing is written before step 5, and all in one transaction: a failure at any point
leaves nothing behind.

Steps 1 to 4 are done before the transaction, so that others wait for the writing alone; where somebody
recorded meanwhile they are done anew inside it. Many patients go the same way in batches, worked out by
several processes where there are many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection

from engine.difference import Difference
from store import definitions, identities, ledger, projections
from store.admission import Admission, Held, Refusal, Working, held, work_out
from store.database import Database
from store.derivation import Derivation
from store.errors import Clash, Crossed, OtherContent, Overtaken, StoreError, taken_name
from store.identities import Head
from store.prepared import sent_together
from store.recording import NotRecorded, Recorded, Recording
from store.rehearsal import Rehearsal
from store.settle import Reckoning
from store.workers import Place, shared

Answered = Recorded | NotRecorded
Answer = TypeVar("Answer")


def record(
    database: Database,
    recording: Recording,
    *,
    recorder: str,
    now: datetime,
    derive: Derivation,
    beside: Callable[[Connection], None] | None = None,
) -> Recorded:
    """Record what is said about one patient, whole or not at all, and answer what it changed.

    `beside` writes what belongs to it in the same transaction, unless it is recorded already.

    Raises UnknownPatient, KnownPatient, Refused, OtherContent, Overtaken, UnknownPathway, CannotDerive,
    Busy or CannotWrite, and as `beside` does; then nothing was recorded.
    """
    at = Reckoning.at(now, derive)

    def write() -> Recorded:
        found = ready(database, recording, recorder, at)
        with database.writing() as connection:
            recorded = found.recorded(connection)
            if beside is not None and recorded.added:
                beside(connection)
            return recorded

    return anew(write)


def tried(
    database: Database, recording: Recording, *, recorder: str, now: datetime, derive: Derivation
) -> Recorded:
    """What recording it now would come to and change; nothing is written.

    Raises UnknownPatient, MergedAway, Refused, OtherContent, Overtaken, UnknownPathway and CannotDerive as
    `record` would.
    """
    would = ready(database, recording, recorder, Reckoning.at(now, derive))
    found = would.found
    head = found.head or identities.nobody
    return Recorded(
        reference=recording.reference,
        patient_id=head.patient_id,
        sequence=head.sequence,
        added=found.new.added,
        repeated=tuple(found.new.repeated),
        registered=False,
        changed=found.rows is not None,
        difference=would.difference,
        snapshot=would.worked.answer.snapshot if would.worked.answer else None,
    )


_attempts = 3
"""How often a write is begun anew before the person is told."""


def anew(write: Callable[[], Answer]) -> Answer:
    """Write in a transaction, once more where somebody came between: by now it can be seen who.

    Raises OtherContent where a name was taken by somebody else.
    """
    for _ in range(_attempts):
        try:
            return write()
        except (Clash, Crossed):
            continue
    try:
        return write()
    except Clash:
        raise taken_name() from None


@dataclass(frozen=True, slots=True)
class Ready:
    """What a recording comes to, worked out before the database is locked."""

    recording: Recording
    recorder: str
    at: Reckoning
    worked: Working
    found: Admission
    difference: Difference

    def recorded(self, connection: Connection) -> Recorded:
        """Record it as part of a transaction, worked out anew where somebody came between; raises as
        `record`.
        """
        _keep_definitions(connection, [self.found], self.at)
        if not _is_so_still(connection, self.recording.reference, self.found):
            return recorded_within(connection, self.recording, self.recorder, self.at)
        recorded = _written(connection, self.recording, self.found, self.at)
        return _told(recorded, self.worked, self.difference)


def ready(database: Database, recording: Recording, recorder: str, at: Reckoning) -> Ready:
    """Work out what a recording comes to; nothing is written. Raises as `record`."""
    with database.reading() as connection:
        there = _with_rows(connection, held(connection, recording.reference))
        worked = work_out(recording, there, recorder, at)
        return Ready(recording, recorder, at, worked, worked.admission(), worked.difference(at))


def recorded_within(connection: Connection, recording: Recording, recorder: str, at: Reckoning) -> Recorded:
    """Record as part of a transaction that is open already; raises as `record`."""
    there = _with_rows(connection, held(connection, recording.reference, to_write=True))
    worked = work_out(recording, there, recorder, at)
    found = worked.admission()
    _keep_definitions(connection, [found], at)
    return _told(_written(connection, recording, found, at), worked, worked.difference(at))


def _with_rows(connection: Connection, there: Held) -> Held:
    return replace(there, kept=projections.kept(connection, there.head.patient_id)) if there.head else there


def _is_so_still(connection: Connection, reference: str, found: Admission | Refusal) -> bool:
    """Whether nobody recorded about the patient and the rows of the lists are the same; nobody will from now
    on, until the end of the transaction.
    """
    head = identities.find(connection, reference, to_write=True)
    return head == found.head and (not head or projections.kept(connection, head.patient_id) == found.kept)


def _told(recorded: Recorded, worked: Working, difference: Difference) -> Recorded:
    """What was written, with what it changed."""
    snapshot = worked.answer.snapshot if worked.answer else None
    return replace(recorded, difference=difference, snapshot=snapshot)


def record_many(
    database: Database,
    recordings: Iterable[Recording],
    *,
    recorder: str,
    now: datetime,
    derive: Derivation,
    batch: int = 100,
    jobs: int = 1,
    rehearse: bool = False,
) -> Iterator[Answered]:
    """Record about many patients, each whole or not at all; `batch` of them share one transaction.

    Answers in the order given, each after it is durable, without the difference. Once they are many, `jobs`
    processes work them out. With `rehearse` everything is tried and nothing kept. Raises Busy, CannotWrite or
    WorkerLost; what was answered before stays recorded.
    """
    said = Circumstances(recorder, now)
    at = Reckoning.at(now, derive)
    waiting = iter(recordings)
    batches = iter(lambda: Batch(said, tuple(islice(waiting, batch))), Batch(said, ()))
    rehearsal = Rehearsal()
    for group, found in shared(Place(database, derive), worked_out, batches, jobs):
        answers = _answers(database, group, found, at, rehearse)
        for recording, answer in zip(group.recordings, answers, strict=True):
            yield rehearsal.settled(recording, answer) if rehearse else answer


def _answers(
    database: Database, group: Batch, found: Sequence[Admission | Refusal], at: Reckoning, rehearse: bool
) -> Iterator[Answered]:
    try:
        yield from _together(database, group, found, at, rehearse)
    except (Clash, Crossed):
        for recording, one in zip(group.recordings, found, strict=True):
            yield _alone(database, Batch(group.said, (recording,)), one, at, rehearse)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who records, and when."""

    recorder: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What shares one transaction."""

    said: Circumstances
    recordings: tuple[Recording, ...]


def worked_out(here: Place, batch: Batch) -> list[Admission | Refusal]:
    """What every recording of a batch comes to, each by itself."""
    at = Reckoning.at(batch.said.now, here.derive)
    with here.database.reading() as connection:
        return [_worked_out(connection, one, batch.said.recorder, at) for one in batch.recordings]


def _worked_out(
    connection: Connection, recording: Recording, recorder: str, at: Reckoning
) -> Admission | Refusal:
    there = _with_rows(connection, held(connection, recording.reference))
    try:
        return work_out(recording, there, recorder, at).admission()
    except StoreError as error:
        return Refusal(there.head, there.kept, error)


def _together(
    database: Database, group: Batch, found: Sequence[Admission | Refusal], at: Reckoning, rehearse: bool
) -> list[Answered]:
    """Patients known and new are taken in one order, so that two imports never wait for each other."""
    answers: dict[int, Answered] = {}
    references = [one.reference for one in group.recordings]
    with database.writing(keeping=not rehearse) as connection:
        _keep_definitions(connection, found, at)
        identities.lock(connection, references)
        for n in sorted(range(len(references)), key=references.__getitem__):
            answers[n] = _answer(connection, group.recordings[n], found[n], group.said.recorder, at)
    return [answers[n] for n in range(len(references))]


def _keep_definitions(connection: Connection, found: Sequence[Admission | Refusal], at: Reckoning) -> None:
    new = (one.enrolment for one in found if isinstance(one, Admission) and one.enrolment)
    definitions.keep(connection, new, at.derive)


def _alone(
    database: Database, group: Batch, found: Admission | Refusal, at: Reckoning, rehearse: bool
) -> Answered:
    try:
        return anew(lambda: _together(database, group, [found], at, rehearse)[0])
    except OtherContent as taken:
        return NotRecorded(group.recordings[0].reference, taken)


def _answer(
    connection: Connection, recording: Recording, found: Admission | Refusal, recorder: str, at: Reckoning
) -> Answered:
    """Write what was worked out, worked out anew where it was overtaken."""
    if not _is_so_still(connection, recording.reference, found):
        found = _worked_out(connection, recording, recorder, at)
        _keep_definitions(connection, [found], at)
    if isinstance(found, Refusal):
        return NotRecorded(recording.reference, found.error)
    return _written(connection, recording, found, at)


def _written(connection: Connection, recording: Recording, found: Admission, at: Reckoning) -> Recorded:
    """Write an admission. Raises Overtaken when the chain does not end where it was worked out from."""
    head = found.head or identities.nobody
    if found.rows is not None:
        with sent_together(connection):
            head = _appended(connection, _head(connection, recording, found, at), found)
            if found.head and not found.kept:
                projections.clear(connection, head.patient_id)
            projections.write(connection, head.patient_id, found.rows, found.kept)
    return Recorded(
        reference=recording.reference,
        patient_id=head.patient_id,
        sequence=head.sequence,
        added=found.new.added,
        repeated=tuple(found.new.repeated),
        registered=found.head is None,
        changed=found.rows is not None,
        retracted=found.new.retracted,
    )


def _appended(connection: Connection, head: Head, found: Admission) -> Head:
    settled = ledger.append(connection, head, found.new.lines)
    if settled is None:
        raise Overtaken([])
    return settled


def _head(connection: Connection, recording: Recording, found: Admission, at: Reckoning) -> Head:
    """The head to append to: a new patient's, or the one that is there, with what goes before the entries."""
    before = found.head
    births = found.new.births or (before.births if before else None)
    if before is None:
        return identities.create(connection, recording, found.born, at.known_at, births)
    if (found.born, births) != (before.birth_date, before.births):
        identities.set_birth_date(connection, before.patient_id, found.born, births)
    return before
