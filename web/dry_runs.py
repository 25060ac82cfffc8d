"""What a version or settings would mean for patients, tried beside the pages; put in force and taken back.

The functions of `carepath pathway enforce` and `undo`. What was found is kept for who asked, in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from store.enforcement import Back, Order, Tried, put_in_force, tried, undoing
from store.record import Answered, record_many
from store.recording import NotRecorded, Recorded
from web.jobs import Job
from web.place import Place

DRY_RUN, ENFORCEMENT = "dry-run", "enforcement"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried, put in force or taken back: the order in words, and the patients, by reference
    with their numbers. `change` is the name of one that is taken back.
    """

    order: Order
    words: str
    patients: Mapping[str, int]
    reason: str = ""
    blocked_too: bool = False
    change: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a dry run found of each patient."""

    found: tuple[Tried, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many patients stand under each kind, the gravest that concerns them."""
        return Counter(one.kinds[0] for one in self.found)

    def of(self, kind: str) -> list[Tried]:
        """Those who stand under a kind."""
        return [one for one in self.found if one.kinds[0] == kind]

    @property
    def ready(self) -> list[Tried]:
        """For whom it can be put in force without a person looking at them."""
        return [one for one in self.found if one.enrolment is not None and not one.blocked]


@dataclass(frozen=True, slots=True)
class Done:
    """What was put in force or taken back under the name of a change: for whom, with what it changed; for
    whom it could not be recorded; and who was left as is, with why.
    """

    change: str
    done: tuple[Tried, ...]
    refused: tuple[tuple[str, str], ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


def run(place: Place, wanted: Wanted, job: Job) -> Ran:
    """Try it on each patient; nothing is written. Raises Halted."""
    return Ran(tuple(_tried(place, wanted.order, list(wanted.patients), job)))


def enforce(place: Place, wanted: Wanted, job: Job) -> Done:
    """Try it once more, and record it for each patient for whom it needs no person.

    Raises Halted; whoever was recorded by then is whole.
    """
    found = _tried(place, wanted.order, list(wanted.patients), job)
    chosen = [one for one in found if one.enrolment and (wanted.blocked_too or not one.blocked)]
    change = wanted.order.name(job.begun.date(), wanted.reason, found)
    answers = put_in_force(
        place.database,
        chosen,
        wanted.reason,
        change,
        recorder=job.who,
        now=job.begun,
        derive=place.derive,
        jobs=place.house.processors,
    )
    recorded = list(job.counted(answers, len(chosen)))
    asked = {one.reference for one in chosen}
    left = {one.reference: one.kinds[0] for one in found if one.reference not in asked}
    return _done(change, found, recorded, left)


def take_back(place: Place, wanted: Wanted, job: Job) -> Done:
    """Put back what was in force before a change, for these patients. Raises Halted."""
    found = undoing(place.database, wanted.change, wanted.reason)
    chosen = [one for one in found.recordings if one.reference in wanted.patients]
    rehearsed = _tried(place, Back(), [one.reference for one in chosen], job)
    answers = record_many(
        place.database,
        chosen,
        recorder=job.who,
        now=job.begun,
        derive=place.derive,
        jobs=place.house.processors,
    )
    recorded = list(job.counted(answers, len(chosen)))
    left = {name: why for name, why in found.others.items() if name in wanted.patients}
    return _done(wanted.change, rehearsed, recorded, left)


def _tried(place: Place, order: Order, references: Collection[str], job: Job) -> list[Tried]:
    answers = tried(
        place.database,
        order,
        list(references),
        now=job.begun,
        derive=place.derive,
        jobs=place.house.processors,
    )
    return list(job.counted(answers, len(references)))


def _done(change: str, found: Sequence[Tried], answers: Sequence[Answered], left: Mapping[str, str]) -> Done:
    changed = {one.reference for one in answers if isinstance(one, Recorded) and one.changed}
    refused = tuple((one.reference, str(one.error)) for one in answers if isinstance(one, NotRecorded))
    return Done(change, tuple(one for one in found if one.reference in changed), refused, left)
