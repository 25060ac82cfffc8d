"""Another version or other settings put in force for many patients: tried first, then recorded, and undone.

What is tried goes the way of the write door up to the point where it would be written, so that it shows what
would follow, with the law that decisions stay judged by what was in force (decision 0019).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from engine.difference import Change, Difference, difference
from engine.snapshot import Deviation, PathwayRef, StepVerdict, TimerItem
from engine.timers import LISTED
from store import ledger
from store.admission import Working, held, work_out
from store.canonical import canonical, digest
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.enrolments import patients_of
from store.errors import StoreError, UnknownPatient
from store.identities import references
from store.record import Answered, record_many
from store.recording import InForce, Recording
from store.settle import Reckoning
from store.workers import Place, shared

at_once = 25
"""Patients that are tried in one piece of work."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be put in force: a version of a pathway, values of settings, or both.

    Who is not on the pathway stays so, or with `add` is put on it beside the others.
    """

    pathway: PathwayRef | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    add: bool = False

    def following(self, now: Enrolment, derive: Derivation) -> Enrolment | None:
        """The enrolment that follows on this one; None where the patient is not on the pathway."""
        pathways = now.pathways
        if self.pathway:
            there = self.pathway.id in {ref.id for ref in pathways}
            if not there and not self.add:
                return None
            pathways = tuple(self.pathway if ref.id == self.pathway.id else ref for ref in pathways)
            pathways = pathways if there else (*pathways, self.pathway)
        settings = derive.enrolment(None, {**now.settings, **self.settings}).settings
        return Enrolment(pathways, settings)

    def name(self, day: date, reason: str, there: Iterable[Tried] = ()) -> str:
        """The change by name: the same order, for the same reason, on the same day has the same one.

        Where it is in force for one of those who are `there` already, it is the same change, gone on with: it
        keeps its name, so that one undoing takes all of it back.
        """
        name = self._name(day, reason)
        same = (one.change for one in there if one.change[-_digits:] == name[-_digits:])
        return max(same, default=name)

    def _name(self, day: date, reason: str) -> str:
        version = self.pathway.fingerprint if self.pathway else None
        said = canonical([version, dict(self.settings), self.add, reason])
        return f"C-{day}-{digest(said)[:_digits]}"


_digits = 6


@dataclass(frozen=True, slots=True)
class Back(Order):
    """What was in force before the latest enrolment is to be so again."""

    def following(self, now: Enrolment, derive: Derivation) -> Enrolment | None:  # noqa: ARG002  # as any order
        """The enrolment before this one."""
        return now.before


@dataclass(frozen=True, slots=True)
class Tried:
    """What an order would change for one patient, as of the last entry of the ledger, `sequence`.

    `enrolment` is None where there is nothing to put in force: `why_not` says whether the patient is not on
    the pathway, it is in force already, or the patient cannot be derived. `change` is the one by which it is
    in force, where it is by one. `hindsight` are departures to
    which the new one alone would give another status, or none; decided earlier, they stay as judged then.
    """

    reference: str
    sequence: int = 0
    enrolment: Enrolment | None = None
    why_not: str = ""
    change: str = ""
    error: str = ""
    difference: Difference = field(default_factory=Difference)
    hindsight: tuple[Change[Deviation], ...] = ()

    @property
    def blocked(self) -> tuple[Change[StepVerdict], ...]:
        """Steps that may be taken now and could not be any more."""
        steps = self.difference.steps
        return tuple(one for one in steps if _allowed(one.before) and one.after and not one.after.allowed)

    @property
    def dates(self) -> tuple[Change[TimerItem], ...]:
        """What would be due otherwise; what is settled is not counted."""
        return tuple(one for one in self.difference.due if _listed(one.before) or _listed(one.after))

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it comes to, the gravest first."""
        if self.enrolment is None:
            return (self.why_not,)
        departures = self.difference.deviations
        found = {
            "needs a person": bool(self.blocked),
            "other state": bool(self.difference.states),
            "other dates": bool(self.dates),
            "deviations gained": any(one.before is None for one in departures),
            "deviations lost": any(one.after is None for one in departures),
            "deviations altered": any(one.before and one.after for one in departures),
            "other steps": any(_allowed(one.after) > _allowed(one.before) for one in self.difference.steps),
            "earlier decisions": bool(self.hindsight),
        }
        return tuple(kind for kind, holds in found.items() if holds) or ("unchanged",)


NOT_ON_IT, IN_FORCE, NOT_DERIVED = "not on this pathway", "in force already", "cannot be derived"


def _allowed(step: StepVerdict | None) -> bool:
    return step is not None and step.allowed


def _status(departure: Deviation | None) -> str | None:
    return departure.status if departure else None


def _listed(item: TimerItem | None) -> bool:
    return item is not None and item.status in LISTED


@dataclass(frozen=True, slots=True)
class Trial:
    """An order with the patients it is tried on in one go."""

    order: Order
    now: datetime
    references: Sequence[str]


