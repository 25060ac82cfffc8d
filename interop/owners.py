"""Whose patient somebody is, a row each, from a CSV file or a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from interop.cells import Cell
from interop.limits import text_excess
from interop.located import BrokenFile, forbidden_character
from interop.sheets import Layout, Row, read_table

REFERENCE: Final = "reference"
OWNER: Final = "owner"

_longest = 200


def read_owners(path: Path, *, owner: str = "") -> dict[str, str]:
    """By reference of a patient the owner: of the column `owner`, or this one for all rows of the file.

    Other columns are passed over. Raises BrokenFile with the row for what cannot be read.
    """
    sheet = read_table(path, Layout(needed=(REFERENCE,)))
    needed = (REFERENCE,) if owner else (REFERENCE, OWNER)
    for name in needed:
        if name not in sheet.columns:
            raise BrokenFile(1, f"no column {name!r}: it has {', '.join(filter(None, sheet.columns))}")
    found: dict[str, str] = {}
    for row in sheet.rows:
        said = {name: _text(row, name) for name in needed}
        reference, whose = said[REFERENCE], owner or said[OWNER]
        if found.setdefault(reference, whose) != whose:
            raise _broken(row, f"{REFERENCE}: another row gives the same patient to somebody else")
    if not found:
        raise BrokenFile(None, "there is no row below the names of the columns")
    return found


def _text(row: Row, column: str) -> str:
    for problem in row.problems:
        if problem.column in (None, column):
            raise _broken(row, f"{problem.column or 'the row'}: {problem.message}")
    cell: Cell = row.cells.get(column)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a workbook may hold a number where digits were typed
    text = "" if cell is None or isinstance(cell, bool) else str(cell).strip()
    if told := forbidden_character(text) or text_excess(None, text, _longest):
        raise _broken(row, f"{column}: {told}")
    if not text:
        raise _broken(row, f"{column} is empty")
    return text


def _broken(row: Row, told: str) -> BrokenFile:
    return BrokenFile(row.number, f"row {row.number}: {told}")
