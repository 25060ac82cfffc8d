"""Words of the command line read as days, moments and settings, by the rules that hold in case files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from cli.status import BadInput
from engine.event import Moment, day_of
from interop.limits import longest_text, text_excess
from interop.located import forbidden_character
from pathways.day_zero import LAST
from pathways.vocabulary import Field, ValueFault
from pathways.vocabulary_values import latest

FIRST_YEAR: Final = LAST.year + 1
"""Of the days that people type; those before it are counted from a day zero."""

_year: Final = re.compile(r"(\d{4})-\d{2}-\d{2}")


def moment(option: str, text: str) -> Moment:
    """A day, or a point of time where one is given. Raises BadInput naming the option.

    A year that cannot be meant is told without the day, which would be shown as one counted from a day zero.
    """
    year = _year.match(text.strip())
    if year and not FIRST_YEAR <= int(year[1]) <= latest.year:
        told = f"the year {year[1]} is a typing error; years are {FIRST_YEAR} to {latest.year}"
        raise BadInput(f"{option}: {told}")
    try:
        value = Field(option, "date", required=True, nullable=False, with_time=True).parse(text)
    except ValueFault as fault:
        raise BadInput(str(fault)) from None
    assert isinstance(value, date)
    return value


def day(option: str, text: str) -> date:
    """A civil day. Raises BadInput naming the option."""
    return day_of(moment(option, text))


def assignments(option: str, words: Iterable[str] | None) -> dict[str, str]:
    """`NAME=VALUE` words as a mapping. Raises BadInput, also for a name that stands twice."""
    found: dict[str, str] = {}
    for word in words or ():
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"{option} takes NAME=VALUE, not {word!r}")
        if name.strip() in found:
            raise BadInput(
                f"{option}: {name.strip()!r} stands twice; several values stand with ; between them"
            )
        found[name.strip()] = value.strip()
    return found


def readable(option: str, text: str, longest: int = longest_text) -> str:
    """The text, without blanks around it. Raises BadInput where it is too long or has control characters."""
    if told := forbidden_character(text) or text_excess(option, text, longest):
        raise BadInput(f"{option}: {told}")
    return text.strip()


def is_standard_input(file: Path) -> bool:
    return str(file) == "-"
