"""What a mapping says: how a site's tables become patients, facts and events (docs/mapping.md).

Plain values, made only by `interop.mapping_file`, which refuses what does not fit the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathways.vocabulary import Field

Refusal = Literal["refuse", "unknown"]
Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Condition:
    """What a cell must say: one of `any_of`, or something else (`negated`); or be `filled`, or not.

    A cell is filled when it is neither empty nor one of the words for unknown and not stated. One that is not
    says nothing else either, unless it counts so by `or_unknown`.
    """

    column: str
    any_of: frozenset[str] = frozenset()
    negated: bool = False
    or_unknown: bool = False
    filled: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where one value comes from when all of `when` hold: a column, a constant, or a text with `{column}`.

    `values` translates what the cell says (folded: without capitals and outer blanks); None: the cell is read
    as it stands. `unit` is the unit of the column, `separator` parts several values, `formats` outrank those
    of the mapping.
    """

    when: tuple[Condition, ...] = ()
    column: str | None = None
    constant: Scalar | None = None
    text: str | None = None
    values: Mapping[str, Scalar] | None = None
    unit: str | None = None
    decimal: str = "."
    separator: str | None = None
    formats: tuple[str, ...] = ()
    unmapped: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One field with its sources: the first whose conditions hold decides.

    `otherwise` says what it means when none does.
    """

    field: Field
    sources: tuple[Source, ...]
    otherwise: Literal["unknown", "not stated", "unmapped"] = "unmapped"


@dataclass(frozen=True, slots=True)
class EventRule:
    """An event from a row, or from all rows of a patient that agree in the columns `one_per`.

    `id` are the columns whose cells name the event at its source; without them the id follows from the
    content. Each of `lesions` makes one lesion of a row. `incomplete` says what becomes of an event of which
    the day or a required field is missing, and something else is stated.
    """

    name: str
    type: str
    date: Value
    fields: tuple[tuple[str, Value], ...] = ()
    when: tuple[Condition, ...] = ()
    id: tuple[str, ...] = ()
    one_per: tuple[str, ...] = ()
    lesions: tuple[tuple[tuple[str, Value], ...], ...] = ()
    incomplete: Literal["refuse", "leave out"] = "refuse"


@dataclass(frozen=True, slots=True)
class TableRule:
    """One table: where it stands, how it is laid out, which column names the patient, and what a row says."""

    name: str
    patient: str
    register: bool = False
    several_rows: bool = False
    file: str | None = None
    sheet: str | None = None
    optional: bool = False
    header_row: int = 1
    skip_rows: int = 0
    comment: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    quotes: bool = True
    when: tuple[Condition, ...] = ()
    facts: tuple[tuple[str, Value], ...] = ()
    events: tuple[EventRule, ...] = ()
    optional_columns: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, the patient's first."""
        named = [self.patient, *(one.column for one in self.when)]
        for _, value in self.facts:
            named += columns_of(value)
        for event in self.events:
            named += event_columns(event)
        return tuple(dict.fromkeys(named))


def event_columns(event: EventRule) -> list[str]:
    """Every column that an event reads."""
    named = [*event.id, *event.one_per, *(one.column for one in event.when), *columns_of(event.date)]
    for _, value in (*event.fields, *(part for lesion in event.lesions for part in lesion)):
        named += columns_of(value)
    return named


def columns_of(value: Value) -> Iterator[str]:
    """Every column that a value reads."""
    for source in value.sources:
        yield from (one.column for one in source.when)
        if source.column is not None:
            yield source.column
        if source.text is not None:
            yield from columns_in(source.text)


def columns_in(text: str) -> list[str]:
    """The columns a text names between braces."""
    return [part.partition("}")[0] for part in text.split("{")[1:]]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping. Either `formats` says how days are written, or `day_zero` what they are counted from.

    By its `name` entries are known as told by it; `beside` are the names of mappings that tell of the same
    patients from other tables.
    `unknown` and `not_stated` are words, folded. `first_year` is the first of the hundred years that two
    digits may mean; None: two digits are refused.
    """

    name: str
    tables: tuple[TableRule, ...]
    about: str = ""
    beside: tuple[str, ...] = ()
    day_zero: str | None = None
    formats: tuple[str, ...] = ()
    first_year: int | None = None
    unmapped: Refusal = "refuse"
    unknown: frozenset[str] = field(default_factory=frozenset)
    not_stated: frozenset[str] = field(default_factory=frozenset)

    @property
    def register(self) -> TableRule:
        """The table that says who the patients are."""
        return next(table for table in self.tables if table.register)


def folded(text: str) -> str:
    """A cell as it is compared: without capitals, outer blanks and repeated blanks."""
    return " ".join(text.split()).casefold()
