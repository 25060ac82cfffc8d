"""The parts of a mapping while they are read: what is taken is checked, what nobody takes is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from interop.limits import most_faults
from interop.located import forbidden_character
from interop.toml_lines import Path, line_of_path
from pathways.vocabulary import closest
from pathways.vocabulary_values import shown

Kind = TypeVar("Kind")

_words = {str: "text in quotes", int: "a whole number", bool: "true or false", list: "a list [...]"}


class MappingFault(NamedTuple):
    """What is wrong in a mapping, where, and what would be right."""

    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return f"{line}: {f'{self.key}: ' if self.key else ''}{self.message}"


class Reader:
    """What belongs to the whole file: the lines of its keys, its lists of values, the faults found so far."""

    def __init__(self, lines: dict[Path, int]) -> None:
        self.lines = lines
        self.faults: list[MappingFault] = []
        self.value_lists: Mapping[str, Mapping[str, object]] = {}


class Part:
    """A table of the file; `word` stands for `{n}` in a group of columns that repeats."""

    def __init__(self, reader: Reader, path: Path, content: object, word: str = "") -> None:
        self.reader, self.path, self.word = reader, path, word
        self._content: Mapping[str, object] = content if isinstance(content, dict) else {}
        self._taken: set[str] = set()
        if not isinstance(content, dict):
            self.fault("", f"this must be a table of keys, not {shown(content)}")

    def fault(self, key: str, message: str) -> None:
        """Note a fault of a key, or of the whole part."""
        path = (*self.path, *([key] if key else []))
        fault = MappingFault(line_of_path(self.reader.lines, path), _told(path), message)
        if fault not in self.reader.faults and len(self.reader.faults) < most_faults:
            self.reader.faults.append(fault)

    def names(self) -> list[str]:
        return list(self._content)

    def everything(self) -> dict[str, object]:
        """All keys as they stand."""
        self._taken.update(self._content)
        return dict(self._content)

    def raw(self, key: str) -> object:
        """The value as it stands; None where there is none."""
        self._taken.add(key)
        return self._content.get(key)

    def take(self, key: str, kind: type[Kind]) -> Kind | None:
        """The value where it is of this kind; another kind is a fault."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.fault(key, f"this must be {_words[kind]}, not {shown(value)}")
        return None

    def text(self, key: str, needed: str = "") -> str | None:
        """A text that is not empty; with `needed` a fault where it is missing."""
        value = self.take(key, str)
        if needed and self.raw(key) is None:
            self.fault(key, f"this is missing: {needed}")
        if value is None:
            return None
        if told := forbidden_character(value) if key != "delimiter" else None:
            self.fault(key, told)
        if not value.strip() and key != "delimiter":
            self.fault(key, "this is empty: write a text, or leave the line out")
            return None
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts, or one text."""
        value = self.raw(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        if all(isinstance(one, str) and one for one in found):
            return [str(one) for one in found]
        self.fault(key, "this must be a text in quotes, or a list of texts")
        return []

    def number(self, key: str, default: int, least: int) -> int:
        value = self.take(key, int)
        if value is not None and not least <= value <= 1_000_000:
            self.fault(key, f"this must be at least {least}")
            return default
        return default if value is None else value

    def truth(self, key: str, *, default: bool = False) -> bool:
        value = self.take(key, bool)
        return default if value is None else value

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        """One of a few words."""
        value = self.text(key)
        if value is None or value in choices:
            return value
        self.fault(key, f"{value!r} is none of {', '.join(choices)}{closest(value, choices)}")
        return None

    def part(self, key: str) -> Part:
        """The table under a key, empty where there is none."""
        value = self.raw(key)
        return Part(self.reader, (*self.path, key), {} if value is None else value, self.word)

    def parts(self, key: str) -> list[Part]:
        """The list of tables under a key."""
        value = self.raw(key)
        if isinstance(value, list):
            return [Part(self.reader, (*self.path, key, n), one, self.word) for n, one in enumerate(value)]
        if value is not None:
            self.fault(key, f"write [[{_plain((*self.path, key))}]] with two brackets: there may be several")
        return []

    def with_word(self, word: str) -> Part:
        """The same with a word in place of every `{n}`."""
        part = Part(self.reader, self.path, _replaced(self._content, word), word)
        part._taken.update(self._taken)
        return part

    def end(self, known: Iterable[str] = ()) -> None:
        """Every key that nobody took is a fault."""
        for key in self._content:
            if key not in self._taken:
                offered = [*self._taken, *known]
                self.fault(key, f"there is no key {key!r} here{closest(key, offered)}")


def _replaced(value: object, word: str) -> object:
    if isinstance(value, str):
        return value.replace("{n}", word)
    if isinstance(value, dict):
        return {str(_replaced(key, word)): _replaced(one, word) for key, one in value.items()}
    return [_replaced(one, word) for one in value] if isinstance(value, list) else value


def _told(path: Path) -> str:
    """`table 2, event 1, date`."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int):
            words[-1] = f"{words[-1]} {step + 1}"
        else:
            words.append(step)
    return ", ".join(words)


def _plain(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))
