"""The made-up patients that show how the workbook is filled in, as rows of its sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from engine.event import CHANGES, Event
from interop.case import Case
from interop.case_file import read_cases
from interop.cells import Cell, write_cell
from interop.patient_rows import facts_type
from interop.workbook.allowed import UNKNOWN
from interop.workbook.layout import LESION, TemplateSheet
from pathways.vocabulary import Field

EXAMPLES: Final = Path(__file__).with_name("examples.yaml")


def example_rows(sheets: Sequence[TemplateSheet]) -> dict[str, list[dict[str, Cell]]]:
    """The rows by the name of their sheet, as far as they have a place on these sheets."""
    types = {name for sheet in sheets for name in sheet.family.types}
    cases = [case for case in read_cases(EXAMPLES) if isinstance(case, Case)]
    told = [(case, _told(case, types)) for case in cases]
    return {
        sheet.name: [row for case, events in told for row in _rows(case, events, sheet)] for sheet in sheets
    }


def _told(case: Case, types: Collection[str]) -> list[Event]:
    """The entries of these kinds, without changes of an entry that is not among them."""
    events = [event for event in case.story.entries if event.type in types]
    ids = {event.id for event in events}
    return [event for event in events if event.fields.get("target") in ids or event.type not in CHANGES]


def _rows(case: Case, events: Iterable[Event], sheet: TemplateSheet) -> Iterator[dict[str, Cell]]:
    fields = {column.name: column.field for column in sheet.columns}
    if facts_type in sheet.family.types:
        yield _cells(fields, {"patient": case.id, "type": facts_type, **case.facts})
    for event in events:
        if event.type in sheet.family.types:
            named = {"patient": case.id, "id": event.id, "type": event.type, "date": event.day}
            yield from (_cells(fields, {**named, **values}) for values in _values(event))


def _values(event: Event) -> Iterator[dict[str, object]]:
    """What each row of an entry tells: all of it stands in the first, further lesions below."""
    first: dict[str, object] = {"documented": event.documented} if event.documented != event.day else {}
    for name, value in event.fields.items():
        if name != "lesions":
            first |= _parts(name, value) if isinstance(value, Mapping) else {name: value}
    lesions = [_parts(LESION, one) for one in _lesions(event)] or [{}]
    yield first | lesions[0]
    yield from lesions[1:]


def _lesions(event: Event) -> Sequence[Mapping[str, object]]:
    listed = event.fields.get("lesions", ())
    assert isinstance(listed, tuple)
    return listed


def _parts(group: str, values: Mapping[str, object]) -> dict[str, object]:
    return {f"{group}.{name}": value for name, value in values.items()}


def _cells(fields: Mapping[str, Field], values: Mapping[str, object]) -> dict[str, Cell]:
    return {name: _cell(fields[name], value) for name, value in values.items()}


def _cell(field: Field, value: object) -> Cell:
    """The value as somebody types it: days and numbers as such, everything else as text."""
    if isinstance(value, (date, int, float)) and not isinstance(value, bool):
        return value
    return UNKNOWN if value is None and field.type != "any" else write_cell(field, value)
