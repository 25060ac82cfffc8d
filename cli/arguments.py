"""Words of the command line read as days, moments and settings, by the rules that hold in case files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from cli.status import BadInput
from engine.event import Moment, day_of
from interop.limits import longest_text, text_excess
from interop.located import forbidden_character
from pathways.vocabulary import Field, ValueFault


def moment(option: str, text: str) -> Moment:
    """A day, or a point of time where one is given. Raises BadInput naming the option."""
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
