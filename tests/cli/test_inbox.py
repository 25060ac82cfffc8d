"""`carepath inbox`: what somebody was told, as it stands now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run
from tests.cli.reminded import staffed, worked

pytestmark = pytest.mark.each_database


@pytest.fixture
def told(clinic: Path, any_url: str, clock: Clock) -> Clock:
    """Anna was told of two patients, of one that zoledronate is overdue."""
    for reference in ("V23", "V29"):
        staffed(any_url, reference, clock.now)
    for day in ("2025-02-18", "2025-03-05"):
        clock.set(day, "08:00")
        worked(any_url, clock.now)
    return clock


def test_your_own_inbox_has_what_is_late_first(run: Run, told: Clock) -> None:
    first, *_ = run("inbox", "--json").lines
    assert (first["patient"], first["title"]) == ("V23", "Next zoledronate, every 12 weeks")
    assert (first["rung"], first["standing"], first["overdue_from"]) == ("overdue", "open", "2025-03-05")
    assert first["to"] == ["anna"]
    shown = run("--user", "lena", "inbox", "anna").out
    assert "Inbox of anna" in shown
    assert "1 d late" in shown
    assert "1 item to see to" in shown
    assert "`carepath acknowledge PATIENT ITEM --until DATE" in shown
    assert "owner anna" in run("access", "--all").out


def test_what_was_reported_stands_with_the_item(run: Run, told: Clock) -> None:
    said = ("progress", "V23", "zol-12w", "ordered", "--date", "2025-03-05")
    assert run(*said).status == 0
    assert "ordered on 2025-03-05" in run("inbox").out
    assert run("inbox", "--json").lines[0]["progress"]["status"] == "ordered"


def test_what_is_overdue_is_counted_with_that_of_those_whom_somebody_looks_after(
    run: Run, told: Clock
) -> None:
    shown = run("inbox").out
    assert "Overdue, told before or not: 1 item of 1 patient of anna.\n" in shown
    assert "`carepath list --overdue --owner anna`" in shown
    run("assign", "V23", "--to", "nobody")
    assert "Nothing is overdue of the patients of anna, and of those whom" in run("inbox").out
    assert run("desk", "team", "ward", "--new", "--member", "anna").status == 0
    assert run("desk", "site", "--pool", "ward").status == 0
    for owner in ("nobody", "ward"):
        (row,) = run("list", "--overdue", "--owner", owner, "--json").lines
        assert row["patient"] == "V23"
    for name in ("anna", "ward"):
        assert "of 1 patient of nobody.\n" in run("inbox", name).out
    assert "(ward) " in run("list").out.rsplit("Open patients by owner", 1)[1]


def test_what_is_not_so_any_more_is_shown_for_two_weeks(run: Run, told: Clock) -> None:
    given = ("--field", "drug=zoledronate", "--field", "planned_interval=12w")
    assert run("record", "V23", "bma_given", "--date", "2025-03-05", *given).status == 0
    shown = run("inbox").out
    first, second = shown.split("Not so any more")
    assert "0 items to see to" in first
    assert "done on 2025-03-05" in second
    told.set("2025-03-20")
    assert "done on" not in run("inbox").out
    assert "done on 2025-03-05" in run("inbox", "--all").out


def test_an_owner_nobody_has_is_refused(run: Run, told: Clock) -> None:
    ran = run("inbox", "ana")
    assert (ran.status, "there is nobody and no team called 'ana'; did you mean 'anna'?" in ran.err) == (
        2,
        True,
    )
