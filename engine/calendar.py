"""Civil dates: calendar months that clamp, completed ages, spans (pathway-outline.md 1.2)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day number `months` calendar months later, or that month's last day if it does not exist.

    Raises OverflowError outside the years 1 to 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{months} months from {day} is outside the calendar")
    number = day.day
    return date(year, month + 1, number if number < 29 else min(number, monthrange(year, month + 1)[1]))


def later(day: date, days: int) -> date | None:
    """So many days later; None where that is beyond the year 9999."""
    return day + timedelta(days) if days <= (date.max - day).days else None


def completed_months(start: date, end: date) -> int:
    """Whole calendar months from `start` to `end`; 0 when `end` is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months if add_months(start, months) <= end else months - 1, 0)


def completed_years(birth: date, on: date) -> int:
    """Completed age; somebody born on 29 February ages on 28 February of common years (a project setting)."""
    return completed_months(birth, on) // 12


def span(start: date, end: date) -> dict[str, int]:
    """Completed calendar months and the days left over: `{"months": 14, "days": 3}`."""
    months = completed_months(start, end)
    return {"months": months, "days": max((end - add_months(start, months)).days, 0)}
