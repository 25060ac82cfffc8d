"""`carepath move`: an entry goes to the right patient, and both differences are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

WHY = ("--reason", "wrong label on the form")


def test_both_differences_are_told(run: Run, clinic: Path) -> None:
    ran = run("move", "V12", "e07", "--to", "V02", *WHY)
    assert (ran.status, ran.err) == (0, "")
    first, _, rest = ran.out.partition("\n")
    assert first == "e07 of V12 is retracted (e14) and recorded about V02 as e09."
    assert rest.startswith("V12:\n")
    assert "\nV02:\n" in rest
    assert "2025-01-29, board (e10)" in rest
    (told,) = run("move", "V02", "e09", "--to", "V12", *WHY, "--json").lines
    assert (told["from"]["recorded"], told["to"]["recorded"]) == (["e10"], ["e15"])


def test_an_entry_that_came_from_another_patient_says_so_and_why(run: Run, clinic: Path) -> None:
    run("move", "V12", "e07", "--to", "V02", *WHY)
    number = run("identify", "V12", "--json").lines[0]["number"]
    came = f"moved here from patient {number}: wrong label on the form"
    assert f"({came})" in " ".join(run("show", "V02").out.split())
    changed = run("difference", "V02", "--between", "2025-02-02", "2025-02-03").out
    assert "moved here from patient" in " ".join(changed.split())
    assert (
        run("show", "V02", "--json").lines[0]["entries"][-1]["source"].endswith(": wrong label on the form")
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("V12", "e77", "--to", "V02", *WHY), "there is no entry 'e77'"),
        (("V12", "e07", "--to", "V99", *WHY), "no patient 'V99'"),
        (("V12", "e07", "--to", "V12", *WHY), "about this patient already"),
        (("V12", "e07", "--to", "V02", "--reason", "it is of V02"), "it names a patient"),
        (("V12", "e07", "--to", "V02", "--reason", ""), "say why"),
    ],
)
def test_what_cannot_be_moved(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    before = [run("show", name, "--json").out for name in ("V12", "V02")]
    ran = run("move", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert [run("show", name, "--json").out for name in ("V12", "V02")] == before
