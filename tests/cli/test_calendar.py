"""`carepath calendar`: what is due, or when a board meets, as an iCalendar file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.cli.conftest import Clock, Run
from tests.cli.reminded import staffed

pytestmark = pytest.mark.each_database


@pytest.fixture
def owned(clinic: Path, any_url: str, clock: Clock) -> Clock:
    """V43, who comes for surveillance again and again, is Anna's."""
    staffed(any_url, "V43", clock.now)
    return clock


def dates(run: Run, folder: Path, name: str = "anna") -> dict[str, tuple[date, str]]:
    """What a calendar has on which day, by the name of the entry."""
    file = folder / "calendar.ics"
    ran = run("calendar", name, "--out", file)
    assert ran.status == 0, ran.err
    events: list[Any] = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    found = {str(one["uid"]): (one["dtstart"].dt, str(one["status"])) for one in events}
    assert len(found) == len(events)
    return found


def test_the_dates_of_a_series_keep_their_names(run: Run, owned: Clock, tmp_path: Path) -> None:
    first = dates(run, tmp_path)
    assert len(first) > 2
    owned.set("2025-04-03")
    later = dates(run, tmp_path)
    both = set(first) & set(later)
    assert both
    assert [uid for uid in both if first[uid][0] != later[uid][0]] == []


def test_no_more_is_told_than_the_reference(run: Run, owned: Clock, tmp_path: Path) -> None:
    dates(run, tmp_path)
    told = (tmp_path / "calendar.ics").read_text()
    assert set(re.findall("SUMMARY:(.*)", told)) == {"V43: 1 item due"}
    assert "urveillance" not in told
    assert "owner anna" in run("access", "--all").out


def test_the_meetings_of_a_board(run: Run, owned: Clock, tmp_path: Path) -> None:
    said = ("--new", "--place", "Room 2", "--meeting", "2025-02-19T15:00")
    assert run("desk", "board", "Wednesday", *said).status == 0
    ((day, status),) = dates(run, tmp_path, "Wednesday").values()
    assert (str(day), status) == ("2025-02-19 15:00:00+01:00", "CONFIRMED")


def test_a_secret_address_is_shown_once(run: Run, owned: Clock) -> None:
    shown = run("calendar", "anna", "--secret", "new").out
    (secret,) = re.findall(r"/calendar/([\w-]{40,})\.ics", shown)
    assert secret not in run("calendar", "anna", "--secret", "new").out
    assert "has no address any more" in run("calendar", "anna", "--secret", "revoke").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["anna"], "give --out FILE for the calendar"),
        (["anna", "--out", "a.ics", "--secret", "new"], "give --out FILE for the calendar"),
        (["anna", "--secret", "old"], "--secret: new or revoke, not 'old'"),
        (["ana", "--out", "a.ics"], "no person, team or board is called 'ana'; did you mean 'anna'?"),
    ],
)
def test_what_is_refused(run: Run, owned: Clock, words: list[str], told: str) -> None:
    ran = run("calendar", *words)
    assert ran.status == 2
    assert told in ran.err
