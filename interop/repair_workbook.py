"""Workbooks of refused rows: known by a property, so that a later import replaces them and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from interop.cells import Cell, guarded

_title = "Rows that were refused"


def mark(book: Workbook) -> None:
    """Says in the properties what the workbook is; spreadsheets keep them while it is mended."""
    book.properties.title = _title


def is_repair_workbook(file: Path) -> bool:
    """Whether a workbook was written by an earlier import."""
    try:
        book = load_workbook(file, read_only=True, keep_links=False)
    except Exception:  # what is no workbook fails in many ways
        return False
    book.close()
    return bool(book.properties.title == _title)


def repair_workbook(columns: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """Rows as they were read. Texts are formatted as such: no spreadsheet makes days or numbers of them."""
    book = Workbook()
    mark(book)
    [sheet] = book.worksheets
    sheet.append(list(columns))
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            said = row.get(column)
            cell = sheet.cell(number, place, _safe(said) if isinstance(said, str) else said)
            cell.number_format = "@" if isinstance(said, str) else cell.number_format
    sheet.freeze_panes = "B2"
    return content(book)


def content(book: Workbook) -> bytes:
    """The workbook as a file."""
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _safe(text: str) -> str:
    """No spreadsheet takes it for a formula, and every character may stand in a workbook."""
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text.strip())
    return text if text.startswith("'") else guarded(text)
