"""YAML read into plain values with line numbers: the small part of YAML that a case file needs.

Plain `true`, `false`, `null`, whole numbers and decimals are read as such; all else is text (`no`,
`2024-07-01`, `012`, `1_000`, `12:30:00`). Tags are refused, a key that stands twice is refused, aliases are
read up to a small total size. Values appear case by case, so memory follows the largest case, not the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from interop.located import BrokenFile, Located, Part, Problem, forbidden_character

deepest = 40
"""Levels of nesting that are read; a case needs about eight."""

most_values = 2_000_000
"""Values of one case that are read; a case of 10 MB has about 900,000."""

most_aliased = 10_000
"""Values that the aliases of one file may repeat, so that a few lines cannot grow without limit."""

_words: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_number = re.compile(r"-?(0|[1-9][0-9]{0,3999}|(0|[1-9][0-9]{0,308})\.[0-9]{1,1100})").fullmatch
"""Whole numbers, which `interop.limits` measures, and every decimal that a float can hold."""

YamlEvent = Any
"""An event of the YAML parser; the attributes it has depend on its class."""


class YamlSource:
    """The values of one YAML document. Raises BrokenFile where it cannot be read (any further)."""

    def __init__(self, text: str) -> None:
        with _plainly():
            self._parser = yaml.CBaseLoader(text)
        self._get: Callable[[], YamlEvent] = self._parser.get_event
        self._problems: list[Problem] = []
        self._anchors: dict[str, tuple[object, int]] = {}
        self._values = 0
        self._aliased = 0

    def take_problems(self) -> tuple[Problem, ...]:
        """What was wrong in the parts read since the last call."""
        taken = tuple(self._problems)
        self._problems.clear()
        return taken

    def parts(self, list_key: str) -> Iterator[Part]:
        """The keys of the outermost mapping; the items of a list under `list_key` come one by one.

        A document that is no mapping is one part with the key "", an empty one has none.
        """
        with _plainly():
            while type(event := self._get()) in (StreamStartEvent, DocumentStartEvent):
                pass
            if type(event) is MappingStartEvent:
                yield from self._outermost(list_key)
            elif type(event) is not StreamEndEvent:
                yield Part("", self._value(event, 0), _line(event))
            while event is not None and type(event) is not StreamEndEvent:
                event = self._get()
                if type(event) is DocumentStartEvent:
                    raise BrokenFile(
                        _line(event), "a second YAML document begins; a case file is one document"
                    )

    def _outermost(self, list_key: str) -> Iterator[Part]:
        seen: set[str] = set()
        while type(event := self._get()) is not MappingEndEvent:
            named = type(event) is ScalarEvent and event.tag is event.anchor is None
            key, line = event.value if named else self._odd_key(event), _line(event)
            if key in seen:
                self._problem(event, f"the key {key!r} stands twice")
            seen.add(key)
            event = self._get()
            if key == list_key and type(event) is SequenceStartEvent:
                yield from self._items()
            else:
                yield Part(key, self._value(event, 0), line)

    def _items(self) -> Iterator[Part]:
        while type(event := self._get()) is not SequenceEndEvent:
            self._values = 0
            yield Part(None, self._value(event, 1), _line(event))

    def _value(self, event: YamlEvent, depth: int) -> object:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event)
        before = self._values
        self._count(event, 1)
        if event.tag is not None:
            self._problem(event, f"tags such as {event.tag!r} are not read; write the plain value")
        if kind is ScalarEvent:
            value = self._scalar(event)
        elif depth >= deepest:
            raise BrokenFile(_line(event), f"more than {deepest} levels of nesting")
        else:
            value = (
                self._mapping(event, depth + 1) if kind is MappingStartEvent else self._sequence(depth + 1)
            )
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._values - before)
        return value

    def _mapping(self, start: YamlEvent, depth: int) -> Located:
        mapping = Located(_line(start))
        lines, get = mapping.lines, self._get
        while type(event := get()) is not MappingEndEvent:
            named = type(event) is ScalarEvent and event.tag is event.anchor is None
            key = event.value if named else self._odd_key(event)
            if key in lines:
                self._problem(event, f"the key {key!r} stands twice (first on line {lines[key]})")
            else:
                lines[key] = event.start_mark.line + 1
            event = get()
            if type(event) is ScalarEvent and event.tag is event.anchor is None:  # nearly all of a file
                mapping[key] = self._scalar(event)
            else:
                mapping[key] = self._value(event, depth)
        self._count(start, len(mapping))
        return mapping

    def _sequence(self, depth: int) -> list[object]:
        values, get = [], self._get
        while type(event := get()) is not SequenceEndEvent:
            values.append(self._value(event, depth))
        return values

    def _odd_key(self, event: YamlEvent) -> str:
        self._problem(event, "a key must be a plain name")
        return str(self._value(event, deepest - 2))

    def _scalar(self, event: YamlEvent) -> object:
        text = event.value
        if event.implicit[0]:
            if text in _words:
                return _words[text]
            if text[0] in "-0123456789" and _number(text):
                return float(text) if "." in text else int(text)
        if told := forbidden_character(text):
            self._problem(event, told)
        return text

    def _alias(self, event: YamlEvent) -> object:
        if event.anchor not in self._anchors:
            self._problem(event, f"the alias *{event.anchor} has no anchor before it")
            return None
        value, size = self._anchors[event.anchor]
        self._values += size
        self._aliased += size
        if self._aliased > most_aliased:
            raise BrokenFile(_line(event), f"aliases repeat more than {most_aliased} values: write them out")
        return value

    def _count(self, event: YamlEvent, values: int) -> None:
        self._values += values
        if self._values > most_values:
            raise BrokenFile(_line(event), f"one case has more than {most_values:,} values")

    def _problem(self, event: YamlEvent, message: str) -> None:
        self._problems.append(Problem(_line(event), message))


def check_syntax(text: str) -> None:
    """Walk through the whole text without keeping anything. Raises BrokenFile where it is no YAML."""
    with _plainly():
        yaml.CBaseLoader(text).raw_parse()


def _line(event: YamlEvent) -> int:
    line: int = event.start_mark.line + 1
    return line


@contextmanager
def _plainly() -> Iterator[None]:
    """Turns what the YAML library raises into BrokenFile."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = ", ".join(part for part in (error.context, error.problem) if part)
        raise BrokenFile(mark.line + 1 if mark else None, f"this is no valid YAML: {told}") from None
    except UnicodeEncodeError:
        raise BrokenFile(None, "the text holds half a character (a lone surrogate)") from None
    except yaml.reader.ReaderError as error:
        told = f"{error.reason}, at character {error.position}"
        raise BrokenFile(None, f"this is no valid YAML: {told}") from None
