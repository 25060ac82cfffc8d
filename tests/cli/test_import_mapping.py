"""`carepath import --mapping`: tables of a site, whole patients, figures that add up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.main import main

DOCUMENT = Path("docs/mapping.md")


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example of the document, `clinic.toml` beside it, and a database of its own."""
    monkeypatch.setenv("CAREPATH_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    monkeypatch.setenv("CAREPATH_RECORDER", "anna")
    folder = tmp_path / "clinic"
    folder.mkdir()
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in ("patients.csv", "course.csv", "clinic.toml"):
        found = re.search(rf"`{re.escape(name)}`\n\n```\w+\n(.*?)```", text, re.S)
        assert found, f"{DOCUMENT} shows {name}"
        place = tmp_path if name.endswith(".toml") else folder
        (place / name).write_text(found[1], encoding="utf-8")
    return folder


Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; its status, its lines and its messages."""

    def command(*words: object) -> tuple[int, list[dict[str, Any]], str]:
        status = main([*map(str, words), "--json"])
        told = capsys.readouterr()
        return status, [json.loads(line) for line in told.out.splitlines()], told.err

    return command


def add_up(summary: dict[str, Any]) -> None:
    """Rows and values in are what became of them, by table and in all."""
    for table in [*summary["tables"].values(), summary["total"]]:
        rows, values = table["rows"], table["values"]
        assert rows["in"] == rows["recorded"] + rows["nothing_to_record"] + rows["refused"]
        assert values["in"] == values["recorded"] + values["unknown"] + values["refused"]
        assert values["unknown"] == sum(table["unknown_because"].values())


def test_the_example_of_the_document_is_imported(clinic: Path, run: Run) -> None:
    status, [summary], _ = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert status == 0
    assert (summary["new"], summary["refused"], summary["entries"]) == (2, 0, 4)
    assert summary["events"] == {"imaging_done": 1, "metastasis_suspected": 2, "response_assessed": 1}
    add_up(summary)
    _, [shown], _ = run("show", "P1")
    imaging = next(entry for entry in shown["entries"] if entry["type"] == "imaging_done")
    assert imaging["lesions"] == [{"id": "L1", "organ": "bone", "diameter_mm": 12.0}]
    assert shown["facts"]["birth_date"] == "1970-04-12"


LONG = """carepath_mapping = 1
[days]
formats = ["DD.MM.YYYY"]
[[table]]
register = true
several_rows = true
patient = "Nr"
[table.facts]
birth_date = "Geboren"
[[table.event]]
type = "response_assessed"
date = "Datum"
when = {Datum = {filled = true}}
fields.overall = "Ergebnis"
"""


def test_a_long_table_alone_tells_everything(tmp_path: Path, clinic: Path, run: Run) -> None:
    rows = ["Nr;Geboren;Datum;Ergebnis", "P1;12.04.1970;01.07.2024;PR", "P1;12.04.1970;01.10.2024;CR"]
    rows += ["P1;;;", "P2;01.01.1960;;", "P3;01.01.1960;01.07.2024;PR", "P3;02.01.1960;01.10.2024;PR"]
    (tmp_path / "long.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "long.toml").write_text(LONG, encoding="utf-8")
    status, [refused, summary], _ = run("import", tmp_path / "long.csv", "--mapping", tmp_path / "long.toml")
    assert (status, summary["new"], summary["entries"]) == (2, 2, 2)
    assert refused["patient"] == "P3"
    assert "'birth_date' is 1960-01-02 here and 1960-01-01 in row 6" in refused["error"]
    assert summary["total"]["rows"] == {"in": 6, "recorded": 3, "nothing_to_record": 1, "refused": 2}
    add_up(summary)


def test_rows_of_one_event_may_leave_unknown_what_another_tells(
    tmp_path: Path, clinic: Path, run: Run
) -> None:
    """In whatever order they stand; two that contradict each other turn the patient away."""
    told = {"P1": ("?", "PR"), "P2": ("PR", "?"), "P3": ("PR", "PD"), "P4": ("?", "?")}
    rows = [f"{patient};12.04.1970;01.07.2024;{said}" for patient, both in told.items() for said in both]
    (tmp_path / "long.csv").write_text("\n".join(["Nr;Geboren;Datum;Ergebnis", *rows, ""]), encoding="utf-8")
    mapping = LONG.replace("[[table]]", '[words]\nunknown = ["?"]\n[[table]]') + 'one_per = ["Datum"]\n'
    (tmp_path / "long.toml").write_text(mapping, encoding="utf-8")
    _, [refused, _], _ = run("import", tmp_path / "long.csv", "--mapping", tmp_path / "long.toml")
    assert refused["patient"] == "P3"
    assert "'overall': the rows of one event must agree" in refused["error"]
    said = {name: run("show", name)[1][0]["entries"][-1].get("overall") for name in ("P1", "P2", "P4")}
    assert said == {"P1": "PR", "P2": "PR", "P4": None}


def test_an_event_told_by_a_text_alone_is_not_passed_over(tmp_path: Path, clinic: Path, run: Run) -> None:
    (tmp_path / "long.csv").write_text("Nr;Geboren;Datum;Ergebnis\nP1;12.04.1970;;besser\n", encoding="utf-8")
    mapping = LONG.replace("when = {Datum = {filled = true}}\n", "").replace(
        'fields.overall = "Ergebnis"',
        'fields.overall = {value = "PR"}\nfields.note = {text = "said: {Ergebnis}"}',
    )
    (tmp_path / "long.toml").write_text(mapping, encoding="utf-8")
    _, [refused, _], _ = run("import", tmp_path / "long.csv", "--mapping", tmp_path / "long.toml")
    assert "the day is not stated" in refused["error"]


def test_importing_again_changes_nothing(clinic: Path, run: Run) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["unchanged"], summary["entries"], summary["known_entries"]) == (0, 2, 0, 4)


def change(clinic: Path, name: str, *pairs: tuple[str, str]) -> None:
    """Replace words in one of the files."""
    file = clinic.parent / name if name.endswith(".toml") else clinic / name
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


REFUSED_AT_ALL = [
    ("course.csv", ("Ergebnis", "Resultat"), "table course*.csv: course.csv has no column 'Ergebnis'"),
    ("patients.csv", ("Nr;", "Nr;Nr;"), "the column 'Nr' stands twice"),
    ("clinic.toml", ('file = "course*.csv"', 'file = "kurs*.csv"'), "no file 'kurs*.csv' is in this folder"),
    (
        "clinic.toml",
        ('file = "course*.csv"', 'file = "*.csv"'),
        "2 files fit '*.csv': course.csv, patients.csv",
    ),
    ("clinic.toml", ("register = true", "rogister = true"), "there is no key 'rogister' here"),
    (
        "clinic.toml",
        ('patient = "Nr"\ndelimiter', 'encoding = "utf-16"\npatient = "Nr"\ndelimiter'),
        "has none of the columns of the mapping",
    ),
]


@pytest.mark.parametrize(("name", "pair", "told"), REFUSED_AT_ALL)
def test_what_cannot_be_read_at_all_is_refused_before_anything_is_kept(
    clinic: Path, run: Run, name: str, pair: tuple[str, str], told: str
) -> None:
    change(clinic, name, pair)
    status, lines, message = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert (status, lines) == (2, [])
    assert told in message
    assert run("list")[1] == []


def test_an_empty_register_and_another_encoding_are_told(clinic: Path, run: Run) -> None:
    (clinic / "course.csv").write_bytes("Nr;Datum;Was;Ergebnis;Herd;Größe".encode("latin-1"))
    (clinic / "patients.csv").write_text("Nr;Geboren;Geschlecht;ER;Erstdiagnose\n")
    message = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")[2]
    assert "is not UTF-8; save the file as UTF-8" in message
    assert "patients.csv holds no row below its header: nobody is in the register" in message


REFUSED = [
    (("12.04.1970", "31.02.1970"), "patients.csv, row 2, column Geboren: '31.02.1970': there is no such day"),
    (("12.04.1970", "1970-04-12"), "'1970-04-12' is no day written as DD.MM.YYYY"),
    (("P1;12.04.1970;w", "P1;12.04.1970;x"), "the mapping does not say what 'x' means for 'sex'"),
    (("P2;30", "P1;30"), "this patient stands twice in the register, first in row 2"),
]


@pytest.mark.parametrize(("pair", "told"), REFUSED)
def test_a_patient_with_a_fault_is_refused_whole(
    clinic: Path, run: Run, pair: tuple[str, str], told: str
) -> None:
    change(clinic, "patients.csv", pair)
    status, [*_, summary], message = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert (status, summary["refused"]) == (2, 2 if "P1;30" in pair else 1)
    assert told in message or told in str(run("import", clinic, "--mapping", clinic.parent / "clinic.toml"))
    add_up(summary)
    assert run("show", "P1")[0] == 2


COURSE = [
    ("P1;01.07.2024;Verdacht;;;", ";01.07.2024;Verdacht;;;", "the row names no patient"),
    ("P1;01.07.2024", "P7;01.07.2024", "this patient is not in the register"),
    ("01.07.2024", "", "metastasis_suspected: the day is not stated"),
    ("Teilremission", "", "response_assessed: 'overall' is not stated"),
    ("Teilremission", "besser", "the mapping does not say what 'besser' means for 'overall'"),
    ("1,2", "zwei", "the mapping does not say what 'zwei' means for 'diameter_mm'"),
    ("1,2", "-1", "the mapping does not say what '-1' means for 'diameter_mm'"),
    ("Knochen;1,2", "Knochen;1,2;zuviel", "no column name stands over this cell"),
    ("30.11.2024;K", "01.01.1950;K", "before the birth_date"),
]


@pytest.mark.parametrize(("old", "new", "told"), COURSE)
def test_a_row_with_a_fault_is_told_with_its_place(
    clinic: Path, run: Run, old: str, new: str, told: str
) -> None:
    change(clinic, "course.csv", (old, new))
    mapping = clinic.parent / "clinic.toml"
    status, [*_, summary], _ = run("import", clinic, "--mapping", mapping)
    refused = [one["reason"] for one in summary["reasons"]]
    if old == "01.07.2024":  # nothing but the word stands in the row: it says nothing
        assert (status, summary["entries"]) == (0, 3)
    else:
        assert status == 2
        assert any(told.split("'")[0] in reason for reason in refused)
    add_up(summary)


def test_unmapped_words_are_left_unknown_where_the_mapping_says_so(clinic: Path, run: Run) -> None:
    change(clinic, "course.csv", ("Knochen;1,2", "Milz;zwei"))
    change(clinic, "clinic.toml", ('name = "Breast', 'unmapped = "unknown"\nname = "Breast'))
    change(clinic, "patients.csv", ("P1;12.04.1970;w;positiv", "P1;12.04.1970;w;schwach"))
    _, [summary], _ = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert summary["refused"] == 0
    assert {(one["column"], one["value"]) for one in summary["unmapped"]} == {
        ("ER", "schwach"),
        ("Herd", "Milz"),
        ("Groesse_cm", "zwei"),
    }
    assert summary["total"]["unknown_because"]["unmapped"] == 3
    add_up(summary)


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
    (tmp_path / "m.toml").write_text(SMALL.replace('patient = "Nr"', 'sheet = "Liste"\npatient = "Nr"'))
    told = run("import", tmp_path / "one.xlsx", "--mapping", tmp_path / "m.toml")[2]
    assert "there is no sheet 'Liste'; sheets: 'List'" in told


@pytest.mark.usefixtures("clinic")
def test_a_file_named_alone_needs_the_folder_where_tables_are_several(clinic: Path, run: Run) -> None:
    told = run("import", clinic / "patients.csv", "--mapping", clinic.parent / "clinic.toml")[2]
    assert "no file 'course*.csv' is in what was named; name the folder that holds all tables" in told


def test_preview_goes_with_a_mapping(clinic: Path, run: Run) -> None:
    assert "--preview goes with --mapping" in run("import", clinic / "patients.csv", "--preview")[2]


def test_a_person_reads_the_figures(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(clinic, "course.csv", ("Teilremission", "besser"))
    mapping = clinic.parent / "clinic.toml"
    assert main(["import", str(clinic), "--mapping", str(mapping), "--preview"]) == 2
    told = capsys.readouterr().out
    assert "P2  born 1955-11-30" in told
    assert "Words that the mapping does not explain" in told
    assert "     1  course*.csv, Ergebnis: besser" in told
    assert "--errors PATH writes the refused rows as they stood" in told
    main(["import", str(clinic), "--mapping", str(mapping), "--errors", str(clinic.parent / "mend")])
    assert f"Mend {clinic.parent / 'mend'} and import it with the same mapping." in capsys.readouterr().out


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

    monkeypatch.setattr("cli.import_mapped.tell", meanwhile)
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
