"""The choice of method: which rows of the matrix concern the patient, before and after there is a plan."""

from __future__ import annotations

from typing import Any

import pytest

from engine.event import Event
from pathways.library.site_matrix import ANY, MATRIX, STEREOTACTIC, Row
from tests.engine.shown import BONE, concerns, feature, imaging, lesion, number, plan, several, shown
from tests.engine.telling import told

OF_A_SITE = [row for row in MATRIX if ANY not in row.sites]
WITH_METHODS = [row for row in OF_A_SITE if row.methods != (ANY,)]
of_a_row = pytest.mark.parametrize("row", WITH_METHODS, ids=lambda row: row.title)


def display_of(row: Row) -> str:
    return f"row-{row.title.lower().replace(',', '').replace(' ', '-')}"


@of_a_row
def test_before_a_plan_a_row_concerns_whom_its_site_concerns(row: Row) -> None:
    (site,) = row.sites
    assert concerns("main", display_of(row), imaging(lesion("A", site))) is True
    assert concerns("main", display_of(row), imaging(lesion("A", "lymph_node"))) is False
    assert concerns("main", display_of(row)) is None


@of_a_row
def test_with_a_plan_a_row_concerns_its_methods_at_its_site(row: Row) -> None:
    (site,) = row.sites
    found = imaging(lesion("A", site), lesion("B", "lymph_node"))
    for method in row.methods:
        assert concerns("main", display_of(row), found, plan(method, "A")) is True
        assert concerns("main", display_of(row), found, plan(method, "B")) is False
    other = next(m for m in ("resection", STEREOTACTIC) if m not in row.methods)
    assert concerns("main", display_of(row), found, plan(other, "A")) is False
    assert concerns("main", display_of(row), found, plan(None, "A")) is None


@of_a_row
def test_a_blocked_row_speaks_against(row: Row) -> None:
    one = shown("main", imaging(lesion("A", row.sites[0])))[display_of(row)]
    assert one.kind == ("opposing" if row.rule == "blocked" else "recommendation")
    assert one.statements == row.statements


def test_another_method_in_the_cns() -> None:
    found = imaging(lesion("A", "cns"))
    id = "row-another-method-in-the-cns"
    assert concerns("main", id, found) is True
    assert concerns("main", id, found, plan(STEREOTACTIC, "A")) is False
    assert concerns("main", id, found, plan("resection", "A")) is True


def test_statements_that_name_cryoablation_without_the_liver_stand_beside_its_row() -> None:
    found = imaging(lesion("A", "liver"))
    id = "other-cryoablation-in-the-liver"
    assert concerns("main", id, found, plan("cryo", "A")) is True
    assert concerns("main", id, found, plan("rfa", "A")) is False
    assert "utd-2017-local-may-palliate" in shown("main", found)[id].statements


def test_a_board_that_names_a_method_and_no_target() -> None:
    board = told("board", "board_held", "2025-01-01", question="mdt", decision="recommended", method="cryo")
    found = imaging(lesion("A", "liver"))
    assert concerns("main", "row-cryoablation-in-the-liver", found, board) is True
    assert concerns("main", "row-resection-in-the-liver", found, board) is False


# ---- hints ----
@pytest.mark.parametrize(
    ("isolated", "resectable", "expected"),
    [(True, True, "met"), (True, False, "not_met"), (False, True, "not_met"), (None, True, "unknown")],
)
def test_resection_suits_isolated_resectable_lesions(
    isolated: bool | None, resectable: bool, expected: str
) -> None:
    found = imaging(lesion("A", isolated=isolated, r0_resectable=resectable))
    assert feature("main", "method-resection", found) == expected


@pytest.mark.parametrize(
    ("lesions", "expected"),
    [
        (several(1, r0_resectable=True), "not_met"),
        (several(1, r0_resectable=False), "met"),
        (several(1), "unknown"),
        (several(2, r0_resectable=True), "met"),
        ([lesion("A", r0_resectable=False, status="resolved")], "unknown"),
    ],
)
def test_stereotactic_treatment_suits_unresectable_or_several(
    lesions: list[dict[str, Any]], expected: str
) -> None:
    assert feature("main", "method-stereotactic", imaging(*lesions)) == expected


MILLIMETRES = number("imet-ablation-candidates", "lesion_diameter_mm")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"isolated": True, "diameter_mm": MILLIMETRES - 0.1}, "met"),
        ({"isolated": False, "diameter_mm": MILLIMETRES}, "not_met"),
        ({"isolated": True, "diameter_mm": MILLIMETRES}, "unknown"),
        ({"isolated": False, "diameter_mm": MILLIMETRES - 0.1}, "unknown"),
        ({"isolated": True}, "unknown"),
        ({"isolated": True, "diameter_mm": 10, "r0_resectable": True}, "not_met"),
        ({"isolated": True, "diameter_mm": 10, "r0_resectable": None}, "unknown"),
    ],
)
def test_usual_candidates_for_ablation(fields: dict[str, Any], expected: str) -> None:
    """Whether isolated and small both are needed, the source does not say."""
    found = imaging(lesion("A", "liver", **{"r0_resectable": False, **fields}))
    assert feature("main", "method-ablation-usual", found) == expected


def test_of_several_lesions_the_targets_count() -> None:
    small = lesion("A", "liver", isolated=True, diameter_mm=10, r0_resectable=False)
    large = lesion("B", "liver", isolated=False, diameter_mm=60, r0_resectable=False)
    found = imaging(small, large)
    assert feature("main", "method-ablation-usual", found) == "not_met"
    assert feature("main", "method-ablation-usual", found, plan("rfa", "A")) == "met"
    assert feature("main", "method-ablation-usual", found, plan("rfa", "B")) == "not_met"


@pytest.mark.parametrize(
    ("id", "method", "other"),
    [
        ("method-resection", "resection", "rfa"),
        ("method-stereotactic", STEREOTACTIC, "resection"),
        ("method-stereotactic-names", STEREOTACTIC, "other_rt"),
        ("method-ablation", "cryo", STEREOTACTIC),
        ("method-ablation-or-surgery", "sirt", "resection"),
        ("method-ablation-modalities", STEREOTACTIC, "resection"),
    ],
)
def test_hints_follow_the_plan(id: str, method: str, other: str) -> None:
    planned: tuple[tuple[tuple[Event, ...], bool | None], ...] = (
        ((), True),
        ((plan(method, "A"),), True),
        ((plan(other, "A"),), False),
        ((plan(None, "A"),), None),
    )
    for entries, expected in planned:
        assert concerns("main", id, BONE, *entries) is expected


def test_laser_in_the_lung() -> None:
    found = imaging(lesion("A", "lung"), lesion("B", "liver"))
    assert concerns("main", "method-lung-laser", found, plan("litt", "A")) is True
    assert concerns("main", "method-lung-laser", found, plan("litt", "B")) is False
    assert concerns("main", "method-lung-laser", found, plan("rfa", "A")) is False
    assert concerns("main", "method-lung-laser", found) is False
