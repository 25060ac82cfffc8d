"""Ways of writing days in a proposed mapping: all that fit are told, and which is meant is never guessed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from interop.day_formats import read_day
from interop.mapping_file import read_mapping_text
from interop.suggest.proposal import propose
from interop.suggest.table_look import look
from interop.suggest.undecided import UNDECIDED
from pathways.vocabulary import ValueFault
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
    assert tomllib.loads(text)["days"]["formats"] == ["DD/MM/YYYY", "MM/DD/YYYY"]
    assert f"# {UNDECIDED}: the days fit DD/MM/YYYY and MM/DD/YYYY" in text
    with pytest.raises(ValueFault, match="may be 1970-03-04 or 1970-04-03"):
        read_day("03/04/1970", read_mapping_text(text, "m").formats)


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
    assert faults(text) == []
    with pytest.raises(ValueFault, match="is no day"):
        read_day("31.12.70", read_mapping_text(text, "m").formats)
    taken = ('# formats = ["DD.MM.YY"]', "# two_digit_years_from")
    decided = text.replace('formats = ["DD.MM.YYYY"]\n', "")
    for line in taken:
        assert decided.count(line) == 1
        decided = decided.replace(line, line[2:])
    assert read_mapping_text(decided, "m").first_year == 1930


def test_days_that_are_not_all_written_alike_are_left_to_a_person(tmp_path: Path) -> None:
    rows = "".join(f"P{n},{n + 10}.12.1970\n" for n in range(8))
    text = written(table(tmp_path, f"Patient,Geburtsdatum\n{rows}P9,im Sommer 1980\n"))
    assert "8 of 9 values are days written as DD.MM.YYYY; 1 is no day: row 10" in text
    assert 'birth_date = "Geburtsdatum"' in text
    assert "Sommer" not in text
    assert tomllib.loads(text)["days"]["formats"] == ["DD.MM.YYYY"]
    text = written(table(tmp_path, f"Patient,Geburtsdatum\n{rows}P9,1980-01-01\n"))
    assert tomllib.loads(text)["days"]["formats"] == ["DD.MM.YYYY", "YYYY-MM-DD"]
    text = written(table(tmp_path, f"Patient,Geburtsdatum\n{rows}P9,31.12.70\n"))
    assert tomllib.loads(text)["days"]["formats"] == ["DD.MM.YYYY"]
    assert "1 is no day: row 10" in text


def test_half_of_a_known_column_must_fit(tmp_path: Path) -> None:
    rows = "P1,31.12.1970,2\nP2,bald,x\nP3,morgen,y\nP4,spaeter,z\n"
    assert table(tmp_path, f"Patient,Geburtsdatum,ECOG\n{rows}").facts == {}
    found = table(
        tmp_path, f"Patient,Geburtsdatum,ECOG\n{rows}P5,30.12.1970,2\nP6,29.12.1970,1\nP7,1.1.1971,2\n"
    )
    assert list(found.facts) == ["birth_date", "performance_status"]


def test_tables_that_write_days_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Patient,Geburtsdatum\nP1,31.12.1970\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Patient,Datum Biopsie\nP1,2024-12-31\nP1,2024-12-30\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("Patient,Datum Biopsie\nP1,01/02/2024\nP1,01/03/2024\n", encoding="utf-8")
    text = written(*propose(look(tmp_path).tables))
    read = tomllib.loads(text)
    assert read["days"]["formats"] == ["DD.MM.YYYY"]
    assert [one.get("register", False) for one in read["table"]] == [True, False, False]
    assert read["table"][1]["event"][0]["date"] == {"column": "Datum Biopsie", "formats": ["YYYY-MM-DD"]}
    ways = ["DD/MM/YYYY", "MM/DD/YYYY"]
    assert read["table"][2]["event"][0]["date"] == {"column": "Datum Biopsie", "formats": ways}
    assert (
        f"# {UNDECIDED}: the days of this column fit DD/MM/YYYY and MM/DD/YYYY. Keep what is meant." in text
    )


def test_no_days_at_all(tmp_path: Path) -> None:
    text = written(table(tmp_path, "Patient,days_to_something\nP1,17\nP2,28\n"))
    assert "since = " in text
    assert f"# {UNDECIDED}: no column is known to hold days" in text
    assert faults(text) == []
