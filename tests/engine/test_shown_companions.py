"""What the smaller companion pathways show beside their verdicts."""

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
    concerns,
    feature,
    imaging,
    lesion,
    line,
    number,
    plan,
    response,
    several,
    shown,
    suspicion,
)
from tests.engine.telling import told


# ---- liver ----
@pytest.mark.parametrize("id", ["liver-series", "liver-covered", "liver-alone", "liver-advice"])
def test_what_concerns_the_liver(id: str) -> None:
    assert concerns("liver", id, LIVER) is True
    assert concerns("liver", id, LUNG) is False
    assert concerns("liver", id) is None


@pytest.mark.parametrize("id", ["liver-registry", "liver-mortality"])
def test_the_registrys_figures_on_the_liver(id: str) -> None:
    assert concerns("liver", id, LIVER, **REGISTRY_FACTS) is True
    assert concerns("liver", id, LUNG, **REGISTRY_FACTS) is False
    assert concerns("liver", id, LIVER, **{**REGISTRY_FACTS, "de_novo_metastatic": True}) is False


@pytest.mark.parametrize("id", ["liver-safety", "liver-subtype", "liver-systemic-after-surgery"])
def test_what_concerns_resection_of_the_liver(id: str) -> None:
    assert concerns("liver", id, LIVER) is True
    assert concerns("liver", id, LIVER, plan("resection", "A")) is True
    assert concerns("liver", id, LIVER, plan("rfa", "A")) is False


MOST = number("imet-liver-caseseries-exclusions", "max_liver_lesions")
REMNANT = number("imet-liver-caseseries-exclusions", "remnant_function")
PROGRESSING = (suspicion(), line("2024-04-01", "chemotherapy"), response("PD", "2025-01-01"))


@pytest.mark.parametrize(
    ("found", "entries", "remnant", "expected"),
    [
        (imaging(*several(MOST, "liver")), (), REMNANT, "met"),
        (imaging(*several(MOST + 1, "liver")), (), REMNANT, "not_met"),
        (imaging(*several(MOST, "liver")), (), REMNANT - 1, "not_met"),
        (imaging(*several(MOST, "liver")), (), None, "unknown"),
        (imaging(lesion("A", "liver"), lesion("B", "bone")), (), REMNANT, "not_met"),
        (LIVER, PROGRESSING, REMNANT, "not_met"),
        (LIVER, (*PROGRESSING, line("2025-02-01")), REMNANT, "met"),
    ],
)
def test_whom_the_series_of_the_liver_cover(
    found: Event, entries: tuple[Event, ...], remnant: int | None, expected: str
) -> None:
    facts = {"remnant_liver_function_percent": remnant}
    assert feature("liver", "liver-covered", found, *entries, **facts) == expected


def test_the_liver_alone() -> None:
    assert feature("liver", "liver-alone", LIVER) == "met"
    assert feature("liver", "liver-alone", imaging(lesion("A", "liver"), lesion("B", "bone"))) == "not_met"
    assert feature("liver", "liver-alone", imaging(lesion("A", "liver"), lesion_count_total=2)) == "unknown"


@pytest.mark.parametrize(
    ("hr", "her2", "expected"),
    [
        ("positive", "positive", "her2_positive"),
        ("positive", "negative", "hr_positive_her2_negative"),
        ("negative", "negative", "triple_negative"),
        ("positive", "unknown", None),
    ],
)
def test_the_subtype_beside_the_figures(hr: str, her2: str, expected: str | None) -> None:
    found = shown("liver", LIVER, hr_status=hr, her2_status=her2)
    assert found["liver-subtype"].value == expected


# ---- lung ----
@pytest.mark.parametrize(
    "id", ["lung-unresectable", "lung-receptors", "lung-solitary", "lung-nodes", "lung-advice"]
)
def test_what_concerns_the_lung(id: str) -> None:
    assert concerns("lung", id, LUNG) is True
    assert concerns("lung", id, LIVER) is False
    assert concerns("lung", id) is None


def test_the_registrys_figure_on_the_lung() -> None:
    assert concerns("lung", "lung-registry", LUNG, **REGISTRY_FACTS) is True
    assert concerns("lung", "lung-registry", LUNG, **{**REGISTRY_FACTS, "sex": "male"}) is False


@pytest.mark.parametrize("id", ["lung-survival", "lung-nodes-removed", "lung-r0"])
def test_what_concerns_resection_of_the_lung(id: str) -> None:
    assert concerns("lung", id, LUNG) is True
    assert concerns("lung", id, LUNG, plan("stereotactic_rt", "A")) is False


