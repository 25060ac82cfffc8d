"""The cohort as such: the same for the same arguments, within its day, nothing that identifies anybody."""

from datetime import date

from engine.event import day_of
from simulation.cohort import DECK, KINDS, cohort, draw_patient
from simulation.kinds.standing import STANDING

DAY = date(2026, 11, 2)


def test_the_same_arguments_give_the_same_patients() -> None:
    assert list(cohort(25, 4, DAY)) == list(cohort(25, 4, DAY))


def test_a_larger_cohort_begins_like_a_smaller_one() -> None:
    assert list(cohort(12, 4, DAY)) == list(cohort(30, 4, DAY))[:12]


def test_another_seed_gives_other_patients() -> None:
    assert [p.story for p in cohort(10, 1, DAY)] != [p.story for p in cohort(10, 2, DAY)]


def test_a_cohort_of_the_size_of_the_deck_holds_every_kind() -> None:
    assert {patient.kind for patient in cohort(len(DECK), 1, DAY)} == set(KINDS)


def test_more_patients_than_the_deck_holds() -> None:
    patients = [draw_patient(f"P{number}", "suspected", 1, DAY) for number in (998, 1002)]
    assert [patient.id for patient in patients] == ["P998", "P1002"]


def test_nothing_lies_beyond_the_day() -> None:
    for patient in cohort(len(DECK), 5, DAY):
        assert all(day_of(entry.recorded) <= DAY and entry.day <= DAY for entry in patient.story.entries)
        assert all(planted.on <= DAY for planted in patient.planted)


def test_ids_tell_nothing() -> None:
    assert [patient.id for patient in cohort(3, 1, DAY)] == ["P001", "P002", "P003"]


def test_who_is_treated_by_the_book_departs_from_nothing() -> None:
    departing = {
        name for name in STANDING for number in range(3) if draw_patient(f"P{number}", name, 6, DAY).planted
    }
    assert departing == set()
