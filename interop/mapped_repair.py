"""Refused rows written as they stood in their tables, with a last column that says why."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from openpyxl import Workbook, load_workbook

from interop.mapped_tables import OpenTable, OpenTables, Place, why_column
from interop.repair_workbook import mark
from interop.sheets import Layout, delimiter_of, is_comment, table_records, table_text

T = TypeVar("T")

READ_ME = "READ-ME.md"
"""The file in a folder of refused rows that says what it is, and that it may be replaced."""

TITLE = "# Rows that were refused"
"""How that file begins."""


def write_refused(target: Path, opened: OpenTables, reasons: Mapping[Place, str]) -> None:
    """Write the rows that `reasons` name: into a folder for a folder, else into one file of the same kind."""
    if not opened.place.is_dir():
        _write(target, opened.tables, reasons)
        return
    target.mkdir(mode=0o700, exist_ok=True)
    _private(target / READ_ME).write_text(_explained(opened), encoding="utf-8")
    for path in dict.fromkeys(table.path for table in opened.tables):
        _write(target / path.name, [one for one in opened.tables if one.path == path], reasons)


def _explained(opened: OpenTables) -> str:
    return (
        f"{TITLE}\n\n"
        f"From {opened.place.name}, by the mapping '{opened.mapping.name}'. The column '{why_column}' says"
        " what is wrong. Mend the rows and import this folder with the same mapping.\n"
        "It is replaced by the next import that names it, and removed once nothing is refused.\n"
    )


def _private(path: Path) -> Path:
    """A file that only its owner may read: it will hold what was said about patients."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    path.chmod(0o600)
    return path


def _write(target: Path, tables: Sequence[OpenTable], reasons: Mapping[Place, str]) -> None:
    _private(target)
    if tables[0].path.suffix.lower() == ".xlsx":
        _write_workbook(target, tables, reasons)
        return
    table, told = tables[0], _by_row(tables, reasons)
    text = table_text(table.path, table.layout)
    encoding = "utf-8-sig" if table.layout.encoding == "utf-8" else table.layout.encoding
    with target.open("w", encoding=encoding, newline="", errors="replace") as file:
        file.writelines(_lines(text, table.layout, told))


def _by_row(tables: Sequence[OpenTable], reasons: Mapping[Place, str]) -> dict[int, str]:
    """Why each row was refused that these tables, all read from the same rows, name."""
    names = {table.rule.name for table in tables}
    found: dict[int, list[str]] = {}
    for (name, number), why in reasons.items():
        if name in names:
            found.setdefault(number, []).append(why)
    return {number: "; ".join(filter(None, dict.fromkeys(told))) for number, told in found.items()}


def _lines(text: str, layout: Layout, told: Mapping[int, str]) -> Iterator[str]:
    """The header and all that stands around it, then the refused rows."""
    delimiter, place, head = delimiter_of(text, layout), 0, list[str]()
    for number, cells in table_records(text, layout):
        place += not is_comment(cells, layout)
        if is_comment(cells, layout) or place < layout.header_row:
            yield _line(cells, delimiter, layout)
        elif place == layout.header_row:
            head = cells
            kept = [name for name in head if name.strip() != why_column]
            yield _line([*kept, why_column], delimiter, layout)
        elif place <= layout.header_row + layout.skip_rows:
            yield _line(cells, delimiter, layout)
        elif number in told:
            yield _line([*(cell or "" for cell in _kept(cells, head)), told[number]], delimiter, layout)


def _kept(cells: Sequence[T], head: Sequence[str]) -> list[T | None]:
    """A row as long as the header, without the reasons of an earlier import."""
    whole = zip_longest(head, cells[: len(head)])
    return [cell for name, cell in whole if name.strip() != why_column]


def _line(cells: Sequence[str], delimiter: str, layout: Layout) -> str:
    if not layout.quotes:
        return delimiter.join(" ".join(cell.split(delimiter)) for cell in cells) + "\n"
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _write_workbook(target: Path, tables: Sequence[OpenTable], reasons: Mapping[Place, str]) -> None:
    source = load_workbook(tables[0].path, read_only=True, keep_links=False)
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in dict.fromkeys(table.sheet for table in tables):
        same = [table for table in tables if table.sheet == name]
        table, told = same[0], _by_row(same, reasons)
        sheet = source[name] if name else source.worksheets[0]
        sheet.reset_dimensions()  # programs write wrong ones
        made = book.create_sheet(sheet.title)
        head = table.layout.header_row
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            kept = _kept(cells, table.columns)
            if number <= head + table.layout.skip_rows:
                made.append([*kept, *([why_column] if number == head else [])])
            elif number in told:
                made.append([*kept, told[number]])
    source.close()
    mark(book)
    book.save(target)
