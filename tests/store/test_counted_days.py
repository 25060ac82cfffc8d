"""Patients whose days are counted from a day zero stand on the day of their last entry, for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.entries import read_event, read_story
from engine.event import Story
from pathways.day_zero import counted_day
from store.database import Database, open_database
from store.errors import OtherContent, Refused
from store.findings import due_items
from store.library import shipped
from store.on_day import fill, in_memory
from store.patient_view import PatientView, look_up
from store.record import record
from store.recording import Entry, Recorded, Recording
from store.refresh import rebuild
from store.tracking import tracking_list

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZERO = "initial diagnosis"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path / 'x.db'}")


def story(*days: int, **facts: object) -> Story:
    events = [
        read_event({"id": f"e{n}", "type": "metastasis_suspected", "date": counted_day(day)})
        for n, day in enumerate(days)
    ]
    return read_story(dict(facts), events)


def say(database: Database, story: Story, zero: str | None = ZERO) -> Recorded:
    recording = Recording.of_history("T1", story, "file x", zero)
    return record(database, recording, recorder="anna", now=NOW, derive=shipped(database))


def seen(database: Database, as_of: date | None = None) -> PatientView:
    return look_up(database, "T1", now=NOW, derive=shipped(database), as_of=as_of)


def test_the_answer_is_for_the_day_of_the_last_entry_whatever_is_asked(database: Database) -> None:
    say(database, story(10, 400))
    view = seen(database)
    assert view.day_zero == ZERO
    assert view.snapshot.as_of == counted_day(400)
    assert seen(database, date(2026, 1, 1)).snapshot.as_of == counted_day(400)


def test_without_an_entry_it_is_day_zero(database: Database) -> None:
    say(database, story(sex="female"))
    assert seen(database).snapshot.as_of == counted_day(0)


def test_the_lists_hold_nothing_that_is_due_by_no_calendar(database: Database) -> None:
    seen_in_bone = {
        "id": "i1",
        "type": "imaging_done",
        "date": counted_day(20),
        "complete": True,
        "purpose": "staging",
        "lesions": [{"id": "L1", "organ": "bone", "status": "active"}],
    }
    say(database, read_story({}, [*story(10, 400).entries, read_event(seen_in_bone)]))
    assert any(
        timer.status == "escalated" for part in seen(database).snapshot.pathways for timer in part.timers
    )
    [row] = tracking_list(database)
    assert (row.rank, row.overdue, row.due, row.next_due) == (2, 0, 0, None)
    assert row.day_zero == ZERO
    assert row.days_in_state(date(2026, 3, 1)) == 380
    assert due_items(database) == []


def test_the_lists_of_another_day_and_rebuilt_ones_are_the_same(database: Database) -> None:
    say(database, story(10, 400))
    [row] = tracking_list(database)
    derive = shipped(database)
    with in_memory(database) as copy:
        assert list(fill(copy, database, date(2030, 1, 1), now=NOW, derive=derive)) == [None]
        assert tracking_list(copy) == [row]
    rebuild(database, now=NOW, derive=derive)
    assert tracking_list(database) == [row]


def test_days_are_counted_from_one_event_only(database: Database) -> None:
    say(database, story(10))
    assert say(database, story(10)).repeated == ("e0",)
    with pytest.raises(OtherContent, match="recorded as counted from initial diagnosis"):
        say(database, story(10, 20), "surgery")


def test_a_calendar_day_is_not_recorded_among_counted_ones(database: Database) -> None:
    say(database, story(10))
    entries: list[Mapping[str, object]] = [
        {"type": "metastasis_suspected", "date": "2025-01-01"},
        {"type": "lost_to_follow_up", "date": counted_day(30), "last_contact": date(2025, 1, 1)},
        {
            "type": "board_held",
            "date": counted_day(30),
            "question": "other",
            "decision": "other",
            "snapshot": {"birth_date": "1950-01-01"},
        },
    ]
    for entry in entries:
        recording = Recording("T1", (Entry(entry),))
        with pytest.raises(Refused) as refused:
            record(database, recording, recorder="anna", now=NOW, derive=shipped(database))
        assert "a calendar day cannot be recorded" in str(refused.value.faults[0])


def test_a_counted_day_is_not_recorded_among_calendar_days(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        say(database, story(10), None)
    assert "lies in the year 1810: before 1900 nobody's days are recorded" in str(refused.value.faults[0])
    say(database, read_story({"sex": "female"}, []), None)
    with pytest.raises(OtherContent, match="recorded as calendar days"):
        say(database, story(10))
