"""Which outcomes of the declarations of a pathway one snapshot shows (pathways.outcomes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.evidence import Shown
from engine.snapshot import Snapshot
from pathways.outcomes import Outcome, numbered
from pathways.pathway import Pathway


def reached(pathway: Pathway, snapshot: Snapshot, shown: Sequence[Shown]) -> frozenset[Outcome]:
    """The outcomes of `pathway` in a snapshot of it, and in what is shown beside it."""
    found = (*_verdicts(pathway, snapshot), *_displays(pathway, shown))
    return frozenset(Outcome(pathway.key, *one) for one in found)


def _verdicts(pathway: Pathway, snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    yield "state", snapshot.state, "reached"
    for step in snapshot.steps:
        yield "step", step.step, _step(pathway, snapshot.state, step.allowed, step.guards, step.step)
    for guard in pathway.guards:
        verdict = snapshot.guards[guard.id]
        yield "guard", guard.id, verdict.result
        # A guard that is lifted shows no clauses.
        for (name, _), clause in zip(numbered(guard), verdict.clauses, strict=False):
            yield "clause", name, clause.result
    yield from (("timer", item.item, item.status) for item in snapshot.timers)
    yield from (("deviation", found.code, found.status) for found in snapshot.deviations)


def _step(pathway: Pathway, state: str, allowed: bool, guards: Sequence[str], id: str) -> str:
    """Blocked by a guard or in a state, or closed because the patient has left."""
    if allowed:
        return "allowed"
    step = next(one for one in pathway.steps if one.id == id)
    return "blocked" if guards or state in step.blocked_in else "closed"


def _displays(pathway: Pathway, shown: Sequence[Shown]) -> Iterator[tuple[str, str, str]]:
    by_id = {one.display: one for one in shown}
    for display in pathway.displays:
        one = by_id.get(display.id)
        if one is None:
            yield "display", display.id, "not shown"
            continue
        yield "display", display.id, "shown"
        if display.feature is not None:
            yield "display", display.id, one.feature
        if display.value is not None:
            yield "display", display.id, "no value" if one.value is None else "value"
