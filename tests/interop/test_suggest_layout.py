"""How a table is laid out in a proposal: titles above the heads, rows of nobody, columns side by side."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from interop.located import BrokenFile
from interop.suggest.proposal import propose
from interop.suggest.table_look import look
from interop.suggest.undecided import UNDECIDED
from tests.interop.suggested import faults, table, written


def test_a_title_above_the_heads(tmp_path: Path) -> None:
    rows = "P1;31.12.1970\nP2;30.12.1970\n"
    for above in ("Liste der Patientinnen, Stand 2024\n\n", "Liste;\n;\n", "Stand;01.02.2024\n"):
        found = table(tmp_path, f"{above}Pat.-Nr.;Geburtsdatum\n{rows}")
        read = tomllib.loads(written(found))["table"][0]
        assert read["header_row"] == above.count("\n") + 1
        assert (read["patient"], read["facts"]) == ("Pat.-Nr.", {"birth_date": "Geburtsdatum"})
    book = Workbook()
    for row in (["Liste"], [], ["Pat.-Nr.", "Geburtsdatum"], ["P1", date(1970, 12, 31)]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "b.xlsx")
    [found] = propose(look(tmp_path / "b.xlsx").tables)
    assert tomllib.loads(written(found))["table"][0]["header_row"] == 3
    assert found.facts["birth_date"].column == "Geburtsdatum"


def test_a_title_above_heads_that_name_no_patient_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile) as broken:
        table(tmp_path, "Liste 2024\nWer;Geburtsdatum\nP1;31.12.1970\n")
    assert "the first row has one cell, like a title" in broken.value.problem.message


def test_rows_that_name_nobody_do_not_hide_the_column_of_patients(tmp_path: Path) -> None:
    rows = "".join(f"P{n},31.12.197{n}\n" for n in range(5))
    text = written(table(tmp_path, f"Patient,Geburtsdatum\n{rows},30.12.1970\n,Summe\n"))
    read = tomllib.loads(text)["table"][0]
    assert (read["patient"], read["register"], "several_rows" in read) == ("Patient", True, False)
    assert "2 are without a patient, and refused: row 7, 8" in text


def test_therapies_side_by_side_are_one_event_that_repeats(tmp_path: Path) -> None:
    head = "Patient,Therapie 1 Beginn,Therapie 2 Beginn,drug_1,drug_2,drug_3,HER2,BRCA1,BRCA2"
    text = written(table(tmp_path, f"{head}\nP1,31.12.2020,30.11.2021,tamoxifen,letrozol,,negativ,,\n"))
    read = tomllib.loads(text)["table"][0]
    [event] = read["event"]
    assert (event["type"], event["repeat"], event["date"]) == (
        "systemic_started",
        [1, 2],
        "Therapie {n} Beginn",
    )
    assert event["fields"]["regimen"] == "drug_{n}"
    text = written(
        table(tmp_path, f"{head}\nP1,31.12.2020,30.11.2021,tamoxifen,letrozol,anthrazyklin,negativ,,\n")
    )
    read = tomllib.loads(text)["table"][0]
    assert (read["event"][0]["repeat"], read["optional_columns"]) == ([1, 2, 3], ["Therapie 3 Beginn"])
    assert faults(text) == []


def test_therapies_side_by_side_without_a_day_are_not_lost(tmp_path: Path) -> None:
    text = written(table(tmp_path, "Patient,drug_1,drug_2\nP1,tamoxifen,letrozol\n"))
    [event] = tomllib.loads(text)["table"][0]["event"]
    assert (event["type"], event["repeat"], event["date"]) == ("systemic_started", [1, 2], UNDECIDED)
    assert faults(text) == []


def test_lesions_side_by_side_are_lesions_of_one_imaging(tmp_path: Path) -> None:
    head = "Patient,Datum Staging,Organ 1,Organ 2,Größe 1 (mm)"
    found = table(tmp_path, f"{head}\nP1,31.12.2020,Leber,Lunge,12\n")
    text = written(found)
    [imaging] = tomllib.loads(text)["table"][0]["event"]
    first, second = imaging["lesion"]
    assert (first["id"], first["diameter_mm"]) == ({"value": "L1"}, "Größe 1 (mm)")
    assert (second["id"], "diameter_mm" in second) == ({"value": "L2"}, False)
    assert faults(text) == []
    assert found.columns_read == set(head.split(",")[1:])


def test_a_course_without_a_list_of_patients(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("Patient,Datum Biopsie\nP,31.12.2024\nP,30.12.2024\n")
    (tmp_path / "b.tsv").write_text("Patient\tDatum Biopsie\nP\t31.12.2024\nQ\t30.12.2024\nQ\t29.12.2024\n")
    text = written(*propose(look(tmp_path).tables))
    assert faults(text) == []
    read = tomllib.loads(text)["table"]
    assert [(one["name"], one.get("several_rows")) for one in read] == [
        ("a", None),
        ("b.csv b", None),
        ("b.tsv b", True),
    ]
    assert f"{UNDECIDED}: no table here lists every patient once" in text
