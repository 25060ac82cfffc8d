"""`carepath review`: what waits, judging it, and the second pair of eyes, as in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run


@pytest.fixture
def critical(run: Run, clinic: Path, clock: Clock) -> tuple[str, str]:
    """Patient and mark of a critical deviation."""
    clock.set("2025-05-20")
    first = run("review", "--json").lines[0]
    assert (first["severity"], first["review"]) == ("critical", "none")
    return first["patient"], f"D-{first['deviation'][:6]}"


def test_what_is_critical_is_judged_by_two(run: Run, critical: tuple[str, str]) -> None:
    patient, mark = critical
    judged = run("review", patient, mark, "--verdict", "justified", "--reason", "limited-time")
    assert judged.status == 0, judged.err
    assert "proposed" in judged.out
    assert "judged by anna" in judged.out
    assert "Another person" in run("review", patient, mark, "--confirm").err
    assert "Say why" in run("--user", "lena", "review", patient, mark, "--send-back").err
    agreed = run("--user", "lena", "review", patient, mark, "--confirm", "--json").lines
    assert [one["step"] for one in agreed[0]["steps"]] == ["judged", "confirmed"]
    assert agreed[0]["review"] == "justified"
    waiting = run("review", "--json").lines
    assert mark not in {f"D-{one['deviation'][:6]}" for one in waiting if one["patient"] == patient}


def test_a_code_names_a_deviation_where_there_is_one_of_it(run: Run, critical: tuple[str, str]) -> None:
    patient, mark = critical
    code = run("review", patient, mark, "--json").lines[0]["code"]
    assert run("review", patient, code, "--verdict", "unjustified", "--note", "nobody asked").status == 0
    assert ": nobody asked" in run("review", patient, code).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--verdict", "justified"), "which deviation"),
        (("V14", "D-ffffff"), "there is no deviation"),
        (("V14", "D-"), "such deviations"),
        (("V14", "d-board-missing-mdt", "--verdict", "fine"), "must be one of"),
        (("V14", "d-board-missing-mdt", "--verdict", "justified"), "Choose a reason"),
        (("V14", "d-board-missing-mdt", "--verdict", "justified", "--reason", "x"), "not in the list"),
        (("V14", "d-board-missing-mdt", "--verdict", "unjustified", "--confirm"), "give one of"),
        (("V14", "d-board-missing-mdt", "--note", "x"), "go with"),
        (("V14", "d-board-missing-mdt", "--verdict", "unjustified", "--note", "see V14"), "names a patient"),
    ],
)
def test_what_cannot_be_judged_is_told(
    run: Run, critical: tuple[str, str], words: tuple[str, ...], told: str
) -> None:
    ran = run("review", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
