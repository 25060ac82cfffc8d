"""Eight processes at the same patients at once: imports, single entries, repeats, and rows derived anew."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from engine.snapshot import Snapshot
from store import identities, ledger
from store.database import Database, open_database
from store.patient_view import look_up
from store.recording import Entry, Recording
from tests.store.cast import NOON, say, story
from tests.store.test_processes import assert_sound, recorded
from tests.store.test_projections import kept
from tests.store.toy import derivation
from tests.store.writers import (
    derive_again,
    import_histories,
    record_visits,
    reference,
    repeat_visits,
    started,
    told,
)

PATIENTS = 20
CROWD = (
    *((record_visits, name) for name in ("anna", "ben", "carla", "dora")),
    *((repeat_visits, name) for name in ("anna", "system")),
    (import_histories, "import"),
    (derive_again, "rebuild"),
)


def crowd(database: Database, url: str, number: int, again: Database) -> None:
    """Let each of the eight do its work so many times, and compare with one who does it all in turn."""
    for patient in range(PATIENTS):
        say(database, story(reference(patient)))
    before = set(recorded(database))
    with contextlib.ExitStack() as stack:
        all_ = [stack.enter_context(started(work, url, name, PATIENTS, number)) for work, name in CROWD]
        heard = [told(hearing) for _, hearing in all_]
        for process, _ in all_:
            process.join()
        assert [process.exitcode for process, _ in all_] == [0] * 8  # no error reached anybody
    acknowledged = {tuple(one[1:]) for each in heard for one in each if one[0] == "recorded"}
    assert set(recorded(database)) == before | acknowledged
    assert_sound(database, acknowledged)
    overtaken = [one[1] for each in heard for one in each if one[0] == "overtaken"]
    assert overtaken
    assert all(" by " in line for meanwhile in overtaken for line in meanwhile)
    assert all(overtaken)
    replayed_in_turn(database, again)
    assert kept(again) == kept(database)
    for patient in range(PATIENTS):
        assert answered(database, patient) == answered(again, patient)


def answered(database: Database, patient: int) -> tuple[Snapshot, ...]:
    return look_up(database, reference(patient), now=NOON, derive=derivation).snapshot.pathways


def replayed_in_turn(database: Database, again: Database) -> None:
    """Everything the ledger says, recorded by one writer, entry by entry."""
    for patient in range(PATIENTS):
        with database.reading() as connection:
            head = identities.find(connection, reference(patient))
            assert head
            lines = ledger.lines(connection, head.patient_id)
        assert len(lines) == head.sequence
        dossier = ledger.dossier(head, lines)
        for event in dossier.entries:
            one = Recording(reference(patient), (Entry(event),), facts=dossier.facts, imported=True)
            say(again, one)


@pytest.fixture
def again(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path / 'again.db'}")


def test_a_crowd(database: Database, url: str, again: Database) -> None:
    crowd(database, url, 20, again)
    again.close()


@pytest.mark.soak
def test_a_crowd_with_thousands_of_entries(database: Database, url: str, again: Database) -> None:
    crowd(database, url, 600, again)
    again.close()
