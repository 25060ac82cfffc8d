"""Rows corrected in tables whose entries no column names: never a second entry beside the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import main
from tests.cli.mapped.tables import Run, add_up, change


def entries(run: Run, patient: str) -> dict[str, str]:
    """Type by id of what stands in the ledger of a patient."""
    _, [shown], _ = run("show", patient)
    return {entry["id"]: entry["type"] for entry in shown["entries"]}


def retract(patient: str, target: str) -> None:
    words = [
        "record",
        patient,
        "retraction",
        "--field",
        f"target={target}",
        "--field",
        "reason=row corrected",
    ]
    assert main([*words, "--json"]) == 0


ALTERED = [
    (("Teilremission", "Progress"), "response_assessed of 2024-11-30"),
    (("30.11.2024", "29.11.2024"), "response_assessed of 2024-11-30"),
    (("P1;30.11.2024;Kontrolle;Teilremission;;\n", ""), "response_assessed of 2024-11-30"),
    (("P1;01.07.2024;Verdacht", "P1;01.07.2024;Staging"), "metastasis_suspected of 2024-07-01"),
]


@pytest.mark.parametrize(("pair", "told"), ALTERED)
def test_a_row_that_was_altered_or_taken_out_holds_its_patient_back(
    clinic: Path, run: Run, capsys: pytest.CaptureFixture[str], pair: tuple[str, str], told: str
) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    before, refused = entries(run, "P1"), {"error": ""}
    change(clinic, "course.csv", pair)
    for words in (["--dry-run"], []):
        status, [refused, summary], _ = run("import", clinic, "--mapping", mapping, *words)
        assert (status, summary["refused"], summary["unchanged"]) == (2, 1, 1)
        assert refused["patient"] == "P1"
        assert f"{told}: recorded earlier from these tables, which say it no longer" in refused["error"]
        assert [one["times"] for one in summary["reasons"]] == [1]
        assert "2024" not in summary["reasons"][0]["reason"]
        add_up(summary)
        assert entries(run, "P1") == before
    target = next(id for id in before if id in refused["error"])
    retract("P1", target)
    capsys.readouterr()
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["entries"], summary["retracted"]) == (0, 0 if not pair[1] else 1, [])


def test_a_row_that_still_says_what_was_retracted_is_told(
    clinic: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    target = next(id for id, type in entries(run, "P1").items() if type == "response_assessed")
    retract("P1", target)
    capsys.readouterr()
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["unchanged"]) == (0, 2)
    assert summary["retracted"] == [{"patient": "P1", "entry": target}]
    main(["import", str(clinic), "--mapping", str(mapping)])
    told = capsys.readouterr().out
    assert f"Said by the tables, but retracted here and left so\n  P1: {target}\n" in told


def test_a_person_reads_how_an_entry_is_taken_back(
    clinic: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    change(clinic, "course.csv", ("Teilremission", "Progress"))
    assert main(["import", str(clinic), "--mapping", str(mapping)]) == 2
    assert "carepath record PATIENT retraction --field target=ID" in capsys.readouterr().out


def test_a_mapping_that_reads_more_than_it_did_holds_its_patients_back(clinic: Path, run: Run) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    change(
        clinic,
        "clinic.toml",
        ('fields.purpose = {value = "staging"}', 'fields.purpose = {value = "symptom"}'),
    )
    status, [refused, summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, refused["patient"], summary["unchanged"]) == (2, "P1", 1)
    assert "imaging_done of 2024-07-08: recorded earlier from these tables" in refused["error"]


def test_other_names_for_the_same_entries_change_nothing(clinic: Path, run: Run) -> None:
    """Tables, events and mapping get names, rows get an `id`: what they say was said already."""
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    before = entries(run, "P1")
    change(
        clinic,
        "clinic.toml",
        ("Breast clinic, spreadsheet exports", "Other"),
        ('type = "response_assessed"', 'type = "response_assessed"\nid = ["Nr", "Datum"]'),
        ('type = "imaging_done"', 'type = "imaging_done"\nname = "scan"'),
    )
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["unchanged"], summary["known_entries"]) == (0, 2, 4)
    assert entries(run, "P1") == before
    change(clinic, "course.csv", ("Teilremission", "Progress"))
    _, [refused, _], _ = run("import", clinic, "--mapping", mapping)
    told = "from other tables, which these do not repeat (mapping Breast clinic, spreadsheet exports)"
    assert told in refused["error"]


def test_mappings_that_read_other_tables_of_the_same_patients_say_so(clinic: Path, run: Run) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    change(clinic, "clinic.toml", ("Breast clinic, spreadsheet exports", "Radiology"))
    (clinic / "course.csv").write_text(
        "Nr;Datum;Was;Ergebnis;Herd;Groesse_cm\nP1;08.09.2024;Staging;;;\n", encoding="utf-8"
    )
    assert run("import", clinic, "--mapping", mapping)[0] == 2
    change(
        clinic,
        "clinic.toml",
        ('name = "Radiology"', 'name = "Radiology"\nbeside = ["Breast clinic, spreadsheet exports"]'),
    )
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["entries"], summary["unchanged"]) == (0, 1, 1)


def test_rows_that_name_their_entries_may_be_told_in_parts(clinic: Path, run: Run) -> None:
    mapping = clinic.parent / "clinic.toml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace('date = "Datum"', 'date = "Datum"\nid = ["Datum"]'), encoding="utf-8")
    run("import", clinic, "--mapping", mapping)
    (clinic / "course.csv").write_text(
        "Nr;Datum;Was;Ergebnis;Herd;Groesse_cm\nP1;01.12.2024;Staging;;;\n", encoding="utf-8"
    )
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["entries"]) == (0, 1)
