"""What is due of whom, and what of it can be chased today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cli.due import to_chase
from coordination.progress import Progress
from store.findings import Due
from tests.cli.conftest import Clock, Run


def test_three_chases_are_told_apart(run: Run, office: None, clock: Clock) -> None:
    clock.set("2025-03-06")
    before = [one["patient"] for one in run("due", "--chase", "not_done", "--json").lines]
    assert run("due").out.splitlines()[-1] == "Of what is overdue: 1 not done"
    assert "2025-03-06" not in [one["opens"] for one in run("due", "--chase", "not_done", "--json").lines]
    run("progress", "V23", "zol-12w", "booked", "--on", "2025-03-06")
    assert "V23" not in [one["patient"] for one in run("due", "--chase", "not_done", "--json").lines]
    assert run("progress", "V23", "zol-12w", "reported").status == 0
    assert [one["patient"] for one in run("due", "--chase", "not_acted_on", "--json").lines] == ["V23"]
    told = run("due").out
    assert "reported on 2025-03-06, not acted on" in told
    assert "not acted on" in told.splitlines()[-1]
    assert len(run("due", "--chase", "not_done", "--json").lines) == len(before) - 1
    assert "'x' is none of not_done," in run("due", "--chase", "x").err


@pytest.mark.parametrize("verb", ["acknowledge", "snooze"])
def test_what_somebody_took_on_or_put_off_is_not_chased_before_its_day(
    run: Run, office: None, clock: Clock, verb: str
) -> None:
    clock.set("2025-03-06")
    assert "V23" in chased(run)
    assert (
        run(verb, "V23", "zol-12w", "--until", "2025-03-10", "--reason", "letter is on its way").status == 0
    )
    assert "V23" not in chased(run)
    clock.set("2025-03-10")
    assert "V23" in chased(run)


def chased(run: Run) -> list[str]:
    return [one["patient"] for one in run("due", "--chase", "not_done", "--json").lines]


@pytest.mark.each_database
def test_what_is_due_of_somebody_s_patients(run: Run, office: None) -> None:
    everybody = due_of(run)
    assert run("assign", "V12", "--to", "anna").status == 0
    assert due_of(run, "--owner", "anna") == {"V12"}
    assert due_of(run, "--owner", "anna", "--as-of", "2025-02-10") == {"V12"}
    assert due_of(run, "--owner", "nobody") == everybody - {"V12"}
    assert due_of(run, "--owner", "ben") == set()
    assert run("desk", "site", "--pool", "ben").status == 0
    assert due_of(run, "--owner", "ben") == everybody - {"V12"}
    assert "nobody here is called 'ana'; did you mean 'anna'?" in run("due", "--owner", "ana").err


def due_of(run: Run, *words: str) -> set[str]:
    return {one["patient"] for one in run("due", "--to", "2026-02-10", "--json", *words).lines}


def test_only_what_can_be_done_today_is_chased() -> None:
    first, second, last = (date(2025, 3, n) for n in (1, 5, 9))
    item = Due("V01", 1, "p", "t-x", "X", first, second, last, None, "open", (), ())
    booked = Progress("booked", first, second)
    for one, report, day, wanted in (
        (item, None, first, True),
        (item, None, date(2025, 2, 28), False),
        (item, booked, second, False),
        (item, booked, date(2025, 3, 6), True),
        (replace(item, overdue_from=None), None, second, True),
        (replace(item, overdue_from=None), None, last, False),
    ):
        assert to_chase(one, report, "not_done", day) == wanted, (one, report, day)
    assert not to_chase(item, None, "not_reported", second)
