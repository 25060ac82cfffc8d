"""The one write door: what is said about a patient is checked, appended and its consequences derived at once.

1. Find the patient. 2. Refuse if somebody recorded since the writer looked. 3. Read the ledger and keep of
the recording what is new. 4. Check it against the whole story. 5. Derive for today, and compare with what is
kept. 6. Append to the chain, comparing and setting the sequence, and write the rows of the lists. Nothing is
written before step 6, and all in one transaction: a failure at any point leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from engine.difference import Difference, between
from engine.entries import EntryError, read_story
from store import definitions, identities, ledger, projections
from store.database import Database
from store.derivation import Derivation
from store.errors import Clash, OtherContent, Overtaken, Refused, StoreError, UnknownPatient
from store.identities import Head
from store.ledger import Dossier, Line
from store.novelty import Novelty, Saying, instant, novelty
from store.projections import Changed, Kept
from store.recording import NotRecorded, Recorded, Recording
from store.settle import Answer, Reckoning


def record(
    database: Database, recording: Recording, *, recorder: str, now: datetime, derive: Derivation
) -> Recorded:
    """Record what is said about one patient, whole or not at all, and answer what it changed.

    Raises UnknownPatient, Refused, OtherContent, Overtaken, UnknownPathway, CannotDerive, Busy or
    CannotWrite; then nothing was recorded.
    """
    try:
        with database.writing() as connection:
            return _Door(connection, recorder, Reckoning.at(now, derive)).admit(recording)
    except Clash:
        raise OtherContent("the name its source gave an entry is recorded for another patient") from None


def record_many(
    database: Database,
    recordings: Iterable[Recording],
    *,
    recorder: str,
    now: datetime,
    derive: Derivation,
    batch: int = 100,
    rehearse: bool = False,
) -> Iterator[Recorded | NotRecorded]:
    """Record about many patients, each whole or not at all; `batch` of them share one transaction.

    Answers in the order given, each after it is durable. With `rehearse` everything is tried and nothing
    kept. Raises Busy or CannotWrite; what was answered before stays recorded.
    """
    at = Reckoning.at(now, derive)
    waiting = iter(recordings)
    while group := list(islice(waiting, batch)):
        try:
            yield from _together(database, group, recorder, at, rehearse)
        except Clash:
            for one in group:
                yield _alone(database, one, recorder, at, rehearse)


class _Rehearsed(Exception):
    """Leaves a transaction without keeping anything."""


def _together(
    database: Database, group: Sequence[Recording], recorder: str, at: Reckoning, rehearse: bool
) -> list[Recorded | NotRecorded]:
    answers: list[Recorded | NotRecorded] = []
    try:
        with database.writing() as connection:
            door = _Door(connection, recorder, at)
            answers += [_answer(door, recording) for recording in group]
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return answers


def _alone(
    database: Database, one: Recording, recorder: str, at: Reckoning, rehearse: bool
) -> Recorded | NotRecorded:
    try:
        return _together(database, [one], recorder, at, rehearse)[0]
    except Clash:
        told = "the name its source gave an entry is recorded for another patient"
        return NotRecorded(one.reference, OtherContent(told))


def _answer(door: _Door, recording: Recording) -> Recorded | NotRecorded:
    try:
        return door.admit(recording)
    except StoreError as error:
        return NotRecorded(recording.reference, error)


_nobody = Head(0, 0, identities.beginning, None)


@dataclass(frozen=True, slots=True)
class _Door:
    """One transaction, one recorder, one reading of the clock."""

    connection: Connection
    recorder: str
    at: Reckoning

    def admit(self, recording: Recording) -> Recorded:
        head = identities.find(self.connection, recording.reference)
        if head is None and recording.facts is None:
            raise UnknownPatient
        there = ledger.lines(self.connection, head.patient_id) if head else []
        _unseen(recording, there)
        before = ledger.dossier(head or _nobody, there)
        new = novelty(self._saying(recording, before), before, there, self.at.derive)
        if not new.lines:
            return _unchanged(recording, before, new)
        after = _checked(before, new)
        kept = projections.kept(self.connection, head.patient_id) if head else None
        answer = self.at.answer(after)
        change = answer.against(kept)
        difference = self._difference(before, answer, kept, change)
        settled = self._write(recording, head, new, answer, change, fresh=kept is None)
        return Recorded(
            reference=recording.reference,
            patient_id=settled.patient_id,
            sequence=settled.sequence,
            added=new.added,
            repeated=tuple(new.repeated),
            registered=head is None,
            difference=difference,
            snapshot=answer.snapshot,
        )

    def _saying(self, recording: Recording, before: Dossier) -> Saying:
        """A patient's entries are recorded one after the other, also when the clock was set back."""
        last = before.last_recorded
        recorded = self.at.known_at if last is None else max(self.at.known_at, last + instant)
        return Saying(recording, self.recorder, recorded)

    def _difference(self, before: Dossier, answer: Answer, kept: Kept | None, change: Changed) -> Difference:
        """What is new makes of today's answer; the kept one is today's, unless time has changed it."""
        if before.enrolment is None or (kept and kept.right_on(self.at.today)):
            return between(change.before, change.after)
        return between(self.at.answer(before).snapshot.pathways, answer.snapshot.pathways)

    def _write(
        self,
        recording: Recording,
        head: Head | None,
        new: Novelty,
        answer: Answer,
        change: Changed,
        *,
        fresh: bool,
    ) -> Head:
        if any(line.kind == "enrolment" for line in new.lines) and answer.dossier.enrolment:
            definitions.keep(self.connection, answer.dossier.enrolment, self.at.derive)
        if head is None:
            head = identities.create(self.connection, recording, new.birth_date, self.at.known_at)
        elif new.birth_date:
            identities.set_birth_date(self.connection, head.patient_id, new.birth_date)
        settled = ledger.append(self.connection, head, new.lines)
        if settled is None:
            raise Overtaken([])
        answer.keep(self.connection, settled.patient_id, change, new=fresh)
        return settled


def _unseen(recording: Recording, there: Sequence[Line]) -> None:
    """Raises Overtaken when entries follow the last one the writer has seen."""
    if recording.expected is None:
        return
    meanwhile = [line for line in there if line.seq > recording.expected]
    if meanwhile:
        raise Overtaken([_told(line) for line in meanwhile])


def _told(line: Line) -> str:
    what = f"{line.event_id} {line.type}" if line.event_id else line.kind
    return f"{what} by {line.recorder} on {line.recorded_there:%Y-%m-%d at %H:%M}"


def _checked(before: Dossier, new: Novelty) -> Dossier:
    """The dossier with what is new; raises Refused when the whole does not fit together."""
    after = before.followed_by(new.lines, new.birth_date)
    try:
        read_story(after.facts, after.entries)
    except EntryError as error:
        raise Refused(error.faults) from None
    return after


def _unchanged(recording: Recording, before: Dossier, new: Novelty) -> Recorded:
    head, nothing = before.head, Difference()
    return Recorded(
        recording.reference, head.patient_id, head.sequence, (), tuple(new.repeated), False, nothing, None
    )
