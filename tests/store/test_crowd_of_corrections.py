"""Several processes that record about, correct, move, merge and erase the same few patients at once."""

from __future__ import annotations

import contextlib
import json
from collections import Counter

import pytest

from store.database import Database
from store.merged import MERGE, MERGED_INTO, UNMERGE, UNMERGED
from tests.store.cast import say, story
from tests.store.intruder import intrude
from tests.store.test_processes import assert_rebuilt
from tests.store.writers import (
    derive_again,
    join_and_part,
    move_about,
    put_in_force_and_back,
    record_somewhere,
    reference,
    started,
    told,
)

PATIENTS = 4
CROWD = (
    (record_somewhere, "anna"),
    (record_somewhere, "ben"),
    (join_and_part, "carla"),
    (join_and_part, "dora"),
    (move_about, "emil"),
    (move_about, "fritz"),
    (put_in_force_and_back, "greta"),
    (derive_again, "rebuild"),
)


def crowd(database: Database, url: str, number: int) -> None:
    """Each does its work so many times; whatever one was told to be done is there, and nothing else."""
    for patient in range(PATIENTS):
        say(database, story(reference(patient)))
    before = len(own_entries(database))
    with contextlib.ExitStack() as stack:
        all_ = [stack.enter_context(started(work, url, name, PATIENTS, number)) for work, name in CROWD]
        heard = [one for _, hearing in all_ for one in told(hearing)]
        for process, _ in all_:
            process.join()
        assert [process.exitcode for process, _ in all_] == [0] * len(CROWD)  # no error reached anybody
    done = Counter(str(one[0]) for one in heard)
    kinds = Counter(str(kind) for (kind,) in intrude(database, "SELECT kind FROM ledger"))
    assert done["merged"] == kinds[MERGE] == kinds[MERGED_INTO] > 0
    assert done["unmerged"] == kinds[UNMERGE] == kinds[UNMERGED] > 0
    assert done["put"] == kinds["enrolment"] - PATIENTS > 0
    assert min(done["recorded"], done["moved"]) > 0
    there = own_entries(database)
    assert len(there) == before + done["recorded"] + 2 * done["moved"]
    assert {one[1:] for one in heard if one[0] == "recorded"} <= there
    assert_rebuilt(database)
    assert_in_turn(database)
    if database.engine.dialect.name == "postgresql":
        here = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert intrude(database, here) == [(0,)]


def own_entries(database: Database) -> set[tuple[str, str]]:
    """Every entry by the record it was said about; what a merge lends is not among them."""
    found = intrude(database, "SELECT patient_id, event_id FROM ledger WHERE event_id IS NOT NULL")
    return {(reference(int(str(number)) - 1), str(id)) for number, id in found}


def assert_in_turn(database: Database) -> None:
    """No record is part of two others, and what is undone was there."""
    into: dict[int, int] = {}
    for number, kind, payload in intrude(
        database, "SELECT patient_id, kind, payload FROM ledger ORDER BY patient_id, seq"
    ):
        assert isinstance(number, int)
        other = json.loads(str(payload)).get("patient")
        if kind == MERGED_INTO:
            assert number not in into
            into[number] = other
        elif kind == UNMERGED:
            assert into.pop(number) == other


def test_a_crowd_of_corrections(database: Database, url: str) -> None:
    crowd(database, url, 8)


@pytest.mark.soak
def test_a_crowd_of_many_corrections(database: Database, url: str) -> None:
    crowd(database, url, 60)
