"""The wording of reasons: blocked or undetermined, what is missing, and what holds nothing back."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.clause_words import besides
from pathways.titles import known_deviations
from tests.cli.conftest import Run

FIGURES = "For lung or liver the registry figures may be discussed as well, with the warning on bias"


def test_one_condition_that_is_not_met_blocks_whatever_else_is_unknown(run: Run, clinic: Path) -> None:
    (counselled,) = [row["id"] for row in _entries(run, "V12") if row["type"] == "counselling_documented"]
    run("record", "V12", "retraction", "--field", f"target={counselled}", "--field", "reason=mistaken")
    run("record", "V12", "imaging_done", "--date", "2025-02-01", "--field", "purpose=staging")
    (found,) = run("why", "V12", "mdt_start", "--json").lines
    results = {guard["result"] for guard in found["guards"] if guard["force"] == "hard"}
    assert ({"fail", "unknown"} <= results, found["verdict"]) == (True, "blocked")
    assert "Not known:" in run("why", "V12", "mdt_start").out


def test_who_has_left_is_blocked_by_the_state(run: Run, clinic: Path) -> None:
    run("record", "V12", "death", "--date", "2025-02-01")
    assert "blocked by the state" in run("why", "V12", "mdt_start").out
    shown = run("show", "V12").out
    assert 'in the state "Deceased"' in shown
    assert "Not yet" not in shown


def test_a_condition_for_information_holds_nothing_back(run: Run, clinic: Path) -> None:
    assert besides("g-counselling", FIGURES) == "for information"
    assert besides("g-counselling", "something else") == ""
    assert "(for information)" in run("why", "V12", "g-counselling").out


def test_a_missing_value_comes_with_the_command_that_supplies_it(run: Run, clinic: Path) -> None:
    run("record", "V01", "imaging_done", "--date", "2025-02-01", "--field", "purpose=staging")
    (entry,) = [row["id"] for row in _entries(run, "V01") if row["date"] == "2025-02-01"]
    out = " ".join(run("why", "V01", "g-staging-complete").out.split())
    assert f"complete, in {entry} (imaging, 2025-02-01)" in out
    assert f"carepath record V01 correction --field target={entry} --field field=complete" in out
    words = (f"target={entry}", "field=complete", "old=null", "new=true")
    fields = [part for word in words for part in ("--field", word)]
    assert run("record", "V01", "correction", *fields).status == 0


def _entries(run: Run, patient: str) -> list[dict[str, str]]:
    return [dict(row) for row in run("show", patient, "--json").lines[0]["entries"]]


@pytest.mark.parametrize("words", [("list", "--deviation"), ("deviations", "--code")])
def test_a_deviation_that_is_none_is_refused(run: Run, clinic: Path, words: tuple[str, str]) -> None:
    ran = run(*words, "d-board-mising-mdt")
    assert ran.status == 2
    assert "did you mean 'd-board-missing-mdt'" in ran.err
    assert run(*words, "q-missing-fact").status == 0
    assert "q-missing-fact" in known_deviations()
