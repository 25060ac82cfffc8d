"""The access log: in order, with a chain of its own, whoever writes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import pytest

from store import access
from store.access import Look
from store.database import Database, open_database
from store.errors import CannotWrite, StoreError
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import NOON, at, say, story
from tests.store.intruder import intrude

SHOW = Look("anna", "ward3", "show", 1, {"as_of": "2025-03-01"}, "night call")
LIST = Look("ben", "ben", "list", None, {"shown": "2"})


def written(database: Database, *looks: Look) -> None:
    say(database, story())
    for number, look in enumerate(looks or (SHOW, LIST, SHOW)):
        access.append(database, look, at("2025-03-03", "08:00") + timedelta(hours=number))


def read(database: Database, *asked: object) -> list[access.Access]:
    with database.reading() as connection:
        return list(access.entries(connection, *asked))  # type: ignore[arg-type]


def test_each_entry_says_who_saw_what_when_and_why(database: Database) -> None:
    written(database)
    first, second, third = read(database)
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert (first.who, first.account, first.what, first.patient_id) == ("anna", "ward3", "show", 1)
    assert (first.asked, first.reason) == ('{"as_of":"2025-03-01"}', "night call")
    assert first.at_there.isoformat() == "2025-03-03T08:00:00+01:00"
    assert (second.patient_id, second.reason) == (None, None)
    assert (first.prev_hash, second.prev_hash) == ("0" * 64, first.hash)
    assert verify(database) == []


def test_they_are_found_by_patient_and_from_a_moment_on(database: Database) -> None:
    written(database)
    assert [one.number for one in read(database, 1)] == [1, 3]
    assert [one.number for one in read(database, None, at("2025-03-03", "09:00"))] == [2, 3]
    assert [one.number for one in read(database, 1, at("2025-03-03", "09:00").astimezone(UTC))] == [3]
    assert read(database, 2) == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE access SET who = 'eve' WHERE number = 2", "entry 2: was altered or moved"),
        ("UPDATE access SET patient_id = NULL WHERE number = 1", "entry 1: was altered or moved"),
        ("UPDATE access SET reason = NULL WHERE number = 3", "entry 3: was altered or moved"),
        ("DELETE FROM access WHERE number = 2", "entry 2: is missing"),
        ("DELETE FROM access WHERE number < 3", "entry 1: is missing, and all up to entry 2"),
        ("DELETE FROM access WHERE number = 3", "entry 3: is missing"),
        ("DELETE FROM access", "entry 1: is missing, and all up to entry 3"),
        ("UPDATE carepath SET access_sequence = 2", "entry 3: is not the entry at which the chain ended"),
    ],
)
def test_what_was_done_to_it_is_found_and_located(database: Database, damage: str, told: str) -> None:
    written(database)
    intrude(database, damage)
    assert str(verify(database)[0]).startswith(f"access log, {told}")


def test_an_entry_put_in_its_place_does_not_follow(database: Database) -> None:
    written(database)
    entry = read(database)[1]._replace(prev_hash="f" * 64)
    forged = entry._replace(hash=entry.content_hash())
    intrude(
        database,
        f"UPDATE access SET prev_hash = '{forged.prev_hash}', hash = '{forged.hash}' WHERE number = 2",
    )
    assert [str(one) for one in verify(database)] == [
        "access log, entry 2: does not follow the entry before it",
        "access log, entry 3: does not follow the entry before it",
    ]


def test_those_who_look_at_the_same_time_make_one_chain(database: Database, url: str) -> None:
    say(database, story())

    def look(number: int) -> None:
        mine = open_database(url)
        for _ in range(10):
            access.append(mine, Look(f"user {number}", "ward", "show", 1), NOON)
        mine.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    found = read(database)
    assert [one.number for one in found] == list(range(1, 41))
    assert {one.who for one in found} == {f"user {number}" for number in range(4)}
    assert verify(database) == []


@ONLY_SQLITE
def test_a_full_disk_leaves_no_entry(database: Database) -> None:
    written(database)
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(CannotWrite, match="full"):
        written(database, *[SHOW] * 500)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    access.append(database, SHOW, NOON)
    assert verify(database) == []


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM carepath", "INSERT INTO carepath SELECT 7, created, 0, access_head FROM carepath"],
)
def test_where_the_end_is_not_told_once_nothing_is_written(database: Database, statement: str) -> None:
    intrude(database, statement)
    with pytest.raises(CannotWrite, match="which must hold one row"):
        access.append(database, Look("anna", "ward3", "list"), NOON)


def test_a_patient_nobody_knows_cannot_be_seen(database: Database) -> None:
    with pytest.raises(StoreError):
        access.append(database, SHOW, NOON)