def tried(
    database: Database,
    order: Order,
    references: Sequence[str],
    *,
    now: datetime,
    derive: Derivation,
    jobs: int = 1,
) -> Iterator[Tried]:
    """What an order would change for each of these patients, in their order. Nothing is written.

    Raises UnknownPatient, and WorkerLost when a process dies.
    """
    places = range(0, len(references), at_once)
    trials = (Trial(order, now, references[place : place + at_once]) for place in places)
    for _, found in shared(Place(database, derive), try_out, trials, jobs):
        yield from found


def try_out(here: Place, trial: Trial) -> list[Tried]:
    """One piece of the work of `tried`."""
    at = Reckoning.at(trial.now, here.derive)
    with here.database.reading() as connection:
        return [_tried(connection, trial.order, one, at) for one in trial.references]


def _tried(connection: Connection, order: Order, reference: str, at: Reckoning) -> Tried:
    there = held(connection, reference)
    if there.head is None:
        raise UnknownPatient
    now = ledger.dossier(there.head, there.lines).enrolment
    assert now is not None, "every patient is enrolled when registered"
    sequence = there.head.sequence
    following = order.following(now, at.derive)
    if following is None:
        return Tried(reference, sequence, why_not=NOT_ON_IT)
    try:
        working = work_out(Recording(reference, in_force=InForce(following, "tried")), there, "", at)
        if working.answer is None:
            change = _latest(there.lines).change or ""
            return Tried(reference, sequence, why_not=IN_FORCE, change=change)
        return _changes(Tried(reference, sequence, following), working, at)
    except StoreError as error:
        return Tried(reference, sequence, why_not=NOT_DERIVED, error=str(error))


def _changes(found: Tried, working: Working, at: Reckoning) -> Tried:
    """What follows from putting it in force, and what it would have judged otherwise from the beginning."""
    assert working.answer is not None, "there is something new"
    keys = [one.key for one in working.answer.snapshot.pathways]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        told = f"two of the patient's pathways would have the key {twice!r}"
        return replace(found, enrolment=None, why_not=NOT_DERIVED, error=told)
    assert found.enrolment is not None, "it was worked out from it"
    before = at.answer(working.before).snapshot
    after = working.answer.snapshot
    alone = at.answer(replace(working.before, enrolment=found.enrolment)).snapshot
    otherwise = difference(after, alone).deviations
    hindsight = tuple(one for one in otherwise if _status(one.before) != _status(one.after))
    return replace(found, difference=difference(before, after), hindsight=hindsight)


def put_in_force(
    database: Database,
    chosen: Sequence[Tried],
    reason: str,
    change: str,
    *,
    recorder: str,
    now: datetime,
    derive: Derivation,
    jobs: int = 1,
) -> Iterator[Answered]:
    """Record what was tried, for each patient of whom nothing was recorded since; in batches, in their order.

    Whoever it was recorded for already is answered as unchanged. Raises as `record_many` does.
    """
    said = (
        Recording(one.reference, in_force=InForce(one.enrolment, reason, change), expected=one.sequence)
        for one in chosen
        if one.enrolment
    )
    return record_many(database, said, recorder=recorder, now=now, derive=derive, jobs=jobs)


@dataclass(frozen=True, slots=True)
class Undoing:
    """Whose enrolment is still that of a change, with the one before it; and of whom that is not so, why."""

    recordings: tuple[Recording, ...]
    others: Mapping[str, str]


def undoing(database: Database, change: str, reason: str) -> Undoing:
    """What takes a change back: the enrolment before it, for each patient for whom it is in force still."""
    numbers = set(patients_of(database, change))
    recordings: list[Recording] = []
    others: dict[str, str] = {}
    with database.reading() as connection:
        for reference, number in references(connection).items():
            if number in numbers:
                last, enrolment, sequence = _last(connection, reference)
                if last.change == change and enrolment.before:
                    put = InForce(enrolment.before, reason, undoes=change)
                    recordings.append(Recording(reference, in_force=put, expected=sequence))
                else:
                    others[reference] = (
                        "taken back already" if last.undoes == change else "changed again since"
                    )
    return Undoing(tuple(recordings), others)


def _last(connection: Connection, reference: str) -> tuple[ledger.Told, Enrolment, int]:
    """The enrolment in force, what was told with it, and the number of the last entry."""
    there = held(connection, reference)
    assert there.head is not None, "the reference was read from the database"
    enrolment = ledger.dossier(there.head, there.lines).enrolment
    assert enrolment is not None, "every patient is enrolled when registered"
    return _latest(there.lines), enrolment, there.head.sequence


def _latest(lines: Sequence[ledger.Line]) -> ledger.Told:
    """What was told with the enrolment in force."""
    return ledger.told_with(next(line for line in reversed(lines) if line.kind == "enrolment"))
