"""Entries and values as a person reads them."""

from __future__ import annotations

from datetime import date

import pytest

from engine.entries import read_event
from interop.event_words import content, facts_words, measured, person_words, type_words, value_words


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (None, "days", ""),
        (3, "", "3"),
        (3, "lesions", "3 lesions"),
        (False, "", "no"),
        ("lymph_node", "of the imaging", "lymph node of the imaging"),
        (("bone", "liver"), "", "bone, liver"),
        ((), "", "none"),
        (date(2025, 1, 31), "", "2025-01-31"),
        ({"months": 52, "days": 6}, "calendar months and days", "4 years, 4 months, 6 days"),
        ({"months": 12, "days": 1}, "since the last change", "1 year, 1 day since the last change"),
        ({"months": 0, "days": 0}, "", "0 days"),
    ],
)
def test_what_was_worked_out_comes_with_its_unit(value: object, unit: str, told: str) -> None:
    assert measured(value, unit) == told


def test_a_lesion_is_no_span() -> None:
    assert value_words({"id": "L1", "organ": "bone", "solid": True}) == "L1 bone, solid yes"


def test_an_entry_in_the_words_of_a_clinician() -> None:
    fields = {"drug": "zoledronate", "planned_interval": "12w"}
    given = read_event({"id": "e1", "type": "bma_given", "date": "2025-01-01", **fields})
    assert (type_words(given), content(given)) == (
        "dose of a bone-modifying drug",
        "drug zoledronate; planned interval 12 weeks",
    )


def test_what_was_known_from_the_beginning() -> None:
    facts = {"sex": "female", "primary.symptomatic": False, "primary.surgery_date": date(2018, 5, 7)}
    assert facts_words(facts) == "symptoms of the primary: no; surgery date of the primary: 2018-05-07"
    assert facts_words({"sex": "female"}) == ""


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2023, 2, 27), "born 2004-02-29, 18 years, female"),
        (date(2023, 2, 28), "born 2004-02-29, 19 years, female"),
        (date(2004, 2, 29), "born 2004-02-29, 0 years, female"),
        (date(1800, 1, 1), "born 2004-02-29, female"),
    ],
)
def test_nobody_has_an_age_before_birth(today: date, told: str) -> None:
    assert person_words({"sex": "female", "birth_date": date(2004, 2, 29)}, today) == told
