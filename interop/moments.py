"""A point of time is written in one way only, with a T between day and time, as docs/case-files.md says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_with_blank = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s+(\d{2}:\S+)\s*").fullmatch
_times = ("date", "recorded", "documented")


def with_blank(name: str, value: object) -> str | None:
    """Says so, with what would be right, where a blank stands between day and time."""
    if not isinstance(value, str) or not (found := _with_blank(value)):
        return None
    day, clock = found.groups()
    return f"{name!r} must have a T between day and time: {day}T{clock}, not {value.strip()!r}"


def blanks_in_event(raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The keys of an event whose time follows a blank, each with what is wrong; a correction's values too."""
    names = [*_times, *(("old", "new") if raw.get("field") in _times else ())]
    for name in names:
        if told := with_blank(name, raw.get(name)):
            yield name, told
