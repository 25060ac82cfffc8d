"""Rows of the lists that are not what the ledger gives are found, and nothing is written."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from store import health
from store.database import Database
from store.merging import merge
from store.recheck import differing
from store.refresh import everybody, refresh
from store.site_copy import contents
from tests.store.cast import STORY, at, event, say, story
from tests.store.intruder import intrude
from tests.store.toy import derivation

DAY = at("2025-01-22")


@pytest.fixture
def ward(database: Database) -> Database:
    """One patient with something due and a departure, one with a plain story."""
    treated = event("mdt_started", "2025-01-21", "e04", targets=["L1"], modality="resection")
    say(database, story("V01", *STORY[:2], treated), DAY)
    say(database, story("V02", *STORY[:1]), DAY)
    return database


def wrong(database: Database, now: datetime = DAY, jobs: int = 1) -> list[int]:
    found = differing(database, everybody(database), now=now, derive=derivation, jobs=jobs)
    return [patient for patient, differs in found if differs]


def test_what_is_recorded_is_what_is_listed(ward: Database) -> None:
    with ward.reading() as connection:
        before = contents(connection)
    assert wrong(ward) == []
    with ward.reading() as connection:
        assert contents(connection) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tracking SET state = 'elsewhere' WHERE patient_id = 1",
        "UPDATE tracking SET overdue = 5 WHERE patient_id = 1",
        "UPDATE standing SET state = 'elsewhere' WHERE patient_id = 1",
        "UPDATE due_item SET due = '2025-12-31' WHERE patient_id = 1",
        "DELETE FROM due_item WHERE patient_id = 1",
        "UPDATE deviation SET status = 'closed' WHERE patient_id = 1",
        "UPDATE snapshot SET body = '' WHERE patient_id = 1",
        "DELETE FROM tracking WHERE patient_id = 1",
    ],
)
def test_rows_that_are_other_or_gone(ward: Database, sql: str) -> None:
    intrude(ward, sql)
    assert wrong(ward) == [1]


def test_what_time_will_change_is_not_judged(ward: Database) -> None:
    intrude(ward, "UPDATE tracking SET state = 'elsewhere'")
    assert wrong(ward, at("2099-01-01")) == [2]  # the first waits for time, the second for nothing
    assert wrong(ward, at("2020-01-01")) == []


def test_a_patient_who_cannot_be_derived(ward: Database) -> None:
    intrude(ward, "UPDATE ledger SET payload = '{\"note\":\"engine failure\"}' WHERE type = 'mdt_started'")
    assert wrong(ward) == [1]
    with ward.reading() as connection:
        assert health.troubled(connection) == 0
    refresh(ward, now=at("2026-03-03"), derive=derivation)
    with ward.reading() as connection:
        assert health.troubled(connection) == 1
    assert wrong(ward) == []  # it is told among those who are stuck


def test_who_waits_for_time(ward: Database) -> None:
    with ward.reading() as connection:
        assert health.waiting(connection, at("2025-02-02")) == 0
        assert health.waiting(connection, at("2025-02-03")) == 1
        assert health.waiting(connection, at("2025-02-09"), 7) == 0
        assert health.waiting(connection, at("2025-02-10"), 7) == 1


def test_clocks(ward: Database, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.clock.now", lambda: DAY)
    with ward.reading() as connection:
        assert health.recorded_ahead(connection, DAY) == timedelta()
        assert health.recorded_ahead(connection, DAY - timedelta(hours=1)) == timedelta(hours=1)
        skew = health.clock_ahead(connection)
    if url.startswith("sqlite"):
        assert skew is None
    else:
        assert skew is not None
        assert skew > timedelta(days=100)  # the server's clock is that of this machine, DAY long past


def test_nothing_recorded_is_not_ahead(database: Database) -> None:
    with database.reading() as connection:
        assert health.recorded_ahead(connection, DAY) == timedelta()


def test_a_record_that_was_merged_into_another_has_no_rows(ward: Database) -> None:
    merge(ward, "V01", "V02", "registered twice", recorder="anna", now=DAY, derive=derivation)
    assert wrong(ward) == []
    intrude(ward, "DELETE FROM tracking WHERE patient_id = 1")
    assert wrong(ward) == [1]