@pytest.mark.parametrize(("resectable", "expected"), [(True, "met"), (False, "not_met"), (None, "unknown")])
def test_complete_removal_from_the_lung(resectable: bool | None, expected: str) -> None:
    found = imaging(lesion("A", "lung", r0_resectable=resectable), lesion("B", "bone"))
    assert feature("lung", "lung-r0", found) == expected


def test_receptors_number_and_nodes_of_lung_metastases() -> None:
    assert feature("lung", "lung-receptors", LUNG, hr_status="positive") == "met"
    assert feature("lung", "lung-receptors", LUNG, hr_status="negative") == "not_met"
    assert feature("lung", "lung-solitary", LUNG) == "met"
    assert feature("lung", "lung-solitary", imaging(*several(2, "lung"))) == "not_met"
    assert feature("lung", "lung-solitary", imaging(lesion("A", "lung"), lesion_count_total=2)) == "unknown"
    assert feature("lung", "lung-nodes", LUNG) == "not_met"
    nodal = imaging(lesion("A", "lung"), lesion("B", "lymph_node"))
    assert (feature("lung", "lung-nodes", nodal), shown("lung", nodal)["lung-nodes"].adverse) == ("met", True)


@pytest.mark.parametrize(
    ("margin", "expected"),
    [("R0", "not_met"), ("R1", "met"), ("R2", "met"), ("RX", "unknown"), (None, "unknown")],
)
def test_margins_of_the_latest_resection(margin: str | None, expected: str) -> None:
    start = told("start", "mdt_started", "2025-01-01", targets=("A",), modality="resection")
    end = told("end", "mdt_completed", "2025-01-02", margin=margin)
    assert feature("lung", "lung-incomplete", LUNG, start, end) == expected
    assert feature("lung", "lung-incomplete", LUNG, start) == "unknown"
    assert feature("lung", "lung-incomplete", LUNG) == HIDDEN


# ---- bone ----
def test_bone_metastases_have_strategies_of_their_own() -> None:
    for id in ("bone-distinct", "bone-no-ago-grade"):
        assert concerns("bone_health", id, BONE) is True
        assert concerns("bone_health", id, LIVER) is False


@pytest.mark.parametrize("uncomplicated", [True, False, None])
def test_one_fraction_for_an_uncomplicated_bone_metastasis(uncomplicated: bool | None) -> None:
    found = imaging(lesion("A", uncomplicated=uncomplicated), lesion("B", "lung"))
    assert concerns("symptom_local", "bone-single-fraction", found) is uncomplicated


@pytest.mark.parametrize("symptoms", [True, False, None])
def test_systemic_therapy_leads_without_symptoms(symptoms: bool | None) -> None:
    expected = None if symptoms is None else not symptoms
    facts = {"primary__symptomatic": symptoms}
    assert concerns("symptom_local", "systemic-therapy-leads", **facts) is expected


# ---- CNS ----
CEREBRAL = number("ago-2024-def-oligoma", "max_cerebral")


def test_cerebral_metastases_as_oligoma_admits() -> None:
    assert feature("cns", "cns-three-lesions", imaging(*several(CEREBRAL, "cns"))) == "met"
    assert feature("cns", "cns-three-lesions", imaging(*several(CEREBRAL + 1, "cns"))) == "not_met"
    unsure = imaging(*several(CEREBRAL, "cns"), {"id": "x", "organ": "cns"})
    assert feature("cns", "cns-three-lesions", unsure) == "unknown"
    assert feature("cns", "cns-three-lesions", BONE) == HIDDEN
    assert concerns("cns", "cns-no-ago-grade", BONE) is False


def cerebral_progression(on: str) -> Event:
    return response("PD", on, intracranial="PD", extracranial="SD")


@pytest.mark.parametrize(("count", "expected"), [(1, False), (2, True), (3, True)])
def test_the_switch_is_proposed_from_the_second_progression(count: int, expected: bool) -> None:
    assert number("mdtbc-cns-her2-switch", "intracranial_progressions") == 2
    on = line("2024-04-01", "anti_her2", regimen="trastuzumab_pertuzumab")
    progressions = [cerebral_progression(f"2025-0{n}-01") for n in range(1, count + 1)]
    entries = (suspicion(), on, *progressions)
    assert concerns("cns", "cns-switch", *entries, her2_status="positive") is expected
    assert concerns("cns", "cns-switch", *entries, her2_status="negative") is False
    other = (suspicion(), line(), *progressions)
    assert concerns("cns", "cns-switch", *other, her2_status="positive") is False


