"""Civil days counted on the fingers: months that clamp, completed ages, series of dates (pathway-outline.md
1.2, R29).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day number in the month that many months later, or the last day that month has.

    Raises OverflowError outside the years 1 to 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise OverflowError(f"{months} months from {day} is outside the calendar")
    number = day.day
    while True:
        try:
            return date(year, month + 1, number)
        except ValueError:
            number -= 1


def days_later(day: date, days: int) -> date | None:
    """None where the calendar ends before."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return None


def completed_months(start: date, end: date) -> int:
    """How many months fit between the two days; none when `end` is earlier."""
    months = 0
    while add_months(start, months + 1) <= end:
        months += 1
    return months


def completed_years(birth: date, on: date) -> int:
    """The age: a year is complete when its twelve months are."""
    return completed_months(birth, on) // 12


def span(start: date, end: date) -> dict[str, int]:
    """Completed months, and the days left over."""
    months = completed_months(start, end)
    return {"months": months, "days": max((end - add_months(start, months)).days, 0)}


def series(anchor: date, first: int, step: int, last: int) -> tuple[date, ...]:
    """Dates counted in months from the anchor, never from one another."""
    return tuple(add_months(anchor, months) for months in range(first, last + 1, step))


def interval(days: Sequence[date], day: date, anchor: date) -> int:
    """Days between one date of a series and the one before it; before the first lies the anchor."""
    before = (anchor, *days)[days.index(day)]
    return (day - before).days
