"""Limits of the evidence: what the patient was told, whom the registry concerns, how old a source is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.event import Event
from pathways.coverage import uses
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.library.sources import PAGE_UPDATED, SOURCES, UPTODATE_UPDATED
from pathways.pathway import Pathway
from tests.engine.shown import (
    BONE,
    HIDDEN,
    LUNG,
    REGISTRY_FACTS,
    concerns,
    feature,
    imaging,
    lesion,
    line,
    plan,
    response,
    shown,
    suspicion,
)
from tests.engine.telling import d, told


def counselling(*topics: str, on: str = "2025-01-01") -> Event:
    return told(f"counselling {on}", "counselling_documented", on, topics=topics or None)


TOPICS = [
    ("limit-survival", "os_benefit_unknown"),
    ("limit-quality-of-life", "quality_of_life_unmeasured"),
    ("limit-registry-figures", "registry_survival_figures"),
]


@pytest.mark.parametrize(("id", "topic"), TOPICS)
def test_a_limit_is_told_when_counselling_names_it(id: str, topic: str) -> None:
    def told_by(*entries: Event) -> str:
        return feature("main", id, LUNG, *entries, **REGISTRY_FACTS)

    assert told_by() == "not_met"
    assert told_by(counselling("alternatives")) == "not_met"
    assert told_by(counselling("alternatives", topic)) == "met"
    assert told_by(counselling()) == "unknown"


def test_what_was_told_before_a_progression_has_to_be_told_again() -> None:
    before = (counselling("os_benefit_unknown"), response("PD", "2025-03-01"))
    assert feature("main", "limit-survival", *before) == "not_met"
    again = counselling("os_benefit_unknown", on="2025-04-01")
    assert feature("main", "limit-survival", *before, again) == "met"


def test_limits_stand_at_every_step_before_treatment() -> None:
    limits = [one for one in shown("main", LUNG, **REGISTRY_FACTS).values() if one.kind == "limit"]
    assert len(limits) > 8
    assert {one.steps for one in limits} == {("board_mdt", "board_oligoprogression", "counsel", "mdt_start")}


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        ((), True),
        ((plan("stereotactic_rt", "A"),), True),
        ((plan("other_rt", "A"),), True),
        ((plan("resection", "A"),), False),
        ((plan(None, "A"),), None),
    ],
)
def test_failure_of_irradiated_metastases(planned: tuple[Event, ...], expected: bool | None) -> None:
    assert concerns("main", "limit-local-failure", BONE, *planned) is expected


def test_the_design_of_the_registry_is_told_where_its_organs_are_involved() -> None:
    assert concerns("main", "limit-registry", LUNG) is True
    assert concerns("main", "limit-registry", BONE) is False
    assert concerns("main", "limit-registry") is None
    assert concerns("main", "limit-registry", imaging({"id": "A", "organ": "lung"})) is None


# ---- whom the registry took in ----
ELIGIBLE: dict[str, Any] = {**REGISTRY_FACTS, "primary__treatment_completed": True}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "met"),
        ({"primary__treatment_completed": None}, "unknown"),
        ({"primary__treatment_completed": False}, "not_met"),
        ({"sex": "male"}, "not_met"),
        ({"hr_status": "negative"}, "not_met"),
    ],
)
def test_the_population_of_the_registry(change: dict[str, Any], expected: str) -> None:
    assert feature("main", "registry-population", LUNG, **{**ELIGIBLE, **change}) == expected


@pytest.mark.parametrize(("operable", "expected"), [(True, "met"), (False, "not_met"), (None, "unknown")])
def test_lung_and_liver_are_operable(operable: bool | None, expected: str) -> None:
    found = imaging(lesion("A", "lung", r0_resectable=operable), lesion("B", "bone"))
    assert feature("main", "registry-population", found, **ELIGIBLE) == expected


def test_the_registry_says_nothing_of_other_organs() -> None:
    assert feature("main", "registry-population", BONE, **ELIGIBLE) == HIDDEN
    assert concerns("main", "registry-metachronous", BONE, **ELIGIBLE) is False


@pytest.mark.parametrize(
    ("hr", "her2", "expected"),
    [
        ("negative", "negative", True),
        ("positive", "negative", False),
        ("negative", "positive", False),
        ("negative", "unknown", None),
    ],
)
def test_triple_negative_disease_was_left_out(hr: str, her2: str, expected: bool | None) -> None:
    facts: dict[str, Any] = {"hr_status": hr, "her2_status": her2}
    assert concerns("main", "registry-triple-negative", LUNG, **facts) is expected


@pytest.mark.parametrize("de_novo", [True, False, None])
def test_de_novo_disease_was_left_out(de_novo: bool | None) -> None:
    assert concerns("main", "registry-de-novo", LUNG, de_novo_metastatic=de_novo) is de_novo


# ---- intervals and data sets ----
def test_intervals_end_with_progression_the_last_visit_or_death() -> None:
    dates: dict[str, Any] = {"primary__diagnosis_date": d("2020-02-01")}
    visit = told("visit", "follow_up_visit", "2025-03-02")
    death = told("death", "death", "2025-04-03")
    entries = (suspicion(), BONE, line(), response("PD", "2024-12-15"))
    alive = shown("main", *entries, visit, **dates)
    assert alive["interval-pfi"].value == {"months": 9, "days": 14}
    assert alive["interval-pdrs"].value == {"months": 12, "days": 1}
    assert alive["interval-os"].value == {"months": 61, "days": 1}
    dead = shown("main", *entries, visit, death, **dates)
    assert dead["interval-pdrs"].value == {"months": 13, "days": 2}
    assert dead["interval-os"].value == {"months": 62, "days": 2}
    assert shown("main", BONE)["interval-pdrs"].value is None


def test_the_interval_from_surgery() -> None:
    one = shown("main", LUNG, **REGISTRY_FACTS)["interval-mdfi"]
    assert (one.value, one.applies) == ({"months": 48, "days": 0}, True)


ENTRY: dict[str, Any] = {
    "birth_date": d("1970-04-12"),
    "menopausal_status": "post",
    "primary__histology": "invasive, no special type",
    "primary__stage": "IIA",
    "primary__er": "positive",
    "primary__pr": "negative",
    "primary__her2": "negative",
    "primary__surgery_date": d("2020-03-01"),
}


def test_the_data_set_at_entry() -> None:
    found = shown("main", imaging(lesion("A", "lung"), lesion("B", "liver"), lesion("C")), **ENTRY)
    assert found["data-at-entry"].feature == "met"
    values = {id: found[f"data-{id}"].value for id in ("age", "menopause", "stage", "er", "her2", "load")}
    assert values == {
        "age": 55,
        "menopause": "post",
        "stage": "IIA",
        "er": "positive",
        "her2": "negative",
        "load": 2,
    }


@pytest.mark.parametrize("missing", ENTRY)
def test_without_one_datum_the_data_set_at_entry_is_not_complete(missing: str) -> None:
    left = {name: value for name, value in ENTRY.items() if name != missing}
    assert feature("main", "data-at-entry", BONE, **left) == "not_met"
    assert feature("main", "data-at-entry", BONE, **{**ENTRY, missing: None}) == "not_met"
    assert feature("main", "data-at-entry", **ENTRY) == "not_met"


def test_what_a_datum_misses_is_named() -> None:
    one = shown("main")["data-menopause"]
    assert (one.value, one.missing) == (None, ("menopausal_status",))


def test_the_data_set_in_follow_up() -> None:
    start = told("start", "mdt_started", "2025-01-01", targets=("A",), modality="resection")
    visit = told("visit", "follow_up_visit", "2025-03-02")
    dates: dict[str, Any] = {"primary__diagnosis_date": d("2020-02-01")}
    assert feature("main", "data-in-follow-up", BONE, visit, **dates) == HIDDEN
    assert feature("main", "data-in-follow-up", BONE, start, **dates) == "not_met"
    found = shown("main", BONE, start, visit, **dates)
    assert (found["data-in-follow-up"].feature, found["data-method"].value) == ("met", "resection")


# ---- sources ----
@pytest.mark.parametrize("pathway", all_pathways(), ids=lambda one: one.key)
def test_a_source_is_shown_with_every_pathway_that_uses_it(pathway: Pathway) -> None:
    ids = {one.id for one in pathway.displays}
    named = uses([pathway])
    for prefix, source in SOURCES.items():
        assert (source.id in ids) == any(id.startswith(prefix) for id in named)
        assert not source.steps


def test_the_dates_of_the_sources_are_those_of_the_catalogue() -> None:
    def dated(statement: str, name: str) -> date:
        parameters = load_catalogue().statements[statement].parameters
        return d(str(next(p.value for p in parameters if p.name == name)))

    assert dated("utd-2017-currency", "topic_updated") == UPTODATE_UPDATED
    assert dated("ombc-currency", "last_updated") == PAGE_UPDATED


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2025-11-02", None),
        ("2025-11-03", {"months": 0, "days": 0}),
        ("2026-01-05", {"months": 2, "days": 2}),
    ],
)
def test_the_age_of_a_source(as_of: str, expected: object) -> None:
    assert shown("main", as_of=as_of)["source-page-2025"].value == expected
