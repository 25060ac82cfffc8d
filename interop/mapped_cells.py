"""What the cells of a row mean by a mapping: a value, unknown, not stated, or a word nothing explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum

from interop.cells import Cell, not_stated, read_cell
from interop.day_formats import read_day
from interop.located import forbidden_character
from interop.mapping import Condition, Scalar, Source, TableMapping, Value, columns_in, columns_of, folded
from interop.mapping_values import said_nothing, said_unknown
from interop.patient_rows import RowFault
from interop.sheets import Row
from interop.units import converted
from interop.words import Word
from pathways.day_zero import FIRST_EVENT, counted_day
from pathways.vocabulary import Field, ValueFault
from pathways.vocabulary_values import shown


class Fate(IntEnum):
    """What became of a cell; where it is read several times, the highest counts."""

    NOTHING = 0
    UNKNOWN = 1
    UNMAPPED = 2
    RECORDED = 3


Fates = dict[str, Fate]
"""What became of the cells of a row, by column."""


@dataclass(slots=True)
class Notes:
    """What is noted while the rows of a patient are read.

    `unmapped` counts words that nothing explains by table, column and word; `left_out` events by table, name
    and what is missing.
    """

    faults: list[RowFault] = field(default_factory=list)
    unmapped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    words: list[Word] = field(default_factory=list)


def cell_text(cell: Cell) -> str:
    """A cell as a person sees it."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


