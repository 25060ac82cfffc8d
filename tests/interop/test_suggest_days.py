"""Ways of writing days in a proposed mapping: all that fit are told, and which is meant is never guessed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from interop.suggest.proposal import propose
from interop.suggest.table_look import look
from tests.interop.suggested import faults, table, written


@pytest.mark.parametrize(
    ("days", "formats"),
    [
        ("31.12.2024|01.02.2025", ["DD.MM.YYYY"]),
        ("2024-12-31", ["YYYY-MM-DD"]),
        ("12/31/2024|01/02/2025", ["MM/DD/YYYY"]),
        ("3 Mai 2024", ["D MMM YYYY"]),
        ("2024-12-31T09:30", ["YYYY-MM-DDThh:mm"]),
    ],
)
def test_the_only_way_of_writing_days_is_proposed(tmp_path: Path, days: str, formats: list[str]) -> None:
    rows = "".join(f"P{n},{day}\n" for n, day in enumerate(days.split("|")))
    text = written(table(tmp_path, f"Patient,Geburtsdatum\n{rows}"))
    assert faults(text) == []
    assert tomllib.loads(text)["days"]["formats"] == formats


def test_ways_of_writing_days_that_all_fit_are_left_to_a_person(tmp_path: Path) -> None:
    found = table(
        tmp_path, "Patient,Geburtsdatum,Datum OP\nP1,03/04/1970,01/02/2020\nP2,05/06/1971,unbekannt\n"
    )
    text = written(found)
    assert '# formats = ["DD/MM/YYYY"]\n# formats = ["MM/DD/YYYY"]\nformats = ["CHOOSE"]' in text
    assert any("CHOOSE" in one for one in faults(text))
    for chosen in ("DD/MM/YYYY", "MM/DD/YYYY"):
        assert faults(text.replace('["CHOOSE"]', f'["{chosen}"]')) == []


def test_one_column_tells_how_the_others_of_a_table_are_written(tmp_path: Path) -> None:
    found = table(
        tmp_path, "Patient,Geburtsdatum,Datum OP\nP1,31/04/1970,01/02/2020\nP2,31/05/1971,02/02/2020\n"
    )
    assert not any(read.column == "Geburtsdatum" and read.formats for read in found.readings())
    found = table(
        tmp_path, "Patient,Geburtsdatum,Datum OP\nP1,30/04/1970,01/02/2020\nP2,31/05/1971,02/02/2020\n"
    )
    assert tomllib.loads(written(found))["days"]["formats"] == ["DD/MM/YYYY"]


def test_two_digits_of_a_year_are_left_to_a_person(tmp_path: Path) -> None:
    text = written(table(tmp_path, "Patient,Geburtsdatum\nP1,31.12.70\n"))
    assert any("two_digit_years_from" in one for one in faults(text))
    assert faults(text.replace('two_digit_years_from = "CHOOSE"', "two_digit_years_from = 1930")) == []


def test_days_that_are_not_all_written_alike_are_left_to_a_person(tmp_path: Path) -> None:
    rows = "".join(f"P{n},{n + 10}.12.1970\n" for n in range(8))
    text = written(table(tmp_path, f"Patient,Geburtsdatum\n{rows}P9,im Sommer 1980\n"))
    assert "no one way of writing days fits all of it; look at row 10" in text
    assert "Sommer" not in text
    assert any("CHOOSE" in one for one in faults(text))
    found = table(tmp_path, f"Patient,Geburtsdatum\n{rows[:60]}P8,1980-01-01\n")
    assert any("CHOOSE" in one for one in faults(written(found)))


def test_tables_that_write_days_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Patient,Geburtsdatum\nP1,31.12.1970\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Patient,Datum Biopsie\nP1,2024-12-31\nP1,2024-12-30\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("Patient,Datum Biopsie\nP1,01/02/2024\nP1,01/03/2024\n", encoding="utf-8")
    text = written(*propose(look(tmp_path).tables))
    read = tomllib.loads(text)
    assert read["days"]["formats"] == ["DD.MM.YYYY"]
    assert [one.get("register", False) for one in read["table"]] == [True, False, False]
    assert read["table"][1]["event"][0]["date"] == {"column": "Datum Biopsie", "formats": ["YYYY-MM-DD"]}
    assert read["table"][2]["event"][0]["date"] == {"column": "Datum Biopsie", "formats": ["CHOOSE"]}
    assert "# All days of this column fit DD/MM/YYYY and MM/DD/YYYY. Take one." in text


def test_no_days_at_all(tmp_path: Path) -> None:
    text = written(table(tmp_path, "Patient,days_to_something\nP1,17\nP2,28\n"))
    assert "since = " in text
    assert any(one.startswith("days") for one in faults(text))
