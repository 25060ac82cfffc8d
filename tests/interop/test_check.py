"""The comparison of `carepath replay --check`, key by key, on an answer as replay prints it."""

from __future__ import annotations

import pytest

from interop.check import differences

answer: dict[str, object] = {
    "case": "V02",
    "state": "board_mdt_review",
    "companion_states": {"bone_health": "bone_none", "primary": "primary_resected"},
    "profiles": {"abc7": "met", "nrg-br002": "undetermined"},
    "derived_facts": {
        "lesion_count_total": 3,
        "organs_involved": ["lung", "bone"],
        "due_dates": ["2025-02-28"],
    },
    "guards": {"g-tissue": {"result": "pass", "force": "hard", "clauses": []}},
    "allowed_next": [{"step": "board_mdt", "title": "Board", "statements": []}],
    "blocked_next": [{"step": "mdt_start", "title": "Start", "guards": ["g-board-mdt"]}],
    "due": [
        {"item": "t-a", "opens": "2025-01-01", "due": "2025-02-01", "overdue_from": None, "status": "open"},
        {
            "item": "t-b",
            "opens": "2025-01-01",
            "due": "2025-01-08",
            "overdue_from": "2025-01-09",
            "status": "overdue",
        },
    ],
    "deviations": [
        {"code": "d-pet-not-used", "severity": "info", "status": "final", "events": ["e02"]},
        {"code": "d-pet-not-used", "severity": "info", "status": "final", "events": ["e09"]},
    ],
}
overdue = {"item": "t-b", "due": "2025-01-08", "status": "overdue"}
pet = {"code": "d-pet-not-used", "severity": "info", "status": "final"}


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"state": "board_mdt_review"},
        {"companion_states": {"bone_health": "bone_none"}, "profiles": {"nrg-br002": "undetermined"}},
        {"guards": {"g-tissue": "pass"}},
        {"derived_facts": {"lesion_count_total": 3, "organs_involved": ["bone", "lung"]}},
        {"deviations": [pet]},
        {"deviations": [{**pet, "events": ["another"], "why": "for the reader"}]},
        {"due": [overdue]},
        {"due": [{**overdue, "opens": "2025-01-01", "overdue_from": "2025-01-09", "note": "for the reader"}]},
        {"due": [overdue, {"item": "t-a", "due": "2025-02-01", "status": "open", "overdue_from": None}]},
        {"allowed_next": [], "blocked_next": []},
        {"allowed_next": [{"step": "board_mdt", "title": "other words", "because": "for the reader"}]},
        {"not_a_deviation": ["d-lesion-limit: not started", "the board was right", "e14 and d-pet-not-used"]},
        {"remarks": ["x"], "not_determined_by_sources": [], "note": "x", "why": "x"},
    ],
)
def test_as_expected(expected: dict[str, object]) -> None:
    assert differences(answer, expected) == []


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"state": "mdt_ready"}, "state: expected mdt_ready / got board_mdt_review"),
        ({"profiles": {"abc7": "not_met"}}, "profiles.abc7: expected not_met / got met"),
        ({"profiles": {"oligoma": "met"}}, "profiles.oligoma: expected met / got nothing"),
        ({"derived_facts": {"last_due": None}}, "derived_facts.last_due: expected null / got nothing"),
        ({"derived_facts": {"due_dates": []}}, "derived_facts.due_dates: expected [] / got [2025-02-28]"),
        ({"companion_states": {"cns": "cns_none"}}, "companion_states.cns: expected cns_none / got nothing"),
        ({"guards": {"g-tissue": "fail"}}, "guards.g-tissue: expected fail / got pass"),
        ({"guards": {"g-board-mdt": "fail"}}, "guards.g-board-mdt: expected fail / got nothing"),
        ({"deviations": []}, "deviations: expected nothing such / got d-pet-not-used final info (e09)"),
        (
            {"deviations": [pet, {**pet, "status": "open"}]},
            "deviations: expected d-pet-not-used open info / got d-pet-not-used final info (e02); "
            "d-pet-not-used final info (e09)",
        ),
        (
            {"deviations": [pet, {"code": "d-x", "severity": "minor", "status": "open"}]},
            "deviations: expected d-x open minor / got no such deviation",
        ),
        (
            {"due": [overdue, {"item": "t-a", "due": "2025-02-01", "status": "scheduled"}]},
            "due: expected item t-a, due 2025-02-01, status scheduled / "
            "got item t-a, due 2025-02-01, status open",
        ),
        (
            {"due": [{**overdue, "overdue_from": "2025-01-10"}]},
            "due: expected item t-b, due 2025-01-08, status overdue, overdue_from 2025-01-10 / "
            "got item t-b, due 2025-01-08, status overdue, overdue_from 2025-01-09",
        ),
        (
            {"due": [overdue, {"item": "t-c", "due": "2025-02-01", "status": "open"}]},
            "due: expected item t-c, due 2025-02-01, status open / got no such item",
        ),
        (
            {"due": []},
            "due: expected nothing else overdue / got item t-b, due 2025-01-08, status overdue, "
            "opens 2025-01-01, overdue_from 2025-01-09",
        ),
        (
            {"allowed_next": [{"step": "mdt_start"}]},
            "allowed_next: expected mdt_start / got it in blocked_next",
        ),
        ({"allowed_next": [{"step": "counsel"}]}, "allowed_next: expected counsel / got board_mdt"),
        (
            {"blocked_next": [{"step": "board_mdt"}]},
            "blocked_next: expected board_mdt / got it in allowed_next",
        ),
        (
            {"not_a_deviation": ["d-pet-not-used: never"]},
            "not_a_deviation: expected no d-pet-not-used / got d-pet-not-used final info (e02)",
        ),
        ({"stat": "mdt_ready"}, "expected: there is no key 'stat'; did you mean 'state'?"),
        ({"guards": ["g-tissue"]}, "expected: 'guards' must be a mapping of names and values"),
        ({"due": {}}, "expected: 'due' must be a list"),
        ({"not_a_deviation": None}, "expected: 'not_a_deviation' must be a list"),
        ({"deviations": [pet, "d-x"]}, "expected: entry 2 of 'deviations' must state code, status, severity"),
        ({"allowed_next": [{"title": "x"}]}, "expected: entry 1 of 'allowed_next' must state step"),
        (
            {"due": [{**overdue, "overdue_form": "2025-01-09"}]},
            "expected: entry 1 of 'due' has no 'overdue_form'; did you mean 'overdue_from'?",
        ),
    ],
)
def test_differences(expected: dict[str, object], told: str) -> None:
    assert told in differences(answer, expected)
    assert all("\n" not in line for line in differences(answer, expected))


