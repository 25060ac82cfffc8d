"""What a recording comes to: checked, derived and compared, from what the database holds, without writing.

So it can be worked out in one process and written by another. Whoever writes sees by `head` whether somebody
recorded meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from engine.difference import Difference, between
from engine.entries import EntryError, read_story
from store import identities, ledger, merged
from store.at_the_time import taken
from store.counted_days import check_day_zero, day_faults
from store.derivation import Enrolment
from store.errors import KnownPatient, MergedAway, Overtaken, Refused, StoreError, UnknownPatient
from store.identities import Head
from store.ledger import Dossier, Line
from store.novelty import Novelty, Saying, novelty
from store.projections import Changed, Kept, Rows
from store.recording import Recording
from store.settle import Answer, Reckoning


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds about a patient before a recording; a head of None: nobody is known.

    `lines` are those in force; `gone` went with a merge that was undone. `kept` is None where the rows of the
    lists are missing, or not to be built upon.
    """

    head: Head | None
    lines: list[Line]
    gone: list[Line] = field(default_factory=list)
    kept: Kept | None = None

    @property
    def ids(self) -> set[str]:
        """Every id that an entry of this record has or had."""
        return {line.event_id for line in (*self.lines, *self.gone) if line.event_id}


@dataclass(frozen=True, slots=True)
class Admission:
    """What is to be written: nothing where no line is new.

    `head` is the end of the chain it was worked out from, `kept` the rows of the lists (None: there are
    none), `born` the date of birth afterwards, `enrolment` one that is new. `rows` are those of the lists
    that differ from the kept ones.
    """

    head: Head | None
    kept: Kept | None
    new: Novelty
    born: date | None = None
    enrolment: Enrolment | None = None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a recording cannot be admitted, as of a head and the rows of the lists."""

    head: Head | None
    kept: Kept | None
    error: StoreError


@dataclass(frozen=True, slots=True)
class Working:
    """A recording worked out; `answer` and `change` are None where nothing is new. `joined` is what a merge
    lends that it records.
    """

    held: Held
    before: Dossier
    new: Novelty
    answer: Answer | None = None
    change: Changed | None = None
    joined: Sequence[Line] = ()

    def admission(self) -> Admission:
        head, kept = self.held.head, self.held.kept
        if self.answer is None or self.change is None:
            return Admission(head, kept, self.new)
        enrolled = any(line.kind == "enrolment" for line in self.new.lines)
        enrolment = self.answer.dossier.enrolment if enrolled else None
        rows = self.answer.rows(self.change)
        born = self.answer.dossier.birth_date
        return Admission(head, kept, self.new, born, enrolment, rows)

    def difference(self, at: Reckoning) -> Difference:
        """What is new makes of today's answer, and the earlier decisions that rested on what it changes."""
        if self.answer is None or self.change is None:
            return Difference()
        changes = self._changes(self.answer, self.change, at)
        decisions = taken(self.before, self.held.lines, self.joined)
        return replace(changes, decisions=at.rested(self.before, decisions, self.answer))

    def _changes(self, answer: Answer, change: Changed, at: Reckoning) -> Difference:
        """The kept answer is today's, unless time has changed it."""
        kept = self.held.kept
        if self.before.enrolment is None or (kept and kept.right_on(at.today)):
            return between(change.before, change.after)
        return between(at.answer(self.before).snapshot.pathways, answer.snapshot.pathways)


def held(connection: Connection, reference: str, *, to_write: bool = False) -> Held:
    """What there is about the patient with this reference, without the rows of the lists."""
    head = identities.find(connection, reference, to_write=to_write)
    if head is None:
        return Held(None, [])
    lines = ledger.lines(connection, head.patient_id)
    there = ledger.visible(lines)
    return Held(head, there, merged.gone(lines, there))


def work_out(recording: Recording, held: Held, recorder: str, at: Reckoning) -> Working:
    """Raises UnknownPatient, KnownPatient, Refused, OtherContent, Overtaken, UnknownPathway, CannotDerive."""
    if held.head is None:
        if recording.facts is None:
            raise UnknownPatient
        identities.check_reference(recording.reference)
    _unseen(recording, held.lines)
    check_day_zero(held.head, recording)
    before = ledger.dossier(held.head or identities.nobody, held.lines)
    undoing = recording.joining is not None and recording.joining.kind == merged.UNMERGED
    if before.merged_into is not None and not undoing:
        raise MergedAway(before.merged_into)
    saying = Saying.at(recording, recorder, before.next_recorded(at.known_at))
    new = novelty(saying, before, held.lines, held.gone, at.derive)
    if not new.lines:
        return Working(held, before, new)
    if recording.registers and held.head is not None:
        raise KnownPatient
    joined = _joined(new, recording)
    checked = 0 if recording.joining else len(before.entries)
    answer = at.answer(_checked(_after(before, held, new, recording, joined), checked))
    return Working(held, before, new, answer, answer.against(held.kept), joined)


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


def _joined(new: Novelty, recording: Recording) -> list[Line]:
    """What a merge lends that is new."""
    joining = recording.joining
    if joining is None or joining.kind != merged.MERGE:
        return []
    return list(ledger.lent(new.lines[-1], joining.others))


def _after(
    before: Dossier, held: Held, new: Novelty, recording: Recording, joined: Sequence[Line]
) -> Dossier:
    """The dossier with what is new."""
    if recording.joining is None:
        return before.followed_by(new.lines, new.birth_date, new.births, recording.day_zero)
    return ledger.dossier(before.head, [*held.lines, *new.lines, *joined])


def _checked(after: Dossier, checked: int) -> Dossier:
    """Raises Refused when a dossier does not fit together, the first of whose entries were `checked`."""
    if wrong := list(day_faults(after, checked, after.head.day_zero)):
        raise Refused(wrong)
    try:
        read_story(after.facts, after.entries)
    except EntryError as error:
        raise Refused(error.faults) from None
    return after
