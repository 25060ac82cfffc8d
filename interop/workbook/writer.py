"""The workbook as a file: heads with notes, lists that drop down, rules for days and numbers, explanations.

Every list stands on a hidden sheet, because a list within a rule may have 255 characters only. The same
workbook has the same bytes, whenever it is written.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.worksheet import Worksheet

from interop.cells import Cell
from interop.workbook.allowed import choices, is_closed, rule
from interop.workbook.guide import GuideSheet, guide
from interop.workbook.layout import LESION, Column, TemplateSheet
from interop.workbook.words import heading, kind

TableRow = Mapping[str, Cell]
"""The cells of a row by their columns."""

_last_row: Final = 1_048_576
_lists: Final = "lists"
_text, _day = "@", "yyyy-mm-dd"
_folded: Final = ("snapshot",)
"""Groups of columns that few need: the + above them unfolds them."""

_needed, _other, _of_lesion = (
    PatternFill("solid", fgColor=shade) for shade in ("1F4E79", "DDEBF7", "E2EFDA")
)
_moment: Final = (1980, 1, 1, 0, 0, 0)
"""The day of everything in the file: the first that a ZIP archive can state."""


def workbook(
    sheets: Sequence[TemplateSheet], rows: Mapping[str, Sequence[TableRow]], shown: bool = True
) -> bytes:
    """An .xlsx file with these sheets.

    `rows` are examples by the name of their sheet: with `shown` they stand on a sheet that is not imported,
    else in the sheets themselves.
    """
    book = Workbook()
    book.properties.creator = "carepath"
    book.remove(book.worksheets[0])
    first, *others = guide(sheets)
    _add_text(book, first)
    lists = book.create_sheet(_lists)
    columns: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        _heads(made, sheet)
        for number, column in enumerate(sheet.columns, start=1):
            _prepare(made, number, column, _list_for(lists, columns, choices(column.field)))
        _fill(made, sheet, () if shown else rows.get(sheet.name, ()))
    if shown:
        _add_examples(book, sheets, rows)
    for one in others:
        _add_text(book, one)
    book.move_sheet(lists, len(book.worksheets))
    lists.sheet_state = "hidden"
    return same_bytes(book)


def _heads(made: Worksheet, sheet: TemplateSheet) -> None:
    made.freeze_panes = "E2" if len(sheet.columns) > 4 and sheet.family.letter else "C2"
    made.row_dimensions[1].height = 22
    made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{_last_row}"
    made.sheet_properties.outlinePr = Outline(summaryRight=False)
    for number, column in enumerate(sheet.columns, start=1):
        cell = made.cell(1, number, column.name)
        _paint(cell, column)
        note = heading(sheet, column)
        cell.comment = Comment(
            note,
            "carepath",
            height=30 + 17 * sum(1 + len(line) // 45 for line in note.split("\n")),
            width=330,
        )


def _paint(cell: Any, column: Column) -> None:
    must = bool(column.needed)
    cell.fill = _of_lesion if column.group == LESION else _needed if must else _other
    cell.font = Font(bold=True, color="FFFFFF" if must and column.group != LESION else "1F2933")
    cell.alignment = Alignment(vertical="center")


def _prepare(made: Worksheet, number: int, column: Column, listed: str | None) -> None:
    """Format, width and rule of a whole column, so that every row below the head has them."""
    letter = get_column_letter(number)
    shape = made.column_dimensions[letter]
    shape.width = _width(column)
    shape.number_format = _format(column)
    if column.group in _folded:
        shape.outlineLevel, shape.hidden = 1, True
    if check := _check(column, letter, listed):
        check.add(f"{letter}2:{letter}{_last_row}")
        made.add_data_validation(check)


def _width(column: Column) -> float:
    longest = max((len(one) for one in choices(column.field)), default=0)
    wide = 30 if column.field.type == "text" else 0
    return max(12, len(column.name) + 4, min(longest + 3, 36), wide)


def _format(column: Column) -> str:
    """Text stays as typed: `007`, `4w` and `true` are no numbers, days or truth values of the spreadsheet."""
    if column.field.type == "date":
        return _day
    return "General" if column.field.type in ("integer", "decimal") else _text


def _check(column: Column, letter: str, listed: str | None) -> DataValidation | None:
    field = column.field
    if listed:
        check = DataValidation("list", formula1=listed, allow_blank=True, showErrorMessage=is_closed(field))
    elif formula := rule(field, f"{letter}2"):
        check = DataValidation("custom", formula1=formula, allow_blank=True, showErrorMessage=True)
    else:
        return None
    check.errorTitle = column.name[:32]
    check.error = f"This cell takes {kind(field)}." if not listed else "Choose one of the list."
    return check


def _list_for(lists: Worksheet, columns: dict[tuple[str, ...], str], values: tuple[str, ...]) -> str | None:
    """Where the values of a list stand; the same list stands there once."""
    if not values:
        return None
    if values not in columns:
        number = len(columns) + 1
        for row, value in enumerate(values, start=1):
            lists.cell(row, number, value).number_format = _text
        letter = get_column_letter(number)
        columns[values] = f"{_lists}!${letter}$1:${letter}${len(values)}"
    return columns[values]


def _fill(made: Worksheet, sheet: TemplateSheet, rows: Iterable[TableRow], first: int = 2) -> int:
    """Write rows from this one on; the number of the row after them."""
    for row in rows:
        for number, column in enumerate(sheet.columns, start=1):
            value = row.get(column.name)
            if value is not None:
                made.cell(first, number, value).number_format = (
                    _day if isinstance(value, date) else _format(column)
                )
        first += 1
    return first


def _add_examples(
    book: Workbook, sheets: Sequence[TemplateSheet], rows: Mapping[str, Sequence[TableRow]]
) -> None:
    """All examples below one another, each block with the name of its sheet and its heads."""
    made = book.create_sheet("example")
    made.cell(1, 1, "EXAMPLE: made-up patients, to look at. Nothing on this sheet is imported.").font = Font(
        bold=True, size=14
    )
    at = 3
    for sheet in sheets:
        told = rows.get(sheet.name, ())
        used = tuple(one for one in sheet.columns if any(one.name in row for row in told))
        if not used:
            continue
        made.cell(at, 1, f"Sheet '{sheet.name}'").font = Font(bold=True)
        for number, column in enumerate(used, start=1):
            _paint(made.cell(at + 1, number, column.name), column)
        at = _fill(made, TemplateSheet(sheet.family, used), told, at + 2) + 1
    for number in range(1, made.max_column + 1):
        made.column_dimensions[get_column_letter(number)].width = 24
    _tab(made)


def _add_text(book: Workbook, text: GuideSheet) -> None:
    made = book.create_sheet(text.name)
    for row in (text.heads, *text.rows):
        made.append(row)
    for number, width in enumerate(text.widths, start=1):
        made.column_dimensions[get_column_letter(number)].width = width
        made.cell(1, number).font = Font(bold=True)
        for row_number in range(2, made.max_row + 1):
            cell = made.cell(row_number, number)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    made.freeze_panes = "A2"
    if text.name != "read me":
        made.auto_filter.ref = f"A1:{get_column_letter(len(text.heads))}{made.max_row}"
    _tab(made)


def _tab(made: Worksheet) -> None:
    made.sheet_properties.tabColor = "A6A6A6"


def same_bytes(book: Workbook) -> bytes:
    """The file without the moment at which it was written."""
    written, kept = BytesIO(), BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, _moment)
            part.compress_type = zipfile.ZIP_DEFLATED
            content = parts.read(name)
            target.writestr(part, _without_moment(content) if name == "docProps/core.xml" else content)
    return kept.getvalue()


def _without_moment(properties: bytes) -> bytes:
    return re.sub(rb">[0-9-]{10}T[0-9:]{8}Z<", b">1980-01-01T00:00:00Z<", properties)
