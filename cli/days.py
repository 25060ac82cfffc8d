"""Days as people say them."""

from __future__ import annotations

from datetime import date, timedelta


def distance(day: date, today: date) -> str:
    """How far a due day is away: `12 d late`, `today`, `in 3 d`."""
    days = (day - today).days
    if days == 0:
        return "today"
    return f"{-days} d late" if days < 0 else f"in {days} d"


def plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
