"""The rows of all tables joined by patient, each patient read whole or told why not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from engine.event import Story
from interop.limits import longest_name, text_excess
from interop.located import forbidden_character
from interop.long_table import RowError
from interop.mapped_cells import CellReader, Notes, cell_text
from interop.mapped_patient import MappedPatient, TableRow
from interop.mapped_report import Tallies, passed_over, tallies_of
from interop.mapped_tables import OpenTable, OpenTables, Place
from interop.mapping import TableRule
from interop.nameless import possible_owners
from interop.patient_rows import RowFault, patient_field
from interop.references import doubtful, written_once
from interop.sheets import Row
from pathways.vocabulary import ValueFault
from pathways.vocabulary_values import shown


@dataclass(frozen=True, slots=True)
class ReadPatient:
    """A patient of the tables: the story, or why there is none; and what the rows came to.

    `patient` is None for rows that name nobody. `kinds` are the reasons without what names anybody, `told`
    those of each row as a person reads them.
    """

    patient: str | None
    story: Story | None
    errors: tuple[RowError, ...]
    kinds: tuple[str, ...]
    tallies: Tallies
    notes: Notes
    rows: tuple[Place, ...]
    told: tuple[tuple[Place, str], ...]


class _Stray(NamedTuple):
    """A row that names nobody and may be a patient's."""

    table: OpenTable
    row: Row


class _Found(NamedTuple):
    """What is wrong: in which row of the patient, and how it is told and counted."""

    one: TableRow
    fault: RowFault
    error: RowError
    kind: str


class Joined:
    """All rows by the patient whom they name; `passed` is what became of rows without a name and content."""

    def __init__(self, opened: OpenTables) -> None:
        self.passed: Tallies = {}
        self._mapping = opened.mapping
        self._paths: dict[str, Path] = {table.rule.name: table.path for table in opened.tables}
        self._rows: dict[str | None, list[TableRow]] = {}
        self._strays: dict[str, _Stray] = {}
        passed = list[TableRow]()
        for table in sorted(opened.tables, key=lambda one: not one.rule.register):
            kept, left = self._read(table)
            passed += left
            named = [_patient_of(table.rule, row) for row in kept]
            for patient, row in zip(named, kept, strict=True):
                self._rows.setdefault(patient, []).append(TableRow(table.rule, row))
            for patient, row in self._owners(kept, named).items():
                self._strays.setdefault(patient, _Stray(table, row))
        self.passed = passed_over(passed)

    def __len__(self) -> int:
        """How many patients there are to read; rows that name nobody count as one."""
        return len(self._rows)

    def _read(self, table: OpenTable) -> tuple[list[Row], list[TableRow]]:
        """The rows of a table, apart from those that name nobody and that the mapping does not read."""
        reader, kept, left = CellReader(self._mapping, table.rule.name), list[Row](), list[TableRow]()
        for row in table.rows:
            if _patient_of(table.rule, row) is None and not reader.holds(table.rule.when, row):
                left.append(TableRow(table.rule, row))
            else:
                kept.append(row)
        return kept, left

    def _owners(self, rows: Sequence[Row], named: Sequence[str | None]) -> dict[str, Row]:
        """Whose a row without a name may be: also somebody's of whom this table holds no other row."""
        owners = possible_owners(rows, named)
        nameless = next((row for row, patient in zip(rows, named, strict=True) if patient is None), None)
        absent = self._rows.keys() - set(named) if nameless is not None else ()
        return owners | {patient: nameless for patient in absent if patient and nameless}

    def patients(self, known: Collection[str] = ()) -> Iterator[ReadPatient]:
        """Every patient of the tables, those of the register first and in its order.

        `known` are the references of the patients who are there already.
        """
        alike = doubtful(filter(None, self._rows), known)
        for patient, rows in self._rows.items():
            yield self._patient(patient, rows, alike.get(patient or ""))

    def _patient(self, patient: str | None, rows: Sequence[TableRow], other: str | None) -> ReadPatient:
        reader = MappedPatient(self._mapping, rows)
        story = None
        found = [self._found(patient, *one, other) for one in _standing_faults(patient, rows, other)]
        if stray := self._strays.get(patient or ""):
            found.append(self._held_back(patient, rows[0], stray))
        if not found:
            story = reader.story()
            by_row = {id(one.row): one for one in rows}
            found = [self._found(patient, by_row[id(fault.row)], fault) for fault in reader.notes.faults]
        return ReadPatient(
            patient=patient,
            story=story if not found else None,
            errors=tuple(one.error for one in found),
            kinds=tuple(dict.fromkeys(one.kind for one in found)),
            tallies=tallies_of(reader.rows),
            notes=reader.notes,
            rows=tuple((one.table.name, one.row.number) for one in rows),
            told=tuple(((one.table.name, one.row.number), _in_row(fault)) for one, fault, _, _ in found),
        )

    def _found(self, patient: str | None, one: TableRow, fault: RowFault, other: str | None = None) -> _Found:
        row, column, value, message = fault
        file = self._paths[one.table.name].name
        error = RowError(file, row.sheet, row.number, patient, column, value, message)
        return _Found(one, fault, error, _kind(one, fault, other))

    def _held_back(self, patient: str | None, first: TableRow, stray: _Stray) -> _Found:
        """Told as the row without a name is, in the same words: it is one mistake, whomever it holds back."""
        table, row = stray
        told = f"row {row.number} of {table.path.name} names no patient and may belong to this one"
        fault = RowFault(first.row, first.table.patient, None, told)
        column = table.rule.patient
        error = RowError(table.path.name, row.sheet, row.number, patient, column, None, _no_name)
        return _Found(first, fault, error, f"{table.rule.name}: held back by a row that names no patient")