class _Unmapped(Exception):
    """Nothing explains what a cell says."""


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of one table of a mapping."""

    mapping: TableMapping
    table: str

    def holds(self, conditions: Iterable[Condition], row: Row) -> bool:
        """Whether all conditions hold for a row."""
        return all(self._holds(one, row) for one in conditions)

    def _holds(self, one: Condition, row: Row) -> bool:
        text = folded(cell_text(row.cells.get(one.column)))
        if one.filled is not None:
            return self._is_filled(text) is one.filled
        if not one.negated:
            return text in one.any_of
        known = self._is_filled(text)  # what is not known may be any of the words
        return text not in one.any_of if known else one.or_unknown

    def _is_filled(self, text: str) -> bool:
        return bool(text) and text not in self.mapping.unknown and text not in self.mapping.not_stated

    def read(self, value: Value, row: Row, fates: Fates, notes: Notes) -> object:
        """The value for its field; None for unknown, `not_stated` for nothing. Faults go to the notes."""
        source = next((one for one in value.sources if self.holds(one.when, row)), None)
        if source is None:
            return self._otherwise(value, row, fates, notes)
        columns = [*(one.column for one in source.when), *_read_by(source)]
        try:
            found = self._sourced(source, value.field, row, notes)
            fate = Fate.UNKNOWN if found in (None, not_stated, said_unknown) else Fate.RECORDED
        except _Unmapped as unmapped:
            self._note_unmapped(value, source, row, str(unmapped), notes)
            found, fate = None, Fate.UNMAPPED
        except ValueFault as fault:
            column = source.column or next(iter(columns), None)
            notes.faults.append(RowFault(row, column, cell_text(row.cells.get(column or "")), str(fault)))
            found, fate = None, Fate.UNKNOWN
        raise_fates(fates, columns, fate)
        return found

    def _otherwise(self, value: Value, row: Row, fates: Fates, notes: Notes) -> object:
        """What no case decides."""
        columns = list(dict.fromkeys(columns_of(value)))
        said = {name: text for name in columns if (text := cell_text(row.cells.get(name)))}
        if value.otherwise == "not stated" or (value.otherwise == "unmapped" and not said):
            return not_stated
        if value.otherwise == "unknown":
            raise_fates(fates, columns, Fate.UNKNOWN)
            return None
        told = ", ".join(f"{name}: {text}" for name, text in said.items())
        self._note_unmapped(value, None, row, told, notes)
        raise_fates(fates, columns, Fate.UNMAPPED)
        return None

    def _note_unmapped(self, value: Value, source: Source | None, row: Row, text: str, notes: Notes) -> None:
        column = (source and source.column) or " + ".join(dict.fromkeys(columns_of(value)))
        notes.unmapped[self.table, column, text] += 1
        if ((source and source.unmapped) or self.mapping.unmapped) == "refuse":
            told = f"the mapping does not say what {shown(text)} means for {value.field.name!r}"
            told = f"{told}: add it to the values"
            notes.faults.append(RowFault(row, column, text, told))

    def _sourced(self, source: Source, field: Field, row: Row, notes: Notes) -> object:
        if source.constant is not None:
            return _meaning(source.constant, field)
        if source.text is not None:
            return self._text(source.text, row)
        cell = row.cells.get(source.column or "")
        text = cell_text(cell)
        if not text:
            return not_stated
        if source.separator is None or folded(text) in (source.values or {}):
            return self._one(source, field, cell, text, notes)
        parts = [part.strip() for part in text.split(source.separator) if part.strip()]
        found = [self._one(source, field, part, part, notes) for part in parts]
        known = [one for one in found if one is not None and one is not not_stated]
        return known if len(known) == len(found) and known else None

    def _text(self, text: str, row: Row) -> object:
        said = {name: cell_text(row.cells.get(name)) for name in columns_in(text)}
        if not any(self._is_filled(folded(one)) for one in said.values()):
            return not_stated
        for name, one in said.items():
            if told := forbidden_character(one):
                raise ValueFault(told)
            text = text.replace(f"{{{name}}}", one)
        return text

    def _one(self, source: Source, field: Field, cell: Cell, text: str, notes: Notes) -> object:
        word = folded(text)
        if source.values is not None and word in source.values:
            return _meaning(source.values[word], field)
        if word in self.mapping.not_stated:
            return not_stated
        if word in self.mapping.unknown:
            return None
        if source.values is not None:
            raise _Unmapped(text)
        if field.type == "date":
            return self._day(source, field, cell, text)
        return _plain(source, field, cell, text, notes)

    def _day(self, source: Source, field: Field, cell: Cell, text: str) -> date:
        if self.mapping.day_zero is not None:
            return _counted(field, text)
        if isinstance(cell, date):
            found = cell
        else:
            found = read_day(text, source.formats or self.mapping.formats, self.mapping.first_year)
        if isinstance(found, datetime) and (not field.with_time or found.time() == datetime.min.time()):
            return found.date()
        return found


def _read_by(source: Source) -> list[str]:
    return [source.column] if source.column is not None else columns_in(source.text or "")


def raise_fates(fates: Fates, columns: Iterable[str], fate: Fate) -> None:
    """Note what became of these cells, unless something better is noted."""
    for column in columns:
        fates[column] = max(fate, fates.get(column, Fate.NOTHING))


def _meaning(said: Scalar, field: Field) -> object:
    if said == said_nothing and said not in field.codes:
        return not_stated
    return None if said == said_unknown and said not in field.codes else said


def _counted(field: Field, text: str) -> date:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise ValueFault(f"{text!r} is no whole number of days")
    try:
        day = counted_day(sign * int(digits))
    except ValueError as error:
        raise ValueFault(str(error)) from None
    if day < FIRST_EVENT and field.name != "birth_date":
        raise ValueFault(f"day {text} lies more than ten years before day zero")
    return day


def _plain(source: Source, field: Field, cell: Cell, text: str, notes: Notes) -> object:
    """A cell read as it stands; what is no value of the field is a word that nothing explains."""
    if source.decimal == "," and isinstance(cell, str):
        cell = cell.replace(".", "\0").replace(",", ".")
    if told := forbidden_character(text):
        raise ValueFault(told)
    try:
        found = read_cell(field, cell, notes.words)
        if source.unit and field.unit and isinstance(found, (int, float)):
            found = converted(found, source.unit, field.unit)
        if found is not None:
            field.parse([found] if field.is_list and not isinstance(found, list) else found)
    except ValueFault:
        raise _Unmapped(text) from None
    return found
