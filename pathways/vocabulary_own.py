"""An author's own words: event types, facts and code lists that are added to the shipped vocabulary.

The file has the sections `code_lists`, `facts` and `events` of vocabulary.yaml, written by the same rules.
What the shipped vocabulary names keeps its meaning: a pathway of another field uses `death`, `withdrawal` and
`correction` as they are.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pathways.guidelines.document import Problem, SourceError, read_document
from pathways.guidelines.row import Row
from pathways.vocabulary import EventType, Vocabulary
from pathways.vocabulary_field import Field, FieldSet
from pathways.vocabulary_reader import Reader, VocabularyError

_SECTIONS: Final = ("code_lists", "facts", "events")
_SINGLE: Final = ("text", "date", "integer", "decimal", "boolean3", "code", "codes", "id", "ids")
_STATES_FACTS: Final = "finding_recorded"
"""The shipped event type that states any fact anew."""

_is_name = re.compile(r"[a-z][a-z0-9_]*").fullmatch


def read_own_vocabulary(path: Path, shipped: Vocabulary) -> Vocabulary:
    """The shipped vocabulary with the words of one file added.

    Raises VocabularyError with file and line of everything that is wrong, OSError where there is no file.
    """
    problems: list[Problem] = []
    try:
        document = read_document(path)
    except SourceError as error:
        raise VocabularyError(error.problems) from None
    vocabulary = _OwnReader(Row.top(document, problems), shipped).together()
    if problems:
        raise VocabularyError(problems)
    return vocabulary


class _OwnReader(Reader):
    """Reads the three sections with the shipped vocabulary behind them."""

    def __init__(self, top: Row, shipped: Vocabulary) -> None:
        super().__init__(top)
        self.shipped = shipped
        self.own_lists = tuple(name for name in self.lists if name != "events")
        self.lists = {**shipped.code_lists, **self.lists}
        self.sets = {"common_event_fields": shipped.common}

    def together(self) -> Vocabulary:
        shipped = self.shipped
        for key in self.top.data.keys() - set(_SECTIONS):
            self.top.note(f"unknown key {key!r}: a file of one's own words has {', '.join(_SECTIONS)}", key)
        for name in self.own_lists:
            self._is_free(name, shipped.code_lists, "code_lists")
        facts = {name: self._fact(name, row) for name, row in self.top.named_rows("facts")}
        events = {name: self._event(name, row) for name, row in self.top.named_rows("events")}
        stating, type = shipped.events[_STATES_FACTS], shipped.common["type"]
        stating = replace(stating, fields=_added(stating.fields, facts))
        return replace(
            shipped,
            common=_added(shipped.common, {"type": replace(type, codes=(*type.codes, *events))}),
            code_lists=MappingProxyType(
                {name: codes for name, codes in self.lists.items() if name != "events"}
            ),
            code_meanings=MappingProxyType({**shipped.code_meanings, **self.meanings}),
            events=MappingProxyType({**shipped.events, _STATES_FACTS: stating, **events}),
            facts=_added(shipped.facts, facts),
        )

    def _fact(self, name: str, row: Row) -> Field:
        self._is_free(name, self.shipped.facts, "facts")
        field = self._single(name, row)
        if field.world != "open":
            told = "what nobody recorded is unknown (what did not happen unless recorded is an event)"
            row.note(f"the fact {name!r} needs `world: open`: {told}")
        if field.aliases:
            row.note("a fact of one's own has no other spellings", "aliases")
        return field

    def _event(self, name: str, row: Row) -> EventType:
        self._is_free(name, self.shipped.events, "events")
        with row:
            order_class, world = self.kind(row)
            fields = {key: self._single(key, spec) for key, spec in row.named_rows("fields")}
        for key in fields:
            self._is_free(key, self.shipped.common, "events", name, "fields")
        return EventType(name, order_class, world, FieldSet(name, fields))

    def _single(self, name: str, row: Row) -> Field:
        """A field with a single value or codes; rows and mappings have rules of their own in the engine."""
        field = self.field(name, row)
        if field.type not in _SINGLE or field.is_list:
            row.note(f"{name!r} must be of type {', '.join(_SINGLE)}", "type")
        return field

    def _is_free(self, name: str, shipped: Container[object], *place: str) -> None:
        """The name is plain, and means nothing in the shipped vocabulary."""
        if not _is_name(name):
            self.top.note(f"{name!r} is no name: small letters, digits and _, a letter first", *place, name)
        elif name in shipped:
            told = "is already in the shipped vocabulary: use it as it is, or take another name"
            self.top.note(f"{name!r} {told}", *place, name)


def _added(fields: FieldSet, more: Mapping[str, Field]) -> FieldSet:
    return FieldSet(fields.what, {**fields, **more}, fields.aliases)
