"""What happens while an entry is worked out, before the database is locked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from engine.event import Moment, Story
from engine.snapshot import PatientSnapshot
from store import ledger
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.errors import Overtaken
from store.recheck import differing
from store.record import record
from store.refresh import everybody, refresh
from store.verify import verify
from tests.store.cast import NOON, STORY, at, event, live, say, story
from tests.store.toy import derivation


def other_rows(database: Database, now: datetime) -> list[int]:
    """The patients whose lists do not hold what the ledger gives."""
    compared = differing(database, everybody(database), now=now, derive=derivation)
    return [patient for patient, differs in compared if differs]


def meanwhile(work: Callable[[], object]) -> Derivation:
    """The toy, while whose first answer something else is done."""
    left = [work]

    def replay(enrolled: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        if left:
            left.pop()()
        return derivation.replay(enrolled, story, as_of, known_at)

    return replace(derivation, replay=replay)


def test_what_is_recorded_while_an_entry_is_worked_out_is_not_lost(database: Database) -> None:
    say(database, story())
    other = live("V01", event("board_held", "2025-03-02", question="mdt", decision="recommended"))
    derive = meanwhile(lambda: say(database, other, recorder="ben"))
    treated = live("V01", event("mdt_started", "2025-03-03", targets=["L1"], modality="resection"))
    answer = record(database, treated, recorder="anna", now=NOON, derive=derive)
    with database.reading() as connection:
        last = ledger.lines(connection, 1)[-2:]
    assert [(line.event_id, line.recorder) for line in last] == [("e04", "ben"), ("e05", "anna")]
    assert answer.difference.lines() == ("state toy: board_held -> mdt_started",)  # with a board before it
    assert not other_rows(database, NOON)
    assert verify(database) == []


def test_whoever_has_seen_less_is_told_of_what_came_while_an_entry_was_worked_out(database: Database) -> None:
    seen = say(database, story()).sequence
    derive = meanwhile(lambda: say(database, live("V01", event("follow_up_visit", "2025-03-02"))))
    visit = live("V01", event("follow_up_visit", "2025-03-03"), expected=seen)
    with pytest.raises(Overtaken):
        record(database, visit, recorder="ben", now=NOON, derive=derive)


def test_rows_written_by_a_clock_ahead_while_an_entry_is_worked_out_are_put_right(database: Database) -> None:
    say(database, story("V01", *STORY[:2]), at("2025-01-21"))
    now, ahead = at("2025-01-22"), at("2025-03-20")
    derive = meanwhile(lambda: refresh(database, now=ahead, derive=derivation))
    visit = live("V01", event("follow_up_visit", "2025-01-22"))
    record(database, visit, recorder="ben", now=now, derive=derive)
    assert not other_rows(database, now)