_no_name = (
    "the row names no patient, and everybody whose it may be is held back: every row must name its patient, "
    "also below a merged cell"
)


def _patient_of(rule: TableRule, row: Row) -> str | None:
    """Whom a row names; None where it names nobody, or by a formula."""
    if any(problem.column == rule.patient for problem in row.problems):
        return None
    text = cell_text(row.cells.get(rule.patient))
    try:
        return written_once(str(patient_field.parse(text))) if not forbidden_character(text) else None
    except ValueFault:
        return None


def _standing_faults(
    patient: str | None, rows: Sequence[TableRow], other: str | None
) -> Iterator[tuple[TableRow, RowFault]]:
    """What is wrong with a patient before any cell is read; `other` is who may be the same one."""
    first = rows[0]
    column = first.table.patient
    if patient is None:
        yield from ((one, RowFault(one.row, one.table.patient, None, _no_name)) for one in rows)
        return
    if excess := text_excess("patient", patient, longest_name):
        yield first, RowFault(first.row, column, shown(patient), excess)
        return
    if other is not None:
        told = f"this reference differs from {shown(other)} only in capitals or blanks, and nobody can tell"
        told = f"{told} whether they are one patient: write it alike everywhere"
        yield first, RowFault(first.row, column, patient, told)
    registered = [one for one in rows if one.table.register]
    if not registered:
        told = "this patient is not in the register: add a row there, or mend the name"
        yield first, RowFault(first.row, column, patient, told)
    elif len(registered) > 1 and not registered[0].table.several_rows:
        told = f"this patient stands twice in the register, first in row {registered[0].row.number}"
        yield registered[1], RowFault(registered[1].row, column, patient, told)


def _in_row(fault: RowFault) -> str:
    return f"{fault.column}: {fault.message}" if fault.column else fault.message


def _kind(one: TableRow, fault: RowFault, other: str | None) -> str:
    """A reason as it is counted: by table and column, without what names anybody."""
    if fault.message == _no_name:
        return f"{one.table.name}: the row names no patient"
    where = f"{one.table.name}, {fault.column}" if fault.column else one.table.name
    named = cell_text(one.row.cells.get(one.table.patient))
    quoted = {text for text in (fault.value, named, other) if text}
    message = fault.message
    for text in sorted(quoted, key=len, reverse=True):
        message = message.replace(repr(text), "...").replace(shown(text), "...")
    return f"{where}: {message}"
