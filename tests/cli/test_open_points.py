"""What the sources leave open, with the default that is taken and the setting that changes it."""

from __future__ import annotations

from pathlib import Path

from cli.open_points import told
from interop.open_points import SETTINGS, touching
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.settings import DEFAULT_SETTINGS
from tests.cli.conftest import Run
from tests.cli.test_statement_words import flat

CLOCK = "C10 start of the response clock"


def test_a_question_comes_with_default_reason_and_setting() -> None:
    first, second = told(CLOCK, {"response_anchor": "systemic_start"}).plain.split("\n")
    assert first == CLOCK
    assert second.startswith("Default: start = date of the first assessment that documents response;")
    assert "Why: " in second
    assert "response_anchor=systemic_start (default first_documented_response)" in second
    assert "response_end=latest_assessment" in second
    assert "`" not in second
    assert told("a question of its own", {}).plain == "a question of its own"
    assert "Setting" not in told("C13 whether one board could serve both decisions", {}).plain


def test_every_question_of_the_pathways_has_a_conflict() -> None:
    conflicts = load_catalogue().conflicts
    asked = {text.partition(" ")[0] for one in all_pathways() for text, _ in one.open_questions}
    assert asked <= conflicts.keys()
    assert SETTINGS.keys() <= conflicts.keys()
    assert {name for names in SETTINGS.values() for name in names} <= set(DEFAULT_SETTINGS)


def test_questions_about_certain_statements() -> None:
    board = "C13 whether one board could serve both decisions"
    assert touching([CLOCK, board, "no number"], {"mdtbc-board-mandatory"}) == [board]


def test_show_names_the_setting_and_why_tells_the_default(run: Run, clinic: Path) -> None:
    words = ("V29", "--as-of", "2025-01-30")
    shown = flat(run("show", *words).out)
    assert f"{CLOCK} response_anchor=first_documented_response" in shown
    assert "Default:" not in shown
    reasons = run("why", words[0], "g-response-window", *words[1:]).out
    assert "Left open by the sources" in reasons
    assert "Default: minimum 3 calendar months" in reasons
    assert "Left open" not in run("why", words[0], "g-counselling", *words[1:]).out
