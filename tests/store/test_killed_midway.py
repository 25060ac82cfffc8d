"""Whoever corrects, erases, puts a version in force or replaces keys is killed in the middle of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.database import Database, open_database
from store.enforcement import Order, tried, undoing
from store.keys import KINDS, read_file, write_file
from store.record import record_many
from store.rotation import outdated
from tests.keys import KEYS
from tests.store.cast import NOON, say, story
from tests.store.dying import WORKS, die_rotating, die_working, merged, put
from tests.store.intruder import intrude
from tests.store.test_faults import rows
from tests.store.test_processes import assert_rebuilt
from tests.store.test_rotation import check_everybody, register
from tests.store.toy import TOY_2, derivation
from tests.store.writers import started, told

FEW = (0.7, 0.97)
"""At which points of a piece of work somebody is killed in the short test."""


def points(number: int, every: int) -> Iterator[int]:
    """One of so many, back from the last, where all is written; a few only where it is 0."""
    yield from range(number, 0, -every) if every else (round(part * number) for part in FEW)


def killed(work: Any, url: str, at: int, *arguments: Any) -> int:
    """Let a process work until this point, to the end where it is 0; answers how many points it passed."""
    with started(work, url, at, *arguments) as (process, hearing):
        heard = told(hearing)
        process.join()
    if not at:
        assert process.exitcode == 0
        return int(heard[-1])
    assert (process.exitcode, heard) == (-9, [])
    return at


def gone(database: Database) -> None:
    """Wait until a server has seen that whoever was killed is there no more."""
    if database.engine.dialect.name == "postgresql":
        database.close()
        others = (
            "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        while intrude(database, f"SELECT 1 FROM pg_stat_activity WHERE {others}"):
            time.sleep(0.005)


def pairs(database: Database, name: str) -> Iterator[tuple[str, str]]:
    """Two new records at a time."""
    number = 1
    while True:
        pair = f"K{number}", f"K{number + 1}"
        for reference in pair:
            say(database, story(reference))
        if name == "unmerge":
            merged(database, pair)
        yield pair
        number += 2


def kill_midway(database: Database, url: str, name: str, every: int) -> None:
    """It is done wholly or not at all; done again, it is done once."""
    new, answers = pairs(database, name), set()
    number = killed(die_working, url, 0, name, next(new))
    for at in points(number, every):
        pair = next(new)
        before = rows(database)
        killed(die_working, url, at, name, pair)
        gone(database)
        unchanged = rows(database) == before
        assert_rebuilt(database)
        answers.add(unchanged)
        assert WORKS[name](database, pair) == unchanged
        assert not WORKS[name](database, pair)
        assert_rebuilt(database)
    assert len(answers) == 2 or not every


@pytest.mark.parametrize("name", WORKS)
def test_killed_in_the_middle_of_a_correction(database: Database, url: str, name: str) -> None:
    kill_midway(database, url, name, every=0)


@pytest.mark.soak
@pytest.mark.parametrize("name", WORKS)
def test_killed_at_every_third_point_of_a_correction(database: Database, url: str, name: str) -> None:
    kill_midway(database, url, name, every=3)


def kill_enforcing(database: Database, url: str, people: int, every: int) -> None:
    """Whole batches have it; the same again puts it in force for the others, and it can be taken back."""
    references = [f"K{number:03d}" for number in range(people)]
    said: Any = {"recorder": "anna", "now": NOON, "derive": derivation}
    list(record_many(database, map(story, references), **said))
    put(database, references)
    taken_back(database)
    number = killed(die_working, url, 0, "put", references)
    for at in points(number, every):
        assert taken_back(database) == people
        killed(die_working, url, at, "put", references)
        gone(database)
        assert_rebuilt(database)
        having = len(undoing(database, "C-1", "not agreed").recordings)
        assert having in (0, 100, people)
        found = list(tried(database, Order(TOY_2), references, now=NOON, derive=derivation))
        assert sum(1 for one in found if one.enrolment) == people - having
        put(database, references)
    assert_rebuilt(database)


def taken_back(database: Database) -> int:
    back = undoing(database, "C-1", "not agreed").recordings
    said: Any = {"recorder": "anna", "now": NOON, "derive": derivation}
    return len(list(record_many(database, back, **said)))


def test_killed_while_a_version_is_put_in_force(database: Database, url: str) -> None:
    kill_enforcing(database, url, people=4, every=0)


@pytest.mark.soak
def test_killed_while_a_version_is_put_in_force_for_many(database: Database, url: str) -> None:
    kill_enforcing(database, url, people=104, every=20)


NAMES = tuple(f"V{number:02d}" for number in range(1, 6))


def kill_rotating(database: Database, url: str, place: Path, kind: str, every: int) -> None:
    """Everybody can be read and found with the key file as it is left, and the same again finishes it."""
    register(database, *NAMES)
    database.close()
    number = killed(die_rotating, url, 0, str(place), kind)
    for at in points(number, every):
        killed(die_rotating, url, at, str(place), kind)
        with contextlib.closing(open_database(url, read_file(place))) as left:
            gone(left)
            check_everybody(left, *NAMES)
        killed(die_rotating, url, 0, str(place), kind)
        with contextlib.closing(open_database(url, read_file(place))) as finished:
            assert outdated(finished) == 0
            check_everybody(finished, *NAMES)
            assert_rebuilt(finished)


@pytest.fixture
def key_file(database: Database, url: str, tmp_path: Path) -> Path:
    if url.startswith("sqlite"):
        return tmp_path / "carepath.db.keys"
    write_file(tmp_path / "keys", KEYS)
    return tmp_path / "keys"


def test_killed_while_keys_are_replaced(database: Database, url: str, key_file: Path) -> None:
    kill_rotating(database, url, key_file, "index", every=0)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_every_seventh_point_while_keys_are_replaced(
    database: Database, url: str, key_file: Path, kind: str
) -> None:
    kill_rotating(database, url, key_file, kind, every=7)
