"""`--as-of`: the lists on a day that is not today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.errors import CannotDerive
from tests.cli.conftest import Clock, Run

COMMANDS = ("list", "due", "deviations")


def rows(run: Run, command: str, *words: str) -> list[dict[str, Any]]:
    """The lines of a list, but for the day on which a row was derived: kept rows may be right for long."""
    lines: list[dict[str, Any]] = run(command, "--json", *words).lines
    return [without(line, "derived_on") for line in lines]


def without(line: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != key}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("day", ["2025-03-20", "2025-05-01"])
def test_another_day_is_told_as_it_was_when_it_was_today(
    run: Run, clinic: Path, clock: Clock, command: str, day: str
) -> None:
    clock.set(day)
    then = [without(row, "latest_activity") for row in rows(run, command)]
    assert then
    for today in ("2025-02-03", "2025-08-01"):  # kept rows name the last activity, even one entered ahead
        clock.set(today)
        assert [without(row, "latest_activity") for row in rows(run, command, "--as-of", day)] == then


def test_what_show_says_of_an_earlier_day_stands_in_the_lists(run: Run, clinic: Path) -> None:
    day = "2024-11-15"
    listed = rows(run, "list", "--as-of", day)
    due = rows(run, "due", "--as-of", day, "--to", "2199-12-31")
    found = rows(run, "deviations", "--as-of", day)
    assert {row["as_of"] for row in (*listed, *due, *found)} == {day}
    for row in listed:
        (shown,) = run("show", row["patient"], "--as-of", day, "--json").lines
        assert (row["state"], row["entered_on"]) == (shown["state"], shown["entered_on"])
        assert (row["latest_activity"] or day) <= day
        own = [[one for one in many if one["patient"] == row["patient"]] for many in (due, found)]
        assert sorted(one["item"] for one in own[0]) == sorted(one["item"] for one in shown["due"])
        assert sorted(one["code"] for one in own[1]) == sorted(one["code"] for one in shown["deviations"])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("day", ["2025-01-15", "2025-02-03"])
def test_the_day_is_told(run: Run, clinic: Path, command: str, day: str) -> None:
    assert run(command, "--as-of", day).out.startswith(
        f"On {day}, by what was recorded by 2025-02-03 12:00\n"
    )
    assert "by what was recorded" not in run(command).out


def test_nothing_of_it_is_kept(run: Run, clinic: Path) -> None:
    before = run("list", "--json").out
    run("list", "--as-of", "2024-11-15")
    assert run("list", "--json").out == before


def test_the_week_and_the_days_ahead_are_those_of_the_day(run: Run, clinic: Path) -> None:
    assert "from 2025-04-28 to 2025-05-04" in run("due", "--this-week", "--as-of", "2025-04-30").out
    assert "to 2025-05-28" in run("due", "--as-of", "2025-04-30").out
    assert rows(run, "list", "--as-of", "2025-04-25", "--due-within", "10")


def test_a_patient_for_whom_it_fails_is_named(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.settle import Reckoning

    answer = Reckoning.answer

    def fails_once(self: Reckoning, dossier: Any) -> Any:
        monkeypatch.setattr(Reckoning, "answer", answer)
        raise CannotDerive("ZeroDivisionError")

    monkeypatch.setattr(Reckoning, "answer", fails_once)
    ran = run("list", "--as-of", "2025-01-15")
    assert "V01 could not be derived for 2025-01-15: left out" in ran.err
    assert "1-7 of 7 patients" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_a_day_that_is_none(run: Run, clinic: Path, command: str) -> None:
    ran = run(command, "--as-of", "2025-02-30")
    assert (ran.status, ran.out) == (2, "")
    assert "--as-of" in ran.err
