"""The rows of a CSV file or a workbook as they stand there, with what no table may hold named as a problem.

CSV: UTF-8 with a header; comma, semicolon or tab, whichever the header has. Workbook (.xlsx): every sheet
that names the columns of a table in its first row; other sheets are passed over. None of them may be hidden.
A mapping may declare another `Layout`.
"""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from openpyxl import load_workbook

from interop.cells import Cell
from interop.limits import most_columns, most_sheet_cells, most_sheet_rows
from interop.located import BrokenFile
from interop.sources import decoded

T = TypeVar("T")

largest_table = 200_000_000
"""Bytes of a table; of a workbook, those of its unpacked parts."""

needed_columns = ("patient", "type")

_delimiters = (",", ";", "\t")
_line = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_document_types = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_no_document_type = "the workbook declares a document type, as no spreadsheet does: save it anew as .xlsx"
_no_table = "the first row must name the columns: patient, id, type, date and the fields of the events"


class Layout(NamedTuple):
    """How a table is laid out: the columns by which it is known, and where its header and rows stand.

    `header_row` counts from 1, without lines that begin with `comment`; `skip_rows` below it are no data.
    Without a `delimiter` it is the one that finds the needed columns.
    """

    needed: tuple[str, ...] = needed_columns
    delimiter: str | None = None
    encoding: str = "utf-8"
    quotes: bool = True
    header_row: int = 1
    skip_rows: int = 0
    comment: str | None = None
    sheet: str | None = None


long_layout = Layout()


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
        _check_readable(path)
        if path.suffix.lower() == ".xlsx":
            yield from _workbook(path, _tables)
        else:
            yield _csv(decoded(path.read_bytes()), long_layout)
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None


def _check_readable(path: Path) -> None:
    """Raises BrokenFile for what is too large, and for what is no file: reading a device never ends."""
    size = path.stat().st_size
    if not path.is_file():
        raise BrokenFile(None, "this is no file, but a folder or a device")
    if size > largest_table:
        raise BrokenFile(None, f"the file has more than {largest_table // 1_000_000} MB: split it")


def read_table(path: Path, layout: Layout) -> Sheet:
    """One table as it is laid out, whatever its columns. Raises BrokenFile, also while rows are taken."""
    try:
        _check_readable(path)
        if path.suffix.lower() == ".xlsx":
            [sheet] = _workbook(path, partial(_one_sheet, layout=layout))
            return sheet
        return _csv(table_text(path, layout), layout)
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None


def first_rows(path: Path, layout: Layout, number: int) -> list[tuple[str, ...]]:
    """The first rows of a table as they stand, from which its header is to be found. Raises BrokenFile."""
    try:
        _check_readable(path)
        if path.suffix.lower() != ".xlsx":
            records = table_records(table_text(path, layout), layout)
            return [_names(cells) for _, cells in islice(records, number)]
        return _workbook(path, partial(_first_of_sheet, layout=layout, number=number))
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None


def _first_of_sheet(workbook: Any, layout: Layout, number: int) -> list[tuple[str, ...]]:
    rows = workbook[layout.sheet].iter_rows(max_row=number, values_only=True)
    return [_names(cells) for cells in rows] or [()]


def table_text(path: Path, layout: Layout) -> str:
    """The text of a table that is no workbook. Raises BrokenFile where it is in another encoding."""
    data = path.read_bytes()
    if layout.encoding == "utf-8":
        return decoded(data)
    try:
        return data.decode(layout.encoding)
    except UnicodeDecodeError as error:
        raise BrokenFile(None, f"byte {error.start} is not {layout.encoding}: declare its encoding") from None


