"""One patient as known at some moment: earlier views stay as they were."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.entries import read_event, read_facts, read_story
from store.database import Database
from store.errors import NotKnownYet, UnknownPatient
from store.patient_view import look_up
from tests.store.cast import FACTS, NOON, STORY, at, event, live, say, story
from tests.store.toy import derivation, enrolment, replay


def test_import_then_show_is_replay(database: Database) -> None:
    """The law of architecture section 2, on the toy pathway."""
    fix = event("correction", "2025-02-28", "e04", target="e03", field="overall", old="PR", new="CR")
    events = (*STORY, fix)
    say(database, story("V01", *events))
    view = look_up(database, "V01", now=NOON, derive=derivation)
    read = read_story(read_facts(FACTS), [read_event(one) for one in events])
    assert view.snapshot.pathways == replay(enrolment(None, {}), read, NOON.date(), NOON.date()).pathways
    assert view.dossier.story.facts == read.facts
    for mine, its in zip(view.dossier.story.entries, read.entries, strict=True):
        assert (mine.fields, mine.documented, mine.day) == (its.fields, its.documented, its.day)


def test_a_view_by_what_was_known_then(database: Database) -> None:
    say(database, story(), at("2025-03-01"))
    say(database, live("V01", event("follow_up_visit", "2025-02-28")), at("2025-03-02"))
    then = look_up(database, "V01", now=NOON, derive=derivation, known_at=at("2025-03-01", "18:00"))
    assert then.snapshot.main.state == "response_assessed"
    assert len(then.lines) == 5
    day = look_up(database, "V01", now=NOON, derive=derivation, known_at=date(2025, 3, 2))
    assert (day.snapshot.main.state, len(day.lines)) == ("follow_up_visit", 6)
    early = look_up(database, "V01", now=NOON, derive=derivation, as_of=date(2025, 1, 8))
    assert early.snapshot.main.state == "metastasis_suspected"


def test_the_civil_day_of_recording_is_that_of_the_place(database: Database) -> None:
    say(database, story(), at("2025-03-02", "00:30"))
    assert look_up(database, "V01", now=NOON, derive=derivation, known_at=date(2025, 3, 2)).lines
    with pytest.raises(NotKnownYet):
        look_up(database, "V01", now=NOON, derive=derivation, known_at=date(2025, 3, 1))


def test_an_entry_from_a_clock_that_was_ahead_is_seen(database: Database) -> None:
    say(database, story(), NOON + timedelta(days=1))
    assert look_up(database, "V01", now=NOON, derive=derivation).snapshot.main.state == "response_assessed"


def test_nobody(database: Database) -> None:
    with pytest.raises(UnknownPatient):
        look_up(database, "V01", now=NOON, derive=derivation)