@pytest.mark.parametrize("found", [True, False, None])
def test_hydrocephalus(found: bool | None) -> None:
    assert concerns("cns", "cns-hydrocephalus", obstructive_hydrocephalus=found) is found


# ---- soft tissue, axilla, marrow, surveillance ----
def test_cord_and_plexus() -> None:
    def recorded(**findings: Any) -> Event:
        return told("finding", "finding_recorded", "2025-01-01", **findings)

    cord, plexus = recorded(paresis=True), recorded(plexus_infiltration=True)
    assert concerns("soft_tissue", "cord-radiotherapy", cord) is True
    assert concerns("soft_tissue", "cord-general-row", cord) is True
    assert concerns("soft_tissue", "cord-radiotherapy", plexus) is False
    assert concerns("soft_tissue", "plexus-radiotherapy", plexus) is True
    assert concerns("soft_tissue", "plexus-radiotherapy", cord) is False
    assert concerns("soft_tissue", "surgery-first", cord) is None
    urgent = recorded(paresis=True, immediate_surgery_indicated=True)
    assert concerns("soft_tissue", "surgery-first", urgent) is True
    assert concerns("soft_tissue", "surgery-first") is False


@pytest.mark.parametrize("prior", [True, False, None])
def test_the_contralateral_axilla_as_stage_iv(prior: bool | None) -> None:
    expected = None if prior is None else not prior
    facts = {"prior_ipsilateral_axilla_local_therapy": prior}
    assert concerns("contralateral_axilla", "axilla-stage-iv", **facts) is expected


@pytest.mark.parametrize(("shown_there", "expected"), [(True, "met"), (False, "not_met"), (None, "unknown")])
def test_treatment_so_far_in_marrow_infiltration(shown_there: bool | None, expected: str) -> None:
    found = told("finding", "finding_recorded", "2024-05-01", bone_marrow_infiltration=True)
    board = told("board", "board_held", "2024-06-01", prior_treatment_shown=shown_there)
    entries = (suspicion(), line("2024-04-01", "chemotherapy"), found, board)
    one = shown("marrow", *entries)["marrow-treatment-so-far"]
    assert (one.feature, one.value) == (expected, ("chemotherapy",))
    assert shown("marrow")["marrow-treatment-so-far"].value is None


def test_marrow_infiltration_by_receptors() -> None:
    facts: dict[str, Any] = {"hr_status": "positive", "her2_status": "negative"}
    assert concerns("marrow", "marrow-endocrine", **facts) is True
    assert concerns("marrow", "marrow-her2", **facts) is False
    assert concerns("marrow", "marrow-her2") is None


def test_the_schedule_of_surveillance_is_practice() -> None:
    assert concerns("surveillance", "surveillance-practice") is True


# ---- receptors ----
PRIMARY: dict[str, Any] = {
    "primary__er": "positive",
    "primary__pr": "positive",
    "primary__her2": "negative",
    "hr_status": "positive",
    "her2_status": "negative",
}


def specimen(**receptors: Any) -> Event:
    return told("tissue", "tissue_result", "2024-03-05", method="histology", **receptors)


@pytest.mark.parametrize(
    ("primary", "receptors", "expected"),
    [
        ({}, {"er": "negative", "pr": "positive"}, {"er-lost", "loss-obstacle"}),
        ({}, {"er": "positive", "pr": "negative"}, {"pr-lost", "loss-obstacle"}),
        ({}, {"er": "positive", "pr": "positive", "her2": "positive"}, {"her2-gained"}),
        ({"primary__her2": "positive"}, {"her2": "negative"}, {"her2-lost", "loss-obstacle"}),
        ({"primary__pr": "negative"}, {"er": "positive", "pr": "positive"}, {"hormone-gained"}),
        ({}, {"er": "positive", "pr": "positive", "her2": "equivocal"}, set()),
    ],
)
def test_each_pattern_of_discordance_alone(
    primary: dict[str, Any], receptors: dict[str, str], expected: set[str]
) -> None:
    found = shown("receptors", specimen(**receptors), **{**PRIMARY, **primary})
    assert {id.removeprefix("receptor-") for id in found if id.startswith("receptor-")} == expected


def test_a_loss_where_only_the_status_of_the_primary_is_known() -> None:
    entries = specimen(er="negative", pr="negative")
    assert concerns("receptors", "receptor-er-lost", entries, hr_status="positive") is True
    assert concerns("receptors", "receptor-er-lost", entries, hr_status="negative") is False
