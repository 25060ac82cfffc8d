"""Days as people say them."""

from __future__ import annotations

from datetime import date, timedelta


def distance(day: date, today: date, overdue_from: date | None = None) -> str:
    """How far a day is away: `in 3 d`, `today`, `passed`; `12 d late` for what is overdue by then.

    Lateness is counted from the first day that is overdue, and that day is the first: not from the due day.
    """
    if overdue_from is not None and overdue_from <= today:
        return f"{(today - overdue_from).days + 1} d late"
    days = (day - today).days
    if days < 0:
        return "passed"
    return f"in {days} d" if days else "today"


def plural(number: int, noun: str, many: str = "") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {many or noun + 's'}"


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
