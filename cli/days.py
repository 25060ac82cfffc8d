"""Days as people say them."""

from __future__ import annotations

from datetime import date, timedelta


def distance(day: date, today: date, *, late: bool = True) -> str:
    """How far a day is away: `12 d late` (`passed` for what is never late), `today`, `in 3 d`."""
    days = (day - today).days
    if days < 0:
        return f"{-days} d late" if late else "passed"
    return f"in {days} d" if days else "today"


def plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
