"""Content that remembers where it was read, and problems with a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Problem(NamedTuple):
    """Something wrong in a file. `line` counts from 1; None where the format does not tell."""

    line: int | None
    message: str


class BrokenFile(Exception):
    """A file that cannot be read at all, or not any further."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


class Located(dict[str, object]):
    """A mapping as it stood in a file: `line` is where it begins, `lines` where each key stands (from 1)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


def line_of(content: object, *keys: str | None) -> int | None:
    """The line of the innermost of `keys` that is there, read from the outside; None where none is known."""
    line = content.line if isinstance(content, Located) else None
    for key in keys:
        if not isinstance(content, Located) or key not in content.lines:
            return line
        line, content = content.lines[key], content[key]
    return line


def plain(content: object) -> object:
    """The same content as ordinary dicts and lists."""
    if isinstance(content, Mapping):
        return {key: plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    return content
