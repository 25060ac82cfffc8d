"""What changed between two answers about one patient: states, steps, due items, deviations, and decisions
that rested on what is no longer held true.

A pure comparison. Both answers are taken for the same day, so that what differs is what was recorded, not
time. Source: architecture section 4, step 4.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, TypeVar

from engine.rested import RestedDecision
from engine.snapshot import Deviation, PatientSnapshot, Snapshot, StepVerdict, TimerItem

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class StateChange:
    """A pathway moved. `before` is None when the patient was not on it yet, `after` when it was left."""

    pathway: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.pathway}: {self.before or 'nothing'} -> {self.after or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Change(Generic[Thing]):
    """One step, due item or deviation before and after; None on a side where it did not exist."""

    pathway: str
    before: Thing | None
    after: Thing | None

    @property
    def latest(self) -> Thing:
        """The later of the two sides that exists."""
        thing = self.before if self.after is None else self.after
        assert thing is not None, "a change has at least one side"
        return thing


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed, in the order of the pathways. False when nothing did.

    `decisions` are those taken earlier that rested on what was changed; two snapshots do not tell them.
    """

    states: tuple[StateChange, ...] = ()
    steps: tuple[Change[StepVerdict], ...] = ()
    due: tuple[Change[TimerItem], ...] = ()
    deviations: tuple[Change[Deviation], ...] = ()
    decisions: tuple[RestedDecision, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.states or self.steps or self.due or self.deviations or self.decisions)

    def lines(self) -> tuple[str, ...]:
        """The short text form, one line for each change."""
        return (
            *(f"state {change}" for change in self.states),
            *(f"step {_step_text(change)}" for change in self.steps),
            *(f"due {_due_text(change)}" for change in self.due),
            *(f"deviation {_deviation_text(change)}" for change in self.deviations),
            *(f"decision {_decision_text(one)}" for one in self.decisions),
        )

    def __str__(self) -> str:
        return "\n".join(self.lines()) or "nothing changed"


def difference(before: PatientSnapshot | None, after: PatientSnapshot) -> Difference:
    """What `after` says that `before` did not; against None everything is new."""
    return between(before.pathways if before else (), after.pathways)


def between(before: Sequence[Snapshot], after: Sequence[Snapshot]) -> Difference:
    """The same for some of the pathways, when the others are known to be equal."""
    earlier = {one.key: one for one in before}
    later = {one.key: one for one in after}
    sides = [(key, earlier.get(key), later.get(key)) for key in dict.fromkeys((*later, *earlier))]
    return Difference(
        states=tuple(_states(sides)),
        steps=tuple(_changes(sides, lambda one: one.steps, (_step_name,))),
        due=tuple(_changes(sides, lambda one: one.timers, (_timer_instance, _timer_anchor, _timer_name))),
        deviations=tuple(
            _changes(sides, lambda one: one.deviations, (_deviation_instance, _deviation_start))
        ),
    )


Sides = Sequence[tuple[str, Snapshot | None, Snapshot | None]]


def _states(sides: Sides) -> Iterator[StateChange]:
    for key, before, after in sides:
        change = StateChange(key, before.state if before else None, after.state if after else None)
        if change.before != change.after:
            yield change


def _changes(
    sides: Sides,
    things: Callable[[Snapshot], tuple[Thing, ...]],
    names: Sequence[Callable[[Thing], Hashable]],
) -> Iterator[Change[Thing]]:
    for key, before, after in sides:
        for old, new in pairs(things(before) if before else (), things(after) if after else (), names):
            yield Change(key, old, new)


def pairs(
    before: Iterable[Thing], after: Iterable[Thing], names: Sequence[Callable[[Thing], Hashable]]
) -> list[tuple[Thing | None, Thing | None]]:
    """What is not the same on both sides, paired by the strictest name that fits; the rest stands alone.

    Things of one name are paired in the order given, so that a series that moved is a series of moves.
    """
    old, new = _without_equal(list(before), list(after))
    found: list[tuple[Thing | None, Thing | None]] = []
    for name in names:
        if old and new:
            matched, old, new = _matched(old, new, name)
            found += matched
    return [*found, *((thing, None) for thing in old), *((None, thing) for thing in new)]


def _without_equal(before: list[Thing], after: list[Thing]) -> tuple[list[Thing], list[Thing]]:
    left = []
    rest = list(after)
    for thing in before:
        if thing in rest:
            rest.remove(thing)
        else:
            left.append(thing)
    return left, rest


def _matched(
    before: list[Thing], after: list[Thing], name: Callable[[Thing], Hashable]
) -> tuple[list[tuple[Thing | None, Thing | None]], list[Thing], list[Thing]]:
    matched: list[tuple[Thing | None, Thing | None]] = []
    old: list[Thing] = []
    new: list[Thing] = []
    for one in dict.fromkeys(name(thing) for thing in (*before, *after)):
        for left, right in zip_longest(_named(before, name, one), _named(after, name, one)):
            if left is not None and right is not None:
                matched.append((left, right))
            elif left is not None:
                old.append(left)
            elif right is not None:
                new.append(right)
    return matched, old, new


def _named(things: list[Thing], name: Callable[[Thing], Hashable], wanted: Hashable) -> list[Thing]:
    return [thing for thing in things if name(thing) == wanted]


def _step_name(step: StepVerdict) -> Hashable:
    return step.step


def _timer_instance(timer: TimerItem) -> Hashable:
    return timer.item, timer.anchor, timer.due


def _timer_anchor(timer: TimerItem) -> Hashable:
    return timer.item, timer.anchor


def _timer_name(timer: TimerItem) -> Hashable:
    return timer.item


def _deviation_instance(deviation: Deviation) -> Hashable:
    return deviation.code, deviation.events[:1], deviation.on


def _deviation_start(deviation: Deviation) -> Hashable:
    return deviation.code, deviation.events[:1]


def _step_text(change: Change[StepVerdict]) -> str:
    step = change.latest
    if change.after is None:
        return f"{step.step} ({step.title}): no longer offered"
    if step.allowed:
        return f"{step.step} ({step.title}): allowed"
    reasons = ", ".join((*step.guards, *(f"{name} missing" for name in step.missing)))
    return f"{step.step} ({step.title}): blocked{f' by {reasons}' if reasons else ''}"


def _due_text(change: Change[TimerItem]) -> str:
    item = change.latest
    return f"{item.item} ({item.title}): {_sides(change, lambda one: f'{one.due} {one.status}', 'withdrawn')}"


def _decision_text(one: RestedDecision) -> str:
    state = one.state_then if one.state_then == one.state_now else f"{one.state_then} -> {one.state_now}"
    guards = (
        f"{g.guard} {g.then}" if g.then == g.now else f"{g.guard} {g.then} -> {g.now}" for g in one.guards
    )
    return f"{one.event} ({one.type}, {one.on}) on {one.pathway}: {', '.join((state, *guards))}"


def _deviation_text(change: Change[Deviation]) -> str:
    one = change.latest
    return f"{one.code} ({one.title}): {_sides(change, _deviation_side, 'gone')}"


def _deviation_side(deviation: Deviation) -> str:
    return " ".join(filter(None, (deviation.status, deviation.severity, ", ".join(deviation.events))))


def _sides(change: Change[Thing], text: Callable[[Thing], str], gone: str) -> str:
    parts = [text(side) for side in (change.before, change.after) if side is not None]
    return " -> ".join([*parts, gone] if change.after is None else parts)
