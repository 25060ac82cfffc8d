"""Raw content to entries and facts: what is read, and the clear refusal of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone

import pytest

from engine.entries import EntryError, Fault, read_event, read_facts
from engine.path import mapping_fields
from pathways.vocabulary import load_vocabulary

imaging = {
    "id": "e02",
    "date": "2024-07-08",
    "type": "imaging_done",
    "modality": None,
    "complete": True,
    "lesions": [
        {"id": "L1", "organ": "lung", "diameter_mm": 12},
        {"id": "L2", "organ": "bone", "status": "active"},
    ],
    "findings": {"ascites": "none", "paresis": None},
}


def test_an_imaging() -> None:
    event = read_event(imaging)
    assert (event.id, event.type, event.day, event.clock) == ("e02", "imaging_done", date(2024, 7, 8), None)
    assert event.recorded == event.documented == date(2024, 7, 8)
    assert event.fields == {
        "modality": None,
        "complete": True,
        "lesions": (
            {"id": "L1", "organ": "lung", "diameter_mm": 12.0},
            {"id": "L2", "organ": "bone", "status": "active"},
        ),
        "findings": {"ascites": "none", "paresis": None},
    }


def test_a_timestamp_counts_on_the_day_printed_in_it() -> None:
    event = read_event({"id": "e1", "type": "follow_up_visit", "date": "2024-07-08T23:30:00-05:00"})
    zone = timezone(timedelta(hours=-5))
    assert (event.day, event.clock) == (date(2024, 7, 8), time(23, 30, tzinfo=zone))
    assert event.recorded == datetime(2024, 7, 8, 23, 30, tzinfo=zone)


@pytest.mark.parametrize(
    ("stated", "recorded", "documented"),
    [
        ({}, date(2024, 7, 1), date(2024, 7, 1)),
        ({"recorded": "2024-07-05"}, date(2024, 7, 5), date(2024, 7, 5)),
        ({"documented": "2024-07-03"}, date(2024, 7, 1), date(2024, 7, 3)),
        ({"recorded": "2024-07-05", "documented": "2024-07-03"}, date(2024, 7, 5), date(2024, 7, 3)),
        ({"recorded": None, "documented": None}, date(2024, 7, 1), date(2024, 7, 1)),
        ({"recorded": date(2024, 7, 5)}, date(2024, 7, 5), date(2024, 7, 5)),
    ],
)
def test_recorded_and_documented(stated: Mapping[str, object], recorded: date, documented: date) -> None:
    event = read_event({"id": "e1", "type": "follow_up_visit", "date": "2024-07-01", **stated})
    assert (event.recorded, event.documented) == (recorded, documented)


def test_findings_are_read_under_their_canonical_names() -> None:
    event = read_event(
        {
            "id": 7,
            "type": "finding_recorded",
            "date": "2024-07-01",
            "primary_er": "positive",
            "primary": {"symptomatic": False},
            "ascites": "benign",
            "primary_local_complication": "wound",
            "note": "seen twice",
            "tags": ["ignored"],
        }
    )
    assert event.id == "7"
    assert event.fields == {
        "primary.er": "positive",
        "primary.symptomatic": False,
        "ascites": "benign",
        "primary.local_complication": ("wound",),
        "note": "seen twice",
    }


def faults_of(raw: object) -> list[Fault]:
    with pytest.raises(EntryError) as caught:
        read_event(raw)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"type": "imaging_don"}, "type", ["no event type 'imaging_don'", "did you mean 'imaging_done'"]),
        ({"type": None}, "type", ["the name of an event type, not empty"]),
        ({"type": ["imaging_done"]}, "type", ["the name of an event type, not a list"]),
        ({"modalty": "ct"}, "modalty", ["no field 'modalty'", "did you mean 'modality'"]),
        ({"overall": "PR"}, "overall", ["no field 'overall' in imaging_done"]),
        (
            {"modality": "pet-ct"},
            "modality",
            ["one of pet_ct, ct, mri", "not 'pet-ct'", "did you mean 'pet_ct'"],
        ),
        ({"modality": 3}, "modality", ["one of pet_ct", "not 3"]),
        ({"complete": "yes"}, "complete", ["true, false or null", "not 'yes'"]),
        ({"complete": 1}, "complete", ["true, false or null", "not 1"]),
        ({"lesion_count_total": "5"}, "lesion_count_total", ["whole number", "not '5'"]),
        ({"lesion_count_total": True}, "lesion_count_total", ["whole number", "not true"]),
        ({"lesion_count_total": -1}, "lesion_count_total", ["at least 0", "not -1"]),
        ({"date": "2024-02-31"}, "date", ["2024-02-31", "no such day"]),
        ({"date": "2023-02-29"}, "date", ["no such day"]),
        ({"date": "01.02.2024"}, "date", ["YYYY-MM-DD", "not '01.02.2024'"]),
        ({"date": "24-02-01"}, "date", ["YYYY-MM-DD", "not '24-02-01'"]),
        ({"date": 20240201}, "date", ["YYYY-MM-DD"]),
        ({"date": None}, "date", ["YYYY-MM-DD", "not empty"]),
        ({"date": "2024-07-08T25:00"}, "date", ["no such day or time"]),
        ({"recorded": "soon"}, "recorded", ["YYYY-MM-DD", "not 'soon'"]),
        ({"documented": "2024-13-01"}, "documented", ["no such day"]),
        ({"id": ""}, "id", ["an id"]),
        ({"id": ["a"]}, "id", ["an id", "not a list"]),
        ({"lesions": {"L1": "bone"}}, "lesions", ["must be a list, not a mapping"]),
        ({"lesions": ["L1"]}, "lesions", ["entry 1 of 'lesions' must be a mapping"]),
        ({"lesions": [{"id": "L1"}]}, "lesions", ["L1", "'organ' is missing"]),
        ({"lesions": [{"id": "L1", "organ": "brain"}]}, "lesions", ["one of bone, lung", "not 'brain'"]),
        (
            {"lesions": [{"id": "L1", "organ": "lung", "diameter_mm": -3}]},
            "lesions",
            ["more than 0", "not -3"],
        ),
        ({"lesions": [{"id": "L1", "organ": "lung", "diameter_mm": 0}]}, "lesions", ["more than 0"]),
        ({"lesions": [{"id": "L1", "organ": "lung"}] * 2}, "lesions", ["the id 'L1' stands twice"]),
        ({"findings": ["ascites"]}, "findings", ["a mapping", "not a list"]),
        ({"findings": {"asites": "none"}}, "findings", ["no field 'asites'", "did you mean 'ascites'"]),
    ],
)
def test_one_wrong_thing(changed: Mapping[str, object], field: str, words: list[str]) -> None:
    faults = faults_of({**imaging, **changed})
    assert [fault.field for fault in faults] == [field]
    assert faults[0].event == (None if field == "id" else "e02")
    for word in words:
        assert word in faults[0].message


@pytest.mark.parametrize("raw", [None, "e1", 7, ["e1"], True])
def test_an_event_is_a_mapping(raw: object) -> None:
    assert faults_of(raw) == [
        Fault(None, None, "an event must be a mapping with id, type, date and its fields")
    ]


def test_all_faults_at_once() -> None:
    raw = {"type": "response_assessed", "overall": "good", "pattern": "x", "extra": 1}
    assert {fault.field for fault in faults_of(raw)} == {"id", "date", "overall", "pattern", "extra"}


def test_a_required_field_may_be_unknown_but_not_missing() -> None:
    assert read_event(
        {"id": "e1", "date": "2024-07-01", "type": "response_assessed", "overall": None}
    ).fields == {"overall": None}
    assert (
        "'overall' is missing"
        in faults_of({"id": "e1", "date": "2024-07-01", "type": "response_assessed"})[0].message
    )


def test_a_finding_that_contradicts_itself() -> None:
    raw = {"id": "e1", "date": "2024-07-01", "type": "finding_recorded", "primary_er": "positive"}
    assert "stated twice" in faults_of({**raw, "primary": {"er": "negative"}})[0].message


def test_facts_are_flattened_and_aliases_resolved() -> None:
    facts = read_facts(
        {
            "birth_date": "1970-04-12",
            "primary": {"status": "resected", "er": "positive"},
            "primary.pr": "negative",
            "primary_her2": "equivocal",
            "metastasis_first_diagnosis_date": None,
            "hr_status": "positive",
            "her2_status": "unknown",
            "ascites": "none",
        }
    )
    assert facts == {
        "birth_date": date(1970, 4, 12),
        "primary.status": "resected",
        "primary.er": "positive",
        "primary.pr": "negative",
        "primary.her2": "equivocal",
        "metastasis.first_diagnosis_date": None,
        "hr_status": "positive",
        "her2_status": "unknown",
        "ascites": "none",
    }
    assert read_facts(None) == read_facts({}) == {}


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ("female", "facts", ["must be a mapping"]),
        ({"sexx": "female"}, "sexx", ["did you mean 'sex'"]),
        ({"primary": {"statuss": "intact"}}, "primary.statuss", ["did you mean 'primary.status'"]),
        ({"primary": "intact"}, "primary", ["must be a mapping"]),
        ({"performance_status": 6}, "performance_status", ["at most 5"]),
        ({"birth_date": "12.4.1970"}, "birth_date", ["YYYY-MM-DD"]),
        ({"age_years": 54}, "age_years", ["no field 'age_years'"]),
        (
            {"hr_status": "negative", "primary": {"er": "positive"}},
            "hr_status",
            ["negative", "make it positive"],
        ),
        (
            {"hr_status": "positive", "primary": {"er": "negative", "pr": "negative"}},
            "hr_status",
            ["positive", "make it negative"],
        ),
        ({"her2_status": "negative", "primary_her2": "equivocal"}, "her2_status", ["negative", "equivocal"]),
        ({"primary_er": "positive", "primary": {"er": "negative"}}, "primary.er", ["stated twice"]),
    ],
)
def test_wrong_facts(raw: object, field: str, words: list[str]) -> None:
    with pytest.raises(EntryError) as caught:
        read_facts(raw)
    (fault,) = caught.value.faults
    assert (fault.event, fault.field) == (None, field)
    for word in words:
        assert word in fault.message


@pytest.mark.parametrize(
    "raw",
    [
        {"hr_status": "positive", "primary": {"er": "unknown", "pr": None}},
        {"hr_status": "positive", "primary": {"er": "negative", "pr": "unknown"}},
        {"hr_status": "unknown", "primary": {"er": "positive"}},
        {"her2_status": "positive", "primary": {"her2": None}},
    ],
)
def test_what_is_unknown_contradicts_nothing(raw: Mapping[str, object]) -> None:
    read_facts(raw)


def test_paths_know_every_mapping_of_the_vocabulary() -> None:
    kinds = load_vocabulary().events.values()
    assert mapping_fields == {
        field.name for kind in kinds for field in kind.fields.values() if field.type == "mapping"
    }
