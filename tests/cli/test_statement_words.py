"""The guideline statements behind steps, conditions and deviations, with the grades their sources print."""

from __future__ import annotations

from pathlib import Path

from cli.statement_words import GRADES_NOTE, graded, named
from tests.cli.conftest import Clock, Run

BOARD = ("mdtbc-board-mandatory", "mdtbc-pitfall-board", "ombc-board-before-decisions")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_printed_grade_stands_behind_its_statement_and_comes_first() -> None:
    graded = "ombc-board-before-decisions (Level V, Grade B)"
    assert named(BOARD).plain == f"{graded}, mdtbc-board-mandatory, mdtbc-pitfall-board"
    assert named(BOARD, most=1).plain == f"{graded} and 2 more"
    assert named((*BOARD[:1], *BOARD[:1], "no-such-statement")).plain == BOARD[0]
    assert not named(())


def test_deviations_name_their_statements(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-05-20")
    out = run("deviations", "--code", "d-board-missing-mdt").out
    assert "(Level V, Grade B)" in flat(out)
    assert "mdtbc-board-mandatory" in out
    assert "grade not in source" not in out
    assert out.count(GRADES_NOTE) == 1
    assert GRADES_NOTE not in run("deviations", "--search", "nobody").out


def test_the_page_of_a_patient_names_the_statements_behind_steps_and_deviations(
    run: Run, clinic: Path
) -> None:
    out = run("show", "V14").out
    assert out.count(GRADES_NOTE) == 1
    assert "mdtbc-pitfall-board" in out
    held = run("show", "V29", "--as-of", "2025-01-30").out
    part = held[held.index("Not yet") : held.index("Definitions")]
    assert "mdtbc-elig-max-5" in part


def test_why_says_once_that_a_condition_without_a_grade_has_none(run: Run, clinic: Path) -> None:
    out = run("why", "V29", "g-board-mdt", "--as-of", "2025-01-30", "--full").out
    assert "Level V, Grade B" in out
    assert "grade not in source" not in out
    assert out.count(GRADES_NOTE) == 1


def test_statements_are_grouped_by_grade_those_without_one_last() -> None:
    told = graded((*BOARD, "ago-2024-gen-histology", "no-such-statement"))
    assert told.plain == (
        "ombc-board-before-decisions (Level V, Grade B); ago-2024-gen-histology (LoE 3, GR B, AGO ++); "
        "mdtbc-board-mandatory, mdtbc-pitfall-board (grade not in source)"
    )
    assert not graded(())
