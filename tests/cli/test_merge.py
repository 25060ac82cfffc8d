"""`carepath merge` and `carepath unmerge`: two records become one, and two again, and both are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run

WHY = ("--reason", "registered twice")


@pytest.fixture
def twice(run: Run, clinic: Path) -> None:
    """The patient V12 once more, with one entry."""
    run("record", "N1", "imaging_history_reviewed", "--new", "--date", "2025-01-27")


@pytest.mark.usefixtures("twice")
def test_two_records_become_one_and_two_again(run: Run, clock: Clock) -> None:
    clock.set("2025-02-04")
    ran = run("merge", "V12", "--with", "N1", *WHY)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("N1 is part of V12 now: 13 entries and 1 entry.\n")
    assert "N1" not in run("list", "--limit", "0").out
    for refused in (("show", "N1"), ("record", "N1", "death"), ("move", "V12", "e01", "--to", "N1", *WHY)):
        assert "N1 was merged into V12: look and record there" in run(*refused).err
    clock.set("2025-02-05")
    run("record", "V12", "imaging_history_reviewed", "--date", "2025-02-05")
    run("retract", "V12", "p9-e01", *WHY)
    ran = run("unmerge", "V12", "--reason", "two patients after all")
    assert ran.status == 0
    assert ran.out.startswith("V12 and N1 are two records again.\n")
    assert "Recorded since the merge, stays with V12: e15, e16.\n" in ran.out
    assert "e16: about what the two told together, without effect now; record it where it holds." in ran.out
    assert run("show", "N1").status == 0
    assert "N1" in run("list", "--limit", "0").out


@pytest.mark.usefixtures("twice")
def test_both_as_json(run: Run, clock: Clock) -> None:
    clock.set("2025-02-04")
    (told,) = run("merge", "V12", "--with", "N1", *WHY, "--json").lines
    assert (told["patient"], told["merged"]) == ("V12", "N1")
    (undone,) = run("unmerge", "V12", *WHY, "--json").lines
    assert (undone["other"]["patient"], undone["stays"], undone["idle"]) == ("N1", [], [])


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("merge", "V12", "--with", "V99", *WHY), "no patient 'V99'"),
        (("merge", "V12", "--with", "V12", *WHY), "with itself"),
        (("merge", "V12", "--with", "N1", "--reason", "same as N1"), "it names a patient"),
        (("merge", "N1", "--with", "V12", *WHY), "merge this one into that"),
        (("unmerge", "V12", *WHY), "no other record is merged into this one"),
        (("unmerge", "V12", "--reason", " "), "say why"),
    ],
)
def test_what_cannot_be_merged(run: Run, words: tuple[str, ...], told: str) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
