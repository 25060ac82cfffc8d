"""Where the keys of a TOML text stand: the reader of the language tells the line of a slip, but of no key."""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]
"""The way to a key: names, and places in lists of tables, from 0."""

_header = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(#.*)?").fullmatch
_part = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_key = re.compile(rf"\s*({_part}(?:\s*\.\s*{_part})*)\s*=").match


def toml_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and of every key at the beginning of a line."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    within: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _header(line):
            names = _names(found[2])
            within = _placed(names[:-1], counts) + names[-1:]
            if found[1] == "[[":
                counts[within] = counts.get(within, -1) + 1
                within = (*within, counts[within])
            lines.setdefault(within, number)
        elif (key := _key(line)) and (names := _names(key[1])):
            for end in range(1, len(names) + 1):
                lines.setdefault(within + names[:end], number)
    return lines


def line_of_path(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a key, or of the nearest table around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _names(written: str) -> tuple[str, ...]:
    """The parts of a key as it is written, quoted or not."""
    try:
        content: object = tomllib.loads(f"{written}=0")
    except (ValueError, RecursionError):
        return ()
    names: list[str] = []
    while isinstance(content, dict) and len(content) == 1:
        [(name, content)] = content.items()
        names.append(name)
    return tuple(names)


def _placed(names: tuple[str, ...], counts: dict[Path, int]) -> Path:
    """The names with the place of the last entry after each list of tables."""
    path: Path = ()
    for name in names:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    return path
