"""Text that somebody typed, made fit for a page: one line, no hidden characters, not endless."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from engine.event import Moment
from pathways import day_zero

LONGEST: Final = 240
"""Characters of one value on a page."""

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text with control and formatting characters as blanks, cut at a word where it is too long."""
    visible = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if len(visible) <= longest:
        return visible
    kept = visible[:longest]
    return f"{kept.rpartition(' ')[0] or kept} … (shortened)"


def day_words(day: date) -> str:
    """`17 Nov 2026`, in English wherever the machine stands; `day 153` where days are counted."""
    if day_zero.is_counted(day):
        return day_zero.day_words(day)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: Moment) -> str:
    """`17 Nov 2026`, with the time where one is stated."""
    return f"{day_words(moment)}, {moment:%H:%M}" if isinstance(moment, datetime) else day_words(moment)


def counted(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
