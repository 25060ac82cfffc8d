"""The repair file of a long table as a workbook: as it was read, and no spreadsheet rewrites it."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.cli.conftest import Run

HEAD = "patient,id,type,date,overall,note"


@pytest.mark.usefixtures("database")
def test_a_table_is_mended_in_a_workbook(run: Run, tmp_path: Path) -> None:
    table, repair = tmp_path / "t.csv", tmp_path / "repair.xlsx"
    rows = (
        HEAD,
        "007,e01,metastasis_suspected,2025-01-07,,'=a",
        "007,e02,response_assessed,2025-03-07,good,-1\x0b",
        "K1,e01,metastasis_suspected,2025-01-07,,",
    )
    table.write_text("\n".join(rows), encoding="utf-8")
    ran = run("import", table, "--errors", repair)
    assert (ran.status, f"Mend {repair} and import it." in ran.out) == (2, True)
    assert stat.S_IMODE(repair.stat().st_mode) == 0o600
    book = load_workbook(repair)
    [sheet] = book.worksheets
    head, first, second = (list(row) for row in sheet.iter_rows())
    assert [cell.value for cell in head] == ["error", *HEAD.split(",")]
    assert [cell.value for cell in first[1:]] == [
        "007",
        "e01",
        "metastasis_suspected",
        "2025-01-07",
        None,
        "'=a",
    ]
    assert {cell.number_format for cell in (*first, *second) if cell.value is not None} == {"@"}
    assert "overall" in str(second[0].value)
    second[5].value, second[6].value = "PR", datetime(2025, 3, 7)  # noqa: DTZ001
    book.save(repair)
    assert run("import", table, "--errors", repair).status == 2
    book.save(repair)
    assert run("import", repair).status == 0
    assert run("import", repair, "--errors", repair.with_name("again.xlsx")).status == 0
    assert "2025-03-07" in run("show", "007").out


@pytest.mark.usefixtures("database")
def test_days_of_a_workbook_stay_days(run: Run, tmp_path: Path) -> None:
    book = Workbook()
    for row in (HEAD.split(","), ["K1", "e01", "response_assessed", datetime(2025, 3, 7), "good", 7]):  # noqa: DTZ001
        book.worksheets[0].append(row)
    book.save(tmp_path / "t.xlsx")
    assert run("import", tmp_path / "t.xlsx", "--errors", tmp_path / "mend.xlsx").status == 2
    mended = load_workbook(tmp_path / "mend.xlsx").worksheets[0]
    day, note = mended["E2"], mended["G2"]
    assert (day.value, note.value, day.is_date) == (datetime(2025, 3, 7), 7, True)  # noqa: DTZ001


@pytest.mark.usefixtures("database")
def test_a_workbook_of_somebody_is_not_replaced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{HEAD}\nK1,e01,response_assessed,never,,\n", encoding="utf-8")
    Workbook().save(tmp_path / "mine.xlsx")
    before = (tmp_path / "mine.xlsx").read_bytes()
    ran = run("import", tmp_path / "t.csv", "--errors", tmp_path / "mine.xlsx")
    assert (ran.status, "is no repair file of an import" in ran.err) == (2, True)
    assert (tmp_path / "mine.xlsx").read_bytes() == before
