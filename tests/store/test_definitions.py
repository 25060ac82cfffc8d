"""Pathway versions kept beside the ledger: what is seen when one is not what patients were enrolled in."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from store.canonical import digest
from store.database import Database
from store.library import shipped
from store.record import record
from store.tables import definition
from store.verify import verify
from tests.store.cast import NOON, say, story
from tests.store.intruder import intrude
from tests.store.toy import BONES, TOY


@pytest.fixture
def enrolled(database: Database) -> Database:
    say(database, story("V01"))
    say(database, story("V02"))
    return database


def named(fingerprint: str, name: str = "toy 1.0.0") -> str:
    return f"pathway {name} ({fingerprint[:19]})"


def told(database: Database) -> list[str]:
    return [str(problem) for problem in verify(database)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("body = body || ' '", "was altered after it was kept"),
        ("body = '{}'", "was altered after it was kept"),
        ("version = '2.0.0'", "is kept under another name"),
        ("pathway = 'bones'", "is kept under another name"),
    ],
)
def test_a_version_that_somebody_touched(enrolled: Database, change: str, problem: str) -> None:
    intrude(enrolled, f"UPDATE definition SET {change} WHERE pathway = 'toy'")
    assert told(enrolled) == [f"{named(TOY.fingerprint)}: {problem}"]


def test_a_version_that_is_gone(enrolled: Database) -> None:
    intrude(enrolled, "DELETE FROM definition WHERE pathway = 'bones'")
    where = named(BONES.fingerprint, "bones 1.0.0")
    assert told(enrolled) == [f"{where}: is missing; patient 1 is the first who is enrolled in it"]


def test_a_version_in_the_place_of_another(enrolled: Database) -> None:
    other = f"sha256:{digest('{}')}"
    intrude(enrolled, f"UPDATE definition SET body = '{{}}', fingerprint = '{other}' WHERE pathway = 'toy'")
    missing = "is missing; patient 1 is the first who is enrolled in it"
    assert told(enrolled) == [f"{named(TOY.fingerprint)}: {missing}"]


def test_a_version_that_nobody_is_enrolled_in_yet(enrolled: Database) -> None:
    row = {"fingerprint": f"sha256:{digest('{}')}", "pathway": "toy", "version": "2.0.0", "body": "{}"}
    with enrolled.writing() as connection:
        connection.execute(insert(definition), row)
    assert told(enrolled) == []


def test_an_enrolment_that_cannot_be_read_is_an_altered_entry(enrolled: Database) -> None:
    intrude(enrolled, "UPDATE ledger SET payload = '7' WHERE patient_id = 2 AND kind = 'enrolment'")
    (problem,) = told(enrolled)
    assert problem.startswith("patient 2, entry ")


def test_the_versions_that_ship_are_kept_as_they_are(database: Database) -> None:
    record(database, story(), recorder="anna", now=NOON, derive=shipped(database))
    assert told(database) == []
