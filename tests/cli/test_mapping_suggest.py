"""`carepath mapping suggest`: proposed, decided by a person, imported with the answers expected."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook

from interop.suggest.undecided import UNDECIDED
from interop.workbook.examples import example_rows
from interop.workbook.layout import sheets
from interop.workbook.writer import workbook
from tests.cli.conftest import Clock, Run


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def decided(file: str, *choices: tuple[str, str]) -> None:
    """What a person does in an editor: each line once in place of the other."""
    text = Path(file).read_text(encoding="utf-8")
    for open_line, choice in choices:
        assert text.count(open_line) == 1, (open_line, text)
        text = text.replace(open_line, choice)
    assert UNDECIDED not in "".join(line.partition("#")[0] for line in text.splitlines())
    Path(file).write_text(text, encoding="utf-8")


GERMAN = """\
Pat.-Nr.;Name;Geburtsdatum;Geschlecht;Menopausenstatus;Primärtumor;ER-Status;HER2;Verdacht am;Datum Staging;\
Bildgebung;Organ;Größe (mm);Biopsiedatum;Tumorkonferenz;Entscheidung;Beginn Systemtherapie;Therapieart;\
Datum Ansprechen 1;Ansprechen 1;Datum Ansprechen 2;Ansprechen 2
1;Doe;12.04.1970;w;postmenopausal;reseziert;positiv;negativ;03.06.2024;10.06.2024;PET-CT;Lymphknoten;14,5;18.06.2024;20.06.2024;\
Systemtherapie zuerst;27.06.2024;endokrin;20.09.2024;Teilremission;20.12.2024;Teilremission
2;Roe;30.11.1955;w;unbekannt;in situ;negativ;negativ;13.06.2024;20.06.2024;CT;Leber;22;28.06.2024;30.06.2024;\
Systemtherapie zuerst;07.07.2024;Chemotherapie;30.09.2024;stabil;;
3;Poe;01.02.1960;w;postmenopausal;reseziert;positiv;positiv;23.06.2024;30.06.2024;PET-CT;Knochen;8;08.07.2024;10.07.2024;\
Systemtherapie zuerst;17.07.2024;endokrin;10.10.2024;Progress;;
"""


def test_a_wide_german_table(run: Run, database: Path, clock: Clock) -> None:
    Path("liste.csv").write_text(GERMAN, encoding="cp1252")
    told = run("mapping", "suggest", "liste.csv", "--out", "liste.toml").out
    assert "liste: 18 columns read, 2 open, 1 not understood" in told
    assert "4 points to be decided by you, marked in the file." in told
    ran = run("mapping", "check", "liste.toml")
    assert (ran.status, f"until you have decided what is marked {UNDECIDED}" in ran.out) == (0, True)
    assert f"no column '{UNDECIDED}'" in run("import", "liste.csv", "--mapping", "liste.toml").err
    decided(
        "liste.toml",
        ('# "primary.er" = ', '"primary.er" = '),
        ("# fields.her2 = ", "fields.her2 = "),
        (f'fields.question = "{UNDECIDED}"', 'fields.question = {value = "initial"}'),
        ('# "Systemtherapie zuerst" = ""', '"Systemtherapie zuerst" = "systemic_first"'),
    )
    ran = run("mapping", "check", "liste.toml")
    assert (ran.status, UNDECIDED in ran.out) == (0, False)
    clock.set("2025-02-03")
    ran = run("import", "liste.csv", "--mapping", "liste.toml", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert (ran.lines[-1]["new"], ran.lines[-1]["refused"]) == (3, 0)
    (first,) = run("show", "1", "--json").lines
    assert first["facts"]["birth_date"] == "1970-04-12"
    assert (first["facts"]["menopausal_status"], first["facts"]["primary.er"]) == ("post", "positive")
    entries = {one["type"]: one for one in first["entries"]}
    assert entries["imaging_done"]["lesions"] == [{"id": "L1", "organ": "lymph_node", "diameter_mm": 14.5}]
    assert entries["imaging_done"]["modality"] == "pet_ct"
    assert entries["tissue_result"]["her2"] == "negative"
    assert entries["systemic_started"]["regimen_class"] == ["endocrine"]
    assessed = [
        (one["date"], one["overall"]) for one in first["entries"] if one["type"] == "response_assessed"
    ]
    assert assessed == [("2024-09-20", "PR"), ("2024-12-20", "PR")]
    (second,) = run("show", "2", "--json").lines
    assert second["facts"]["menopausal_status"] in (None, "unknown")
    assert len([one for one in second["entries"] if one["type"] == "response_assessed"]) == 1


def test_nobody_is_told_on_any_stream(run: Run) -> None:
    Path("liste.csv").write_text(GERMAN, encoding="utf-8")
    for words in ((), ("--json",)):
        ran = run("mapping", "suggest", "liste.csv", *words)
        assert ran.status == 0
        assert not any(name in ran.out + ran.err for name in ("Doe", "Roe", "Poe", "1970"))


def test_a_folder_with_a_register_and_a_course_in_english(run: Run, database: Path) -> None:
    Path("export").mkdir()
    Path("export/patients.csv").write_text(
        "MRN,Last name,DOB,Gender\nA,Doe,04/03/1970,F\nB,Roe,05/11/1955,F\nC,Poe,06/09/1961,M\n",
        encoding="utf-8",
    )
    rows = [
        f"{who},{day}/0{month}/2024,{event},{result}"
        for n, who in enumerate("ABC", start=1)
        for day, month, event, result in (
            (f"0{n}", 2, "Suspicion", ""),
            (f"0{n}", 5, "Response", "PR" if n == 1 else "SD"),
            (f"0{n}", 6, "Phone call", ""),
        )
    ]
    Path("export/course.csv").write_text("\n".join(["MRN,Date,Event,Result", *rows]), encoding="utf-8")
    run("mapping", "suggest", "export", "--out", "m.toml")
    assert "may be 1970-03-04 or 1970-04-03" in run("import", "export", "--mapping", "m.toml").err
    decided("m.toml", ('\nformats = ["DD/MM/YYYY", "MM/DD/YYYY"]', '\nformats = ["DD/MM/YYYY"]'))
    ran = run("import", "export", "--mapping", "m.toml", "--json")
    assert (ran.status, ran.lines[-1]["new"], ran.lines[-1]["entries"]) == (0, 3, 6)
    (shown,) = run("show", "A", "--json").lines
    assert shown["facts"]["birth_date"] == "1970-03-04"
    assert [(one["date"], one["type"]) for one in shown["entries"]] == [
        ("2024-02-01", "metastasis_suspected"),
        ("2024-05-01", "response_assessed"),
    ]


def test_a_workbook_with_lesions_one_a_row(run: Run, database: Path) -> None:
    book = Workbook()
    register = book.worksheets[0]
    register.title = "Stammdaten"
    lesions = book.create_sheet("Bildgebung")
    register.append(["Patienten-ID", "Geburtsdatum"])
    lesions.append(["Patienten-ID", "Datum", "Herd Nr", "Organ", "Durchmesser (cm)", "lokal behandelbar"])
    for n in range(1, 4):
        register.append([n, f"1{n}.02.1960"])
        lesions.append([n, f"1{n}.02.2024", "L1", "Knochen", 1.5, "ja"])
        lesions.append([n, f"1{n}.02.2024", "L2", "Lunge", 2, "nein"])
    book.save("b.xlsx")
    told = run("mapping", "suggest", "b.xlsx", "--out", "m.toml").out
    assert "1 point to be decided by you" in told
    decided("m.toml", (f'fields.purpose = "{UNDECIDED}"', 'fields.purpose = {value = "staging"}'))
    ran = run("import", "b.xlsx", "--mapping", "m.toml", "--json")
    assert (ran.status, ran.lines[-1]["new"]) == (0, 3)
    (shown,) = run("show", "2", "--json").lines
    (imaging,) = shown["entries"]
    assert (imaging["date"], [one["diameter_mm"] for one in imaging["lesions"]]) == (
        "2024-02-12",
        [15.0, 20.0],
    )


def test_what_is_refused(run: Run, tmp_path: Path) -> None:
    Path("t.csv").write_text("Patient,Geburtsdatum\nP,31.01.1970\n", encoding="utf-8")
    assert "no such file" in run("mapping", "suggest", "nowhere.csv").err
    Path("empty.csv").touch()
    assert "there is no table" in run("mapping", "suggest", "empty.csv").err
    assert "name it m.toml" in run("mapping", "suggest", "t.csv", "--out", "m.txt").err
    ran = run("mapping", "suggest", "t.csv", "--out", "none/m.toml")
    assert (ran.status, "cannot be written" in ran.err) == (3, True)
    assert run("mapping", "suggest", "t.csv", "--out", "m.toml").out.splitlines()[:2] == [
        "m.toml: a proposal for 1 table, to be read and corrected.",
        "  t: 1 column read, 0 open, 0 not understood",
    ]
    before = Path("m.toml").read_text(encoding="utf-8")
    assert "not overwritten" in run("mapping", "suggest", "t.csv", "--out", "m.toml").err
    assert Path("m.toml").read_text(encoding="utf-8") == before


def test_a_table_that_needs_no_mapping(run: Run) -> None:
    made = sheets()
    Path("filled.xlsx").write_bytes(workbook(made, example_rows(made), shown=False))
    ran = run("mapping", "suggest", "filled.xlsx")
    assert (ran.status, "is a long table already" in ran.err) == (2, True)


def test_the_proposal_for_a_program(run: Run) -> None:
    Path("t.csv").write_text(
        "Patient,Geburtsdatum,HER2,Datum Biopsie,Vorname\nP,31.01.1970,negativ,31.01.2024,Ann\n",
        encoding="utf-8",
    )
    (told,) = run("mapping", "suggest", "t.csv", "--json").lines
    assert (told["table"], told["rows"], told["patient"], told["register"]) == ("t", 1, "Patient", True)
    assert told["facts"] == {"birth_date": "Geburtsdatum"}
    assert told["events"][0]["date"] == "Datum Biopsie"
    assert told["open"] == {"HER2": ["fact.primary.her2", "tissue_result.her2"]}
    assert told["not_understood"] == ["Vorname"]
    shown = run("mapping", "suggest", "t.csv").out
    assert tomllib.loads(shown)["table"][0]["patient"] == "Patient"
