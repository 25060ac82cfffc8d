"""The data dictionary: event types, fields, facts and settings, for forms, validation, exchange and columns.

Source: guidelines/data/vocabulary.yaml, which is closed: what it does not name is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pathways.vocabulary_field import Field, FieldProblem, FieldSet, FieldType, Reading, World
from pathways.vocabulary_values import ValueFault, closest, shown

__all__ = [
    "EventType",
    "Field",
    "FieldProblem",
    "FieldSet",
    "FieldType",
    "OrderClass",
    "Reading",
    "SettingSpec",
    "ValueFault",
    "Vocabulary",
    "World",
    "closest",
    "load_vocabulary",
]

largest_setting = 36_500
"""A hundred years of days; more are typing errors, and deadlines would leave the calendar."""

_digits = re.compile(r"[0-9]{1,18}").fullmatch

OrderClass = Literal["finding", "decision", "treatment", "administrative"]


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of entry. `order_class` is its place within a day, `world` what its absence means.

    `fields` are its own fields by canonical name, without the fields common to every event.
    """

    name: str
    order_class: OrderClass
    world: World
    fields: FieldSet


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A setting with the values it allows; `choices` is empty for a number within bounds."""

    field: Field
    default: str | int
    choices: tuple[str | int, ...]

    @property
    def name(self) -> str:
        return self.field.name

    def parse(self, value: object) -> str | int:
        """The canonical value; digits as text are a number where one is asked for. Raises ValueFault."""
        if self.field.type == "integer" and isinstance(value, str) and _digits(value.strip()):
            value = int(value)
        parsed = self.field.parse(value)
        if isinstance(parsed, int) and parsed > largest_setting:
            raise ValueFault(f"{self.name!r} must be at most {largest_setting}, not {shown(parsed)}")
        assert isinstance(parsed, str | int), f"setting {self.name} of type {self.field.type}"
        return parsed


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """All names and types in one place.

    `facts` includes the clinical findings and answers to every alias; `derived_facts` are never entered.
    `common` are the fields of every event, `ignorable` the keys no rule reads.
    """

    version: int
    order_within_day: tuple[OrderClass, ...]
    common: FieldSet
    case: FieldSet
    ignorable: tuple[str, ...]
    code_lists: Mapping[str, tuple[str, ...]]
    code_meanings: Mapping[str, Mapping[str, str]]
    lesion: FieldSet
    findings: FieldSet
    events: Mapping[str, EventType]
    facts: FieldSet
    derived_facts: FieldSet
    settings: Mapping[str, SettingSpec]
    companions: tuple[str, ...]

    def event_type(self, name: object) -> EventType:
        """The event type of that name; raises ValueFault naming the closest one."""
        if isinstance(name, str) and name in self.events:
            return self.events[name]
        if not isinstance(name, str):
            raise ValueFault(f"'type' must be the name of an event type, not {shown(name)}")
        raise ValueFault(f"there is no event type {name!r}{closest(name, self.events)}")

    def rank(self, event_type: str) -> int:
        """Where entries of this type stand within a day: the place of their class."""
        return self.order_within_day.index(self.events[event_type].order_class)

    def field_at(self, event_type: str, path: str) -> Field:
        """The field that a correction of such an event names, common ones included; raises ValueFault."""
        if path in _uncorrectable:
            raise ValueFault(f"{path!r} cannot be corrected; retract the entry and record it anew")
        return self.common[path] if path in self.common else self.event_type(event_type).fields.at(path)

    def meaning_of(self, field: Field, code: str) -> str | None:
        """What the vocabulary says a code of the field means; None where the code speaks for itself."""
        return self.code_meanings.get(field.codes_from or "", {}).get(code)


_uncorrectable = ("id", "type", "recorded")


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary shipped with the project, read once. Raises VocabularyError when the file is broken."""
    from pathways.vocabulary_reader import read_vocabulary, shipped

    return read_vocabulary(shipped)
