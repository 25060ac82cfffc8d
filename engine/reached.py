"""Which outcomes of the declarations of a pathway one snapshot shows (pathways.outcomes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.evidence import Shown
from engine.profiles import ProfileVerdict
from engine.snapshot import ClauseVerdict, Snapshot
from pathways.outcomes import Outcome, numbered_clauses
from pathways.pathway import Clause, Pathway


def reached(
    pathway: Pathway, snapshot: Snapshot, shown: Sequence[Shown], profiles: Sequence[ProfileVerdict] = ()
) -> frozenset[Outcome]:
    """The outcomes of `pathway` in a snapshot of it, in what is shown beside it and in its profiles."""
    found = (*_verdicts(pathway, snapshot), *_displays(pathway, shown), *_profiles(pathway, profiles))
    return frozenset(Outcome(pathway.key, *one) for one in found)


def _verdicts(pathway: Pathway, snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    yield "state", snapshot.state, "reached"
    for step in snapshot.steps:
        yield "step", step.step, _step(pathway, snapshot.state, step.allowed, step.guards, step.step)
    for guard in pathway.guards:
        verdict = snapshot.guards[guard.id]
        yield "guard", guard.id, verdict.result
        yield from _clauses(guard.id, guard.clauses, verdict.clauses)
    yield from (("timer", item.item, item.status) for item in snapshot.timers)
    yield from (("deviation", found.code, found.status) for found in snapshot.deviations)


def _clauses(
    id: str, clauses: Sequence[Clause], verdicts: Sequence[ClauseVerdict]
) -> Iterator[tuple[str, str, str]]:
    """A guard that is lifted has no verdicts on its clauses."""
    for (name, _), verdict in zip(numbered_clauses(id, clauses), verdicts, strict=False):
        yield "clause", name, verdict.result


def _profiles(pathway: Pathway, verdicts: Sequence[ProfileVerdict]) -> Iterator[tuple[str, str, str]]:
    for profile, verdict in zip(pathway.profiles, verdicts, strict=False):
        yield "profile", profile.id, verdict.result
        yield from _clauses(profile.id, profile.criteria, [one.verdict for one in verdict.criteria])


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
