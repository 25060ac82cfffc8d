"""The chain of a patient's entries, and what is seen when somebody has been at the file."""

from __future__ import annotations

import pytest

from store.database import Database
from store.verify import verify
from tests.store.cast import say, story
from tests.store.intruder import intrude


@pytest.fixture
def two_patients(database: Database) -> Database:
    say(database, story("V01"))
    say(database, story("V02"))
    return database


def found(database: Database, *statements: str) -> list[str]:
    intrude(database, *statements)
    return [str(problem) for problem in verify(database)]


def test_what_nobody_touched(two_patients: Database) -> None:
    assert verify(two_patients) == []


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{}'",
        "day = '2025-01-21'",
        "recorder = 'ben'",
        "recorded = '2024-01-01 00:00:00.000000'",
        "recorded_offset = 0",
        "documented = '2025-01-01'",
        "basis = 'stated'",
        "type = 'follow_up_visit'",
        "event_id = 'e99'",
        "source_id = 'x'",
        "kind = 'facts'",
        "hash = prev_hash",
    ],
)
def test_an_altered_entry(two_patients: Database, change: str) -> None:
    problems = found(two_patients, f"UPDATE ledger SET {change} WHERE patient_id = 2 AND seq = 4")
    assert problems[0] == "patient 2, entry 4: was altered or moved after it was recorded"
    assert all(problem.startswith("patient 2, entry ") for problem in problems)


def test_a_deleted_entry(two_patients: Database) -> None:
    problems = found(two_patients, "DELETE FROM ledger WHERE patient_id = 1 AND seq = 3")
    assert problems == ["patient 1, entry 3: is missing"]


def test_a_deleted_entry_with_the_gap_closed(two_patients: Database) -> None:
    problems = found(
        two_patients,
        "DELETE FROM ledger WHERE patient_id = 1 AND seq = 3",
        "UPDATE ledger SET seq = seq - 1 WHERE patient_id = 1 AND seq > 3",
        "UPDATE patient SET sequence = 4 WHERE id = 1",
    )
    assert "patient 1, entry 3: does not follow the entry before it" in problems


def test_entries_in_another_order(two_patients: Database) -> None:
    problems = found(
        two_patients,
        "UPDATE ledger SET seq = 99 WHERE patient_id = 1 AND seq = 3",
        "UPDATE ledger SET seq = 3 WHERE patient_id = 1 AND seq = 4",
        "UPDATE ledger SET seq = 4 WHERE patient_id = 1 AND seq = 99",
    )
    assert {problem.split(":")[0] for problem in problems} >= {"patient 1, entry 3", "patient 1, entry 4"}


def test_entries_cut_off_at_the_end(two_patients: Database) -> None:
    problems = found(two_patients, "DELETE FROM ledger WHERE patient_id = 1 AND seq > 3")
    assert problems == ["patient 1, entry 4: is missing, and all up to entry 5"]


def test_entries_cut_off_with_the_head_set_back(two_patients: Database) -> None:
    problems = found(
        two_patients,
        "DELETE FROM ledger WHERE patient_id = 1 AND seq > 3",
        "UPDATE patient SET sequence = 3 WHERE id = 1",
    )
    assert problems == ["patient 1, entry 3: is not the entry at which the chain ended"]


def test_all_entries_gone(two_patients: Database) -> None:
    assert found(two_patients, "DELETE FROM ledger WHERE patient_id = 2") == [
        "patient 2, entry 1: all entries are missing"
    ]


def test_entries_of_nobody(two_patients: Database) -> None:
    assert found(two_patients, "DELETE FROM patient WHERE id = 2") == [
        "patient 2, entry 1: the entries belong to no patient",
        "identity of patient 2: belongs to no patient",
    ]


def test_an_entry_moved_to_another_patient(two_patients: Database) -> None:
    problems = found(
        two_patients,
        "UPDATE ledger SET patient_id = 1, seq = 6, event_id = 'e04' WHERE patient_id = 2 AND seq = 5",
    )
    assert {problem.split(",")[0] for problem in problems} == {"patient 1", "patient 2"}
