"""The definitions side by side: each with its criteria met, not met and unknown, and what leaves one open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.evaluate import Evaluation, Program, View
from engine.event import Moment, Story
from engine.explain import Explainer
from engine.history import Ledger
from engine.replay import Enrolment, plan_of
from engine.snapshot import ClauseVerdict, Snapshot
from engine.verdict import clause_verdict
from pathways.guidelines.catalogue import load_definitions
from pathways.pathway import Pathway, Profile


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a profile. `conflict` is the point on which the sources differ here, if any."""

    verdict: ClauseVerdict
    conflict: str


@dataclass(frozen=True, slots=True)
class ProfileVerdict:
    """A profile's result with its criteria: `met`, `not_met` or `undetermined`."""

    profile: str
    title: str
    result: str
    criteria: tuple[Criterion, ...]
    statements: tuple[str, ...]

    def having(self, result: str) -> tuple[Criterion, ...]:
        """The criteria that pass, fail or are unknown."""
        return tuple(one for one in self.criteria if one.verdict.result == result)


def concerns(profile: str, main: Snapshot) -> bool:
    """Who is selected for a procedure on the liver matters where the liver is, or may be, involved."""
    return profile not in load_definitions().organ_selection or main.facts.get("liver_lesion_count") != 0


def profile_verdicts(
    program: Program, explainer: Explainer, view: View, pathway: Pathway
) -> Iterator[ProfileVerdict]:
    """The profiles of a pathway, in its order."""
    for profile in pathway.profiles:
        criteria = tuple(_criteria(program, explainer, view, profile))
        result = str(program[profile.result](view))
        yield ProfileVerdict(profile.id, profile.title, result, criteria, profile.statements)


def _criteria(program: Program, explainer: Explainer, view: View, profile: Profile) -> Iterator[Criterion]:
    for clause in profile.criteria:
        yield Criterion(clause_verdict(program, explainer, view, clause), clause.conflict)


def profiles_side_by_side(
    enrolments: Sequence[Enrolment], story: Story, as_of: date, known_at: Moment
) -> tuple[ProfileVerdict, ...]:
    """The profiles of the main pathway. Raises ValueError without an enrolment."""
    if not enrolments:
        raise ValueError("a patient without an enrolment has no profiles")
    plan, number = plan_of(enrolments, enrolments[0].pathway.key)
    view = Evaluation(plan.program, Ledger(story, known_at), as_of).now()
    return tuple(profile_verdicts(plan.program, plan.explainer, view, plan.pathways[number]))
