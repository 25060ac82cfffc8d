"""Whose patients are whose, and what is noted about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run


@pytest.mark.each_database
def test_who_had_a_patient_when_is_kept(run: Run, office: None, clock: Clock) -> None:
    assert "never been anybody's patient" in run("assign", "V01").out
    told = run("assign", "V01", "V02", "--to", "anna", "--clinician", "lena").out
    assert told == "2 patients: anna looks after them, clinician lena.\nBefore: nobody (V01, V02).\n"
    clock.set("2025-02-10")
    moved = run("assign", "V01", "--to", "ward", "--reason", "on holiday", "--json")
    assert moved.lines == [
        {"patient": "V01", "before": "anna", "owner": "ward", "clinician": "lena", "reason": "on holiday"}
    ]
    assert run("assign", "V01", "--clinician", "").out == "1 patient: ward looks after them.\n"
    (kept,) = run("assign", "V01", "--json").lines
    assert [(row["owner"], row["clinician"]) for row in kept["assigned"]] == [
        ("anna", "lena"),
        ("ward", "lena"),
        ("ward", None),
    ]
    assert "2025-02-10 12:00  ward   lena       anna     on holiday" in run("assign", "V01").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("V01", "--to", "anan"), "there is nobody and no team called 'anan'; did you mean 'anna'?"),
        (("V01", "--to", "anna", "--clinician", "zoe"), "there is nobody called 'zoe'"),
        (("V01", "V99x", "--to", "anna"), "there is no patient 'V99x'"),
        (("V01", "--to", "anna", "--reason", "V01 asked"), "it names a patient (reference)"),
    ],
)
def test_all_or_none(run: Run, office: None, words: tuple[str, ...], told: str) -> None:
    ran = run("assign", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert run("assign", "V01", "--json").lines == [{"patient": "V01", "assigned": []}]


def test_comments_stay_and_name_nobody(run: Run, office: None, clock: Clock) -> None:
    assert run("comments", "V01").out == "0 comments about V01\n"
    assert run("comment", "V01", "Called the practice.").out == "Noted about V01: Called the practice.\n"
    clock.set("2025-02-10")
    run("desk", "phrase", "late", "Letter is late.")
    (said,) = run("comment", "V01", "Asked again.", "--phrase", "late", "--json").lines
    assert (said["text"], said["by"]) == ("Letter is late. Asked again.", "anna")
    assert [row["text"] for row in run("comments", "V01", "--json").lines] == [
        "Letter is late. Asked again.",
        "Called the practice.",
    ]
    clock.set("2025-02-12")
    assert "2 comments about V01, the last 2 days ago" in run("comments", "V01").out
    assert "Give a TEXT" in run("comment", "V01").err
    assert "did you mean 'late'?" in run("comment", "V01", "--phrase", "lat").err
    run("identify", "V01", "--name", "Musterfrau, Erika")
    assert "it names a patient (name), and stays after erasure" in run("comment", "V01", "Musterfrau").err
    assert "there is no patient 'V0x'" in run("comment", "V0x", "text").err


def test_show_tells_whose_patient_it_is_and_what_comes_next(run: Run, office: None, clock: Clock) -> None:
    told = run("show", "V12").out
    assert "Alert: nobody's patient" in told
    assert "Owner: nobody; no comment yet" in told
    run("assign", "V12", "--to", "anna", "--clinician", "lena")
    run("comment", "V12", "Called.")
    told = run("show", "V12").out
    assert "Alert" not in told
    assert "Owner: anna, clinician lena; last comment today by anna: Called." in told
    run("desk", "absence", "anna", "--from", "2025-03-20", "--to", "2025-03-30", "--deputy", "ben")
    clock.set("2025-03-20")
    told = run("show", "V12").out
    assert "Alert: not tracked for 45 days" in told
    assert "Owner: anna (ben today), clinician lena; last comment 45 days ago by anna: Called." in told
    (shown,) = run("show", "V12", "--json").lines
    work = shown["work"]
    assert (work["owner"], work["in_charge"], work["alerts"]) == ("anna", ["ben"], [])
    assert (work["tracked_on"], work["days_untracked"]) == ("2025-02-03", 45)
    assert run("show", "V12", "--as-of", "2025-01-20", "--json").lines[0]["work"] is None


def test_those_that_list_shows_are_given_away_together(run: Run, office: None) -> None:
    listed = [one["patient"] for one in run("list", "--search", "V2", "--json").lines]
    closed = [one for one in run("list", "--search", "V2", "--json").lines if one["work"] is None]
    trial = run("assign", "--to", "ben", "--search", "V2", "--owner", "nobody", "--dry-run")
    assert trial.out.endswith("Nothing was changed: this was a trial.\n")
    assert run("list", "--owner", "ben", "--json").lines == []
    given = run("assign", "--to", "ben", "--search", "V2", "--owner", "nobody", "--json").lines
    assert {one["patient"] for one in given} == {*listed} - {one["patient"] for one in closed}
    assert {one["owner"] for one in given} == {"ben"}
    again = run("assign", "--to", "anna", "--search", "V2", "--owner", "nobody")
    assert (again.status, "`list` shows no open patient with these options" in again.err) == (2, True)


def test_a_table_says_whose_patients_are_whose(run: Run, office: None, tmp_path: Path) -> None:
    table = tmp_path / "owners.csv"
    table.write_text("reference;owner;ward\nV01;anna;3\nV02;ben;4\n", encoding="utf-8")
    told = "1 patient: anna looks after them.\n1 patient: ben looks after them.\nBefore: nobody (V01, V02).\n"
    assert run("assign", "--from", table).out == told
    assert run("assign", "--from", table, "--to", "ward").out.startswith("2 patients: ward looks")
    table.write_text("reference;owner\nV01;ben\nV99x;ben\n", encoding="utf-8")
    assert "there is no patient 'V99x'" in run("assign", "--from", table).err
    table.write_text("reference;owner\nV01;ben\nV02;zoe\n", encoding="utf-8")
    assert "nobody and no team called 'zoe'" in run("assign", "--from", table).err
    table.write_text("reference;owner\nV01;ben\nV02;\n", encoding="utf-8")
    assert "owners.csv: row 3: owner is empty" in run("assign", "--from", table).err
    assert {one["work"]["owner"] for one in run("list", "--owner", "ward", "--json").lines} == {"ward"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "to whom? --to OWNER"),
        (("--owner", "nobody"), "to whom? --to OWNER"),
        (("--to", "anna"), "which patients? name PATIENTs"),
        (("V01", "--to", "anna", "--overdue"), "with the options of `list`, one of these"),
    ],
)
def test_it_is_said_in_one_way_which_patients(
    run: Run, office: None, words: tuple[str, ...], told: str
) -> None:
    ran = run("assign", *words)
    assert (ran.status, told in ran.err) == (2, True)
