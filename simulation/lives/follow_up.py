"""PET-CTs after metastasis-directed therapy, until a progression or the end of the story."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from engine.calendar import add_months
from simulation.lives.care import Care
from simulation.weekdays import last_working_day, next_working_day

_NEXT: Final = "d-petct-n-overdue"


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
    code, due, early = _done(care, due)
    given_up = False
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
        code, due, early = _NEXT, add_months(day, 6), 70
        given_up = care.over
    return code, due


def _done(care: Care, due: date) -> tuple[str, date, int]:
    """What is due next after the PET-CTs since the completion that were done for another reason: any of them
    counts from the day on which the next one may be done (R28). With how many days early that is done.
    """
    assert care.completed is not None, "follow-up begins with the completion"
    code, opens, early = "d-petct-1-overdue", due - timedelta(care.rules.lead_days), 12
    for scan in care.chart.of_type("imaging_done"):
        if scan.fields["modality"] == "pet_ct" and scan.day >= max(opens, care.completed):
            _owe(care, code, due, scan.day, None)
            code, opens, due, early = _NEXT, add_months(scan.day, 3), add_months(scan.day, 6), 70
    return code, due, early


def _owe(care: Care, code: str, due: date, done: date | None, ended: date | None) -> None:
    care.owe(code, due, done, ended=ended)
