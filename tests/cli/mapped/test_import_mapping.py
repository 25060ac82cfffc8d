"""`carepath import --mapping`: tables of a site, whole patients, figures that add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import main
from tests.cli.mapped.tables import Run, add_up, change


@pytest.mark.each_database
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


@pytest.mark.each_database
def test_importing_again_changes_nothing(clinic: Path, run: Run) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["unchanged"], summary["entries"], summary["known_entries"]) == (0, 2, 0, 4)


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
