"""Long tables as CSV: cases written so that reading gives the same stories back, and rows to be mended.

A text that a spreadsheet would take for a formula gets an apostrophe in front, which reading drops.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from engine.event import Event
from interop.case import Case
from interop.case_writer import event_content
from interop.cells import Cell, guarded, write_cell
from interop.patient_rows import error_column, facts_type, patient_field
from pathways.vocabulary import Field, load_vocabulary

_first_columns = ("patient", "id", "type", "date", "recorded", "documented")
_times = ("date", "recorded", "documented")


def write_long_table(cases: Iterable[Case], path: Path) -> None:
    """Facts and events of the cases, one row each; titles and checkpoints have no place in a table.

    As CSV, or as a workbook where the path ends in `.xlsx`; the same cases give the same bytes.
    """
    rows = [row for case in cases for row in _rows(case)]
    columns = (*_first_columns, *(column for row in rows for column in row))
    if path.suffix == ".xlsx":
        _write_sheet(path, list(dict.fromkeys(columns)), rows)
    else:
        path.write_text(_csv(columns, rows), encoding="utf-8", newline="")


def _write_sheet(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    from openpyxl import Workbook

    from interop.workbook.writer import same_bytes

    book = Workbook(write_only=True)
    sheet = book.create_sheet("events")
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    path.write_bytes(same_bytes(book))


def _rows(case: Case) -> Iterator[dict[str, str]]:
    patient = write_cell(patient_field, case.id)
    facts = load_vocabulary().facts
    if case.facts or not case.story.entries:
        cells = {name: write_cell(facts[name], value) for name, value in case.facts.items()}
        yield {"patient": patient, "type": facts_type, **cells}
    for event in case.story.entries:
        yield {"patient": patient, **_event(event)}


def _event(event: Event) -> dict[str, str]:
    vocabulary = load_vocabulary()
    content = event_content(event)
    row = {"id": write_cell(vocabulary.common["id"], event.id), "type": event.type}
    row |= {name: str(content[name]) for name in _times if name in content}
    fields = {**vocabulary.common, **vocabulary.events[event.type].fields}
    for name, value in event.fields.items():
        row |= dict(_cells(fields[name], value))
    return row


def _cells(field: Field, value: object) -> Iterator[tuple[str, str]]:
    """A mapping of known parts gets a column for each of them."""
    if field.type == "mapping" and field.of is not None and isinstance(value, Mapping) and value:
        for part, entry in value.items():
            yield f"{field.name}.{part}", write_cell(field.of[part], entry)
    else:
        yield field.name, write_cell(field, value)


def repair_rows(ending: str, columns: Sequence[str], rows: Iterable[tuple[Mapping[str, Cell], str]]) -> bytes:
    """Rows as they were read, each with what is wrong in it in the column `error`, the first one.

    A workbook where the ending is `.xlsx`, else CSV with the mark by which spreadsheets know UTF-8. Mended it
    can be imported as it is: the column `error` is not read.
    """
    kept = [column for column in columns if column != error_column]
    if ending.lower() == ".xlsx":
        from interop.repair_workbook import repair_workbook

        told_rows = [{**cells, error_column: told} for cells, told in rows]
        return repair_workbook((error_column, *kept), told_rows)
    written = [
        {error_column: told, **{name: _as_it_was(cells.get(name)) for name in kept}} for cells, told in rows
    ]
    return _csv((error_column, *kept), written).encode("utf-8-sig")


def _as_it_was(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text if text.startswith("'") else guarded(text)


def _csv(columns: Iterable[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(columns)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
