"""What values of the API look like: bounded, readable, and with nothing in them that was not asked for."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
"""Days that can be meant."""
HIGHEST: Final = 2**63 - 1


class Model(BaseModel):
    """What goes in or out: it never changes, and has no fields beside those that are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _iso(said: object) -> object:
    """Only a day as it is written; not what else could be taken for one."""
    if isinstance(said, date) or (isinstance(said, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII)):
        return said
    raise ValueError("a day is written 2026-11-23")


def _meant(day: date) -> date:
    if not FIRST <= (day.date() if isinstance(day, datetime) else day) <= LAST:
        raise ValueError(f"days lie between {FIRST} and {LAST}")
    return day


def _iso_moment(said: object) -> object:
    """Only a moment as it is written; not seconds since some year."""
    if isinstance(said, datetime) or (isinstance(said, str) and "T" in said.upper()):
        return said
    raise ValueError("a moment is written 2026-11-23T09:14:00+01:00")


def _readable(text: str) -> str:
    if not text.strip() or not all(one.isprintable() or one in "\r\n\t" for one in text):
        raise ValueError("a text is not empty, and all its characters can be seen")
    return text


def _in_one_line(text: str) -> str:
    """Without blanks around it, in one line."""
    if not text.isprintable() or not text.strip():
        raise ValueError("a text of one line, all its characters can be seen")
    return text.strip()


def _kept(value: JsonValue, depth: int = 0) -> JsonValue:
    """A value that can be kept: neither too deep, nor with what no database takes."""
    if depth > _deepest:
        raise ValueError("it is nested too deep")
    if isinstance(value, str) and not all(one.isprintable() or one in "\r\n\t" for one in value):
        raise ValueError("all characters of a text can be seen")
    if isinstance(value, int) and abs(value) > HIGHEST:
        raise ValueError("the number is too large")
    if isinstance(value, float) and value - value != 0:
        raise ValueError("this is no number")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        _kept(one, depth + 1)
    if isinstance(value, dict) and not all(name.isprintable() and len(name) <= _longest for name in value):
        raise ValueError("a name is readable, and not too long")
    return value


_deepest: Final = 5
_longest: Final = 200

Whole = Annotated[int, Field(strict=True)]
"""A number in a body: not what could be taken for one."""
Yes = Annotated[bool, Field(strict=True)]
"""Yes or no in a body, likewise."""
Number = Annotated[int, Path(ge=1, le=HIGHEST, description="The patient's number.", examples=[1])]
Day = Annotated[
    date,
    BeforeValidator(_iso, json_schema_input_type=str),
    AfterValidator(_meant),
    Field(json_schema_extra={"format": "date"}),
]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_iso_moment, json_schema_input_type=str), AfterValidator(_meant)
]
Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_readable)]
FullName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_in_one_line)]
Reference = FullName
"""The site's label for a patient."""
IdNumber = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"[0-9A-Za-z]"), AfterValidator(_in_one_line)
]
"""A number of a patient, such as the hospital number."""
Reason = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_in_one_line)]
Code = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.:#-]+$", min_length=1, max_length=100)]
"""The name of a step, an entry, a pathway, a field."""
Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_readable)]
Words = Annotated[str, AfterValidator(lambda text: _readable(text) if text else text)]
"""A text that may be empty; no database takes what cannot be seen."""
Value = Annotated[JsonValue, AfterValidator(_kept)]
Said = dict[Annotated[str, Field(min_length=1, max_length=_longest)], Value]
"""Fields with their values."""
Anything = dict[str, Any]
