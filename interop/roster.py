"""A roster: who the patients of a site are, a row each, as CSV or workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from engine.fault import Fault
from interop.cells import Cell, not_stated, read_cell
from interop.limits import text_excess
from interop.located import BrokenFile, forbidden_character
from interop.sheets import Layout, Row, read_table
from pathways.vocabulary import ValueFault, closest, load_vocabulary
from store.roster import Identity
from store.vault import plain_number

REFERENCE: Final = "reference"
NAME: Final = "name"
BORN: Final = "birth_date"
NUMBER: Final = "number."
"""Before the name of who gave a number, as the head of its column."""

_KNOWN: Final = (REFERENCE, NAME, BORN)
_longest = 200


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows that can be read, and everything wrong with the others."""

    rows: tuple[Identity, ...]
    faults: tuple[Fault, ...]


def read_roster(path: Path) -> Roster:
    """Raises BrokenFile for what is no roster at all."""
    sheet = read_table(path, Layout(needed=(REFERENCE,)))
    _check_columns(sheet.columns)
    faults: list[Fault] = []
    found: dict[str, Identity] = {}
    for row in sheet.rows:
        one = _read(row, faults)
        if one and (first := found.setdefault(one.reference, one)) is not one:
            faults.append(fault(row.number, REFERENCE, f"stands in row {first.row} already"))
    if not found and not faults:
        raise BrokenFile(None, "there is no row below the names of the columns")
    return Roster(tuple(found.values()), tuple(faults))


def fault(row: int, column: str | None, told: str) -> Fault:
    """Something wrong with a row; it does not repeat what stands there."""
    return Fault(f"row {row}", column, f"{column}: {told}" if column else told)


def _check_columns(columns: tuple[str, ...]) -> None:
    if REFERENCE not in columns:
        raise BrokenFile(1, f"no column {REFERENCE!r}: the reference by which carepath knows the patient")
    for name in columns:
        if name and name not in _KNOWN and not _is_number(name):
            told = f"the column {name!r} is none of a roster{closest(name, _KNOWN)}"
            raise BrokenFile(
                1, f"{told}; it has {', '.join(_KNOWN)} and {NUMBER}SYSTEM for each kind of number"
            )


def _is_number(column: str) -> bool:
    return column.startswith(NUMBER) and bool(column.removeprefix(NUMBER).strip())


def _read(row: Row, faults: list[Fault]) -> Identity | None:
    wrong = [fault(row.number, one.column, one.message) for one in row.problems]
    texts: dict[str, str] = {}
    for column, cell in row.cells.items():
        try:
            read = _number if column.startswith(NUMBER) else _text
            if column != BORN and (text := read(cell)):
                texts[column] = text
        except ValueFault as told:
            wrong.append(fault(row.number, column, str(told)))
    born = _born(row, wrong)
    if REFERENCE not in texts and not wrong:
        wrong.append(fault(row.number, REFERENCE, "is empty: which patient is this?"))
    faults += wrong
    if wrong:
        return None
    numbers = {name.removeprefix(NUMBER): text for name, text in texts.items() if name.startswith(NUMBER)}
    return Identity(row.number, texts[REFERENCE], texts.get(NAME), numbers, born)


def _text(cell: Cell) -> str:
    """What stands in a cell; a workbook may hold a number where digits were typed. Raises ValueFault."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if cell is not None and (isinstance(cell, bool) or not isinstance(cell, (str, int))):
        raise ValueFault("this is no text: format the cell as text")
    text = "" if cell is None else str(cell)
    if told := forbidden_character(text) or text_excess(None, text, _longest):
        raise ValueFault(told)
    if len(text.strip().splitlines()) > 1:
        raise ValueFault("must stand in one line")
    return text.strip()


def _number(cell: Cell) -> str:
    """A number by which somebody can be found again. Raises ValueFault."""
    if (text := _text(cell)) and not plain_number(text):
        raise ValueFault("holds no digit and no letter")
    return text


def _born(row: Row, wrong: list[Fault]) -> date | None:
    field = load_vocabulary().facts[BORN]
    try:
        raw = read_cell(field, row.cells.get(BORN))
        value = None if raw is not_stated else field.parse(raw)
    except ValueFault:
        wrong.append(fault(row.number, BORN, "must be a day as YYYY-MM-DD, or a cell formatted as a date"))
        return None
    return value if isinstance(value, date) else None
