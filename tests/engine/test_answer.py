"""The answer of replay as JSON: every key of the contract (docs/case-files.md)."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from engine.answer import answer, due, plain
from engine.event import Story
from engine.replay import Enrolment, replay_patient
from pathways.declare import clause, deviation, offered_in, profile, step, timer
from pathways.language import events, fact, for_each, yes
from pathways.library import all_pathways
from pathways.vocabulary import load_vocabulary
from tests.engine.telling import d, told
from tests.engine.toys import asking, toy

each, start = for_each(events("systemic_started"))
stable = fact.flag("disease_stable")
MAIN = toy(
    id="main-pathway",
    key="main",
    guards=(g1 := asking("g1", stable), g2 := asking("g2", yes())),
    steps=(
        step("treat", "Treat", [offered_in("waiting")], (g1,), statements=("s1",)),
        step("wait", "Wait", [offered_in("waiting")], (g2,)),
    ),
    timers=(
        timer("t-scan", "Scan", each=each, opens=start.day, due=start.day.plus_days(30), statements=("s2",)),
    ),
    deviations=(
        deviation("d-early", "Early", "minor", each=each, raised=yes(), events=(start,), statements=("s3",)),
    ),
    facts=(("start", events("systemic_started").first().day.node),),
    profiles=(profile("abc7", "ABC-7", [clause("Always", yes())]),),
    open_questions=(("C10 the clock", yes().node),),
)
BESIDE = toy(
    id="beside", key="bone_health", guards=(asking("g2", ~yes()),),
    open_questions=(("C10 the clock", yes().node),),
    facts=(("count", events("systemic_started").count().node),),
)  # fmt: skip
TOLD = Story(
    {},
    (
        told("e1", "systemic_started", "2025-01-01"),
        told("e2", "systemic_started", "2024-12-01", line=0),
        told("e3", "mdt_started", "2025-06-01", targets=("L1",)),
    ),
)


def given(as_of: str = "2025-01-15", known_at: date | None = None) -> Any:
    day = d(as_of)
    return answer("K1", replay_patient([Enrolment(MAIN), Enrolment(BESIDE)], TOLD, day, known_at or day))


def test_every_key_of_the_contract_in_its_order() -> None:
    assert list(given()) == [
        "case", "as_of", "known_at", "settings", "pathways", "state", "entered_on", "companion_states",
        "profiles", "derived_facts", "guards", "allowed_next", "blocked_next", "due", "deviations",
        "not_determined", "trail",
    ]  # fmt: skip


def test_the_question_is_repeated() -> None:
    found = given()
    assert (found["case"], found["as_of"], found["known_at"]) == ("K1", "2025-01-15", "2025-01-15")
    assert list(found["settings"]) == list(load_vocabulary().settings)
    at = datetime.fromisoformat("2025-01-15T09:00")
    assert given(known_at=at)["known_at"] == "2025-01-15T09:00:00"


def test_pathways_states_and_trail() -> None:
    found = given("2025-07-01")
    assert [set(p) for p in found["pathways"]] == [{"id", "version", "fingerprint"}] * 2
    assert [p["id"] for p in found["pathways"]] == ["main-pathway", "beside"]
    assert found["pathways"][0]["fingerprint"].startswith("sha256:")
    assert (found["state"], found["entered_on"]) == ("treated", "2025-06-01")
    assert found["companion_states"] == {"bone_health": "treated"}
    assert found["trail"] == [
        {"on": "2025-06-01", "event": "e3", "from": None, "to": "treated", "off_pathway": True}
    ]
    assert given()["entered_on"] is None


def test_profiles_facts_and_open_questions_are_merged() -> None:
    found = given()
    assert found["profiles"] == {"abc7": "met"}
    assert found["derived_facts"] == {"start": "2024-12-01", "count": 2}
    assert found["not_determined"] == ["C10 the clock"]


def test_guards_with_their_clauses_and_that_of_the_main_pathway_first() -> None:
    guards = given()["guards"]
    assert guards["g1"] == {
        "result": "unknown",
        "force": "hard",
        "clauses": [
            {
                "text": "clause 1",
                "result": "unknown",
                "because": [],
                "missing": ["disease_stable"],
                "statements": ["statement-1"],
            }
        ],
        "statements": ["statement-1"],
    }
    assert guards["g2"]["result"] == "pass"


def test_steps_are_allowed_or_blocked() -> None:
    found = given()
    assert found["allowed_next"] == [{"step": "wait", "title": "Wait", "statements": ["statement-1"]}]
    assert found["blocked_next"] == [
        {
            "step": "treat",
            "title": "Treat",
            "guards": ["g1"],
            "missing": ["disease_stable"],
            "statements": ["s1", "statement-1"],
        }
    ]


def test_what_is_due_comes_earliest_first_with_what_is_scheduled_to_escalated() -> None:
    found = given()["due"]
    assert [(i["due"], i["status"]) for i in found] == [("2024-12-31", "escalated"), ("2025-01-31", "open")]
    assert found[0] == {
        "item": "t-scan",
        "title": "Scan",
        "opens": "2024-12-01",
        "due": "2024-12-31",
        "overdue_from": "2025-01-01",
        "status": "escalated",
        "statements": ["s2"],
    }
    assert due(()) == []


def test_deviations() -> None:
    first = given()["deviations"][0]
    assert first == {
        "code": "d-early",
        "title": "Early",
        "severity": "minor",
        "status": "final",
        "events": ["e2"],
        "statements": ["s3"],
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (d("2025-01-01"), "2025-01-01"),
        (datetime.fromisoformat("2025-01-01T08:00"), "2025-01-01T08:00:00"),
        ((d("2025-01-01"), None, 3), ["2025-01-01", None, 3]),
        ([("a",)], [["a"]]),
        (frozenset({"a"}), ["a"]),
        ({"months": 3, 4: d("2025-01-01")}, {"months": 3, "4": "2025-01-01"}),
        (1.5, 1.5),
        (None, None),
        (True, True),
    ],
)
def test_values_as_json_has_them(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_the_pathways_that_ship_answer_with_every_companion_and_every_profile() -> None:
    enrolled = [Enrolment(pathway) for pathway in all_pathways()]
    found = answer("K1", replay_patient(enrolled, Story({}, ()), d("2025-01-01"), d("2025-01-01")))
    assert list(found["companion_states"]) == list(load_vocabulary().companions)
    chosen = load_vocabulary().settings["definition_profile"].choices
    assert {*map(str, chosen), "mdtbc-selection"} <= set(found["profiles"])
    assert json.loads(json.dumps(found)) == found
    assert found["state"] == "not_started"
