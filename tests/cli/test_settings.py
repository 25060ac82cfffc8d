"""`carepath settings`: by which settings a patient is followed, changed with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.settings import DEFAULT_SETTINGS
from tests.cli.conftest import Clock, Run

pytestmark = pytest.mark.each_database

SET = ("settings", "set", "V12", "response_min_months=6", "lead_days=5", "--reason", "Agreed by the board")


def test_the_list_of_settings(run: Run) -> None:
    assert [row["setting"] for row in run("settings", "--json").lines] == list(DEFAULT_SETTINGS)
    assert "response_min_months" in run("settings").out


def test_a_change_is_kept_with_its_reason(run: Run, clinic: Path, clock: Clock) -> None:
    (before,) = run("settings", "show", "V12", "--json").lines
    assert before["settings"] == dict(DEFAULT_SETTINGS)
    assert [row["settings"] for row in before["history"]] == [{}]
    clock.set("2025-02-10")
    ran = run(*SET)
    assert ran.status == 0
    assert "Recorded for V12: response_min_months=6 (before: 3), lead_days=5" in ran.out
    assert "Response assessment at the boundary, 2025-04-21 scheduled" in ran.out
    assert "d-mdt-before-window" not in ran.out  # the treatment was begun under the settings of its day
    (after,) = run("settings", "show", "V12", "--json").lines
    assert after["history"][1:] == [
        {
            "recorded": "2025-02-10 12:00",
            "recorder": "anna",
            "reason": "Agreed by the board",
            "change": None,
            "undoes": None,
            "pathways": [],
            "settings": {"response_min_months": 6, "lead_days": 5},
        }
    ]
    told = run("settings", "show", "V12").out
    assert "2025-02-10 12:00 by anna, response_min_months=6, lead_days=5: Agreed by the board" in told
    assert "the defaults" in told


def test_what_was_known_before_keeps_the_old_settings(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-02-10")
    run(*SET)
    (now,) = run("show", "V12", "--json").lines
    (then,) = run("show", "V12", "--known-at", "2025-02-05", "--json").lines
    assert [view["settings"]["response_min_months"] for view in (now, then)] == [6, 3]
    assert now["pathways"] == then["pathways"]
    assert now["entries"] == then["entries"]


def test_the_change_tells_what_it_changed(run: Run, clinic: Path) -> None:
    (changed,) = run(*SET, "--json").lines
    assert changed["settings"] == {
        "response_min_months": {"before": 3, "after": 6},
        "lead_days": {"before": DEFAULT_SETTINGS["lead_days"], "after": 5},
    }
    assert changed["changes"]["states"][0]["after"] == "response_window"
    (row,) = run("list", "--search", "V12", "--json").lines
    assert row["state"] == "response_window"


def test_the_same_again_changes_nothing(run: Run, clinic: Path) -> None:
    run(*SET)
    assert "nothing changed" in run(*SET).out
    assert run(*SET, "--json").lines[0]["settings"] == {}
    assert len(run("settings", "show", "V12", "--json").lines[0]["history"]) == 2


def test_how_many_patients_have_which(run: Run, clinic: Path) -> None:
    run(*SET)
    rows = {row["setting"]: row["patients"] for row in run("settings", "show", "--site", "--json").lines}
    assert rows["response_min_months"] == {"3": 7, "6": 1}
    assert "6 (1 patient)" in run("settings", "show", "--site").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "V12", "response_min_months=6"), "--reason TEXT is needed"),
        (("set", "V12", "response_min_months=6", "--reason", " "), "--reason TEXT is needed"),
        (("set", "V12", "response_min_months=6", "--reason", "x" * 20_001), "at most 20,000"),
        (("set", "V12", "response_min_month=6", "--reason", "why"), "did you mean 'response_min_months'"),
        (("set", "V12", "response_min_months=soon", "--reason", "why"), "response_min_months"),
        (("set", "V12", "response_min_months", "--reason", "why"), "takes NAME=VALUE"),
        (("set", "V99", "response_min_months=6", "--reason", "why"), "no patient 'V99'"),
        (("show",), "whose settings?"),
        (("show", "V12", "--site"), "whose settings?"),
        (("show", "V99"), "no patient 'V99'"),
    ],
)
def test_words_that_do_not_fit(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    ran = run("settings", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in " ".join(ran.err.split())
