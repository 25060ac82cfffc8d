"""What the declarations of a pathway can come to: the outcomes that its worked patients have to show.

Only what a declaration is decides here: an information timer is never overdue, a guard that nothing lifts is
never replaced. What clinical facts rule out beyond that stands in `pathways.library.never`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pathways.graph import Node
from pathways.pathway import Clause, DeviationRule, Display, Guard, Pathway, Step, Timer


class Outcome(NamedTuple):
    """One declaration of a pathway with one of its results.

    `kind` is state, step, guard, profile, clause, timer, deviation or display. A clause is named by its guard
    or profile and its number from 1, a deviation by its code.
    """

    pathway: str
    kind: str
    id: str
    result: str


LIFTS: Final = ("not_applicable", "replaced", "overruled")
"""What can lift a guard, in the order of the arguments of its outcome."""

_VERDICTS: Final = ("pass", "fail", "unknown")


def outcomes(pathway: Pathway) -> tuple[Outcome, ...]:
    """Every outcome once, in the order of the declarations."""
    found = (Outcome(pathway.key, *one) for one in _all(pathway))
    return tuple(dict.fromkeys(found))


def _all(pathway: Pathway) -> Iterator[tuple[str, str, str]]:
    yield from (("state", state.id, "reached") for state in pathway.states)
    ends = pathway.left is not None or any(state.closed for state in pathway.states)
    hard = {guard.id for guard in pathway.guards if guard.force == "hard"}
    for step in pathway.steps:
        yield from (("step", step.id, result) for result in _step(step, hard, ends))
    for guard in pathway.guards:
        yield from _guard(guard)
    for profile in pathway.profiles:
        yield from (("profile", profile.id, result) for result in ("met", "not_met", "undetermined"))
        for name, _ in numbered_clauses(profile.id, profile.criteria):
            yield from (("clause", name, result) for result in _VERDICTS)
    for timer in pathway.timers:
        yield from (("timer", timer.id, status) for status in _timer(timer, pathway) if timer.listed)
    timers = {timer.id: timer for timer in pathway.timers}
    for rule in pathway.deviations:
        yield from (("deviation", rule.code, status) for status in _deviation(rule, timers))
    if pathway.question is not None:
        yield from (("deviation", pathway.question.code, status) for status in ("open", "final", "closed"))
    for display in pathway.displays:
        yield from (("display", display.id, result) for result in _display(display))


def _step(step: Step, hard: set[str], ends: bool) -> Iterator[str]:
    yield "allowed"
    if hard.intersection(step.guards) or step.blocked_in:
        yield "blocked"
    if ends:
        yield "closed"


def can_be(guard: Guard, lift: str) -> bool:
    """Whether a guard can be lifted in this way, one of `LIFTS`."""
    lifts = dict(zip(LIFTS, guard.outcome.args, strict=False))
    return not _is(lifts[lift], False)


def _guard(guard: Guard) -> Iterator[tuple[str, str, str]]:
    """The verdicts of all clauses together and, where there are several, of each."""
    lifts = dict(zip(LIFTS, guard.outcome.args, strict=False))
    evaluated = not _is(lifts["not_applicable"], True)
    results = [*(_VERDICTS if evaluated else ()), *(n for n in LIFTS if not _is(lifts[n], False))]
    yield from (("guard", guard.id, result) for result in (results if evaluated else ["not_applicable"]))
    for name, _ in numbered_clauses(guard.id, guard.clauses) if evaluated else ():
        yield from (("clause", name, result) for result in _VERDICTS)


def numbered_clauses(id: str, clauses: Sequence[Clause]) -> Sequence[tuple[str, Clause]]:
    """The clauses of a guard or profile with their names; none where a single clause is the whole of it."""
    if len(clauses) == 1:
        return ()
    return [(f"{id} {number}", clause) for number, clause in enumerate(clauses, 1)]


def _is(node: Node, value: bool) -> bool:
    return node.op == "constant" and node.param("value") is value


def _timer(timer: Timer, pathway: Pathway) -> Iterator[str]:
    yield from ("scheduled", "open")
    if timer.grace is not None:
        yield from ("overdue", "escalated")
    if timer.done is not None or (timer.grace is None and timer.closes is not None):
        yield "done"
    if timer.done is not None and timer.grace is not None:
        yield "done_late"
    if timer.ends is not None or pathway.left is not None:
        yield "cancelled"


def _deviation(rule: DeviationRule, timers: dict[str, Timer]) -> Iterator[str]:
    if not rule.timers:
        yield from (status for status, _ in rule.statuses)
        yield rule.otherwise
        return
    yield "open"
    if any(timers[id].done is not None for id in rule.timers):
        yield "closed"
    yield "final"


def _display(display: Display) -> Iterator[str]:
    """Shown and not shown; the feature by its result; the value known and unknown."""
    yield "shown"
    if display.applies is not None:
        yield "not shown"
    if display.feature is not None:
        yield from ("met", "not_met", "unknown")
    if display.value is not None:
        yield from ("value", "no value")
