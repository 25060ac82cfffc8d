"""The rows of a CSV file or a workbook as they stand there, with what no table may hold named as a problem.

CSV: UTF-8 with a header; comma, semicolon or tab, whichever the header has. Workbook (.xlsx): every sheet
that names the columns of a table in its first row; other sheets are passed over. None of them may be hidden.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

from interop.cells import Cell
from interop.limits import most_columns
from interop.located import BrokenFile
from interop.sources import decoded

largest_table = 200_000_000
"""Bytes of a table; of a workbook, those of its unpacked parts."""

needed_columns = ("patient", "type")

_delimiters = (",", ";", "\t")
_no_table = "the first row must name the columns: patient, id, type, date and the fields of the events"


class CellProblem(NamedTuple):
    """What is wrong with a cell, or with the row as a whole (then `column` is None)."""

    column: str | None
    value: str
    message: str


class Row(NamedTuple):
    """One row that is not empty. `number` is counted as spreadsheets do: the header is row 1."""

    sheet: str | None
    number: int
    cells: dict[str, Cell]
    problems: tuple[CellProblem, ...] = ()


class Sheet(NamedTuple):
    """A table with its header; `name` is None for a CSV file."""

    name: str | None
    columns: tuple[str, ...]
    rows: Iterator[Row]


def read_sheets(path: Path) -> Iterator[Sheet]:
    """The tables of a file, one after the other. Raises BrokenFile, also while rows are taken."""
    try:
        if path.stat().st_size > largest_table:
            raise BrokenFile(None, f"the file has more than {largest_table // 1_000_000} MB: split it")
        if path.suffix.lower() == ".xlsx":
            yield from _workbook(path)
        else:
            yield _csv(decoded(path.read_bytes()))
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None


def _csv(text: str) -> Sheet:
    header = text.splitlines()[0] if text else ""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(header), strict=True)
    records = _records(reader)
    columns = _columns(next(records))
    return Sheet(None, columns, _rows(None, columns, records))


def _delimiter(header: str) -> str:
    """The one that finds the needed columns; of the header only, because texts hold commas and semicolons."""
    for delimiter in _delimiters:
        names = {name.strip().strip('"') for name in header.split(delimiter)}
        if names.issuperset(needed_columns):
            return delimiter
    raise BrokenFile(1, _no_table)


def _records(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BrokenFile(number, f"row {number} cannot be read as CSV: {error}") from None
        if cells is None:
            return
        yield cells


def _columns(cells: Sequence[object]) -> tuple[str, ...]:
    columns = _names(cells)
    if (number := sum(map(bool, columns))) > most_columns:
        raise BrokenFile(1, f"the table has {number:,} columns; at most {most_columns:,} are read")
    repeated = [name for name, number in Counter(columns).items() if name and number > 1]
    if repeated:
        raise BrokenFile(1, f"the column {repeated[0]!r} stands twice")
    return columns


def _names(cells: Sequence[object]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell).strip() for cell in cells)


def _rows(name: str | None, columns: Sequence[str], records: Iterator[Sequence[Cell]]) -> Iterator[Row]:
    for number, cells in enumerate(records, start=2):
        if any(cell is not None and str(cell).strip() for cell in cells):
            named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
            yield Row(name, number, named, tuple(_stray(columns, cells)))


def _stray(columns: Sequence[str], cells: Sequence[Cell]) -> Iterator[CellProblem]:
    """Cells that no column claims: they tell of a delimiter within a text, or of a forgotten header."""
    for place, cell in enumerate(cells):
        if cell is not None and str(cell).strip() and not (place < len(columns) and columns[place]):
            told = (
                "no column name stands over this cell; a text that holds the delimiter must stand in quotes"
            )
            yield CellProblem(None, str(cell), told)


def _workbook(path: Path) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
        with warnings.catch_warnings(action="ignore"):  # about styles and other things that are not read
            sheets = _tables(path) if size <= largest_table else None
    except (BrokenFile, OSError):
        raise
    except Exception as error:  # what is no workbook fails in many ways
        told = f"this is no workbook that can be read ({type(error).__name__}): save it as .xlsx or as CSV"
        raise BrokenFile(None, told) from None
    if sheets is None:
        raise BrokenFile(None, f"unpacked, the workbook has more than {largest_table // 1_000_000} MB")
    if not sheets:
        raise BrokenFile(1, _no_table)
    return sheets


def _tables(path: Path) -> list[Sheet]:
    workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        return [table for sheet in workbook.worksheets if (table := _table(sheet))]
    finally:
        workbook.close()


def _table(sheet: Any) -> Sheet | None:
    """The sheet as a table; None where its first row names no columns of one."""
    sheet.reset_dimensions()  # programs write wrong ones
    records = sheet.iter_rows()
    head = [cell.value for cell in next(records, ())]
    if not set(_names(head)).issuperset(needed_columns):
        return None
    if sheet.sheet_state != "visible":
        told = f"the sheet {sheet.title!r} is hidden: show it or delete it, so that nobody is imported unseen"
        raise BrokenFile(None, told)
    columns = _columns(head)
    cells = list(records)
    rows = _rows(sheet.title, columns, ([_plain(cell.value) for cell in record] for record in cells))
    return Sheet(
        sheet.title, columns, iter([_with_formulas(row, columns, cells[row.number - 2]) for row in rows])
    )


def _with_formulas(row: Row, columns: Sequence[str], cells: Sequence[Any]) -> Row:
    found = [
        problem for name, cell in zip(columns, cells, strict=False) if (problem := _unreadable(name, cell))
    ]
    return row._replace(problems=(*row.problems, *found)) if found else row


def _unreadable(column: str, cell: Any) -> CellProblem | None:
    """What a workbook cell may not hold: a value that is not there, but would have to be calculated."""
    if cell.data_type == "f" or (isinstance(cell.value, str) and cell.value.startswith("=")):
        shown = cell.value if isinstance(cell.value, str) else "a formula"
        return CellProblem(column, shown, "the cell holds a formula: copy the cell and paste its value")
    if cell.data_type == "e":
        return CellProblem(
            column, str(cell.value), "the cell holds an error: write the value, or leave it empty"
        )
    return None


def _plain(value: object) -> Cell:
    """Durations and the like stand as text."""
    return value if value is None or isinstance(value, (str, bool, int, float, date)) else str(value)
