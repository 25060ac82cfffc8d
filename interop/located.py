"""Content that remembers where it was read, and problems with a place."""

from __future__ import annotations

import re
from typing import NamedTuple

from pathways.steering import STEERING

_forbidden = re.compile(f"[{STEERING}\ud800-\udfff]").search


class Problem(NamedTuple):
    """Something wrong in a file. `line` counts from 1; None where the format does not tell."""

    line: int | None
    message: str


class BrokenFile(Exception):
    """A file that cannot be read at all, or not any further."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


class Part(NamedTuple):
    """A key of the outermost mapping with its value, or an item of the listed cases (then `key` is None)."""

    key: str | None
    value: object
    line: int | None


class Located(dict[str, object]):
    """A mapping as it stood in a file: `line` is where it begins, `lines` where each key stands (from 1)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int | None) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def set_line(self, key: str, line: int | None) -> None:
        """Says where a key stands, the first time it is met."""
        if line is not None:
            self.lines.setdefault(key, line)


def line_of(content: object, name: str | None) -> int | None:
    """The line of a key, named with dots where mappings are nested; else of the mapping it would stand in.

    None where no line is known.
    """
    if not isinstance(content, Located):
        return None
    if name is None or not name:
        return content.line
    if name in content.lines:
        return content.lines[name]
    head, _, rest = name.partition(".")
    return line_of(content.get(head), rest) or content.lines.get(head, content.line)


def forbidden_character(text: str) -> str | None:
    """Says so when a text holds control characters, also those that break lines or turn the direction of
    writing, or half a character; they hide or break what is shown.
    """
    found = _forbidden(text)
    return f"the character U+{ord(found.group()):04X} may not stand in a text" if found else None
