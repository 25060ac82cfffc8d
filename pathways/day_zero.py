"""Days counted from a day zero of each patient, kept in years in which no calendar patient has a day.

Decision 0013: such a day tells by itself that it is none of the calendar, and is only shown as `day 153`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from pathways.worded import worded

DAY_ZERO: Final = date(1810, 1, 1)
"""Where day zero is kept."""

FIRST: Final = date(1700, 1, 1)
FIRST_EVENT: Final = date(1800, 1, 1)
LAST: Final = date(1899, 12, 31)
"""The days that are counted lie between these; only a day of birth lies before FIRST_EVENT."""

_written = re.compile(r"\b(1[78][0-9]{2}-[0-9]{2}-[0-9]{2})\b")


def counted_day(number: int) -> date:
    """The day so many days after day zero. Raises ValueError for one that is too far away."""
    farthest = (LAST - DAY_ZERO).days
    nearest = (FIRST - DAY_ZERO).days
    if not nearest <= number <= farthest:
        raise ValueError(f"day {number} is too far from day zero: from {nearest} to {farthest} can be kept")
    return DAY_ZERO + timedelta(number)


def is_counted(day: date) -> bool:
    """Whether a day is counted from a day zero, and is none of the calendar."""
    return FIRST <= (day.date() if isinstance(day, datetime) else day) <= LAST


def day_words(day: date) -> str:
    """`day 153`."""
    number = ((day.date() if isinstance(day, datetime) else day) - DAY_ZERO).days
    return worded("day {n}", n=number)


def in_days(text: str) -> str:
    """The text with every counted day in it as `day 153`; days of the calendar stay as they are."""
    return _written.sub(_told, text)


def _told(found: re.Match[str]) -> str:
    try:
        return day_words(date.fromisoformat(found[1]))
    except ValueError:
        return found[1]
