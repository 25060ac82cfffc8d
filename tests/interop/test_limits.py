"""What is larger than anything care brings about is refused in words, and at once."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from interop import limits
from interop.case import Refusal
from interop.case_file import Case, read_cases
from interop.long_table import read_long_table

IMAGING = {"id": "e1", "date": "2025-01-07", "type": "imaging_done", "purpose": "staging"}


def lesions(number: int) -> list[Mapping[str, object]]:
    return [{"id": f"L{n}", "organ": "bone"} for n in range(number)]


def case(*events: Mapping[str, object], **more: object) -> str:
    return json.dumps({"id": "K1", **more, "events": list(events)})


def refused(text: str) -> list[str]:
    (refusal,) = read_cases(text, "f")
    assert isinstance(refusal, Refusal)
    return refusal.error.split("\n")


def keys(number: int) -> dict[str, int]:
    return {f"key {n}": 1 for n in range(number)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (case({**IMAGING, "lesions": lesions(1_001)}), "e1: 'lesions' has 1,001 entries; at most 1,000 are"),
        (case({**IMAGING, **keys(200_000)}), "e1: it has 200,004 keys; at most 500 are read"),
        (case(**keys(501)), "it has 502 keys; at most 500 are read"),
        (
            case({**IMAGING, "id": "e" * 300_000}),
            "event 1: 'id' has 300,000 characters; at most 200 are read",
        ),
        (
            case({**IMAGING, "note": "e" * 20_001}),
            "e1: 'note' has 20,001 characters; at most 20,000 are read",
        ),
        (case({**IMAGING, "k" * 201: 1}), "e1: a key has 201 characters; at most 200 are read"),
        (
            case({**IMAGING, "lesion_count_total": int("9" * 4_000)}),
            "e1: 'lesion_count_total' has more than 18 digits; what is no number stands in quotes",
        ),
        (case(*[IMAGING] * 20_001), "'events' has 20,001 entries; at most 20,000 are read"),
        (case(checkpoints=[1] * 20_001), "'checkpoints' has 20,001 entries; at most 20,000 are read"),
        (case({**IMAGING, "modality": [["ct"] * 1_001]}), "e1: 'modality' has 1,001 entries"),
    ],
)
def test_what_is_too_large_is_the_only_thing_told(text: str, told: str) -> None:
    (line,) = refused(text)
    assert line.startswith(f"f:1: {told}")


def test_what_is_as_large_as_may_be_is_read() -> None:
    largest = {**IMAGING, "lesions": lesions(1_000), "note": "n" * 20_000, "lesion_count_total": 10**17}
    for text in (case(largest), case({**IMAGING, "id": "e" * 200}), case(*[IMAGING] * 20_000)):
        (read,) = read_cases(text)
        assert isinstance(read, Case)


def test_the_same_holds_in_yaml() -> None:
    text = f"id: {'1' * 30}\nevents:\n- {{id: e1, date: '2025-01-07', type: death, note: {'1' * 19}}}\n"
    assert refused(text) == [
        "f:3: e1: 'note' has more than 18 digits; what is no number stands in quotes",
    ]
    (read,) = read_cases(text.replace(f"note: {'1' * 19}", f"note: '{'1' * 19}'"))
    assert isinstance(read, Case)


def test_a_case_with_an_id_that_is_too_long_is_told_by_its_beginning() -> None:
    (refusal,) = read_cases(json.dumps({"id": "K" * 300_000}))
    assert isinstance(refusal, Refusal)
    assert refusal.case == f"{'K' * 57}..."


def test_a_number_that_nobody_can_print_is_no_json() -> None:
    (line,) = refused('{"id": ' + "9" * 5_000 + ', "events": []}')
    assert "9" * 100 not in line


def test_many_faults_are_told_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interop.case_file.most_faults", 250)
    wrong = [{**IMAGING, "id": f"e{n}", "purpos": "staging"} for n in range(1_000)]
    lines = refused(case(*wrong))
    assert len(lines) == limits.most_told + 1
    assert lines[-1] == "and 150 more faults in this case; the events from number 251 on were not read"
    assert refused(case(*wrong[:102]))[-1] == "and 2 more faults in this case"


def table(tmp_path: Path, header: str, *rows: str) -> Any:
    path = tmp_path / "t.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return read_long_table(path)


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("note", "n" * 20_001, "'note' has 20,001 characters; at most 20,000 are read"),
        ("id", "n" * 300, "'id' has 300 characters; at most 200 are read"),
        ("modality", "n" * 300, "'modality' has 300 characters; at most 200 are read"),
        ("lesion_count_total", "9" * 4_000, "'lesion_count_total' has 4,000 characters; at most 200 are"),
        ("lesions", json.dumps(lesions(1_001)), "'lesions' has 1,001 entries; at most 1,000 are read"),
    ],
)
def test_a_cell_that_is_too_large(tmp_path: Path, column: str, cell: str, told: str) -> None:
    content = cell.replace('"', '""')
    reading = table(tmp_path, f"patient,type,date,{column}", f'P,imaging_done,2025-01-07,"{content}"')
    assert told in " ".join(error.message for error in reading.refused)


def test_too_many_rows_of_lesions(tmp_path: Path) -> None:
    rows = [f"P,e1,imaging_done,2025-01-07,staging,L{n},bone" for n in range(1_001)]
    reading = table(tmp_path, "patient,id,type,date,purpose,lesion.id,lesion.organ", *rows)
    assert "'lesions' has 1,001 entries" in " ".join(error.message for error in reading.refused)


def test_a_reference_that_is_too_long_names_nobody(tmp_path: Path) -> None:
    reading = table(tmp_path, "patient,id,type,date", f"{'P' * 300},e1,death,2025-01-07")
    (error,) = reading.refused
    assert error.patient is None
    assert "'patient' has 300 characters; at most 200 are read" in error.message


def test_too_many_columns(tmp_path: Path) -> None:
    header = ",".join(["patient", "type", *(f"c{n}" for n in range(1_000))])
    (error,) = table(tmp_path, header, "P,death").refused
    assert "the table has 1,002 columns; at most 1,000 are read" in error.message


@pytest.mark.parametrize("stray", ["A1000000000", "XFD3"])
def test_a_stray_cell_far_away_is_told_instead_of_filling_the_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stray: str
) -> None:
    monkeypatch.setattr("interop.sheets.most_sheet_rows", 1000)
    monkeypatch.setattr("interop.sheets.most_sheet_cells", 16_000)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["patient", "type", "date"])
    sheet.append(["P1", "metastasis_suspected", "2025-01-07"])
    sheet["A3" if stray.startswith("A") else stray] = "x"
    path = tmp_path / "t.xlsx"
    book.save(path)
    if stray.startswith("A"):
        _renumber(path, "3", stray[1:])
    (error,) = read_long_table(path).refused
    assert "'Sheet' has more than 1,000 rows or 16,000 cells, empty ones included" in error.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_words_of_its_own_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.xlsx"
    Workbook().save(path)
    with zipfile.ZipFile(path, "a") as archive:
        text = f"<?xml?>{' ' * 999_990}<!DOCTYPE x [<!ENTITY a 'ha'>]>"
        archive.writestr("xl/more.xml", text.encode(encoding))
    (error,) = read_long_table(path).refused
    assert "declares a document type" in error.message


def _renumber(path: Path, row: str, other: str) -> None:
    """Gives a row of a workbook another number, as no program would."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(f'r="{row}"'.encode(), f'r="{other}"'.encode())
    parts[name] = parts[name].replace(f'r="A{row}"'.encode(), f'r="A{other}"'.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_empty_rows_and_cells_beside_a_table_do_not_count(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["patient", "type", "sex"])
    sheet["A5000"], sheet["B5000"], sheet["C5000"] = "P1", "patient_facts", "female"
    sheet.cell(6000, 300).number_format = "0.0"
    path = tmp_path / "t.xlsx"
    book.save(path)
    reading = read_long_table(path)
    assert (reading.rows, reading.refused, len(reading.patients)) == (1, (), 1)


def test_a_device_is_no_table() -> None:
    [error] = read_long_table(Path("/dev/zero")).refused
    assert "this is no file, but a folder or a device" in str(error)
