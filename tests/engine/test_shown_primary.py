"""What is shown at a decision on the primary."""

from __future__ import annotations

from typing import Any

import pytest

from engine.event import Event
from tests.engine.shown import (
    BONE,
    HIDDEN,
    LIVER,
    concerns,
    feature,
    imaging,
    lesion,
    line,
    response,
    several,
    shown,
    suspicion,
)
from tests.engine.telling import d, told

HR_POSITIVE: dict[str, Any] = {"hr_status": "positive", "her2_status": "negative"}


def board(*features: str, **fields: Any) -> Event:
    return told(
        "board",
        "board_held",
        "2025-02-01",
        question="primary",
        decision="exception_supported",
        exception_features=features,
        **fields,
    )


def treated(modality: str) -> Event:
    return told("treated", "primary_treated", "2025-03-01", modality=modality)


def test_features_of_an_exception_that_can_be_computed() -> None:
    assert feature("primary", "exception-bone-only", BONE) == "met"
    assert feature("primary", "exception-bone-only", LIVER) == "not_met"
    assert feature("primary", "exception-bone-only") == "unknown"
    assert feature("primary", "exception-receptors", **HR_POSITIVE) == "met"
    assert feature("primary", "exception-receptors", hr_status="negative") == "not_met"
    assert feature("primary", "exception-receptors", hr_status="positive") == "unknown"


def test_oligometastatic_under_the_chosen_definition() -> None:
    treatable: dict[str, Any] = {"solid": True, "local_treatable": True, "safely_treatable": True}
    no_fluid = {"pleural_effusion": "none", "ascites": "none", "leptomeningeal_disease": False}
    met = imaging(*several(2, **treatable), findings=no_fluid)
    assert feature("primary", "exception-oligometastatic", met) == "met"
    assert feature("primary", "exception-oligometastatic", imaging(*several(6))) == "not_met"
    assert feature("primary", "exception-oligometastatic", imaging(*several(2))) == "unknown"


@pytest.mark.parametrize(
    ("id", "named"),
    [("exception-response", "good_response"), ("exception-her2-brisk", "her2_brisk_response")],
)
def test_how_good_a_response_is_a_board_says(id: str, named: str) -> None:
    """CR or PR alone is not yet excellent or brisk; a progression is neither."""
    facts: dict[str, Any] = {"her2_status": "positive"}
    treatment = (suspicion(), line())
    assert feature("primary", id, *treatment, **facts) == "unknown"
    assert feature("primary", id, *treatment, response("CR", "2024-07-01"), **facts) == "unknown"
    assert feature("primary", id, *treatment, response("PD", "2024-07-01"), **facts) == "not_met"
    assert feature("primary", id, *treatment, board(named), **facts) == "met"
    assert feature("primary", id, *treatment, board("bone_only"), **facts) == "unknown"


def test_the_brisk_response_is_an_exception_in_her2_positive_disease() -> None:
    assert feature("primary", "exception-her2-brisk", her2_status="negative") == HIDDEN
    assert concerns("primary", "exception-her2-brisk") is None


@pytest.mark.parametrize(
    ("expertise", "preference", "expected"),
    [(True, True, "met"), (True, False, "not_met"), (True, None, "unknown")],
)
def test_expertise_and_preference(expertise: bool, preference: bool | None, expected: str) -> None:
    recorded = board(institution_expertise_recorded=expertise, patient_preference_recorded=preference)
    assert feature("primary", "exception-factors", recorded) == expected
    assert feature("primary", "exception-factors") == HIDDEN


@pytest.mark.parametrize("symptomatic", [True, False, None])
def test_with_symptoms_palliation_without_them_the_prohibition(symptomatic: bool | None) -> None:
    facts = {"primary__symptomatic": symptomatic}
    assert concerns("primary", "palliation", **facts) is symptomatic
    against = None if symptomatic is None else not symptomatic
    assert concerns("primary", "against-asymptomatic", **facts) is against


def test_bleeding_is_a_symptom() -> None:
    assert concerns("primary", "palliation", primary__local_complication=("bleeding",)) is True


@pytest.mark.parametrize(("organ", "expected"), [("liver", True), ("bone", False), ("cns", None)])
def test_visceral_metastases_speak_against(organ: str, expected: bool | None) -> None:
    assert concerns("primary", "against-visceral", imaging(lesion("A", organ))) is expected


def test_triple_negative_disease_speaks_against() -> None:
    assert (
        concerns("primary", "against-triple-negative", hr_status="negative", her2_status="negative") is True
    )
    assert concerns("primary", "against-triple-negative", **HR_POSITIVE) is False
    assert concerns("primary", "against-triple-negative") is None


def test_the_trials_are_always_shown_and_the_registry_where_it_fits() -> None:
    assert concerns("primary", "trials") is True
    assert concerns("primary", "registry-bomet", BONE) is True
    assert concerns("primary", "registry-bomet", LIVER) is False
    assert concerns("primary", "registry-bomet") is None


@pytest.mark.parametrize(
    ("found", "change", "expected"),
    [
        (BONE, {}, "met"),
        (imaging(*several(2)), {}, "not_met"),
        (LIVER, {}, "not_met"),
        (BONE, {"birth_date": d("1960-01-01")}, "not_met"),
        (BONE, {"her2_status": "positive"}, "not_met"),
        (BONE, {"birth_date": None}, "unknown"),
    ],
)
def test_the_subgroup_of_mf0701(found: Event, change: dict[str, Any], expected: str) -> None:
    facts = {**HR_POSITIVE, "birth_date": d("1980-01-01"), **change}
    assert feature("primary", "trial-mf0701", found, **facts) == expected


@pytest.mark.parametrize(
    ("modality", "after", "against"),
    [
        ("breast_conserving", True, True),
        ("mastectomy", True, False),
        ("radiotherapy", False, False),
    ],
)
def test_both_sides_of_radiotherapy_after_surgery(modality: str, after: bool, against: bool) -> None:
    entries = (suspicion(), treated(modality))
    assert concerns("primary", "radiotherapy-after", *entries) is after
    assert concerns("primary", "radiotherapy-against", *entries) is against
    assert not shown("primary", *entries)["radiotherapy-instead"].feature


@pytest.mark.parametrize(
    ("nodes", "de_novo", "positive", "negative"),
    [
        ("cN1", True, True, False),
        ("cN0", True, False, True),
        ("cN0", None, False, None),
        ("cN1", False, False, False),
        (None, True, None, None),
    ],
)
def test_the_axilla_by_nodes(
    nodes: str | None, de_novo: bool | None, positive: bool | None, negative: bool | None
) -> None:
    facts = {"cN": nodes, "de_novo_metastatic": de_novo}
    assert concerns("primary", "axilla-positive", **facts) is positive
    assert concerns("primary", "axilla-negative", **facts) is negative


def test_surgery_of_isolated_lesions_is_not_said_of_the_primary() -> None:
    """`mdtbc-local-surgery` names breast and axilla for metastases and relapse (C21)."""
    facts: dict[str, Any] = {"primary__status": "intact", "cN": "cN1", "de_novo_metastatic": True}
    told_there = {id for one in shown("primary", BONE, **facts).values() for id in one.statements}
    assert "mdtbc-local-surgery" not in told_there
