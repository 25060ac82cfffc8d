"""Recommendations beside the steps of the main pathway, and what speaks against them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.event import Event
from tests.engine.shown import (
    BONE,
    HIDDEN,
    LIVER,
    LUNG,
    REGISTRY_FACTS,
    around,
    concerns,
    feature,
    imaging,
    lesion,
    line,
    number,
    response,
    several,
    shown,
    suspicion,
)
from tests.engine.telling import d, told


def concerned(id: str, *entries: Event, **how: Any) -> bool | None:
    return concerns("main", id, *entries, **how)


# ---- definitions ----
def test_there_is_no_agreed_definition_for_anybody() -> None:
    assert concerned("definition-none-agreed") is True


@pytest.mark.parametrize(("count", "expected"), [(4, False), (5, True), (6, False)])
def test_five_are_outside_two_definitions(count: int, expected: bool) -> None:
    """One more than four, which is also the first that is not fewer than five."""
    assert number("ago-2024-def-nrg-br002", "max_lesions") == 4
    assert number("imet-def-limited-metastasis", "max_lesions") == 5
    assert concerned("definition-five", imaging(*several(count))) is expected


def test_five_are_not_certain_while_one_may_be_gone() -> None:
    assert concerned("definition-five", imaging(*several(4), {"id": "x", "organ": "bone"})) is None


@pytest.mark.parametrize("id", ["definition-several-organs", "definition-no-organ-limit"])
def test_several_organs(id: str) -> None:
    assert concerned(id, imaging(*several(2, "bone"))) is False
    assert concerned(id, imaging(lesion("A", "bone"), lesion("B", "lung"))) is True
    assert concerned(id, imaging(lesion("A", "bone"), lesion("B", "lung", status="resolved"))) is False
    assert concerned(id, imaging(lesion("A", "bone"), {"id": "B", "organ": "lung"})) is None
    assert concerned(id, imaging(lesion("A", "bone"), lesion_count_total=2)) is None
    assert concerned(id) is None


def test_the_imaging_behind_the_count() -> None:
    assert shown("main", imaging(modality="mri"))["definition-imaging"].value == "mri"
    assert shown("main")["definition-imaging"].value is None


@pytest.mark.parametrize(("modality", "expected"), [("pet_ct", "met"), ("ct", "not_met"), (None, "unknown")])
def test_pet_is_preferred(modality: str | None, expected: str) -> None:
    assert feature("main", "staging-pet", imaging(modality=modality)) == expected
    assert feature("main", "staging-pet") == "unknown"


# ---- sequence ----
UPPER = number("mdtbc-elig-response-3-6m", "response_min_upper")
FIRST = "2024-08-31"


@pytest.mark.parametrize(("turn", "expected"), [(0, "not_met"), (1, "met"), (2, "met")])
def test_the_upper_end_of_the_response_window(turn: int, expected: str) -> None:
    day = around(FIRST, UPPER)[turn]
    entries = (suspicion(), line("2024-06-01"), response("PR", FIRST))
    assert feature("main", "response-six-months", *entries, response("CR", day)) == expected


def test_only_stable_disease_at_the_upper_end_is_left_open() -> None:
    entries = (suspicion(), line("2024-06-01"), response("PR", FIRST))
    assert feature("main", "response-six-months", *entries) == "not_met"
    stable = response("SD", around(FIRST, UPPER)[1])
    assert feature("main", "response-six-months", *entries, stable) == "unknown"
    assert feature("main", "response-six-months", *entries[:2]) == HIDDEN


def test_the_upper_end_counts_from_where_the_setting_says() -> None:
    start = "2024-06-01"
    entries = (suspicion(), line(start), response("PR", FIRST), response("PR", around(start, UPPER)[1]))
    assert feature("main", "response-six-months", *entries) == "not_met"
    settings = {"response_anchor": "systemic_start"}
    assert feature("main", "response-six-months", *entries, set_=settings) == "met"


@pytest.mark.parametrize("id", ["oligoprogression-reported", "oligoprogression-no-response"])
def test_both_sides_of_oligoprogression(id: str) -> None:
    entries = (suspicion(), line())
    oligo = response("PD", "2025-01-01", pattern="oligoprogression")
    assert concerned(id, *entries, oligo) is True
    assert concerned(id, *entries, response("PD", "2025-01-01", pattern="other")) is False
    assert concerned(id, *entries, oligo, line("2025-02-01")) is False


def test_symptoms_do_not_wait() -> None:
    assert concerned("symptoms-first", primary__symptomatic=True) is True
    assert concerned("symptoms-first", primary__symptomatic=False) is False
    assert concerned("symptoms-first") is None


def test_disease_that_persists_after_the_end_of_therapy() -> None:
    def stop(reason: str) -> Event:
        return told("stop", "systemic_stopped", "2025-01-01", reason=reason)

    assert concerned("persistent-after-systemic", suspicion(), line()) is False
    ended = (suspicion(), line(), stop("persistent_after_systemic"))
    assert concerned("persistent-after-systemic", *ended) is True
    assert concerned("persistent-after-systemic", suspicion(), line(), stop("toxicity")) is False


def test_histology_of_the_lung() -> None:
    assert concerned("lung-histology", LUNG) is True
    assert concerned("lung-histology", LIVER) is False
    assert concerned("lung-histology") is None


# ---- whom the registry advises to consider ----
OLD = d("1960-01-01")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "met"),
        ({"birth_date": OLD}, "met"),
        ({"birth_date": OLD, "metastasis__first_diagnosis_date": d("2022-03-01")}, "not_met"),
        ({"birth_date": d("1980-01-01"), "metastasis__first_diagnosis_date": d("2022-03-01")}, "met"),
        ({"birth_date": None, "metastasis__first_diagnosis_date": d("2022-03-01")}, "unknown"),
        ({"hr_status": "negative"}, "not_met"),
    ],
)
def test_whom_the_registry_advises_to_consider(change: dict[str, Any], expected: str) -> None:
    facts = {**REGISTRY_FACTS, **change}
    assert feature("main", "registry-advice", LUNG, **facts) == expected
    assert feature("lung", "lung-advice", LUNG, **facts) == expected
    assert feature("liver", "liver-advice", LIVER, **facts) == expected


def test_the_advice_is_for_limited_disease_of_lung_or_liver() -> None:
    many = imaging(*several(number("imet-def-limited-metastasis", "max_lesions"), "lung", r0_resectable=True))
    assert feature("main", "registry-advice", many, **REGISTRY_FACTS) == "not_met"
    assert feature("main", "registry-advice", BONE, **REGISTRY_FACTS) == HIDDEN


# ---- subtypes ----
@pytest.mark.parametrize(
    ("hr", "her2", "expected"),
    [
        ("positive", "negative", {"subtype-hrpos", "subtype-practice-hr"}),
        ("positive", "positive", {"subtype-her2pos", "subtype-practice-hr", "subtype-practice-her2"}),
        ("negative", "positive", {"subtype-her2pos", "subtype-practice-her2"}),
        ("negative", "negative", {"subtype-triple-negative"}),
    ],
)
def test_only_what_the_subtype_asks_for(hr: str, her2: str, expected: set[str]) -> None:
    found = shown("main", hr_status=hr, her2_status=her2, brca_status="wild_type")
    assert {id for id in found if id.startswith("subtype-")} == expected


def test_without_receptors_every_subtype_is_open() -> None:
    found = [one for id, one in shown("main").items() if id.startswith("subtype-") and id != "subtype-cdk46"]
    assert len(found) == 6
    assert {one.applies for one in found} == {None}


@pytest.mark.parametrize(
    ("status", "expected"),
    [("germline_mutated", True), ("mutated_unspecified", True), ("wild_type", False), ("unknown", None)],
)
def test_a_brca_mutation(status: str, expected: bool | None) -> None:
    assert concerned("subtype-brca", brca_status=status) is expected


@pytest.mark.parametrize(
    ("pdl1", "expected"), [("positive", "met"), ("negative", "not_met"), (None, "unknown")]
)
def test_immunotherapy_by_pdl1(pdl1: str | None, expected: str) -> None:
    facts: dict[str, Any] = {"hr_status": "negative", "her2_status": "negative", "pdl1": pdl1}
    assert feature("main", "subtype-triple-negative", **facts) == expected


@pytest.mark.parametrize(
    ("classes", "expected"), [("endocrine_cdk46", "met"), ("endocrine", "not_met"), (None, "unknown")]
)
def test_a_cdk46_inhibitor_in_the_present_line(classes: str | None, expected: str) -> None:
    facts: dict[str, Any] = {"hr_status": "positive", "her2_status": "negative"}
    given = line()
    if classes is None:
        given = told("line", "systemic_started", "2024-04-01")
    elif classes != "endocrine":
        given = line("2024-04-01", classes)
    assert feature("main", "subtype-cdk46", suspicion(), given, **facts) == expected
    stopped = told("stop", "systemic_stopped", "2025-01-01")
    assert feature("main", "subtype-cdk46", suspicion(), given, stopped, **facts) == HIDDEN