def table_records(text: str, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Every record of a text with its number from 1, lines of comment included. Raises BrokenFile."""
    reader = csv.reader(
        lines_of(text),
        delimiter=delimiter_of(text, layout),
        quoting=csv.QUOTE_MINIMAL if layout.quotes else csv.QUOTE_NONE,
        strict=True,
    )
    return enumerate(_records(reader), start=1)


def lines_of(text: str) -> Iterator[str]:
    """Lines with their ends. An `io.StringIO` would hold the whole text once more, four bytes a character."""
    return (line[0] for line in _line.finditer(text))


def is_comment(cells: Sequence[object], layout: Layout) -> bool:
    """Whether a record is a comment."""
    return bool(layout.comment and cells and str(cells[0]).startswith(layout.comment))


def _csv(text: str, layout: Layout) -> Sheet:
    records = ((n, cells) for n, cells in table_records(text, layout) if not is_comment(cells, layout))
    columns = _head(records, layout)
    return Sheet(None, columns, _rows(None, columns, islice(records, layout.skip_rows, None)))


def _head(records: Iterator[tuple[int, Sequence[object]]], layout: Layout) -> tuple[str, ...]:
    """The names of the columns; what comes after the header is left in `records`."""
    _, cells = next(islice(records, layout.header_row - 1, None), (1, ()))
    return _columns(cells)


def delimiter_of(text: str, layout: Layout) -> str:
    """The one that finds the needed columns; of the header only, because texts hold commas and semicolons."""
    if layout.delimiter:
        return layout.delimiter
    lines = (line for line in lines_of(text) if not is_comment([line], layout))
    header = next(islice(lines, layout.header_row - 1, None), "")
    found = {one: {name.strip().strip('"') for name in header.split(one)} for one in _delimiters}
    best = max(_delimiters, key=lambda one: len(found[one].intersection(layout.needed)))
    if layout is long_layout and not found[best].issuperset(needed_columns):
        raise BrokenFile(1, _no_table)
    return best


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


def _rows(
    name: str | None, columns: Sequence[str], records: Iterator[tuple[int, Sequence[Cell]]]
) -> Iterator[Row]:
    for number, cells in records:
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


def shown_sheets(path: Path) -> list[str]:
    """The names of the sheets of a workbook that are not hidden. Raises BrokenFile."""
    try:
        return _workbook(path, lambda book: [s.title for s in book.worksheets if s.sheet_state == "visible"])
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None


def _workbook(path: Path, read: Callable[[Any], list[T]]) -> list[T]:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
            if size <= largest_table and _declares_words(parts):
                raise BrokenFile(None, _no_document_type)
        with warnings.catch_warnings(action="ignore"):  # about styles and other things that are not read
            sheets = _opened(path, read) if size <= largest_table else None
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


def _declares_words(parts: zipfile.ZipFile) -> bool:
    """Whether some part has words of its own (entities), which could grow without end."""
    for part in parts.infolist():
        with parts.open(part) as opened:
            before = b""
            while chunk := opened.read(1_000_000):
                if any(word in before + chunk for word in _document_types):
                    return True
                before = chunk[-20:]
    return False


def _opened(path: Path, read: Callable[[Any], list[T]]) -> list[T]:
    with path.open("rb") as file:  # closed also where it turns out to be no workbook
        workbook = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()  # programs write wrong ones
            return read(workbook)
        finally:
            workbook.close()


def _tables(workbook: Any) -> list[Sheet]:
    """Every sheet whose first row names the columns of a table."""
    return [_sheet(one, long_layout) for one in workbook.worksheets if _has_columns(one, long_layout)]


def _one_sheet(workbook: Any, layout: Layout) -> list[Sheet]:
    """The sheet a layout names; else the one that has its columns, or the only one there is."""
    if layout.sheet is not None:
        found = [one for one in workbook.worksheets if one.title == layout.sheet]
    else:
        shown = [one for one in workbook.worksheets if one.sheet_state == "visible"]
        found = [one for one in shown if _has_columns(one, layout)] or shown
    if len(found) == 1:
        return [_sheet(found[0], layout)]
    names = ", ".join(repr(one.title) for one in workbook.worksheets)
    wanted = (
        f"there is no sheet {layout.sheet!r}" if layout.sheet else "say which sheet is meant: sheet = ..."
    )
    raise BrokenFile(None, f"{wanted}; sheets: {names}")


def _has_columns(sheet: Any, layout: Layout) -> bool:
    head = next(sheet.iter_rows(min_row=layout.header_row, max_row=layout.header_row), ())
    return set(_names([cell.value for cell in head])).issuperset(layout.needed)


def _sheet(sheet: Any, layout: Layout) -> Sheet:
    if sheet.sheet_state != "visible":
        told = f"the sheet {sheet.title!r} is hidden: show it or delete it, so that nobody is imported unseen"
        raise BrokenFile(None, told)
    records = _records_of(sheet)
    head = next(islice(records, layout.header_row - 1, None), (1, ()))[1]
    columns = _columns([cell.value for cell in head])
    cells = {number: record for number, record in islice(records, layout.skip_rows, None) if record}
    values = ((number, [_plain(cell.value) for cell in record]) for number, record in cells.items())
    rows = _rows(sheet.title, columns, values)
    return Sheet(
        sheet.title, columns, iter([_with_formulas(row, columns, cells[row.number]) for row in rows])
    )


def _records_of(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Every row with its number, up to its last cell that is not empty.

    The library fills each gap before a stray cell, however far away; raises BrokenFile where that has no end.
    """
    filled = 0
    for number, record in enumerate(sheet.iter_rows(), start=1):
        filled += len(record)
        if number > most_sheet_rows or filled > most_sheet_cells:
            told = f"more than {most_sheet_rows:,} rows or {most_sheet_cells:,} cells, empty ones included"
            raise BrokenFile(None, f"the sheet {sheet.title!r} has {told}: delete those around the table")
        last = next((place for place in range(len(record), 0, -1) if not _is_empty(record[place - 1])), 0)
        yield number, record[:last]


def _is_empty(cell: Any) -> bool:
    return cell.value is None and cell.data_type == "n"


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
