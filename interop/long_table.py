"""A long table: one row for each event, or for each lesion of an imaging, of many patients.

Columns: `patient`, `id`, `type`, `date`, `recorded`, `documented`, `note`, and any field of the vocabulary by
name, with dots for parts (`findings.ascites`). Lesions stand in a column `lesions` as JSON, or one a row:
rows with the same patient and id and with columns `lesion.id`, `lesion.organ`, ... are one event. Facts known
from the beginning are a row of type `patient_facts`, or columns `fact.<name>`. What a cell means:
`interop.cells`; which other words for codes are read: `interop.words`.
A patient with anything wrong is not imported at all; the others are. A row that names no patient holds back
whomever it may belong to (`interop.nameless`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.event import Story
from interop.cells import Cell
from interop.located import BrokenFile
from interop.nameless import possible_owners
from interop.patient_rows import PatientRows, RowFault, names_itself, patient_of
from interop.sheets import Row, read_sheets
from interop.table_writer import write_long_table
from interop.words import Word

__all__ = [
    "PatientStory",
    "RefusedRow",
    "RowError",
    "TableReading",
    "read_long_table",
    "write_long_table",
]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row, with what would be right.

    `row` counts as a spreadsheet does, the header being 1. `row`, `patient` and `column` are None where the
    fault lies with more than one of them. `value` is the cell as it stands.
    """

    file: str
    sheet: str | None
    row: int | None
    patient: str | None
    column: str | None
    value: str | None
    message: str

    @classmethod
    def at(cls, file: str, patient: str | None, fault: RowFault) -> RowError:
        row, column, value, message = fault
        return cls(file, row.sheet, row.number, patient, column, value, message)

    def __str__(self) -> str:
        places = [self.file]
        places += [f"sheet {self.sheet}"] if self.sheet else []
        places += [f"row {self.row}"] if self.row else []
        places += [f"column {self.column}"] if self.column else []
        return f"{', '.join(places)}: {self.message}"


@dataclass(frozen=True, slots=True)
class PatientStory:
    """A patient of the table, by the id that stands there; `words` are those that were read as codes."""

    patient: str
    story: Story
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a patient who was not imported; `error` is empty where the fault lies in another row."""

    cells: Mapping[str, Cell]
    error: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """What came of a table: patients in the order of their first rows, and everything that was refused.

    `rows` counts the rows that are not empty. `columns` and `refused_rows` are for the repair file.
    """

    patients: tuple[PatientStory, ...]
    refused: tuple[RowError, ...]
    rows: int
    columns: tuple[str, ...] = ()
    refused_rows: tuple[RefusedRow, ...] = ()


def read_long_table(path: Path) -> TableReading:
    """The patients of a CSV file or a workbook. Raises nothing for bad input."""
    columns: dict[str, None] = {}
    rows: list[Row] = []
    try:
        for sheet in read_sheets(path):
            columns |= dict.fromkeys(filter(None, sheet.columns))
            rows += sheet.rows
    except BrokenFile as broken:
        line, message = broken.problem
        return TableReading((), (RowError(str(path), None, line, None, None, None, message),), 0)
    if not rows:
        told = "the table holds no row below its header"
        return TableReading((), (RowError(str(path), None, None, None, None, None, told),), 0)
    return _by_patient(str(path), rows, tuple(columns))


def _by_patient(file: str, rows: Sequence[Row], columns: tuple[str, ...]) -> TableReading:
    named = [patient_of(row) for row in rows]
    strays = possible_owners(rows, named)
    groups: dict[str | None, list[Row]] = {}
    for patient, row in zip(named, rows, strict=True):
        groups.setdefault(patient, []).append(row)
    patients: list[PatientStory] = []
    faults: dict[str | None, list[RowFault]] = {}
    for patient, own in groups.items():
        reader = PatientRows(patient, own)
        story = reader.story()
        found = reader.faults + ([_held_back(own[0], strays[patient])] if patient in strays else [])
        if found:
            faults[patient] = found
        else:
            patients.append(PatientStory(str(patient), story, tuple(reader.words)))
    refused = [RowError.at(file, patient, fault) for patient, found in faults.items() for fault in found]
    repair = _to_mend(zip(named, rows, strict=True), faults)
    return TableReading(tuple(patients), tuple(refused), len(rows), columns, repair)


def _held_back(own: Row, stray: Row) -> RowFault:
    place = f"row {stray.number}{f' of sheet {stray.sheet}' if stray.sheet else ''}"
    told = f"{place} names no patient and may belong to this one, who is held back until it names one"
    return RowFault(own, "patient", None, told)


def _to_mend(
    rows: Iterable[tuple[str | None, Row]], faults: Mapping[str | None, Sequence[RowFault]]
) -> tuple[RefusedRow, ...]:
    """The rows of the refused in the order of the file: whom a row without a name stands beside, matters."""
    told: dict[int, list[str]] = {}
    for fault in (fault for found in faults.values() for fault in found):
        words = f"{fault.column}: {fault.message}" if fault.column else fault.message
        told.setdefault(id(fault.row), []).append(words)
    return tuple(
        RefusedRow(_without_formula(row), "; ".join(told.get(id(row), ())))
        for patient, row in rows
        if patient in faults
    )


def _without_formula(row: Row) -> Mapping[str, Cell]:
    """The cells; a formula in place of a name must not come back as a name."""
    return row.cells if names_itself(row) else {**row.cells, "patient": None}
