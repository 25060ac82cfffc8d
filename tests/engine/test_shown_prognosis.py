"""Prognostic features on the days and numbers where they turn, with the numbers of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.shown import (
    BONE,
    FOUND,
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

# ---- age ----
AGES = [
    ("main", "prognosis-age-55", "mdtbc-prog-age-55", {}),
    ("main", "prognosis-age-55", "ombc-prog-age-55", {}),
    ("main", "prognosis-registry-age-55", "imet-prog-age-55", REGISTRY_FACTS),
    ("primary", "exception-age-55", "mdtbc-primary-surgery-exceptions", {}),
    ("primary", "exception-age-55", "ombc-primary-exceptions", {}),
]


@pytest.mark.parametrize(("key", "id", "statement", "facts"), AGES)
def test_below_an_age_until_the_birthday(key: str, id: str, statement: str, facts: dict[str, Any]) -> None:
    born = "1970-04-12"
    before, on, _ = around(born, 12 * number(statement, "age"))
    with_birth = {**facts, "birth_date": d(born)}
    assert feature(key, id, LUNG, as_of=before, **with_birth) == "met"
    assert feature(key, id, LUNG, as_of=on, **with_birth) == "not_met"
    without = {name: value for name, value in facts.items() if name != "birth_date"}
    unknown = shown(key, LUNG, **without)[id]
    assert (unknown.feature, "birth_date" in unknown.missing) == ("unknown", True)


# ---- number and organs ----
@pytest.mark.parametrize(
    ("id", "statement"),
    [("prognosis-max-2", "mdtbc-prog-max-2"), ("prognosis-max-5", "ombc-prog-max-5")],
)
def test_at_most_so_many_metastases(id: str, statement: str) -> None:
    most = number(statement, "lesions")
    assert feature("main", id, imaging(*several(most))) == "met"
    assert feature("main", id, imaging(*several(most + 1))) == "not_met"
    assert feature("main", id, imaging(*several(most), {"id": "x", "organ": "bone"})) == "unknown"
    assert feature("main", id) == "unknown"


def test_without_an_active_lesion_nothing_is_judged() -> None:
    gone = imaging(lesion("A", status="resolved"))
    ids = ("prognosis-max-2", "prognosis-max-5", "prognosis-bone-only", "prognosis-bone-node")
    assert {feature("main", id, gone) for id in ids} == {"unknown"}


@pytest.mark.parametrize(
    ("organs", "bone_only", "bone_or_node"),
    [
        (("bone",), "met", "met"),
        (("bone", "lymph_node"), "not_met", "met"),
        (("lymph_node",), "not_met", "met"),
        (("bone", "liver"), "not_met", "not_met"),
        (("lung",), "not_met", "not_met"),
    ],
)
def test_organs(organs: tuple[str, ...], bone_only: str, bone_or_node: str) -> None:
    found = imaging(*(lesion(organ, organ) for organ in organs))
    assert feature("main", "prognosis-bone-only", found) == bone_only
    assert feature("main", "prognosis-bone-node", found) == bone_or_node


def test_what_is_counted_and_not_listed_may_lie_anywhere() -> None:
    more = imaging(lesion("A"), lesion_count_total=2)
    assert feature("main", "prognosis-bone-only", more) == "unknown"
    facts: dict[str, Any] = {"hr_status": "positive", "her2_status": "negative"}
    assert feature("main", "prognosis-hrpos-nonvisceral", more, **facts) == "unknown"
    assert concerns("main", "prognosis-registry-receptors", more) is None


@pytest.mark.parametrize(
    ("hr", "her2", "organ", "expected"),
    [
        ("positive", "negative", "bone", "met"),
        ("positive", "negative", "liver", "not_met"),
        ("positive", "positive", "bone", "not_met"),
        ("negative", "negative", "bone", "not_met"),
        ("positive", "equivocal", "bone", "unknown"),
        ("positive", "negative", "cns", "unknown"),
    ],
)
def test_receptors_outside_the_viscera(hr: str, her2: str, organ: str, expected: str) -> None:
    found = imaging(lesion("A", organ))
    assert feature("main", "prognosis-hrpos-nonvisceral", found, hr_status=hr, her2_status=her2) == expected


def test_hormone_receptors() -> None:
    assert feature("main", "prognosis-hrpos", BONE, hr_status="positive") == "met"
    assert feature("main", "prognosis-hrpos", BONE, hr_status="negative") == "not_met"
    assert feature("main", "prognosis-hrpos", BONE) == "unknown"


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [("none", "met"), ("limited", "met"), ("extensive", "not_met"), ("unknown", "unknown")],
)
def test_axilla_at_the_primary(nodes: str, expected: str) -> None:
    assert feature("main", "prognosis-axilla-limited", axillary_nodes_at_primary=nodes) == expected


# ---- intervals ----
LATER = [
    ("main", "prognosis-dfi-24", "ombc-prog-dfi-24", "dfi", "primary__diagnosis_date", BONE),
    ("main", "prognosis-registry-interval-24", "imet-prog-mdfi-24", "mdfi", "primary__surgery_date", LUNG),
    ("main", "registry-metachronous", "imet-def-metachronous", "interval", "primary__surgery_date", LUNG),
]


@pytest.mark.parametrize(("key", "id", "statement", "name", "start", "found"), LATER)
def test_more_than_so_many_months(
    key: str, id: str, statement: str, name: str, start: str, found: Any
) -> None:
    """Exactly so many months are not more."""
    began = "2021-08-31"
    _, on, after = around(began, number(statement, name))
    facts = {**REGISTRY_FACTS, start: d(began)}
    for day, expected in ((on, "not_met"), (after, "met")):
        told_first = {**facts, "metastasis__first_diagnosis_date": d(day)}
        assert feature(key, id, found, **told_first) == expected
    assert feature(key, id, found, **{**facts, start: None}) == "unknown"


def test_the_first_metastasis_is_that_of_the_first_imaging_unless_stated() -> None:
    before, _, _ = around(FOUND, -24)
    assert feature("main", "prognosis-dfi-24", BONE, primary__diagnosis_date=d(before)) == "met"
    assert feature("main", "prognosis-dfi-24", BONE, primary__diagnosis_date=d("2022-03-01")) == "not_met"
    nothing_seen = shown("main", primary__diagnosis_date=d("2020-01-01"))["prognosis-dfi-24"]
    assert nothing_seen.feature == "unknown"
    assert nothing_seen.missing == ("metastasis.first_diagnosis_date",)


def test_the_interval_is_shown_in_calendar_months() -> None:
    one = shown("main", BONE, primary__diagnosis_date=d("2020-02-01"))["prognosis-dfi-24"]
    assert (one.value, one.unit) == ({"months": 49, "days": 0}, "calendar months and days")


@pytest.mark.parametrize(("turn", "expected"), [(0, "met"), (1, "met"), (2, "not_met")])
def test_liver_metastases_within_two_years(turn: int, expected: str) -> None:
    """Exactly two years are within; the feature speaks against."""
    day = around("2021-08-31", 12 * number("imet-liver-mdfi-2y", "mdfi_split"))[turn]
    facts: dict[str, Any] = {"primary__surgery_date": d("2021-08-31"), "primary__status": "resected"}
    one = shown("liver", LIVER, metastasis__first_diagnosis_date=d(day), **facts)["liver-interval"]
    assert (one.feature, one.adverse) == (expected, True)


@pytest.mark.parametrize(("turn", "expected"), [(0, "met"), (1, "not_met"), (2, "not_met")])
def test_lung_metastases_before_three_years(turn: int, expected: str) -> None:
    """Exactly 36 months are not less."""
    day = around("2021-08-31", number("imet-lung-prognostics", "mdfi_adverse"))[turn]
    facts: dict[str, Any] = {"primary__surgery_date": d("2021-08-31"), "primary__status": "resected"}
    one = shown("lung", LUNG, metastasis__first_diagnosis_date=d(day), **facts)["lung-interval-36"]
    assert (one.feature, one.adverse) == (expected, True)


def test_an_intact_primary_has_no_interval_from_its_surgery() -> None:
    assert concerns("main", "interval-mdfi", LUNG, primary__status="intact") is False
    assert concerns("main", "interval-mdfi", LUNG) is None
    assert feature("liver", "liver-interval", LIVER, primary__status="intact") == HIDDEN
    assert feature("lung", "lung-interval-36", LUNG, primary__status="intact") == HIDDEN


# ---- response to the first systemic therapy ----
@pytest.mark.parametrize(
    ("overall", "expected"),
    [("CR", "met"), ("PR", "met"), ("SD", "unknown"), ("PD", "not_met"), ("NE", "unknown")],
)
def test_response_to_the_first_therapy(overall: str, expected: str) -> None:
    entries = (suspicion(), line(), response(overall, "2024-07-01"))
    assert feature("main", "prognosis-good-response", *entries) == expected


def test_stable_disease_counts_under_its_setting() -> None:
    entries = (suspicion(), line(), response("SD", "2024-07-01"))
    settings = {"response_values": "cr_pr_sd"}
    assert feature("main", "prognosis-good-response", *entries, set_=settings) == "met"


def test_only_the_time_to_the_first_progression_is_the_first_therapy() -> None:
    entries = (suspicion(), line(), response("PD", "2024-07-01"), line("2024-08-01"))
    assert feature("main", "prognosis-good-response", *entries, response("CR", "2024-12-01")) == "not_met"
    before = (suspicion(), line(), response("CR", "2024-06-01"), response("PD", "2024-07-01"))
    assert feature("main", "prognosis-good-response", *before) == "met"


def test_no_response_is_assessed_without_therapy() -> None:
    assert feature("main", "prognosis-good-response", suspicion()) == "unknown"
    assert feature("main", "prognosis-good-response", suspicion(), response("PR", "2024-07-01")) == "unknown"


# ---- oligoprogression ----
MONTHS = number("mdtbc-prog-durable-pfs", "pfs_before_oligoprogression")


@pytest.mark.parametrize(("turn", "expected"), [(0, "not_met"), (1, "not_met"), (2, "met")])
def test_months_before_the_oligoprogression(turn: int, expected: str) -> None:
    day = around("2024-03-31", MONTHS)[turn]
    entries = (suspicion(), line("2024-03-31"), response("PD", day, pattern="oligoprogression"))
    assert feature("main", "prognosis-durable-response", *entries) == expected


def test_an_earlier_progression_begins_the_months_anew() -> None:
    later = response("PD", "2025-05-30", pattern="oligoprogression")
    entries = (suspicion(), line("2024-04-01"), response("PD", "2025-01-01"), later)
    assert feature("main", "prognosis-durable-response", *entries) == "not_met"
    assert feature("main", "prognosis-durable-response", *entries[:2], later) == "met"


def test_months_are_unknown_without_a_line_and_hidden_without_an_oligoprogression() -> None:
    pd = response("PD", "2025-05-30", pattern="oligoprogression")
    assert feature("main", "prognosis-durable-response", suspicion(), pd) == "unknown"
    other = response("PD", "2025-05-30", pattern="other")
    assert feature("main", "prognosis-durable-response", suspicion(), line(), other) == HIDDEN


# ---- the ideal candidate ----
IDEAL: dict[str, Any] = {**REGISTRY_FACTS, "birth_date": d("1980-01-01"), "performance_status": 0}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "met"),
        ({"performance_status": 1}, "unknown"),
        ({"performance_status": None}, "unknown"),
        ({"birth_date": d("1960-01-01")}, "not_met"),
        ({"sex": "male"}, "not_met"),
        ({"her2_status": "positive"}, "not_met"),
        ({"primary__diagnosis_date": d("2023-01-01")}, "not_met"),
    ],
)
def test_the_ideal_candidate(change: dict[str, Any], expected: str) -> None:
    assert feature("main", "prognosis-ideal-candidate", BONE, **{**IDEAL, **change}) == expected


# ---- the registry's figures ----
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"de_novo_metastatic": None}, True),
        ({"de_novo_metastatic": None, "primary__surgery_date": None}, None),
        ({"de_novo_metastatic": True}, False),
        ({"sex": "male"}, False),
        ({"hr_status": "negative"}, False),
        ({"hr_status": "negative", "her2_status": "positive"}, True),
        ({"primary__status": "intact"}, False),
        ({"primary__surgery_date": d("2024-01-01")}, False),
        ({"primary__surgery_date": None}, None),
    ],
)
def test_whom_the_registrys_figures_concern(change: dict[str, Any], expected: bool | None) -> None:
    facts = {**REGISTRY_FACTS, **change}
    for id in (
        "prognosis-registry-age-55",
        "prognosis-registry-interval-24",
        "prognosis-registry-liver",
        "prognosis-registry-her2",
        "prognosis-registry-organs",
        "evidence-registry-survival",
        "limit-registry-figures",
    ):
        assert concerns("main", id, LUNG, **facts) is expected
        assert concerns("main", id, BONE, **facts) is False


def test_features_of_the_registry() -> None:
    found = shown("main", LUNG, **REGISTRY_FACTS)
    assert found["prognosis-registry-receptors"].feature == "met"
    assert found["prognosis-registry-her2"].feature == "not_met"
    assert found["prognosis-registry-organs"].value == ("lung",)
    assert (found["prognosis-registry-liver"].feature, found["prognosis-registry-liver"].adverse) == (
        "not_met",
        True,
    )
    assert feature("main", "prognosis-registry-liver", LIVER, **REGISTRY_FACTS) == "met"
    negative = {**REGISTRY_FACTS, "hr_status": "negative"}
    assert feature("main", "prognosis-registry-receptors", LUNG, **negative) == "not_met"


def test_recorded_later_is_known_later() -> None:
    """Nothing here looks beyond what was recorded by the day asked for."""
    late = told("tissue", "tissue_result", "2024-03-05", recorded="2025-12-01", er="positive", pr="negative")
    assert feature("main", "prognosis-hrpos", late) == "unknown"
    assert feature("main", "prognosis-hrpos", late, as_of="2025-12-01") == "met"
