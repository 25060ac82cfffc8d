"""Whose patient somebody is, from a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from interop.located import BrokenFile
from interop.owners import read_owners


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "owners.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_workbook_and_a_csv_file_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "owners.xlsx"
    book = Workbook()
    for row in (["reference", "owner"], ["P1", "anna"], [17, "ben"]):
        book.worksheets[0].append(row)
    book.save(path)
    book.close()
    said = {"P1": "anna", "17": "ben"}
    assert read_owners(path) == said == read_owners(table(tmp_path, "reference,owner\nP1,anna\n17,ben\n"))
    assert read_owners(path, owner="ward") == {"P1": "ward", "17": "ward"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("reference,whose\nP1,anna\n", "no column 'owner': it has reference, whose"),
        ("patient,owner\nP1,anna\n", "no column 'reference'"),
        ("reference,owner\n", "there is no row below"),
        ("reference,owner\n,anna\n", "reference is empty"),
        ("reference,owner\nP1,anna\nP1,ben\n", "another row gives the same patient to somebody else"),
        ("reference,owner\nP1," + "x" * 300 + "\n", "owner: "),
        ("reference,owner\nP1,anna,ben\n", "row 2: the row: no column"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BrokenFile) as broken:
        read_owners(table(tmp_path, text))
    assert told in str(broken.value)
