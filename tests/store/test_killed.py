"""A writer killed at random points: nothing that was acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import random
import time

import pytest

from store.database import Database
from tests.store.cast import say, story
from tests.store.test_processes import assert_sound, recorded
from tests.store.writers import keep_recording, numbered, reference, started, told

PATIENTS = 20
at_once = 0.01


def killed(url: str, first: int, together: int, seconds: float) -> int:
    """Let a writer begin with this visit, kill it after so many seconds; answers how many it acknowledged."""
    with started(keep_recording, url, first, PATIENTS, together) as (process, hearing):
        assert hearing.recv() == "open"
        if first_heard := seconds > at_once:  # else it may be killed before it records anything
            hearing.recv()
        time.sleep(seconds)
        process.kill()
        return first_heard + len(told(hearing))


def kill_again_and_again(database: Database, url: str, times: int) -> None:
    """Each writer begins with what the one before did not acknowledge, whether it was recorded or not."""
    for patient in range(PATIENTS):
        say(database, story(reference(patient)))
    before = len(recorded(database))
    chance, acknowledged = random.Random(times), 0
    for turn in range(times):
        acknowledged += killed(url, acknowledged, 1 + turn % 3 * 2, chance.uniform(0.0, 0.06))
    there = recorded(database)
    assert len(there) - before - acknowledged in range(6), "at most the last transaction was not answered"
    assert_sound(database, {(reference(n % PATIENTS), f"n{n}") for n in range(acknowledged)})
    assert acknowledged > times
    for number in range(acknowledged, acknowledged + 10):  # and work goes on
        say(database, numbered(number, PATIENTS))
    assert len(recorded(database)) == before + acknowledged + 10


def test_killed_fifteen_times(database: Database, url: str) -> None:
    kill_again_and_again(database, url, 15)


@pytest.mark.soak
def test_killed_five_hundred_times(database: Database, url: str) -> None:
    kill_again_and_again(database, url, 500)
