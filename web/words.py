"""The words with a fixed meaning, as GLOSSARY.md has them, in the languages of the pages."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from web.render import ROOM

_GERMAN: Final = ROOM / "texts" / "words.yaml"
_heading: Final = re.compile(r"^## (.+)$")
_row: Final = re.compile(r"^\| ((?:\*\*|`).+?) \| (.+) \|$")
_name: Final = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")
_marks: Final = re.compile(r"\*\*|[*`]|\[|\]\([^)]*\)")


class Word(NamedTuple):
    """A word, what it means, and in which `forms` pages have it; endings are left to whoever looks."""

    word: str
    means: str
    forms: tuple[str, ...]


class Part(NamedTuple):
    """Words about one thing."""

    title: str
    words: tuple[Word, ...]


@cache
def words(language: str) -> tuple[Part, ...]:
    """All of them in the order of the glossary, in a language."""
    other = yaml.safe_load(_GERMAN.read_text(encoding="utf-8"))
    parts: list[tuple[str, list[Word]]] = []
    for line in _glossary().read_text(encoding="utf-8").splitlines():
        if heading := _heading.match(line):
            parts.append((heading[1], []))
        elif found := _row.match(line):
            parts[-1][1].append(_word(found[1], found[2], other, language))
    return tuple(Part(title, tuple(some)) for title, some in parts)


@cache
def print_of(language: str) -> str:
    """Another one as soon as any word has another meaning."""
    return sha256(repr(words(language)).encode()).hexdigest()[:12]


def names(cell: str) -> list[str]:
    """The words that one row of the glossary is about: `replaced`, `not_applicable`, `overruled`."""
    return [name for bold, code in _name.findall(cell) for name in (bold or code).split(", ")]


def _word(cell: str, means: str, other: dict[str, Any], language: str) -> Word:
    here = names(cell)
    there = other[here[0]]
    if language == "de":
        return Word(there["word"], there["means"], tuple(there.get("forms", [there["word"]])))
    name = there.get("name", _marks.sub("", cell).replace("_", " "))
    return Word(name, _marks.sub("", means), tuple(there.get("en", here)))


def _glossary() -> Path:
    """Beside the rooms; in a wheel within this one."""
    return next(one for one in (ROOM / "GLOSSARY.md", ROOM.parent / "GLOSSARY.md") if one.exists())