def test_a_code_that_nothing_raises_is_a_difference() -> None:
    expected = {"not_a_deviation": ["d-lesion-limt: not started", "d-lesion-limit", "the board was right"]}
    told = "expected: there is no deviation 'd-lesion-limt'; did you mean 'd-lesion-limit'?"
    assert differences(answer, expected, {"d-lesion-limit"}) == [told]
    assert differences(answer, expected) == []
    assert len(differences(answer, {"not_a_deviation": "d-x"}, {"d-lesion-limit"})) == 1


def test_a_step_in_both_lists_is_a_difference() -> None:
    both = {**answer, "allowed_next": answer["blocked_next"]}
    told = differences(both, {"allowed_next": [{"step": "mdt_start"}]})
    assert told == ["allowed_next: expected mdt_start here only / got it in blocked_next too"]


def test_an_unlisted_overdue_item_beside_a_listed_one_of_the_same_name() -> None:
    twice = {**answer, "due": [overdue, {**overdue, "status": "escalated"}]}
    assert len(differences(twice, {"due": [overdue]})) == 1


def test_an_empty_answer_differs_everywhere_and_raises_nothing() -> None:
    expected = {
        "state": "x",
        "guards": {"g": "pass"},
        "due": [overdue],
        "deviations": [pet],
        "allowed_next": [{"step": "x"}],
    }
    assert len(differences({}, expected)) == 5
