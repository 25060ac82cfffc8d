"""Rosters: what a row says of a patient, and what is wrong with it, without repeating it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from interop.located import BrokenFile
from interop.roster import Roster, read_roster
from store.roster import Identity


def roster(folder: Path, *lines: str) -> Roster:
    file = folder / "roster.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return read_roster(file)


def test_each_row_says_what_its_cells_say(tmp_path: Path) -> None:
    head = "reference;name;birth_date;number.insurance;number.case"
    read = roster(tmp_path, head, 'V01;"Müller; Änne";1970-04-12;A 4711/0815;', "V02;;;;0077", ";;;;")
    assert read.faults == ()
    assert read.rows == (
        Identity(2, "V01", "Müller; Änne", {"insurance": "A 4711/0815"}, date(1970, 4, 12)),
        Identity(3, "V02", None, {"case": "0077"}, None),
    )


def test_a_workbook_has_days_and_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["reference", "birth_date", "number.case"])
    sheet.append([12, date(1970, 4, 12), 77.0])
    sheet.append(["V02", None, True])
    book.save(tmp_path / "roster.xlsx")
    read = read_roster(tmp_path / "roster.xlsx")
    assert read.rows == (Identity(2, "12", None, {"case": "77"}, date(1970, 4, 12)),)
    assert [str(one) for one in read.faults] == [
        "row 3: number.case: this is no text: format the cell as text"
    ]


def test_everything_wrong_is_told_and_nothing_repeated(tmp_path: Path) -> None:
    read = roster(
        tmp_path,
        "reference,name,birth_date",
        "V01,Erika,12.04.1970",
        "V02,Eri\x07ka,",
        ",Erika,",
        "V03,Erika,",
        "V03,Erika,",
        f"V04,{'x' * 201},",
        "V05,Erika,,stray",
    )
    assert [(one.event, one.field) for one in read.faults] == [
        ("row 2", "birth_date"),
        ("row 3", "name"),
        ("row 4", "reference"),
        ("row 6", "reference"),
        ("row 7", "name"),
        ("row 8", None),
    ]
    told = "\n".join(map(str, read.faults))
    assert "1970" not in told
    assert "Erika" not in told
    assert "stands in row 5 already" in told
    assert [one.reference for one in read.rows] == ["V03"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["name", "Erika"], "no column 'reference'"),
        (["reference,nam", "V01,Erika"], "did you mean 'name'"),
        (["reference,number.", "V01,1"], "number.SYSTEM"),
        (["reference,name"], "no row below"),
        (["reference,name,name", "V01,a,b"], "stands twice"),
    ],
)
def test_what_is_no_roster(tmp_path: Path, lines: list[str], told: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        roster(tmp_path, *lines)
    assert told in str(caught.value)


def test_a_number_without_a_digit_or_letter(tmp_path: Path) -> None:
    (fault,) = roster(tmp_path, "reference;number.case", "V01;---").faults
    assert str(fault).endswith("number.case: holds no digit and no letter")


def test_a_name_in_two_lines(tmp_path: Path) -> None:
    (fault,) = roster(tmp_path, "reference;name", 'V01;"Anna\nB"').faults
    assert str(fault).endswith("name: must stand in one line")
