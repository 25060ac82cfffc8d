"""Typed access to one mapping of a document, which collects what is wrong instead of stopping."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import TracebackType
from typing import Self, TypeVar

from pathways.guidelines.document import Document, Problem

T = TypeVar("T")


class Row:
    """One mapping. Used in a `with` block, it reports at the end the keys nobody asked for.

    A missing or ill-typed value is noted in `problems` and an empty value returned, so that one pass finds
    all problems; whoever starts the reading raises when there are any.
    """

    def __init__(self, document: Document, problems: list[Problem], *place: str | int, data: object) -> None:
        self.document = document
        self.problems = problems
        self.place = place
        self.data: Mapping[str, object] = {}
        self._asked: set[str] = set()
        if isinstance(data, dict):
            self.data = data
        else:
            self.note("a mapping is expected here")

    @classmethod
    def top(cls, document: Document, problems: list[Problem]) -> Row:
        """The top mapping of a document; the problems met while reading it count too."""
        problems += document.problems
        return cls(document, problems, data=document.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for key in self.data.keys() - self._asked:
            self.note(f"unknown key {key!r}", key)

    def note(self, message: str, *at: str | int) -> None:
        """Adds a problem, at this row or at a place below it."""
        line = self.document.line(*self.place, *at)
        self.problems.append(Problem(self.document.name, line, message))

    def ask(self, key: str) -> object:
        """The value as it stands, None when absent."""
        self._asked.add(key)
        return self.data.get(key)

    def _typed(self, key: str, kind: type[T], what: str) -> T | None:
        value = self.ask(key)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        if value is not None:
            self.note(f"{key!r} must be {what}, not {value!r}", key)
        return None

    def optional_text(self, key: str) -> str | None:
        return self._typed(key, str, "text")

    def optional_whole(self, key: str) -> int | None:
        return self._typed(key, int, "a whole number")

    def optional_number(self, key: str) -> float | None:
        value = self.ask(key)
        if isinstance(value, bool) or (value is not None and not isinstance(value, (int, float))):
            self.note(f"{key!r} must be a number, not {value!r}", key)
            return None
        return value

    def optional_flag(self, key: str) -> bool | None:
        return self._typed(key, bool, "true or false")

    def text(self, key: str) -> str:
        value = self.optional_text(key)
        if not value and not self.data.get(key):
            self.note(f"{key!r} is missing", key)
        return value or ""

    def flag(self, key: str) -> bool:
        return bool(self.optional_flag(key))

    def whole(self, key: str) -> int:
        value = self.optional_whole(key)
        if value is None and self.data.get(key) is None:
            self.note(f"{key!r} is missing", key)
        return value or 0

    def optional_choice(self, key: str, allowed: Collection[str]) -> str | None:
        value = self.optional_text(key)
        if value is not None and value not in allowed:
            self.note(f"{key!r} must be one of {', '.join(allowed)}, not {value!r}", key)
        return value

    def choice(self, key: str, allowed: Collection[str]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self.note(f"{key!r} must be one of {', '.join(allowed)}, not {value!r}", key)
        return value

    def optional_items(self, key: str, kind: type[T]) -> tuple[T, ...] | None:
        """A list whose entries are all of one type, None when absent."""
        value = self._typed(key, list, "a list")
        if value is None:
            return None
        for number, entry in enumerate(value):
            if not isinstance(entry, kind) or (kind is int and isinstance(entry, bool)):
                self.note(f"an entry of {key!r} must be of type {kind.__name__}, not {entry!r}", key, number)
        return tuple(entry for entry in value if isinstance(entry, kind))

    def items(self, key: str, kind: type[T]) -> tuple[T, ...]:
        """A list as `optional_items`, empty when absent."""
        return self.optional_items(key, kind) or ()

    def texts(self, key: str) -> tuple[str, ...]:
        return self.items(key, str)

    def row(self, key: str) -> Row | None:
        """The mapping under a key, None when absent."""
        value = self.ask(key)
        if value is None:
            return None
        return Row(self.document, self.problems, *self.place, key, data=value)

    def needed_row(self, key: str) -> Row:
        """The mapping under a key; an empty one when absent, with a problem noted."""
        if self.ask(key) is None:
            self.note(f"{key!r} is missing")
            return Row(self.document, self.problems, *self.place, key, data={})
        return Row(self.document, self.problems, *self.place, key, data=self.data[key])

    def rows(self, key: str) -> Iterator[Row]:
        """The mappings of a list; nothing when absent."""
        for number, value in enumerate(self._typed(key, list, "a list") or ()):
            yield Row(self.document, self.problems, *self.place, key, number, data=value)

    def named_rows(self, key: str) -> Iterator[tuple[str, Row]]:
        """The mappings under the keys of a mapping."""
        for name, value in (self._typed(key, dict, "a mapping") or {}).items():
            yield name, Row(self.document, self.problems, *self.place, key, name, data=value)
