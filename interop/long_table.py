"""A long table: one row for each event, or for each lesion of an imaging, of many patients.

Columns: `patient`, `id`, `type`, `date`, `recorded`, `documented`, `note`, and any field of the vocabulary by
name, with dots for parts (`findings.ascites`). Lesions stand in a column `lesions` as JSON, or one a row:
rows with the same patient and id and with columns `lesion.id`, `lesion.organ`, ... are one event. Facts known
from the beginning are a row of type `patient_facts`, or columns `fact.<name>`. What a cell means:
`interop.cells`.
A patient with anything wrong is not imported at all; the others are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.event import Story
from interop.cells import Cell
from interop.located import BrokenFile
from interop.patient_rows import PatientRows, RowFault, patient_of
from interop.sheets import Row, read_sheets
from interop.table_writer import write_long_table, write_repair_rows

__all__ = [
    "PatientStory",
    "RefusedRow",
    "RowError",
    "TableReading",
    "read_long_table",
    "write_long_table",
    "write_repair_file",
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
    """A patient of the table, by the id that stands there."""

    patient: str
    story: Story


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
    return _by_patient(str(path), rows, tuple(columns))


def _by_patient(file: str, rows: Sequence[Row], columns: tuple[str, ...]) -> TableReading:
    patients: list[PatientStory] = []
    refused: list[RowError] = []
    repair: list[RefusedRow] = []
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(patient_of(row), []).append(row)
    for patient, own in groups.items():
        reader = PatientRows(patient, own)
        story = reader.story()
        if reader.faults:
            refused += [RowError.at(file, patient, fault) for fault in reader.faults]
            repair += [RefusedRow(row.cells, _told(row, reader.faults)) for row in own]
        else:
            patients.append(PatientStory(str(patient), story))
    return TableReading(tuple(patients), tuple(refused), len(rows), columns, tuple(repair))


def _told(row: Row, faults: Sequence[RowFault]) -> str:
    """What is wrong in one row, for its `error` column."""
    own = [fault for fault in faults if fault.row is row]
    return "; ".join(f"{fault.column}: {fault.message}" if fault.column else fault.message for fault in own)


def write_repair_file(path: Path, reading: TableReading) -> None:
    """Every row of the patients who were not imported, as CSV, with an `error` column.

    Mended, the file can be imported as it is: the `error` column is not read.
    """
    write_repair_rows(path, reading.columns, [(row.cells, row.error) for row in reading.refused_rows])
