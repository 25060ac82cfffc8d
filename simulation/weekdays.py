"""Clinics work from Monday to Friday: a day at the weekend is moved to the next or the last working day."""

from __future__ import annotations

from datetime import date, timedelta


def next_working_day(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day if day.weekday() < 5 else day + timedelta(7 - day.weekday())


def last_working_day(day: date) -> date:
    """The day itself, or the Friday before it."""
    return day - timedelta(max(0, day.weekday() - 4))
