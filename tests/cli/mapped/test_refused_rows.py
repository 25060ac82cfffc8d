"""`carepath import --mapping --errors`: refused rows as they stood, to be mended and imported."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest

from tests.cli.mapped.tables import Run, change

SMALL = """carepath_mapping = 1
name = "small"
[days]
formats = ["YYYY-MM-DD"]
[[table]]
register = true
patient = "Nr"
facts.sex = "Sex"
event = [{type = "follow_up_visit", date = "Day", incomplete = "leave out"}]
"""


def small(tmp_path: Path, name: str, text: str) -> tuple[Path, Path]:
    (tmp_path / "m.toml").write_text(SMALL)
    (tmp_path / name).write_text(text)
    return tmp_path / name, tmp_path / "m.toml"


def test_refused_rows_are_written_as_they_stood_and_can_be_mended(clinic: Path, run: Run) -> None:
    mapping, mend = clinic.parent / "clinic.toml", clinic.parent / "mend"
    change(clinic, "course.csv", ("Teilremission", "besser"))
    status, [*_, summary], _ = run("import", clinic, "--mapping", mapping, "--errors", mend)
    assert (status, summary["errors"], summary["new"]) == (2, str(mend), 1)
    rows = (mend / "course.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "Nr;Datum;Was;Ergebnis;Herd;Groesse_cm;why"
    assert len(rows) == 4
    assert rows[3].startswith("P1;30.11.2024;Kontrolle;besser;;;Ergebnis: the mapping does not say")
    assert (mend / "patients.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "P1;12.04.1970;w;positiv;02.03.2020;"
    ]
    (mend / "course.csv").write_text("\n".join(rows).replace("besser", "stabil"), encoding="utf-8")
    status, [*_, summary], _ = run("import", mend, "--mapping", mapping)
    assert (status, summary["new"], summary["tables"]["course*.csv"]["unread"]) == (0, 1, [])
    again = run("import", clinic, "--mapping", mapping, "--errors", mend)
    assert again[0] == 2  # P1 is still as it was in the folder, and recorded otherwise by now
    assert run("import", mend, "--mapping", mapping, "--errors", clinic)[0] == 2
    assert "give it a place of its own" in run("import", mend, "--mapping", mapping, "--errors", mend)[2]


def test_the_folder_of_refused_rows_goes_when_nothing_is_refused(clinic: Path, run: Run) -> None:
    mapping, mend = clinic.parent / "clinic.toml", clinic.parent / "mend"
    mend.mkdir()
    assert run("import", clinic, "--mapping", mapping, "--errors", mend)[0] == 0
    assert not mend.exists()


@pytest.mark.usefixtures("clinic")
def test_one_file_is_mended_in_a_file(tmp_path: Path, run: Run) -> None:
    table, mapping = small(tmp_path, "one.csv", 'Nr,Sex,Day\nA,female,2024-01-01\nB,"x, y",2024-01-02\n')
    mend = tmp_path / "mend.csv"
    status, [*_, summary], _ = run("import", table, "--mapping", mapping, "--errors", mend)
    assert (status, summary["new"], summary["refused"]) == (2, 1, 1)
    assert mend.read_text(encoding="utf-8-sig").splitlines()[1].startswith('B,"x, y",2024-01-02,"Sex: ')
    run("import", table, "--mapping", mapping, "--errors", mend)
    for wrong, told in (("m.toml", "must end in .csv"), ("other.csv", "holds no refused rows of an import")):
        (tmp_path / "other.csv").write_text("of somebody\n")
        assert told in run("import", table, "--mapping", mapping, "--errors", tmp_path / wrong)[2]


@pytest.mark.usefixtures("clinic")
def test_a_workbook_is_read_and_mended_as_a_workbook(tmp_path: Path, run: Run) -> None:
    from datetime import datetime

    from openpyxl import Workbook, load_workbook

    (tmp_path / "m.toml").write_text(
        SMALL.replace('patient = "Nr"', 'sheet = "List"\npatient = "Nr"\nskip_rows = 1')
    )
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List"
    for row in (
        ["Nr", "Sex", "Day"],
        ["id", "text", "day"],
        [7, "female", datetime(2024, 1, 1)],  # noqa: DTZ001
        [8, "=A1", None],
        ["9", "male", "yesterday"],
    ):
        sheet.append(row)
    book.save(tmp_path / "one.xlsx")
    mend = tmp_path / "mend.xlsx"
    status, [*_, summary], message = run(
        "import", tmp_path / "one.xlsx", "--mapping", tmp_path / "m.toml", "--errors", mend
    )
    assert (status, summary["new"], summary["refused"], summary["entries"]) == (2, 1, 2, 1)
    rows = list(load_workbook(mend)["List"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Nr", "id", 8, "9"]
    assert "formula" in str(rows[2][3])
    del message
    again = run("import", tmp_path / "one.xlsx", "--mapping", tmp_path / "m.toml", "--errors", mend)
    assert (again[0], again[1][-1]["errors"]) == (2, str(mend))
    for book_of_somebody in (load_workbook(tmp_path / "one.xlsx"), None):
        theirs = tmp_path / "theirs.xlsx"
        book_of_somebody.save(theirs) if book_of_somebody else theirs.write_bytes(b"no workbook")
        before = theirs.read_bytes()
        told = run("import", tmp_path / "one.xlsx", "--mapping", tmp_path / "m.toml", "--errors", theirs)[2]
        assert (
            "holds no refused rows of an import; give --errors another name, or move that file away" in told
        )
        assert theirs.read_bytes() == before
    (tmp_path / "m.toml").write_text(SMALL.replace('patient = "Nr"', 'sheet = "Liste"\npatient = "Nr"'))
    told = run("import", tmp_path / "one.xlsx", "--mapping", tmp_path / "m.toml")[2]
    assert "there is no sheet 'Liste'; sheets: 'List'" in told


def test_a_folder_of_somebody_is_never_taken_for_refused_rows(clinic: Path, run: Run) -> None:
    mapping, mend = clinic.parent / "clinic.toml", clinic.parent / "mend"
    mend.mkdir()
    (mend / "READ-ME.md").write_text("# Thesis\n", encoding="utf-8")
    (mend / "thesis.csv").write_text("mine\n", encoding="utf-8")
    words = ("import", clinic, "--mapping", mapping, "--errors", mend)
    assert "holds other things" in run(*words)[2]
    (mend / "READ-ME.md").unlink()
    (mend / "thesis.csv").rename(clinic.parent / "thesis.csv")
    change(clinic, "course.csv", ("Teilremission", "besser"))
    assert run(*words)[1][-1]["errors"] == str(mend)
    (mend / "notes").mkdir()
    assert "holds other things" in run(*words, "--dry-run")[2]
    (mend / "notes").rmdir()
    change(clinic, "course.csv", ("besser", "stabil"))
    assert run(*words)[0] == 0
    assert not mend.exists()


def test_on_a_full_disk_refused_rows_of_before_stay(
    clinic: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = clinic.parent / "mend"
    change(clinic, "course.csv", ("Teilremission", "besser"))
    words = ("import", clinic, "--mapping", clinic.parent / "clinic.toml", "--errors", mend)
    assert run(*words)[0] == 2
    before = {file: file.read_bytes() for file in mend.iterdir()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in before} == {0o600}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("cli.new_file.os.fsync", full)
        status, _, told = run(*words)
    assert (status, "No space left on device; import again for the refused rows" in told) == (3, True)
    assert {file: file.read_bytes() for file in mend.iterdir()} == before
    (mend / "gone.csv").write_text("earlier,why\n")
    assert run(*words)[0] == 2
    assert {file: file.read_bytes() for file in mend.iterdir()} == before


@pytest.mark.usefixtures("clinic")
def test_where_refused_rows_cannot_go_is_told_before_anybody_is_recorded(tmp_path: Path, run: Run) -> None:
    table, mapping = small(tmp_path, "one.csv", "Nr,Sex,Day\nA,female,2024-01-01\nB,x,\n")
    (tmp_path / "folder.csv").mkdir()
    for place, status in (("folder.csv", 2), ("nowhere/mend.csv", 3)):
        found = run("import", table, "--mapping", mapping, "--errors", tmp_path / place)
        assert (found[0], found[1]) == (status, [])
    assert run("import", table, "--mapping", mapping)[1][-1]["new"] == 1


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize("change", ["Nr,Sex\n\xff", None])
def test_a_table_that_changes_during_its_import_is_told(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, change: str | None
) -> None:
    table, mapping = small(tmp_path, "one.csv", "Nr,Sex,Day\nA,female,2024-01-01\nB,x,\n")

    def meanwhile(*_: object, **__: object) -> None:
        table.write_bytes(change.encode("latin-1")) if change else table.unlink(missing_ok=True)

    monkeypatch.setattr("cli.import_mapped._Teller.tell", meanwhile)
    status, _, told = run("import", table, "--mapping", mapping, "--errors", tmp_path / "mend.csv")
    assert status == 3
    assert "cannot be written" in told
    assert "import again" in told


TWICE = """carepath_mapping = 1
[days]
formats = ["YYYY-MM-DD"]
[[table]]
name = "patients"
register = true
several_rows = true
patient = "Nr"
facts.sex = "Sex"
[[table]]
name = "visits"
patient = "Nr"
event = [{type = "follow_up_visit", date = "Day"}]
"""


@pytest.mark.usefixtures("clinic")
def test_rows_that_two_tables_read_are_written_once(tmp_path: Path, run: Run) -> None:
    (tmp_path / "m.toml").write_text(TWICE)
    (tmp_path / "one.csv").write_text("Nr,Sex,Day\nA,female,2024-01-01\nB,x,yesterday\nB,female,2024-01-02\n")
    mend = tmp_path / "mend.csv"
    words = ("import", tmp_path / "one.csv", "--mapping", tmp_path / "m.toml", "--errors", mend)
    assert run(*words)[0] == 2
    head, first, second = mend.read_text(encoding="utf-8-sig").splitlines()
    assert head == "Nr,Sex,Day,why"
    assert first.startswith("B,x,yesterday,Sex: ")
    assert "Day: 'yesterday' is no day" in first
    assert second == "B,female,2024-01-02,"
    (tmp_path / "one.csv").write_text("Nr,why,Sex,Day\nB,as before,x,2024-01-02\n")
    assert run(*words)[0] == 2
    head, first = mend.read_text(encoding="utf-8-sig").splitlines()
    assert head == "Nr,Sex,Day,why"
    assert first.startswith("B,x,2024-01-02,Sex: ")


@pytest.mark.usefixtures("clinic")
def test_a_sheet_with_wrong_dimensions_is_mended_whole(tmp_path: Path, run: Run) -> None:
    import re
    import zipfile

    from openpyxl import Workbook, load_workbook

    (tmp_path / "m.toml").write_text(TWICE)
    book = Workbook()
    for row in (["Nr", "Sex", "Day"], ["B", "x", "2024-01-02"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "right.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "right.xlsx") as right,
        zipfile.ZipFile(tmp_path / "one.xlsx", "w") as wrong,
    ):
        for name in right.namelist():
            part = right.read(name)
            wrong.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', part))
    mend = tmp_path / "mend.xlsx"
    run("import", tmp_path / "one.xlsx", "--mapping", tmp_path / "m.toml", "--errors", mend)
    [sheet] = load_workbook(mend).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[:3] for row in rows] == [("Nr", "Sex", "Day"), ("B", "x", "2024-01-02")]
    assert rows[0][3] == "why"
    again = tmp_path / "again.xlsx"
    run("import", mend, "--mapping", tmp_path / "m.toml", "--errors", again)
    assert [cell.value for cell in load_workbook(again).worksheets[0][1]] == ["Nr", "Sex", "Day", "why"]
