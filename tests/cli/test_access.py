"""Who looked at whom: one entry for each view, written before anything is shown."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.errors import CannotWrite
from tests.cli.conftest import Clock, Run
from tests.server import ONLY_SQLITE


def seen(run: Run, *words: object) -> list[Any]:
    """The log as it stood before this question, which is a view too."""
    return run("access", "--all", "--json", *words).lines


@pytest.mark.each_database
def test_one_entry_for_each_view(run: Run, clinic: Path) -> None:
    views: tuple[tuple[str, ...], ...] = (
        ("show", "V12"),
        ("show", "V12", "--json", "--as-of", "2025-02-01"),
        ("why", "V12", "mdt_start"),
        ("brief", "V12"),
        ("compare", "V12"),
        ("settings", "show", "V12"),
        ("pathway", "diagram", "oligometastatic-breast", "--patient", "V12"),
        ("difference", "V12", "--between", "2025-01-01", "2025-02-04"),
    )
    lists = (("list",), ("due",), ("deviations",), ("compare", "--all", "--set", "definition_profile=esmo"))
    for words in (*views, *lists):
        assert run(*words).status == 0, words
    found = seen(run)
    assert [(one["what"], one["patient"]) for one in found] == [
        *((words[0], "V12") for words in views),
        *((words[0], None) for words in lists),
    ]
    assert found[1]["details"] == {"as_of": "2025-02-01"}
    assert {(one["who"], one["reason"]) for one in found} == {("anna", None)}


@pytest.mark.each_database
def test_a_list_is_logged_with_what_was_asked_but_not_whom_it_named(run: Run, clinic: Path) -> None:
    run("list", "--search", "V12", "--overdue")
    run("list", "--as-of", "2025-01-01", "--state", "suspected")
    run("deviations", "--severity", "major", "--search", "V12")
    details = [one["details"] for one in seen(run)]
    assert details[0].items() >= {"search": "yes", "overdue": "True", "page": "1"}.items()
    assert details[1].items() >= {"as_of": "2025-01-01", "state": "suspected"}.items()
    assert details[2].items() >= {"search": "yes", "severity": "major"}.items()
    assert "V12" not in str(details)


def test_who_and_why(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--user", "Dr. B", "--reason", "night call", "show", "V12")
    run("--user=ben", "show", "V12")
    monkeypatch.setenv("CAREPATH_USER", "carla")
    run("show", "V12")
    monkeypatch.delenv("CAREPATH_USER")
    monkeypatch.delenv("CAREPATH_RECORDER")
    monkeypatch.setattr("cli.settings.getpass.getuser", lambda: "ward3")
    run("show", "V12")
    assert [(one["who"], one["reason"]) for one in seen(run)] == [
        ("Dr. B", "night call"), ("ben", None), ("carla", None), ("ward3", None),
    ]  # fmt: skip
    assert seen(run)[-2]["account"] == "ward3"


def test_who_is_said_is_who_records(run: Run, clinic: Path) -> None:
    assert run("--user", "Dr. B", "record", "V12", "follow_up_visit", "--date", "2025-02-03").status == 0
    last = run("access", "V12", "--json").lines[-1]
    assert (last["who"], last["kind"], last["what"]) == ("Dr. B", "recorded", "follow-up visit")


@pytest.mark.parametrize("words", [("--user", " "), ("--reason", "\x1b[2J"), ("--reason", "x" * 201)])
def test_what_nobody_could_read_is_refused(run: Run, clinic: Path, words: tuple[str, str]) -> None:
    ran = run(*words, "show", "V12")
    assert (ran.status, ran.out) == (2, "")
    assert f"{words[0]} must be readable text" in ran.err


def test_views_and_changes_of_a_patient_the_newest_last(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-02-04")
    run("show", "V12")
    clock.set("2025-02-05")
    run("record", "V12", "follow_up_visit", "--date", "2025-02-05")
    clock.set("2025-02-06")
    run("--reason", "asked by the clinic", "why", "V12", "mdt_start")
    run("show", "V01")
    rows = run("access", "V12", "--json").lines
    assert [(one["kind"], one["at"][:10]) for one in rows] == [
        ("recorded", "2025-02-03"),
        ("view", "2025-02-04"),
        ("recorded", "2025-02-05"),
        ("view", "2025-02-06"),
    ]
    assert len(rows[0]["details"]["entries"]) > 2
    since = run("access", "V12", "--since", "2025-02-05T13:00", "--json").lines
    assert [one["what"] for one in since] == ["why", "access"]
    told = run("access", "V12").out
    assert "recorded follow-up visit" in told
    assert "asked by the clinic" in told
    assert "V01" not in told
    assert run("access", "--all", "--since", "2025-02-06").out.count("2025-02-06 12:00") == 5


def test_whose_log_has_to_be_said(run: Run, clinic: Path) -> None:
    assert run("access").status == run("access", "V12", "--all").status == 2
    ran = run("access", "v12")
    assert (ran.status, ran.out) == (2, "")
    assert "did you mean 'V12'" in ran.err
    assert "1 view;" in run("access", "V12").out + run("access", "V12").out
    assert "views" in run("access", "--all").out


@pytest.mark.parametrize(
    "words", [("show", "V12"), ("list",), ("due",), ("brief", "V12"), ("access", "V12"), ("access", "--all")]
)
def test_what_cannot_be_logged_is_not_shown(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def full(*_: object) -> None:
        raise CannotWrite("the database cannot be used, this was not recorded: database or disk is full")

    monkeypatch.setattr("cli.workplace.access.append", full)
    ran = run(*words)
    assert (ran.status, ran.out) == (3, "")
    assert "nothing is shown, because it cannot be written into the access log: the database" in ran.err


@ONLY_SQLITE
def test_a_database_that_is_read_only_shows_nobody(run: Run, clinic: Path) -> None:
    run("list")
    with closing(sqlite3.connect(clinic)) as connection:
        connection.execute("CREATE TRIGGER no BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'no'); END")
        connection.commit()
    ran = run("show", "V12")
    assert (ran.status, ran.out) == (3, "")
    assert "nothing is shown" in ran.err
