"""Clinics are closed at the weekend."""

from datetime import date

import pytest

from simulation.weekdays import last_working_day, next_working_day
from tests.simulation.standing import answered

FRIDAY, SATURDAY, SUNDAY, MONDAY = (
    date(2026, 10, 30),
    date(2026, 10, 31),
    date(2026, 11, 1),
    date(2026, 11, 2),
)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (FRIDAY, FRIDAY, FRIDAY), (SATURDAY, FRIDAY, MONDAY),
        (SUNDAY, FRIDAY, MONDAY), (MONDAY, MONDAY, MONDAY),
    ],
)  # fmt: skip
def test_the_nearest_working_days(day: date, before: date, after: date) -> None:
    assert (last_working_day(day), next_working_day(day)) == (before, after)


def test_no_board_and_no_dose_at_a_weekend() -> None:
    planned = ("board_held", "bma_given", "mdt_started", "tissue_result", "follow_up_visit")
    entries = [
        e for patient, _ in answered() if patient.kind != "entry_after_death" for e in patient.story.entries
    ]
    assert [e for e in entries if e.type in planned and e.day.weekday() > 4] == []
