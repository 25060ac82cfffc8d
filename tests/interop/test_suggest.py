"""A mapping proposed from a table: what is recognised, what is left to a person, and what is never told."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from interop.located import BrokenFile
from interop.mapping_file import read_mapping_text
from interop.suggest import known_words
from interop.suggest.known_words import (
    Place,
    head,
    is_plain_day,
    is_private,
    is_unknown,
    kind_of,
    meanings,
    places_of,
)
from interop.suggest.proposal import propose
from interop.suggest.table_look import look
from interop.suggest.undecided import UNDECIDED
from interop.suggest.writer import mapping_text
from pathways.vocabulary import load_vocabulary
from tests.interop.suggested import faults, table, written

KNOWN = load_vocabulary()


def test_the_words_lead_to_places_that_are_there() -> None:
    words = known_words._words()
    assert set(words["facts"]) <= set(KNOWN.facts)
    assert set(words["events"]) <= set(KNOWN.events)
    for key in words["fields"]:
        of, _, name = key.partition(".")
        assert name in (KNOWN.lesion if of == "lesion" else KNOWN.events[of].fields), key
    facts = [*KNOWN.facts.values(), *KNOWN.lesion.values()]
    fields = facts + [field for event in KNOWN.events.values() for field in event.fields.values()]
    codes = {code for field in fields for code in (*field.codes, *field.codes_known)}
    assert set(words["codes"]) <= codes


@pytest.mark.parametrize(
    ("column", "of", "name"),
    [
        ("Geburtsdatum", "fact", "birth_date"),
        ("Geb.-Datum", "fact", "birth_date"),
        ("DateOfBirth", "fact", "birth_date"),
        ("ER-Status", "fact", "primary.er"),
        ("HER-2/neu", "fact", "primary.her2"),
        ("Datum Biopsie", "tissue_result", "date"),
        ("Biopsiedatum", "tissue_result", "date"),
        ("Todesdatum", "death", "date"),
        ("Date of death", "death", "date"),
        ("Tumorkonferenz", "board_held", "date"),
        ("Größe (mm)", "lesion", "diameter_mm"),
        ("Groesse_cm", "lesion", "diameter_mm"),
        ("Response 2 Datum", "response_assessed", "date"),
        ("Erstdiagnosse", "fact", "primary.diagnosis_date"),
        ("lesion_organ", "lesion", "organ"),
        ("response_assessed overall", "response_assessed", "overall"),
    ],
)
def test_heads(column: str, of: str, name: str) -> None:
    assert Place(of, name) in [one.place for one in places_of(column)]


def test_what_a_head_names_besides() -> None:
    assert [head(one).unit for one in ("Größe (mm)", "Groesse_cm", "Dosis [Gy]", "Dosis in cGy", "CM")] == [
        "mm",
        "cm",
        "Gy",
        "cGy",
        "",
    ]
    assert [head(one).number for one in ("Response 2", "2. Biopsie", "HER2", "Jahr 2024")] == [
        "2",
        "2",
        "",
        "",
    ]
    assert (is_plain_day("Datum"), is_plain_day("Datum OP"), is_plain_day("()")) == (True, False, False)
    assert [is_private(one) for one in ("Nachname", "Name der Patientin", "E-Mail", "Organ")] == [
        True
    ] * 3 + [False]
    assert places_of("Blutgruppe") == ()


def test_words_of_kinds_and_values() -> None:
    assert [kind_of(one) for one in ("Verdacht", "Biopsie", "Tumor-Board", "imaging", "Kaffee")] == [
        "metastasis_suspected",
        "tissue_result",
        "board_held",
        "imaging_done",
        None,
    ]
    assert meanings(KNOWN.facts["sex"], "weiblich") == ("female",)
    assert meanings(KNOWN.lesion["organ"], "Weichteile") == ("soft_tissue",)
    assert meanings(KNOWN.lesion["solid"], "Ja") == (True,)
    assert meanings(KNOWN.lesion["solid"], "nein") == (False,)
    assert meanings(KNOWN.lesion["solid"], "-") == ()
    assert len(meanings(KNOWN.events["local_treatment"].fields["modality"], "ablation")) > 1
    assert [is_unknown(one) for one in ("k.A.", "nicht bekannt", "-", "")] == [True, True, False, False]


WIDE = """Pat.-Nr.;Nachname;Geburtsdatum;Geschlecht;HER2;Tumorkonferenz;Datum Staging;Lokalisation;Größe;\
Ansprechen 1;Datum Ansprechen 1;Ansprechen 2;Datum Ansprechen 2;Bemerkung
P1;Müller;12.04.1970;w;negativ;20.06.2024;10.06.2024;Knochen;12,5;PR;20.09.2024;stabil;20.12.2024;ruft an
P2;Schmidt;30.11.1955;w;2+;21.07.2024;11.07.2024;Leber;8;stabil;22.10.2024;;;
P3;Maier;01.02.1960;m;2+;21.08.2024;11.08.2024;Nebenniere;18;Progress;22.11.2024;;;
P4;Huber;01.03.1961;w;2+;21.08.2024;11.08.2024;?;18;Progress;22.11.2024;;;
"""


def test_a_wide_table(tmp_path: Path) -> None:
    found = table(tmp_path, WIDE)
    text = written(found)
    read = tomllib.loads(text)["table"][0]
    assert (read["register"], read["patient"], read["delimiter"]) == (True, "Pat.-Nr.", "semicolon")
    assert read["facts"]["birth_date"] == "Geburtsdatum"
    assert read["facts"]["sex"]["values"] == {"w": "female", "m": "male"}
    assert read["facts"]["primary.her2"]["values"] == {"negativ": "negative"}
    assert f'# "2+" = ""  # {UNDECIDED}: 3 times' in text
    board, imaging, responses = read["event"]
    assert (board["type"], board["fields"]["question"]) == ("board_held", UNDECIDED)
    assert (imaging["type"], imaging["date"]) == ("imaging_done", "Datum Staging")
    assert imaging["fields"] == {"purpose": {"value": "staging"}}
    [lesion] = imaging["lesion"]
    assert lesion["id"] == {"value": "L1"}
    assert lesion["diameter_mm"] == UNDECIDED
    assert '# diameter_mm = {column = "Größe", unit = "...", decimal = ","}' in text
    assert lesion["organ"]["values"] == {"Knochen": "bone", "Leber": "liver"}
    assert "1 is no known word: row 4" in text
    assert (responses["repeat"], responses["date"]) == ([1, 2], "Datum Ansprechen {n}")
    assert responses["fields"]["overall"] == {
        "column": "Ansprechen {n}",
        "values": {"stabil": "SD", "Progress": "PD", "PR": "PR"},
    }
    assert found.left == {"Nachname": "texts, not shown", "Bemerkung": "texts, not shown"}
    assert faults(text) == []


def test_nobody_is_named(tmp_path: Path) -> None:
    text = written(table(tmp_path, WIDE))
    for private in ("Müller", "Schmidt", "Maier", "Huber", "P1", "P2", "ruft", "Nebenniere", "1970"):
        assert private not in text


def test_a_word_is_told_only_of_several_patients(tmp_path: Path) -> None:
    rows = "".join(f"P{n % 4},2024-01-0{n % 9 + 1},{'Anna' if n % 4 == 1 else 'oft'},x\n" for n in range(16))
    head = "Patient,Datum Biopsie,Stufe"
    text = written(table(tmp_path, f"{head},Egal\n{rows}"))
    assert ("'oft' 12 times" in text, "Anna" in text) == (True, False)
    text = written(table(tmp_path, f"{head.replace('Patient', 'Wer')},Egal\n{rows}"))
    assert ("oft" in text, "Anna" in text) == (False, False)
    assert tomllib.loads(text)["table"][0]["patient"] == UNDECIDED


@pytest.mark.parametrize(
    ("sizes", "decimal"),
    [
        ("12|8", None),
        ("1,5|8", ","),
        ("1.5|8", None),
        ("1,234|8", UNDECIDED),
        ("1.234|8", UNDECIDED),
        ("1,5|2.5", UNDECIDED),
        ("1,234|1,5", ","),
    ],
)
def test_the_sign_before_decimals(tmp_path: Path, sizes: str, decimal: str | None) -> None:
    rows = "".join(f"P;31.01.202{n};lung;L;{size}\n" for n, size in enumerate(sizes.split("|")))
    text = written(table(tmp_path, f"Patient;Datum;Organ;Herd Nr;Größe (mm)\n{rows}"))
    size = tomllib.loads(text)["table"][0]["event"][0]["lesion"][0]["diameter_mm"]
    read = {None: "Größe (mm)", UNDECIDED: UNDECIDED}
    assert size == read.get(decimal, {"column": "Größe (mm)", "decimal": decimal})
    assert ("decimal is a comma or a point" in text) == (decimal == UNDECIDED)


def test_what_stands_in_a_column_must_fit_its_head(tmp_path: Path) -> None:
    rows = "".join(f"P{n},31.01.2024,lang,17.05.2020,egal,dauernd\n" for n in range(3))
    found = table(tmp_path, f"Patient,Geschlecht,Geburtsdatum,ER,ECOG,Lokale Komplikation\n{rows}")
    assert (found.facts, found.register) == ({}, True)
    assert list(found.left) == ["Geschlecht", "Geburtsdatum", "ER", "ECOG", "Lokale Komplikation"]


def test_a_word_with_several_meanings_is_left_to_a_person(tmp_path: Path) -> None:
    rows = "".join(f"P{n},31.01.2024,ablation,ja,Knie\n" for n in range(3))
    text = written(
        table(
            tmp_path,
            f"Patient,mdt_started date,mdt_started modality,Primär metastasiert,lesion location\n{rows}",
        )
    )
    assert f'# "ablation" = ""  # {UNDECIDED}: 3 times; rfa or mwa' in text
    assert tomllib.loads(text)["table"][0]["facts"]["de_novo_metastatic"]["values"] == {"ja": True}


def test_words_that_an_import_understands_stand_as_they_are(tmp_path: Path) -> None:
    rows = "".join(f"P{n},31.01.2024,L,lung,Knie,true\n" for n in range(2))
    columns = "Patient,Datum Staging,Herd Nr,Organ,lesion location_detail,lesion solid"
    text = written(table(tmp_path, f"{columns}\n{rows}"))
    [lesion] = tomllib.loads(text)["table"][0]["event"][0]["lesion"]
    assert lesion == {
        "id": "Herd Nr",
        "organ": "Organ",
        "location_detail": "lesion location_detail",
        "solid": "lesion solid",
    }


def test_what_looks_like_no_code_is_not_told(tmp_path: Path) -> None:
    for said in ("Müller, Anna", "Dr. Maier", "a@b.de", "0301234567", "ein recht langer Satz ist das"):
        rows = "".join(f'P{n},2024-01-0{n + 1},"{said}"\n' for n in range(5))
        assert said not in written(table(tmp_path, f"Patient,Datum Biopsie,Stufe\n{rows}"))


def test_a_receptor_of_the_primary_or_of_the_metastasis_is_left_to_a_person(tmp_path: Path) -> None:
    rows = "".join(f"P{n},positiv,1{n}.06.2024\n" for n in range(3, 6))
    text = written(table(tmp_path, f"Patient,ER-Status,Datum Biopsie\n{rows}"))
    either, other = '# "primary.er" = {', "# fields.er = {"
    assert (either in text, other in text) == (True, True)
    assert f"# {UNDECIDED}: ER-Status may mean" in text
    assert read_mapping_text(text, "m").tables[0].facts == ()
    decided = text.replace(either, either[2:])
    assert read_mapping_text(decided, "m").tables[0].facts[0][0] == "primary.er"
    decided = text.replace(other, other[2:])
    assert read_mapping_text(decided, "m").tables[0].events[0].fields[0][0] == "er"


def book(path: Path) -> Path:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in (
        ("Stamm", [["ID", "Geburtsdatum"], *[[n, date(1960 + n, 2, 3)] for n in range(1, 5)]]),
        ("Verlauf", [["ID", "Datum", "Ereignis", "Ergebnis", "Wer"], *_course()]),
        ("Bildgebung", [["ID", "Datum", "Herd Nr", "Organ", "Durchmesser (cm)", "Datum"][:5], *_lesions()]),
        ("leer", []),
        ("Auswertung", [["Summe", "Summe"], [1, 2]]),
    ):
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made["leer"].sheet_state = "hidden"
    made.save(path)
    return path


def _course() -> list[list[Any]]:
    rows: list[list[Any]] = []
    for n in range(1, 5):
        rows.append([n, date(2024, 1, n), "Verdacht", None, "x"])
        rows.append([n, date(2024, 4, n), "Ansprechen", "Teilremission" if n % 2 else "stabil", "y"])
        rows.append([n, date(2024, 5, n), "Sozialdienst", None, None])
        rows.append([n, date(2024, 6, n), f"Anruf {n}", None, None])
    return rows


def _lesions() -> list[list[Any]]:
    return [[n, date(2024, 1, 10 + n), f"L{k}", "Knochen", 1.5] for n in range(1, 5) for k in (1, 2)]


def test_a_workbook_with_a_register_a_course_and_lesions(tmp_path: Path) -> None:
    looked = look(book(tmp_path / "b.xlsx"))
    assert looked.passed_over == ("Auswertung: the column 'Summe' stands twice",)
    text = mapping_text("b.xlsx", propose(looked.tables), looked.passed_over)
    assert faults(text) == []
    assert "# Not looked at: Auswertung" in text
    read = tomllib.loads(text)
    assert read["days"]["formats"] == ["YYYY-MM-DD"]
    register, course, lesions = read["table"]
    assert (register["sheet"], register["register"]) == ("Stamm", True)
    assert [(one["type"], one["when"]) for one in course["event"]] == [
        ("metastasis_suspected", {"Ereignis": "Verdacht"}),
        ("response_assessed", {"Ereignis": "Ansprechen"}),
    ]
    assert course["event"][1]["fields"]["overall"]["values"] == {"Teilremission": "PR", "stabil": "SD"}
    assert ("'Sozialdienst': 4 rows" in text, "others, not shown: 4 rows" in text) == (True, True)
    [imaging] = lesions["event"]
    assert (imaging["type"], imaging["one_per"]) == ("imaging_done", ["Datum"])
    assert imaging["lesion"][0]["diameter_mm"] == {"column": "Durchmesser (cm)", "unit": "cm"}
    assert imaging["fields"]["purpose"] == UNDECIDED
    assert "only an imaging with purpose staging begins the staging" in text


def test_a_long_table_alone_is_the_register(tmp_path: Path) -> None:
    text = written(table(tmp_path, "Patient,Datum,Organ\nP,31.01.2024,lung\nP,30.01.2024,bone\n"))
    assert "register = true  # it stands alone\nseveral_rows = true" in text
    assert "No table here lists every patient once" not in text
    assert f'\nid = "{UNDECIDED}"' in text
    assert faults(text) == []


def test_a_long_table_of_nothing_known(tmp_path: Path) -> None:
    found = table(tmp_path, "Patient,Blutgruppe,Kaffee\n" + "".join(f"P{n % 4},A,{n}\n" for n in range(8)))
    assert (found.events, found.left) == ([], {"Blutgruppe": "'A' 8 times", "Kaffee": "numbers"})


def test_a_day_that_no_column_clearly_is(tmp_path: Path) -> None:
    rows = "P,Biopsie,31.01.2024,30.01.2024\nP,Biopsie,31.01.2023,30.01.2023\n"
    text = written(table(tmp_path, f"Patient,Ereignis,Eingang,Ausgang\n{rows}"))
    assert f'# {UNDECIDED}: no column is clearly the day of it.\ndate = "{UNDECIDED}"' in text
    assert "days written as DD.MM.YYYY" in text
    assert faults(text) == []


@pytest.mark.parametrize("type", KNOWN.events)
def test_what_an_event_must_say_is_left_to_a_person(tmp_path: Path, type: str) -> None:
    text = written(table(tmp_path, f"Patient,{type} date,ER\nP,31.01.2024,positiv\n"))
    assert tomllib.loads(text)["table"][0]["event"][0]["type"] == type
    needed = [name for name, field in KNOWN.events[type].fields.items() if field.required]
    asked = tomllib.loads(text)["table"][0]["event"][0].get("fields", {})
    assert {name: asked[name] for name in needed} == dict.fromkeys(needed, UNDECIDED)
    assert faults(text) == []


def test_two_events_of_a_kind_keep_apart(tmp_path: Path) -> None:
    text = written(
        table(tmp_path, "Patient,Datum Biopsie,Biopsie am,ER Metastase\nP,31.01.2024,30.01.2024,positiv\n")
    )
    assert [one["name"] for one in tomllib.loads(text)["table"][0]["event"]] == [
        "tissue_result Datum Biopsie",
        "tissue_result Biopsie am",
    ]
    assert "ER Metastase" in text.partition("Not understood")[2]


def test_files_in_other_encodings(tmp_path: Path) -> None:
    for encoding in ("cp1252", "utf-16"):
        text = written(table(tmp_path, "Patient\tGröße (mm)\tStaging\nP\t3\t31.01.2024\n", "t.txt", encoding))
        read = tomllib.loads(text)["table"][0]
        assert (read["encoding"], read["delimiter"]) == (encoding, "tab")
        assert read["event"][0]["lesion"][0]["diameter_mm"] == "Größe (mm)"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("t.csv", b"", "there is no table"),
        ("t.csv", b"Patient,Datum\n", "there is no table"),
        ("t.csv", b"P1,31.01.1970\nP2,30.01.1970\n", "the first row holds numbers or days"),
        ("t.csv", b"a,a\n1,2\n", "the column 'a' stands twice"),
        ("t.csv", b"a,b\n\x81,2\n", "byte 4"),
        ("t.xlsx", b"PK", "no workbook"),
        ("t.csv", None, "cannot be read"),
        ("t.xlsx", None, "cannot be read"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, data: bytes | None, told: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BrokenFile) as broken:
        look(tmp_path / name)
    assert told in broken.value.problem.message
    assert "1970" not in broken.value.problem.message


def test_a_head_without_end_is_not_compared_for_ever(tmp_path: Path) -> None:
    found = table(tmp_path, f"Nr,{'x' * 100_000}\nP1,3\n")
    assert (found.look.patient, found.events) == ("Nr", [])
