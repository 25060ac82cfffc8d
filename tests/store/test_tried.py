"""What a recording would change, worked out without writing: the same as when it is recorded."""

from __future__ import annotations

import pytest

from store import ledger
from store.database import Database
from store.errors import Overtaken, Refused
from store.identities import find
from store.record import tried
from store.recording import Entry, Recorded, Recording
from tests.store.cast import NOON, event, live, say, story
from tests.store.toy import derivation

MORE = event("mdt_started", "2025-03-03", targets=["L1"], modality="resection")


def attempt(database: Database, recording: Recording) -> Recorded:
    return tried(database, recording, recorder="anna", now=NOON, derive=derivation)


def length(database: Database) -> int:
    with database.reading() as connection:
        head = find(connection, "V01")
        assert head is not None
        return len(ledger.lines(connection, head.patient_id))


def test_it_tells_what_recording_tells_and_writes_nothing(database: Database) -> None:
    say(database, story())
    before = length(database)
    told = attempt(database, live("V01", MORE))
    assert length(database) == before
    recorded = say(database, live("V01", MORE))
    assert (told.difference, told.snapshot, told.added) == (
        recorded.difference,
        recorded.snapshot,
        recorded.added,
    )
    assert told.changed
    assert told.difference


def test_what_was_said_already_changes_nothing(database: Database) -> None:
    say(database, story())
    named = Recording("V01", (Entry(MORE, "form 1"),), source="page")
    say(database, named)
    told = attempt(database, named)
    assert not told.changed
    assert told.snapshot is None
    assert told.repeated


def test_it_is_refused_as_recording_is(database: Database) -> None:
    say(database, story())
    with pytest.raises(Refused):
        attempt(database, live("V01", event("mdt_started", "2025-03-03", modality="magic")))
    with pytest.raises(Overtaken):
        attempt(database, live("V01", MORE, expected=1))
