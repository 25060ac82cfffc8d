"""Patients whose changes differ in days and entries alone are told together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cli.enforce_lines import together
from engine.difference import Change, Difference
from engine.snapshot import Deviation, TimerItem
from store.enforcement import Tried

DUE = date(2025, 3, 1)
VISIT = TimerItem(
    "visit", "Visit", date(2025, 2, 1), DUE, date(2025, 3, 2), date(2025, 3, 16), "scheduled", ()
)
LATE = Deviation("d-late", "Visit missed", "minor", "open", ("e1", "e2"), (), on=DUE)


def changed(before: Any, after: Any) -> Change[Any]:
    return Change("main", before, after)


def due(reference: str, *changes: Change[TimerItem]) -> Tried:
    return Tried(reference, difference=Difference(due=changes))


def moved(to: date) -> Change[TimerItem]:
    return changed(VISIT, replace(VISIT, due=to))


def test_only_days_of_their_own() -> None:
    may, june, july = (date(2025, month, 1) for month in (5, 6, 7))
    one, other = together(
        [due("P1", moved(may)), due("P2", changed(None, VISIT)), due("P3", moved(june), moved(july))]
    )
    assert one.patients == ("P1", "P3")
    days = "2025-03-01 -> 2025-05-01", "2025-03-01 -> 2025-06-01, 2025-03-01 -> 2025-07-01"
    assert one.lines == {("", "Visit: on another day, due"): days}
    assert (other.patients, other.lines) == (
        ("P2",),
        {("", "Visit: not due -> scheduled, due"): ("2025-03-01",)},
    )


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (None, "scheduled -> not due"),
        (replace(VISIT, due=date(2025, 4, 1), status="open"), "scheduled -> open"),
        (replace(VISIT, opens=date(2025, 1, 31)), "opens 1 day earlier"),
        (
            replace(VISIT, overdue_from=date(2025, 3, 9), escalates_on=date(2025, 3, 23)),
            "overdue and escalated 7 days later",
        ),
        (
            replace(VISIT, opens=date(2025, 2, 3), escalates_on=None),
            "opens 2 days later; escalated no more",
        ),
        (replace(VISIT, done_by="e7"), "by another entry"),
    ],
)
def test_what_becomes_of_a_due_item(after: TimerItem | None, told: str) -> None:
    (one,) = together([due("P1", changed(VISIT, after))])
    ((_, words),) = one.lines
    assert words == f"Visit: {told}, due"


def test_what_was_never_overdue_before() -> None:
    informs = replace(VISIT, overdue_from=None, escalates_on=None)
    (one,) = together([due("P1", changed(informs, VISIT))])
    assert [words for _, words in one.lines] == ["Visit: overdue and escalated (never before), due"]


def test_of_many_days_the_first() -> None:
    (one,) = together([due("P1", *(moved(date(2026, month, 1)) for month in range(1, 8)))])
    ((days,),) = one.lines.values()
    assert days.endswith("2025-03-01 -> 2026-04-01 and 3 more")
    assert days.count("->") == 4


def test_departures_with_their_entries_or_their_day() -> None:
    without = replace(LATE, events=())
    gained = [LATE, without, replace(without, on=None)]
    found = [Tried(one.title, difference=Difference(deviations=(changed(None, one),))) for one in gained]
    lines = [one.lines for one in together(found)]
    words = "Deviation, minor, open: Visit missed (d-late)"
    assert [list(one.items()) for one in lines] == [
        [(("red", f"{words}:"), ("e1 and e2", "2025-03-01"))],
        [(("red", words), ("",))],
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, LATE, "no deviation, though the new rule was not kept"),
        (LATE, None, "it stays a deviation, though the new rule was kept"),
        (LATE, replace(LATE, status="final"), "it stays open (new: final)"),
    ],
)
def test_what_is_judged_as_it_was(before: Deviation | None, after: Deviation | None, told: str) -> None:
    (one,) = together([Tried("P1", error="no answer", hindsight=(changed(before, after),))])
    assert one.lines == {
        ("red", "no answer"): ("",),
        ("dim", f"Decided earlier, so {told}: Visit missed (d-late):"): ("e1 and e2",),
    }
