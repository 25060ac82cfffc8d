"""The workbook to be filled in: everything has its place, and what is filled in is imported as it stands."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine.event import Event, Story
from interop.case import Case
from interop.case_file import read_cases
from interop.cells import read_cell
from interop.long_table import TableReading, read_long_table
from interop.patient_rows import facts_type
from interop.workbook.allowed import choices, is_closed, rule
from interop.workbook.examples import EXAMPLES, example_rows
from interop.workbook.guide import guide
from interop.workbook.layout import FAMILIES, TemplateSheet, sheets
from interop.workbook.words import heading, if_empty, meaning, texts
from interop.workbook.writer import workbook
from pathways.vocabulary import Field, load_vocabulary

KNOWN = load_vocabulary()
ALL = sheets()


@cache
def made() -> bytes:
    """The workbook with all event types and its examples."""
    return workbook(ALL, example_rows(ALL))


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(BytesIO(made()))


def sheet_of(type: str) -> TemplateSheet:
    return next(one for one in ALL if type in one.family.types)


def filled(tmp_path: Path, **rows: list[dict[str, Any]]) -> TableReading:
    """The template with rows typed in, each under its heads; `_` in a name of a sheet is a blank."""
    book = load_workbook(BytesIO(made()))
    for name, typed in rows.items():
        sheet = book[name.replace("_", " ")]
        heads = [cell.value for cell in sheet[1]]
        for number, row in enumerate(typed, start=2):
            for head, value in row.items():
                sheet.cell(number, heads.index(head) + 1, value)
    path = tmp_path / "filled.xlsx"
    book.save(path)
    return read_long_table(path)


def test_every_event_type_has_its_sheet() -> None:
    placed = [name for family in FAMILIES for name in family.types]
    assert sorted(placed) == sorted((facts_type, *KNOWN.events))
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    assert all(len(family.name) <= 31 for family in FAMILIES)


def columns_of(type: str) -> Iterator[str]:
    """The columns in which a long table may tell all of an event."""
    for name, field in KNOWN.events[type].fields.items():
        if field.of is None:
            yield name
        else:
            yield from (f"{'lesion' if name == 'lesions' else name}.{part}" for part in field.of)


@pytest.mark.parametrize("type", KNOWN.events)
def test_every_field_has_its_column(type: str) -> None:
    placed = {column.name for column in sheet_of(type).columns if type in column.types}
    common = set(KNOWN.common) - {"recorded"} | {"patient"}
    assert placed == common | set(columns_of(type))


def test_every_fact_has_its_column() -> None:
    assert [column.name for column in sheet_of(facts_type).columns] == ["patient", "type", *KNOWN.facts]


def test_no_column_stands_for_two_different_fields() -> None:
    for type, event in KNOWN.events.items():
        by_name = {column.name: column.field for column in sheet_of(type).columns}
        for name, field in event.fields.items():
            if field.of is None:
                assert (by_name[name].type, by_name[name].codes) == (field.type, field.codes), (type, name)


def test_texts_are_of_something_that_is_there() -> None:
    names = {f"{one.name}/{column.name}" for one in ALL for column in one.columns}
    names |= {column.name for one in ALL for column in one.columns}
    assert set(texts()["when"]) == {facts_type, *KNOWN.events}
    assert set(texts()["meanings"]) - names == set()
    assert set(texts()["left_empty"]) - names == set()


@pytest.mark.parametrize("sheet", ALL, ids=lambda sheet: sheet.name)
def test_a_sheet_as_somebody_opens_it(book: Workbook, sheet: TemplateSheet) -> None:
    made = book[sheet.name]
    assert [cell.value for cell in made[1]] == [column.name for column in sheet.columns]
    assert made.freeze_panes == ("C2" if sheet.name == "patients" else "E2")
    assert made.sheet_state == "visible"
    for number, column in enumerate(sheet.columns, start=1):
        cell, shape = made.cell(1, number), made.column_dimensions[get_column_letter(number)]
        assert cell.comment is not None
        assert cell.comment.text == heading(sheet, column)
        assert len(column.name) < shape.width < 60
        assert shape.number_format == {"date": "yyyy-mm-dd", "integer": "General", "decimal": "General"}.get(
            column.field.type, "@"
        )
        assert shape.hidden == (column.group == "snapshot")


def checks(made: Worksheet) -> dict[str, Any]:
    """The rule of each column by its head."""
    found: dict[str, Any] = {}
    for check in made.data_validations.dataValidation:
        (place,) = check.sqref.ranges
        assert (place.min_row, place.max_row) == (2, 1_048_576)
        found[str(made.cell(1, place.min_col).value)] = check
    return found


@pytest.mark.parametrize("sheet", ALL, ids=lambda sheet: sheet.name)
def test_what_a_cell_takes(book: Workbook, sheet: TemplateSheet) -> None:
    made, lists = book[sheet.name], book["lists"]
    rules = checks(made)
    for column in sheet.columns:
        check = rules.pop(column.name, None)
        if listed := choices(column.field):
            place = check.formula1.partition("!")[2].replace("$", "")
            assert tuple(cell.value for (cell,) in lists[place]) == listed
            assert (check.type, check.showErrorMessage) == ("list", is_closed(column.field))
        elif column.field.type in ("date", "integer", "decimal"):
            assert (check.type, check.showErrorMessage) == ("custom", True)
            assert len(check.error) <= 225
        else:
            assert check is None
    assert rules == {}


def test_excel_s_limits_are_kept(book: Workbook) -> None:
    for made in book.worksheets:
        for check in made.data_validations.dataValidation:
            assert len(check.formula1) <= 255
            assert len(check.errorTitle) <= 32
    assert book["lists"].sheet_state == "hidden"
    assert [made.title for made in book.worksheets if made.sheet_state != "visible"] == ["lists"]
    assert book.worksheets[0].title == "read me"


@pytest.mark.parametrize(
    ("field", "formula"),
    [
        (KNOWN.common["date"], "AND(ISNUMBER(D2),D2>=DATE(1900,1,1),D2<DATE(2200,1,1))"),
        (
            KNOWN.facts["birth_date"],
            'OR(AND(ISNUMBER(D2),D2>=DATE(1900,1,1),D2<DATE(2200,1,1)),D2="unknown")',
        ),
        (
            KNOWN.facts["performance_status"],
            'OR(AND(ISNUMBER(D2),D2=INT(D2),D2>=0,D2<=5),D2="unknown")',
        ),
        (KNOWN.lesion["diameter_mm"], 'OR(AND(ISNUMBER(D2),D2>0),D2="unknown")'),
        (KNOWN.common["note"], None),
    ],
)
def test_rules_for_days_and_numbers(field: Field, formula: str | None) -> None:
    assert rule(field, "D2") == formula


@pytest.mark.parametrize(
    ("field", "listed", "closed"),
    [
        (KNOWN.facts["hr_status"], ("positive", "negative", "unknown"), True),
        (KNOWN.facts["cN"], ("cN0", "cN1", "other", "unknown"), True),
        (KNOWN.facts["de_novo_metastatic"], ("true", "false", "unknown"), True),
        (KNOWN.lesion["location_detail"], (*KNOWN.lesion["location_detail"].codes, "unknown"), False),
        (KNOWN.events["board_held"].fields["question"], None, True),
        (KNOWN.events["board_held"].fields["disciplines"], None, False),
        (KNOWN.common["note"], (), False),
    ],
)
def test_what_drops_down(field: Field, listed: tuple[str, ...] | None, closed: bool) -> None:
    assert choices(field) == ((*field.codes, "unknown") if listed is None else listed)
    assert is_closed(field) == closed


def test_what_drops_down_is_read() -> None:
    for sheet in ALL:
        for column in (one for one in sheet.columns if one.name != "type"):
            for word in choices(column.field):
                value = read_cell(column.field, word)
                assert column.field.problem(value) is None, (sheet.name, column.name, word)
                assert (value is None) == (word == "unknown" and word not in column.field.codes)


@pytest.mark.parametrize(
    ("type", "name", "said"),
    [
        ("board_held", "id", "A name of your choice for this entry, like b1, used once for a patient."),
        ("imaging_done", "lesion.solid", "The lesion is solid."),
        ("imaging_done", "lesion.distribution", "Distribution of the lesion; only for lung."),
        ("imaging_done", "findings.ascites_symptomatic", "Ascites is symptomatic."),
        ("imaging_history_reviewed", "dynamics.origin", "Origin of the disease, as a clinician judges it."),
        ("finding_recorded", "primary.symptomatic", "The primary is symptomatic."),
        ("primary_treated", "reconstruction", "The treatment of the primary includes reconstruction."),
        ("bma_given", "disease_stable", "The drug is given in stable disease."),
        ("response_assessed", "overall", "Overall response."),
    ],
)
def test_what_a_column_tells(type: str, name: str, said: str) -> None:
    sheet = sheet_of(type)
    (column,) = (one for one in sheet.columns if one.name == name)
    assert meaning(sheet, column) == said


@pytest.mark.parametrize(
    ("type", "name", "said"),
    [
        ("imaging_done", "patient", "not allowed"),
        ("imaging_done", "documented", "counts as the day it happened"),
        ("imaging_done", "modality", "it is not known"),
        ("imaging_done", "lesion_count_total", "the lesions listed are counted"),
        ("imaging_done", "lesion.id", "not allowed in each row that tells a lesion"),
        ("board_held", "question", "not allowed; write unknown where it is not known"),
        ("board_held", "method", "nothing is said"),
        ("systemic_started", "intent", "counts as metastatic"),
        ("finding_recorded", "ascites", "what was known before goes on holding"),
        ("correction", "new", "not allowed; write null where it is not known"),
        ("retraction", "reason", "not allowed for retraction"),
        ("ortho_evaluated", "lesion", "all lesions"),
    ],
)
def test_what_an_empty_cell_says(type: str, name: str, said: str) -> None:
    sheet = sheet_of(type)
    (column,) = (one for one in sheet.columns if one.name == name)
    assert if_empty(sheet, column) == said


def test_every_kind_column_and_code_is_explained() -> None:
    read_me, kinds, columns, codes = guide(ALL)
    assert read_me.name == "read me"
    assert [row[1] for row in kinds.rows] == [name for family in FAMILIES for name in family.types]
    assert [row[:2] for row in columns.rows] == [
        (one.name, column.name) for one in ALL for column in one.columns
    ]
    told = {row[1]: row[2] for row in codes.rows}
    taken = [column.field for one in ALL for column in one.columns if column.name != "type"]
    assert set(told) == {code for field in taken for code in (*field.codes, *field.codes_known)}
    assert told["systemic_first"].startswith("systemic therapy now")
    assert told["post_mdt"] == "after MDT (metastasis-directed therapy)"
    assert (told["PR"], told["ablative_mdt"]) == (
        "partial response",
        "ablative, as MDT (metastasis-directed therapy)",
    )
    assert ("mri", "MRI", "MR, MRT, magnetic resonance imaging") in [row[1:] for row in codes.rows]


def test_nothing_of_an_empty_workbook_is_imported(tmp_path: Path) -> None:
    reading = filled(tmp_path)
    assert (reading.patients, reading.rows) == ((), 0)
    assert "no row below its header" in str(reading.refused[0])


def test_a_first_day_with_the_workbook(tmp_path: Path) -> None:
    """What somebody types, in the types that a spreadsheet makes of it."""
    day = datetime.fromisoformat("2025-03-04")
    reading = filled(
        tmp_path,
        patients=[
            {
                "patient": "007",
                "type": "patient_facts",
                "birth_date": date(1970, 4, 12),
                "hr_status": "unknown",
            },
            {"patient": "8", "type": "patient_facts"},
        ],
        imaging=[
            {
                "patient": "007",
                "id": "i1",
                "type": "imaging_done",
                "date": day,
                "modality": "PET/CT",
                "complete": "true",
            }
            | {"lesion.id": "L1", "lesion.organ": "bone", "lesion.diameter_mm": 12},
            {"patient": "007", "id": "i1", "type": "imaging_done", "date": day}
            | {"lesion.id": "L2", "lesion.organ": "lung", "lesion.diameter_mm": "unknown"},
        ],
        response_and_visits=[{"patient": "8", "id": "r1", "type": "follow_up_visit", "date": day}],
    )
    assert reading.refused == ()
    first, second = reading.patients
    assert (first.patient, first.story.facts) == (
        "007",
        {"birth_date": date(1970, 4, 12), "hr_status": "unknown"},
    )
    (imaging,) = first.story.entries
    assert imaging.fields == {
        "modality": "pet_ct",
        "complete": True,
        "lesions": (
            {"id": "L1", "organ": "bone", "diameter_mm": 12.0},
            {"id": "L2", "organ": "lung", "diameter_mm": None},
        ),
    }
    assert [event.day for event in second.story.entries] == [date(2025, 3, 4)]


def content(story: Story) -> tuple[object, dict[str, Event]]:
    """Facts and entries, in whatever order they were told."""
    return story.facts, {entry.id: entry for entry in story.entries}


def cases() -> list[Case]:
    return [one for one in read_cases(EXAMPLES) if isinstance(one, Case)]


def test_the_examples_are_read_as_they_are_told(tmp_path: Path) -> None:
    path = tmp_path / "examples.xlsx"
    path.write_bytes(workbook(ALL, example_rows(ALL), shown=False))
    reading = read_long_table(path)
    assert reading.refused == ()
    told = {case.id: content(case.story) for case in cases()}
    assert len(told) == 3
    assert {one.patient: content(one.story) for one in reading.patients} == told


def test_every_sheet_has_an_example(book: Workbook) -> None:
    assert all(example_rows(ALL).values())
    shown = book["example"]
    assert "Nothing on this sheet is imported" in shown["A1"].value
    blocks = [row[0].value for row in shown.iter_rows() if str(row[0].value).startswith("Sheet ")]
    assert blocks == [f"Sheet '{one.name}'" for one in ALL]


def test_a_workbook_for_some_events(tmp_path: Path) -> None:
    few = sheets(["board_held"])
    assert [one.name for one in few] == ["patients", "board", "corrections"]
    assert few[1].family.types == ("board_held",)
    assert "topics" not in [column.name for column in few[1].columns]
    path = tmp_path / "few.xlsx"
    path.write_bytes(workbook(few, example_rows(few), shown=False))
    reading = read_long_table(path)
    assert (reading.refused, len(reading.patients)) == ((), 3)
    shown = load_workbook(BytesIO(workbook(few, example_rows(few))))["example"]
    assert "Sheet 'corrections'" not in [row[0].value for row in shown.iter_rows()]


def test_the_same_workbook_has_the_same_bytes() -> None:
    assert workbook(ALL, example_rows(ALL)) == made()
    with zipfile.ZipFile(BytesIO(made())) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
