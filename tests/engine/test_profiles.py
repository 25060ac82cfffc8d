"""Definitions side by side, and the same patient under other settings."""

from __future__ import annotations

from typing import Any

import pytest

from engine.comparison import Comparison, compare
from engine.event import Event, Story
from engine.profiles import ProfileVerdict, profiles_side_by_side
from engine.replay import Enrolment, replay_patient
from pathways.declare import clause, offered_in, profile, rule, state, step
from pathways.language import Bool, case, code, events, fact, no, setting, undetermined, yes
from pathways.pathway import Pathway
from pathways.settings import SettingError
from tests.engine.telling import LAST, told
from tests.engine.toys import asking, toy

seen = events("imaging_done").exist()


def definition(id: str, *criteria: Bool, conflict: str = "") -> Any:
    clauses = [clause(f"criterion {n}", test, "s", conflict=conflict) for n, test in enumerate(criteria, 1)]
    return profile(id, id.upper(), clauses, "s")


def asked(pathway: Pathway, *entries: Event, **facts: Any) -> tuple[ProfileVerdict, ...]:
    return profiles_side_by_side([Enrolment(pathway)], Story(facts, entries), LAST, LAST)


def test_each_with_what_is_met_failed_and_unknown() -> None:
    solid = fact.flag("disease_stable")
    found = asked(
        toy(profiles=(definition("abc7", seen, solid), definition("esmo", seen, ~seen, solid))),
        told("e1", "imaging_done", "2025-01-02"),
    )
    assert [(one.profile, one.title, one.result) for one in found] == [
        ("abc7", "ABC7", "undetermined"),
        ("esmo", "ESMO", "not_met"),
    ]
    first, second = found
    assert [one.verdict.text for one in first.having("pass")] == ["criterion 1"]
    assert [one.verdict.because for one in first.having("pass")] == [("e1",)]
    assert [one.verdict.missing for one in first.having("unknown")] == [("disease_stable",)]
    assert [one.verdict.text for one in second.having("fail")] == ["criterion 2"]
    assert asked(toy(profiles=(definition("abc7", yes()),)))[0].result == "met"


def test_what_the_sources_leave_open_names_its_conflict() -> None:
    (found,) = asked(toy(profiles=(definition("abc7", undetermined("C04"), conflict="C04"),)))
    assert (found.result, [one.conflict for one in found.criteria]) == ("undetermined", ["C04"])


def test_nobody_has_no_profiles() -> None:
    with pytest.raises(ValueError, match="without an enrolment"):
        profiles_side_by_side([], Story({}, ()), LAST, LAST)


six_months = setting.number("response_min_months").least(6)
treat = step("treat", "Treat", [offered_in("waiting", "treated")], [asking("g", six_months)])
UNDER_SETTINGS = toy(
    guards=(asking("g", six_months),),
    steps=(treat,),
    states=(state("waiting", "Waiting"), state("treated", "Treated")),
    rules=(rule("treated", six_months), rule("waiting", yes())),
    profiles=(
        definition("abc7", yes()),
        definition("esmo", no()),
        profile("selection", "Selection", [clause("Six", six_months, "s")]),
    ),
)


def compared(**overrides: object) -> Comparison:
    return against(UNDER_SETTINGS, **overrides)


def against(pathway: Pathway, **overrides: object) -> Comparison:
    enrolments, nothing = [Enrolment(pathway)], Story({}, ())
    return compare(replay_patient(enrolments, nothing, LAST, LAST), enrolments, nothing, overrides)


def test_states_steps_and_profiles_under_another_setting() -> None:
    found = compared(response_min_months=6)
    assert found
    assert [str(change) for change in found.difference.states] == ["toy: waiting -> treated"]
    assert [change.latest.allowed for change in found.difference.steps] == [True]
    assert [(one.profile, one.before, one.after) for one in found.profiles] == [
        ("selection", "not_met", "met")
    ]
    assert found.side is None


def test_who_changes_side_under_another_definition() -> None:
    found = compared(definition_profile="esmo")
    assert found.side is not None
    assert (found.side.profile, found.side.before, found.side.after) == ("esmo", "met", "not_met")
    assert (bool(found), bool(found.difference), found.profiles) == (True, False, ())


def test_nothing_differs() -> None:
    assert not compared(response_min_months=3)
    assert not compared(definition_profile="oligoma", lead_days=0)


def test_settings_that_are_none() -> None:
    with pytest.raises(SettingError, match="response_min_months"):
        compared(response_min_month=6)


def test_a_pathway_without_definitions_has_no_side() -> None:
    bare = toy(facts=(("x", case((six_months, code("a")), otherwise=code("b")).node),))
    assert against(bare, definition_profile="esmo").side is None
