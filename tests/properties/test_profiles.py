"""Laws of the definitions side by side: results are the conjunction of their criteria, and the replay's."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.comparison import compare
from engine.profiles import ProfileVerdict, profiles_side_by_side
from pathways.settings import Settings
from tests.properties.asking import CHOICES, Asked, enrolments, questions


def verdicts(asked: Asked) -> tuple[ProfileVerdict, ...]:
    return profiles_side_by_side(enrolments(asked.settings), asked.story, asked.as_of, asked.known_at)


def conjunction(verdict: ProfileVerdict) -> str:
    """Kleene's: one that fails decides, else one that is unknown."""
    if verdict.having("fail"):
        return "not_met"
    return "undetermined" if verdict.having("unknown") else "met"


@given(questions())
def test_a_result_is_the_conjunction_of_its_criteria(asked: Asked) -> None:
    found = verdicts(asked)
    assert {one.profile: conjunction(one) for one in found} == {one.profile: one.result for one in found}


@given(questions())
def test_the_results_are_those_of_the_replay(asked: Asked) -> None:
    assert {one.profile: one.result for one in verdicts(asked)} == asked.snapshot().main.profiles


@given(questions(), st.sampled_from(CHOICES))
def test_the_other_side_of_a_comparison_is_a_replay_under_the_other_settings(
    asked: Asked, other: Settings
) -> None:
    before, after = asked.snapshot(), replace(asked, settings=other).snapshot()
    found = compare(before, enrolments(asked.settings), asked.story, other)
    for side, whole in ((found.before, before), (found.after, after)):
        assert side.main == whole.main
        assert [part.state for part in side.pathways] == [part.state for part in whole.pathways]
    if asked.settings == other:
        assert not found
    assert bool(found.profiles) == (before.main.profiles != after.main.profiles)
