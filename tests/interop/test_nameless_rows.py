"""Rows that name no patient: whoever they may belong to is not taken without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from interop.long_table import TableReading, read_long_table
from interop.table_writer import repair_rows

HEADER = ("patient", "id", "type", "date")


def workbook(tmp_path: Path, *patients: str | None, merged: str | None = None) -> TableReading:
    """A table with one visit for each of these cells of the column of patients."""
    book = Workbook()
    (sheet,) = book.worksheets
    sheet.append(HEADER)
    for number, patient in enumerate(patients, 1):
        sheet.append((patient, f"e{number}", "follow_up_visit", "2025-01-07"))
    if merged:
        sheet.merge_cells(merged)
    book.save(tmp_path / "t.xlsx")
    return read_long_table(tmp_path / "t.xlsx")


def taken(reading: TableReading) -> str:
    return "".join(one.patient for one in reading.patients)


def test_a_merged_cell_takes_nobody_with_rows_missing(tmp_path: Path) -> None:
    reading = workbook(tmp_path, "A", "B", "B", "B", "C", "D", merged="A3:A5")
    assert taken(reading) == "AD"
    assert {error.patient for error in reading.refused} == {"B", "C", None}
    (about_b,) = (str(error) for error in reading.refused if error.patient == "B")
    assert "row 3, column patient: row 4 of sheet Sheet names no patient and may belong to" in about_b
    (first, _) = (str(error) for error in reading.refused if error.patient is None)
    assert "row 4, column patient: every row must name its patient; a merged cell" in first


@pytest.mark.parametrize(
    ("patients", "there"),
    [
        ((None, "A", "B"), "B"),
        (("A", "B", None), "A"),
        (("A", None, "A", "B"), "B"),
        (("A", None, "B", "C", None, "D", "E"), "E"),
        (("A", "B", "A", "C", None), ""),
        ((None,), ""),
        (("A", " ", "B", "C"), "C"),
        (("A", "B", "C"), "ABC"),
    ],
)
def test_whoever_a_row_may_belong_to_is_held_back(
    tmp_path: Path, patients: tuple[str | None, ...], there: str
) -> None:
    assert taken(workbook(tmp_path, *patients)) == there


def write_repair(path: Path, reading: TableReading) -> None:
    rows = [(row.cells, row.error) for row in reading.refused_rows]
    path.write_bytes(repair_rows(path.suffix, reading.columns, rows))


def test_a_formula_names_nobody(tmp_path: Path) -> None:
    reading = workbook(tmp_path, "A", "=A2", "B", "C")
    assert taken(reading) == "C"
    write_repair(tmp_path / "repair.csv", reading)
    assert taken(read_long_table(tmp_path / "repair.csv")) == ""
    assert "the cell holds a formula" in (tmp_path / "repair.csv").read_text(encoding="utf-8-sig")


def test_the_repair_file_holds_the_same_back_until_it_is_mended(tmp_path: Path) -> None:
    reading = workbook(tmp_path, "A", None, "B", "C", "D", "E", None)
    repair = tmp_path / "repair.csv"
    write_repair(repair, reading)
    assert taken(reading) == "CD"
    assert taken(read_long_table(repair)) == ""
    text = repair.read_text(encoding="utf-8-sig")
    repair.write_text(text.replace(",,e2", ",A,e2").replace(",,e7", ",E,e7"), encoding="utf-8")
    assert taken(read_long_table(repair)) == "ABE"
