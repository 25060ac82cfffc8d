"""`carepath rebuild`, and lists of many patients that time has overtaken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.succession import replay_periods
from tests.cli.conftest import Clock, Run
from tests.server import ONLY_SQLITE


def change(database: Path, sql: str) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute(sql)


@ONLY_SQLITE
def test_rows_come_from_the_ledger_again(run: Run, clinic: Path) -> None:
    before = run("list", "--json").out
    change(clinic, "UPDATE tracking SET state = 'elsewhere'")
    change(clinic, "DELETE FROM due_item")
    change(clinic, "DELETE FROM tracking WHERE patient_id = 3")
    assert run("list", "--json").out != before
    ran = run("rebuild")
    assert (ran.status, ran.out, ran.err) == (0, "8 patients derived anew from the ledger.\n", "")
    assert run("list", "--json").out == before
    assert run("rebuild", "--json").lines == [{"patients": 8, "derived": 8, "failed": []}]


def test_a_patient_who_cannot_be_derived_is_named(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(periods: Any, story: Any, *arguments: Any, **named: Any) -> Any:
        if len(story.entries) > 16:
            raise ZeroDivisionError
        return replay_periods(periods, story, *arguments, **named)

    monkeypatch.setattr("store.library.replay_periods", failing)
    (told,) = run("rebuild", "--json").lines
    assert (told["patients"], told["derived"] + len(told["failed"])) == (8, 8)
    assert told["failed"]
    ran = run("rebuild")
    assert ran.status == 1
    assert f"{told['failed'][0]} could not be derived; the list keeps the older row, marked with !" in ran.err
    assert f"{told['failed'][0]} !" in run("list").out


@pytest.mark.each_database
def test_lists_of_many_patients_wait_for_time(
    run: Run, clinic: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.workplace.worth_a_bar", 1)
    clock.set("2026-02-03")
    aged = run("list", "--json")
    assert (aged.status, aged.err) == (0, "")
    assert run("rebuild").status == 0
    assert run("list", "--json").out == aged.out
