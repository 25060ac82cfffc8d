"""Identities that somebody touched: each is found and located, and none is told."""

from __future__ import annotations

from datetime import date

import pytest

from store.database import Database, open_database
from store.erasure import erase
from store.verify import verify
from tests.store.cast import NOON, say, story
from tests.store.intruder import intrude
from tests.store.toy import derivation

ERIKA = {"name": "Erika Mustermann", "numbers": {"case": "4711"}}


@pytest.fixture
def people(database: Database) -> Database:
    """Three patients, of whom the last was erased."""
    say(database, story("V01", **ERIKA))
    say(database, story("V02"))
    say(database, story("V03"))
    erase(database, "V03", "requested", recorder="anna", now=NOON, derive=derivation)
    return database


def told(database: Database) -> list[str]:
    return [str(problem) for problem in verify(database)]


def test_what_nobody_touched(people: Database) -> None:
    assert told(people) == []


@pytest.mark.parametrize("kind", ["vault", "index", "signing"])
def test_keys_that_are_being_rotated(people: Database, url: str, kind: str) -> None:
    rotated = open_database(url, people.keys.rotated(kind))
    assert told(rotated) == []
    say(rotated, story("V04"))
    assert told(rotated) == []
    rotated.close()


OTHER_ROW = "(SELECT sealed FROM vault WHERE patient_id = 2)"
FOUND = "is not found by what it says, or by something else"
BROKEN = "is not as it was written for this patient"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (f"UPDATE vault SET sealed = {OTHER_ROW} WHERE patient_id = 1", f"1: {BROKEN}"),
        ("UPDATE vault SET sealed = '' WHERE patient_id = 1", f"1: {BROKEN}"),
        ("UPDATE vault SET key = 'vault-9' WHERE patient_id = 2", f"2: {BROKEN}"),
        ("DELETE FROM vault WHERE patient_id = 2", "2: is missing, and no entry says that it was erased"),
        ("UPDATE lookup SET blind = 'x' WHERE patient_id = 1 AND kind = 'number'", f"1: {FOUND}"),
        ("DELETE FROM lookup WHERE patient_id = 1 AND kind = 'name'", f"1: {FOUND}"),
        ("DELETE FROM lookup WHERE patient_id = 2", f"2: {FOUND}"),
        ("INSERT INTO lookup VALUES ('number', 'x', 2)", f"2: {FOUND}"),
        ("INSERT INTO lookup VALUES ('number', 'x', 3)", "3: was erased, and can still be looked for"),
        ("INSERT INTO lookup VALUES ('number', 'x', 4)", "4: belongs to no patient"),
        (
            f"INSERT INTO vault VALUES (3, 'vault-1', {OTHER_ROW})",
            "3: is there, and an entry says that it was erased",
        ),
    ],
)
def test_what_somebody_touched(people: Database, statement: str, problem: str) -> None:
    if "= ''" in statement and people.engine.dialect.name == "sqlite":
        statement = statement.replace("''", "x''")
    intrude(people, statement)
    assert told(people) == [f"identity of patient {problem}"]


def test_two_identities_exchanged(people: Database) -> None:
    intrude(
        people,
        "UPDATE vault SET patient_id = 99 WHERE patient_id = 1",
        "UPDATE vault SET patient_id = 1 WHERE patient_id = 2",
        "UPDATE vault SET patient_id = 2 WHERE patient_id = 99",
    )
    assert told(people) == [f"identity of patient {number}: {BROKEN}" for number in (1, 2)]


def test_two_patients_found_under_the_reference_of_each_other(people: Database) -> None:
    intrude(
        people,
        "UPDATE lookup SET patient_id = 99 WHERE patient_id = 1",
        "UPDATE lookup SET patient_id = 1 WHERE patient_id = 2",
        "UPDATE lookup SET patient_id = 2 WHERE patient_id = 99",
    )
    assert told(people) == [f"identity of patient {number}: {FOUND}" for number in (1, 2)]


def test_nothing_of_an_identity_is_told(database: Database) -> None:
    say(database, story("V01", **ERIKA))
    intrude(database, "DELETE FROM lookup WHERE kind = 'number'")
    (problem,) = told(database)
    assert not any(word in problem for word in ("V01", "Erika", "4711", str(date(1970, 4, 12))))
