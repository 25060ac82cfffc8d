"""Text that somebody typed, made fit for a page: one line, no hidden characters, not endless."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from engine.event import Moment
from pathways import day_zero
from pathways.worded import Worded, worded

LONGEST: Final = 240
"""Characters of one value on a page."""

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text with control and formatting characters as blanks, cut at a word where it is too long."""
    visible = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if visible == text and len(text) <= longest:
        return text  # with what it was made of
    if len(visible) <= longest:
        return visible
    kept = visible[:longest]
    return f"{kept.rpartition(' ')[0] or kept} … (shortened)"


def day_words(day: date) -> str:
    """`17 Nov 2026`, in English wherever the machine stands; `day 153` where days are counted."""
    if day_zero.is_counted(day):
        return day_zero.day_words(day)
    month = worded(_MONTHS[day.month - 1])
    return worded("{day} {month} {year}", day=day.day, month=month, year=day.year)


def moment_words(moment: Moment) -> str:
    """`17 Nov 2026`, with the time where one is stated."""
    day = day_words(moment)
    return worded("{day}, {time}", day=day, time=f"{moment:%H:%M}") if isinstance(moment, datetime) else day


def counted(number: int, one: str, many: str) -> Worded:
    """`1 day`, `2 days` of `{n} day` and `{n} days`."""
    return worded(one if number == 1 else many, n=number)
