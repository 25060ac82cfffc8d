"""Refused rows written as they stood in their tables, with a last column that says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TypeVar

from openpyxl import Workbook, load_workbook

from interop.mapped_tables import OpenTable, OpenTables, Place, why_column
from interop.repair_workbook import content, mark
from interop.sheets import Layout, delimiter_of, is_comment, table_records, table_text

T = TypeVar("T")

READ_ME = "READ-ME.md"
"""The file in a folder of refused rows that says what it is, and that it may be replaced."""

TITLE = "# Rows that were refused"
"""How that file begins."""


def refused_rows(opened: OpenTables, reasons: Mapping[Place, str]) -> dict[str, bytes]:
    """The rows that `reasons` name: by the name of each table its file, of the same kind; for a folder with
    one that says what they are.
    """
    told = {READ_ME: _explained(opened).encode()} if opened.place.is_dir() else {}
    for path in dict.fromkeys(table.path for table in opened.tables):
        told[path.name] = _file([one for one in opened.tables if one.path == path], reasons)
    return told


def _explained(opened: OpenTables) -> str:
    return (
        f"{TITLE}\n\n"
        f"From {opened.place.name}, by the mapping '{opened.mapping.name}'. The column '{why_column}' says"
        " what is wrong. Mend the rows and import this folder with the same mapping.\n"
        "It is replaced by the next import that names it, and removed once nothing is refused.\n"
    )


def _file(tables: Sequence[OpenTable], reasons: Mapping[Place, str]) -> bytes:
    """The refused rows of tables that were read from the same file."""
    if tables[0].path.suffix.lower() == ".xlsx":
        return _workbook(tables, reasons)
    table, told = tables[0], _by_row(tables, reasons)
    text = table_text(table.path, table.layout)
    encoding = "utf-8-sig" if table.layout.encoding == "utf-8" else table.layout.encoding
    return "".join(_lines(text, table.layout, told)).encode(encoding, errors="replace")


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


def _workbook(tables: Sequence[OpenTable], reasons: Mapping[Place, str]) -> bytes:
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
    return content(book)
