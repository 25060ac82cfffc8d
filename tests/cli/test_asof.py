"""`carepath asof` and `carepath difference`: what was known when, the same whenever it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run

pytestmark = pytest.mark.each_database

VIEW = ("asof", "V12", "--as-of", "2025-02-10", "--known-at", "2025-02-03T12:00+01:00")


def test_a_view_once_given_stays_byte_for_byte(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-02-04")
    words = {form: (*VIEW, *form) for form in ((), ("--json",))}
    first = {form: run(*asked).out for form, asked in words.items()}
    clock.set("2025-03-01")
    for later in (
        ("amend", "V12", "e07", "overall=PD", "--reason", "second reading"),
        ("retract", "V12", "e10", "--reason", "another patient's board"),
        ("record", "V12", "death", "--date", "2025-02-20"),
        ("settings", "set", "V12", "response_min_months=6", "--reason", "asked for"),
        ("pathway", "signoff", "add", "mdtbc-board-mandatory", "--verdict", "agrees"),
        ("rebuild",),
    ):
        ran = run(*later)
        assert ran.status == 0, ran.err
    clock.set("2026-03-01")
    assert {form: run(*asked).out for form, asked in words.items()} == first
    assert first["--json",].startswith("{")


def test_it_is_show_with_both_days(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-02-04")
    assert run(*VIEW).out == run("show", *VIEW[1:]).out
    assert run(*VIEW).err == ""
    ahead = run("asof", "V12", "--as-of", "2025-02-10", "--known-at", "2025-02-04")
    assert "2025-02-04 is not over" in ahead.err
    assert run("asof", "V12", "--as-of", "2025-02-10").status == 2
    assert "nothing was recorded about V12" in run("asof", "V12", *VIEW[2:5], "2024-01-01").err


def test_what_became_known_between_two_moments(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-03-01")
    run("amend", "V12", "e07", "overall=SD", "--reason", "second reading")
    between = ("difference", "V12", "--between", "2025-02-04", "2025-03-01", "--as-of", "2025-02-10")
    ran = run(*between)
    assert "V12 on 2025-02-10, as known 2025-03-01 against 2025-02-04" in ran.out
    assert "correction, 2025-03-01" in ran.out
    assert "2025-01-29, board (e10)" in ran.out
    (told,) = run(*between, "--json").lines
    assert [line["id"] for line in told["recorded"]] == ["e14"]
    assert told["recorded"][0]["recorder"] == "anna"
    assert (told["as_of"], told["between"]) == ("2025-02-10", ["2025-02-04", "2025-03-01"])
    assert {one["event"] for one in told["changes"]["decisions"]} >= {"e10", "e12"}


def test_nothing_in_between_and_everything(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-03-01")
    same = run("difference", "V12", "--between", "2025-02-04", "2025-02-05")
    assert "Nothing was recorded after the end of 2025-02-04 and by the end of 2025-02-05.\n" in same.out
    assert same.out.endswith("For what was recorded on 2025-02-04: --between 2025-02-03 2025-02-05\n")
    at_noon = run("difference", "V12", "--between", "2025-02-04T12:00", "2025-02-05T12:00")
    assert at_noon.out.endswith("Nothing was recorded after 2025-02-04 12:00 and by 2025-02-05 12:00.\n")
    first = run("difference", "V12", "--between", "0001-01-01", "0001-01-01")
    assert first.status == 2
    whole = run("difference", "V12", "--between", "2024-01-01", "2025-02-05")
    assert "facts known from the beginning" in whole.out
    assert "pathways and settings" in whole.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("V12", "--between", "2025-02-05", "2025-02-04"), "2025-02-04 lies before 2025-02-05"),
        (("V12", "--between", "2024-02-05", "2024-03-04"), "nothing was recorded about V12"),
        (("V12", "--between", "soon", "2024-03-04"), "--between"),
        (("V99", "--between", "2024-02-05", "2024-03-04"), "no patient 'V99'"),
    ],
)
def test_what_cannot_be_asked(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    ran = run("difference", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
