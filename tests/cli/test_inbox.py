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
