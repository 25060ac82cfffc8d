"""Generated histories through the store with the real pathways: what comes out is what went in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.replay import replay_patient
from pathways.settings import DEFAULT_SETTINGS
from store import restore, summary
from store.canonical import canonical
from store.database import Database, open_database
from store.derivation import Derivation
from store.horizon import Today
from store.library import shipped
from store.patient_view import look_up
from store.record import record
from store.recording import Entry, Recorded, Recording
from store.refresh import rebuild, refresh
from store.verify import verify
from tests.properties.asking import days_of_interest, enrolments
from tests.properties.histories import Told, histories
from tests.store.cast import costly
from tests.store.test_projections import kept

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
numbers = count()


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """One database for all examples; each is a patient of its own."""
    opened = open_database("sqlite://")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def derive(database: Database) -> Derivation:
    return shipped(database)


def imported(database: Database, derive: Derivation, told: Told, now: datetime = NOW) -> Recorded:
    story = Recording.of_history(f"P{next(numbers)}", told.story, "file")
    return record(database, story, recorder="import", now=now, derive=derive)


@costly
@given(told=histories, data=st.data())
def test_import_then_show_is_replay(
    database: Database, derive: Derivation, told: Told, data: st.DataObject
) -> None:
    reference = imported(database, derive, told).reference
    day = data.draw(days_of_interest(told.story))
    shown = look_up(database, reference, now=NOW, derive=derive, as_of=day)
    replayed = replay_patient(enrolments(DEFAULT_SETTINGS), told.story, day, date.max)
    assert shown.snapshot.pathways == replayed.pathways


@costly
@given(told=histories)
def test_what_is_said_twice_is_one_entry(database: Database, derive: Derivation, told: Told) -> None:
    first = imported(database, derive, told)
    again = Recording.of_history(first.reference, told.story, "file")
    answer = record(database, again, recorder="import", now=NOW + timedelta(1), derive=derive)
    assert (answer.added, answer.snapshot, answer.sequence) == ((), None, first.sequence)
    assert sorted(answer.repeated) == sorted(first.added)


@given(told=histories, data=st.data())
def test_an_answer_stays_until_the_day_it_names(told: Told, data: st.DataObject) -> None:
    """What rows are woken by: nothing that is kept changes before `next_change`."""
    day = data.draw(days_of_interest(told.story))
    today = Today.on(day)
    first = replay_patient(enrolments(DEFAULT_SETTINGS), told.story, today, date.max)
    until = today.next_change or day + timedelta(4000)
    later = data.draw(st.dates(day, max(day, until - timedelta(1))))
    second = replay_patient(enrolments(DEFAULT_SETTINGS), told.story, later, date.max)
    assert summary.written(first) == summary.written(second)


@given(told=histories)
def test_content_comes_back_as_it_was_read(told: Told) -> None:
    assert restore.facts(canonical(told.story.facts)) == told.story.facts
    for event in told.story.entries:
        if event.type != "correction":
            assert restore.event_fields(event.type, canonical(event.fields)) == event.fields


@costly
@given(told=histories, days=st.integers(0, 100))
def test_rows_are_right_while_a_history_is_told(derive: Derivation, told: Told, days: int) -> None:
    """Entry by entry, with days between: the rows are those of a rebuild, and the chain holds."""
    database = open_database("sqlite://")
    entries = [event for event in told.story.entries if event.type not in ("correction", "retraction")]
    now = NOW - timedelta(2500)
    facts = Recording("P", facts=told.story.facts, source="file", imported=True)
    record(database, facts, recorder="import", now=now, derive=derive)
    for event in entries:
        now += timedelta(days)
        say = Recording("P", (Entry(event),), source="file", imported=True)
        record(database, say, recorder="import", now=now, derive=derive)
    refresh(database, now=now, derive=derive)
    right = kept(database)
    assert rebuild(database, now=now, derive=derive).troubled == ()
    assert kept(database) == right
    assert verify(database) == []
    database.close()
