"""Whom a row names: the same letters are the same patient; what looks alike or names nobody is told."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from cli.main import main
from tests.cli.mapped.tables import Run, add_up, change

COMPOSED, APART = normalize("NFC", "Mü-1"), normalize("NFD", "Mü-1")


@pytest.mark.parametrize("written", [APART, f" {COMPOSED}\u00a0", f"\u2007{APART}\u3000"])
def test_the_same_letters_and_outer_blanks_are_the_same_patient(clinic: Path, run: Run, written: str) -> None:
    change(clinic, "patients.csv", ("P1;", f"{COMPOSED};"))
    course = (clinic / "course.csv").read_text(encoding="utf-8").replace("P1;", f"{written};")
    (clinic / "course.csv").write_text(course, encoding="utf-8")
    mapping = clinic.parent / "clinic.toml"
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["new"], summary["entries"]) == (0, 2, 4)
    change(clinic, "patients.csv", (COMPOSED, APART))
    assert run("import", clinic, "--mapping", mapping)[1][-1]["unchanged"] == 2


@pytest.mark.parametrize("other", ["p1", "P 1", "P\u00a01"])
def test_what_differs_in_capitals_or_blanks_only_is_not_taken_for_another(
    clinic: Path, run: Run, other: str
) -> None:
    """In one import both are held back; what is there already holds back who looks like it."""
    mapping = clinic.parent / "clinic.toml"
    change(clinic, "course.csv", ("P1;30.11.2024", f"{other};30.11.2024"))
    status, [*away, summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["new"]) == (2, 1)
    assert {one["patient"] for one in away} == {"P1", other}
    assert all("only in capitals or blanks, and nobody can tell" in one["error"] for one in away)
    assert not any("P1" in one["reason"] or other in one["reason"] for one in summary["reasons"])
    add_up(summary)
    change(clinic, "course.csv", (f"{other};30.11.2024", "P1;30.11.2024"))
    assert run("import", clinic, "--mapping", mapping)[0] == 0
    for name in ("patients.csv", "course.csv"):
        text = (clinic / name).read_text(encoding="utf-8").replace("P1;", f"{other};")
        (clinic / name).write_text(text, encoding="utf-8")
    status, [away_now, summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, away_now["patient"], summary["new"], summary["unchanged"]) == (2, other, 0, 1)


def test_patients_who_are_told_apart_already_stay_two(clinic: Path, run: Run, tmp_path: Path) -> None:
    cases = "".join(f"- {{id: {one}, facts: {{}}, events: []}}\n" for one in ("P3", "p3"))
    (tmp_path / "cases.yaml").write_text(f"vignettes:\n{cases}", encoding="utf-8")
    assert run("import", tmp_path / "cases.yaml")[0] == 0
    with (clinic / "patients.csv").open("a", encoding="utf-8") as file:
        file.write("P3;;;;\np3;;;;\n")
    status, [summary], _ = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert (status, summary["refused"]) == (0, 0)


def test_a_huge_reference_is_told_short(clinic: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    change(clinic, "patients.csv", ("P2;", f"{'x' * 5000};"))
    mapping = clinic.parent / "clinic.toml"
    _, [*away, summary], _ = run("import", clinic, "--mapping", mapping)
    assert any("'patient' has 5,000 characters; at most 200 are read" in one["error"] for one in away)
    assert max(len(str(one)) for one in (*away, summary)) < 3000
    main(["import", str(clinic), "--mapping", str(mapping)])
    told = capsys.readouterr()
    assert "xxxxx" not in told.out + told.err


def nameless(clinic: Path, patients: int) -> None:
    """A table sorted by date, in which one row in the middle names nobody."""
    names = [f"Q{number}" for number in range(patients)]
    register = ["Nr;Geboren;Geschlecht;ER;Erstdiagnose", *(f"{name};;;;" for name in names), "QUIET;;;;"]
    rows = [f"{name};0{day}.07.2024;Verdacht;;;" for day in (1, 2) for name in names]
    rows[patients:patients] = [";01.07.2024;Verdacht;;;"]
    (clinic / "patients.csv").write_text("\n".join(register) + "\n", encoding="utf-8")
    (clinic / "course.csv").write_text(
        "\n".join(["Nr;Datum;Was;Ergebnis;Herd;Groesse_cm", *rows]) + "\n", encoding="utf-8"
    )


def test_a_row_without_a_name_is_told_once_whomever_it_holds_back(
    clinic: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also who has no other row in that table may be the one."""
    nameless(clinic, 30)
    mapping = clinic.parent / "clinic.toml"
    assert main(["import", str(clinic), "--mapping", str(mapping), "--dry-run"]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert (
        "course.csv, row 32, column Nr: the row names no patient, and everybody whose it may be" in told.err
    )
    assert "31  course*.csv: held back by a row that names no patient" in told.out
    status, [*away, summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["new"], len(away)) == (2, 0, 32)
    add_up(summary)


def test_a_row_that_the_mapping_does_not_read_holds_nobody_back(clinic: Path, run: Run) -> None:
    """Such as a line with sums below the table."""
    nameless(clinic, 3)
    change(clinic, "course.csv", (";01.07.2024;Verdacht;;;\nQ0;02", ";Summe;;;;3\nQ0;02"))
    mapping = clinic.parent / "clinic.toml"
    assert run("import", clinic, "--mapping", mapping)[0] == 2
    change(
        clinic, "clinic.toml", ('file = "course*.csv"', 'file = "course*.csv"\nwhen = {Nr = {filled = true}}')
    )
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["new"]) == (0, 4)
    assert summary["tables"]["course*.csv"]["rows"]["nothing_to_record"] == 1
    add_up(summary)
