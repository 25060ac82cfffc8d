"""Replay: one ledger, several pathways, each with its settings."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine import replay as module
from engine.event import Story
from engine.replay import Enrolment, replay, replay_patient
from pathways.declare import clause, profile, rule
from pathways.fingerprint import fingerprint
from pathways.language import events, fact, number, setting, today, undetermined, unknown, yes
from pathways.pathway import Pathway
from pathways.settings import DEFAULT_SETTINGS, Settings
from tests.engine.telling import LAST, d, told
from tests.engine.toys import snapshot, toy

START = told("e1", "mdt_started", "2025-01-10", targets=("L1",))
TOLD = Story({"birth_date": d("1970-04-12")}, (START,))
SIX = Settings.from_overrides({"response_min_months": 6})


def named(key: str, **parts: object) -> Pathway:
    return toy(id=key, key=key, **parts)


def test_nobody_is_on_no_pathway() -> None:
    with pytest.raises(ValueError, match="without an enrolment"):
        replay_patient([], TOLD, LAST, LAST)


def test_pathways_stand_side_by_side_in_the_order_of_enrolment() -> None:
    enrolled = [Enrolment(named("second")), Enrolment(named("first"), SIX), Enrolment(named("third"))]
    found = replay_patient(enrolled, TOLD, LAST, LAST)
    assert [p.key for p in found.pathways] == ["second", "first", "third"]
    assert found.main.key == "second"
    assert {p.state for p in found.pathways} == {"treated"}
    assert (found.as_of, found.known_at, found.settings) == (LAST, LAST, DEFAULT_SETTINGS)


def test_each_pathway_has_its_own_settings() -> None:
    shown = (("months", setting.number("response_min_months").node),)
    enrolled = [Enrolment(named("a", facts=shown)), Enrolment(named("b", facts=shown), SIX)]
    found = replay_patient(enrolled, TOLD, LAST, LAST)
    assert [p.facts for p in found.pathways] == [{"months": 3}, {"months": 6}]


def test_a_choice_of_events_by_a_setting_is_made_for_each_pathway() -> None:
    """Both pathways look at the same entries, and hold them against another number."""
    late_lines = events("systemic_started").where(
        lambda one: one.number("line") >= setting.number("response_min_months")
    )
    shown = (("late lines", late_lines.count().node),)
    a, b = Enrolment(named("a", facts=shown)), Enrolment(named("b", facts=shown), SIX)
    fourth = Story({}, (told("e1", "systemic_started", "2025-01-10", line=4),))
    for enrolled, expected in (([a, b], [1, 0]), ([b, a], [0, 1])):
        found = replay_patient(enrolled, fourth, LAST, LAST)
        assert [p.facts["late lines"] for p in found.pathways] == expected


def test_one_pathway_alone_answers_as_in_company() -> None:
    company = replay_patient([Enrolment(named("a")), Enrolment(named("b"))], TOLD, LAST, LAST)
    assert replay(named("b"), TOLD, LAST, LAST, DEFAULT_SETTINGS) == company.pathways[1]


def test_a_snapshot_names_the_version_it_was_made_with() -> None:
    pathway = named("a", version="2.1.0")
    reference = snapshot(pathway).pathway
    assert (reference.id, reference.version, reference.fingerprint) == ("a", "2.1.0", fingerprint(pathway))


def test_companions_may_be_asked_only_where_they_stand() -> None:
    enrolled = [Enrolment(named("main")), Enrolment(named("beside")), Enrolment(named("apart"), SIX)]
    full = replay_patient(enrolled, TOLD, LAST, LAST)
    short = replay_patient(enrolled, TOLD, LAST, LAST, companion_trails=False)
    assert short.main == full.main
    for one, other in zip(short.pathways[1:], full.pathways[1:], strict=True):
        assert (one.state, one.trail, one.entered_on) == (other.state, (), None)
        assert other.entered_on == d("2025-01-10")


def test_derived_facts_are_plain_values_and_what_is_not_there_is_none() -> None:
    facts = (
        ("start", events("mdt_started").first().day.node),
        ("death", events("death").first().day.node),
        ("weight", fact.number("performance_status").node),
        ("five", number(5).node),
    )
    assert snapshot(toy(facts=facts), [START]).facts == {
        "start": d("2025-01-10"), "death": None, "weight": None, "five": 5,
    }  # fmt: skip


def test_profiles_are_words_and_open_questions_only_those_that_arise() -> None:
    parts = {
        "profiles": (profile("abc7", "ABC-7", [clause("Always", yes())]),),
        "open_questions": (
            ("C10 arises", events("mdt_started").exist().node),
            ("C11 does not", events("death").exist().node),
            ("C12 is not known to", unknown().node),
            ("C13 is open itself", undetermined("C13").node),
        ),
    }
    found = snapshot(toy(**parts), [START])
    assert found.profiles == {"abc7": "met"}
    assert found.not_determined == ("C10 arises",)


def test_the_day_may_lie_before_everything_and_after() -> None:
    present = toy(
        rules=(rule("treated", today() >= events("mdt_started").first().day), rule("waiting", yes()))
    )
    assert snapshot(present, [START], as_of="0001-01-01").state == "waiting"
    assert snapshot(present, [START], as_of="9999-12-31").state == "treated"


def test_known_at_may_be_a_moment_and_is_given_back() -> None:
    at = datetime.fromisoformat("2025-01-10T09:00+01:00")
    found = replay_patient([Enrolment(toy())], TOLD, date(2025, 1, 10), at)
    assert (found.known_at, found.main.state) == (at, "treated")


def test_plans_are_kept_but_not_without_end() -> None:
    module._plans.clear()
    pathways = [named(f"p{n}") for n in range(module._MOST_PLANS + 3)]
    for pathway in pathways:
        replay(pathway, TOLD, LAST, LAST, DEFAULT_SETTINGS)
    assert len(module._plans) == module._MOST_PLANS
    kept = module._plan([pathways[-1]], DEFAULT_SETTINGS)
    assert module._plan([pathways[-1]], DEFAULT_SETTINGS) is kept
    assert module._plan([pathways[-1]], SIX) is not kept
