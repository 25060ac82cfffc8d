"""PET-CTs after metastasis-directed therapy, until a progression or the end of the story."""

from __future__ import annotations

from datetime import date, timedelta

from engine.calendar import add_months
from simulation.lives.care import Care
from simulation.weekdays import last_working_day, next_working_day


def follow_up(care: Care, began: date) -> None:
    """Goes on to the day of a progression; the scans until then are on time, late, or end."""
    assert care.completed is not None, "follow-up begins with the completion"
    tomorrow = next_working_day(care.day + timedelta(1))
    progression = max(care.drawn_after(care.completed, "days_of_control"), tomorrow)
    from_start = care.rules.post_mdt_anchor == "first_target"
    due = add_months(began if from_start else care.completed, 3)
    scanned = _series(care, due, progression)
    care.day = progression
    if care.modality == "pet_ct":
        _owe(care, *scanned, progression, None)
    else:
        _owe(care, *scanned, None, progression)


def _series(care: Care, due: date, last: date) -> tuple[str, date]:
    """The scans before the last day; answers what is due next then."""
    code, early, given_up = "d-petct-1-overdue", 12, False
    while not given_up:
        if care.draws("scan_missed"):
            break
        day = last_working_day(due - timedelta(care.chance.whole(0, early)))
        if care.draws("scan_late"):
            day = care.drawn_after(due, "days_late")
        if day >= last or day <= care.day:
            break
        care.day = day
        _owe(care, code, due, day, None)
        care.image("post_mdt", modality="pet_ct")
        code, due, early = "d-petct-n-overdue", add_months(day, 6), 70
        given_up = care.over
    return code, due


def _owe(care: Care, code: str, due: date, done: date | None, ended: date | None) -> None:
    care.owe(code, due, done, ended=ended)
