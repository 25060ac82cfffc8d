"""`carepath vocabulary`: events, facts, codes, units, standard terms and other words."""

from __future__ import annotations

import pytest

from pathways.codings import load_codings
from pathways.vocabulary import load_vocabulary
from tests.cli.conftest import Run


def test_everything_is_listed_once(run: Run) -> None:
    known = load_vocabulary()
    lines = run("vocabulary", "--json").lines
    assert [line["name"] for line in lines] == [
        *known.events,
        "lesion",
        *known.facts,
        *known.derived_facts,
    ]
    assert {line["kind"] for line in lines} == {"event", "lesion", "fact", "derived_fact"}


def test_everything_coded_is_told(run: Run) -> None:
    told = set()
    for line in run("vocabulary", "--json").lines:
        for one in (line, *line.get("fields", ())):
            told |= {(url, one["element"]) for url in one.get("profiles", ())}
            told |= {(term["system"], term["code"]) for term in one.get("terms", ())}
    codings = load_codings().things.values()
    assert told == {
        *((profile.url, coding.element or None) for coding in codings for profile in coding.profiles),
        *((term.system, term.code) for coding in codings for term in coding.terms),
    }


def test_one_fact(run: Run) -> None:
    (line,) = run("vocabulary", "primary_er", "--json").lines
    assert (line["kind"], line["name"], line["world"], line["type"]) == ("fact", "primary.er", "open", "code")
    assert line["terms"] == [
        {
            "system": "http://loinc.org",
            "code": "16112-5",
            "display": "Estrogen receptor [Interpretation] in Tissue",
        }
    ]
    assert line["codes"][0] == {
        "code": "positive",
        "title": "positive",
        "term": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
            "code": "POS",
            "display": "Positive",
        },
        "synonyms": ["pos"],
    }


def test_one_event_with_units_and_words(run: Run) -> None:
    (line,) = run("vocabulary", "local_treatment", "--json").lines
    fields = {one["name"]: one for one in line["fields"]}
    assert fields["dose_gy"]["ucum"] == {"system": "http://unitsofmeasure.org", "code": "Gy"}
    assert fields["dose_gy"]["note"] == "the element takes cGy"
    assert fields["modality"]["ambiguous"]["radiation"] == ["stereotactic_rt", "rt", "other_rt"]
    words = {one["code"]: one["synonyms"] for one in fields["modality"]["codes"]}
    assert words["stereotactic_rt"][:3] == ["SBRT", "SABR", "IGRT"]
    assert (words["rt"], fields["analgesia_recorded"]["terms"]) == ([], [])


def test_a_finding_recorded_later_is_coded_as_the_fact(run: Run) -> None:
    (line,) = run("vocabulary", "finding_recorded", "--json").lines
    (status,) = [one for one in line["fields"] if one["name"] == "performance_status"]
    assert [term["code"] for term in status["terms"]] == ["89247-1"]


def test_the_list_for_a_person(run: Run) -> None:
    ran = run("vocabulary")
    assert "mCODE ECOG Performance Status; LOINC" in ran.out
    assert "remnant_liver_function_percent          number, %" in ran.out
    number = len(load_codings().things)
    assert f"{number} of 234 events, facts and fields have a standard term; where none is shown" in ran.out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mdt_planned", "SBRT, SABR, IGRT"),
        ("mdt_planned", "Refused, as each may mean several of them: radiotherapy"),
        ("local_treatment", "Codes of intent\nCode                  What it means "),
        ("local_treatment", "\nregional_curative     regional curative"),
        ("board_held", "systemic therapy without the"),
        ("lesion", "a code or text"),
        ("lesion", "* must be given"),
        ("metastasis_first_diagnosis_date", "SNOMED CT 128462008"),
        ("follow_up_visit", "It has no fields of its own."),
        ("bma_given", "ATC M05BX04"),
        ("systemic_started", "whole number"),
    ],
)
def test_a_page_for_a_person(run: Run, name: str, told: str) -> None:
    assert told in run("vocabulary", name).out


def test_an_event_and_a_fact_of_one_name_are_both_shown(run: Run) -> None:
    lines = run("vocabulary", "imaging_history_reviewed", "--json").lines
    assert [line["kind"] for line in lines] == ["event", "fact"]


def test_a_name_nobody_knows(run: Run) -> None:
    ran = run("vocabulary", "mdt_start")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no event type and no fact 'mdt_start'; did you mean 'mdt_started'?" in ran.err
