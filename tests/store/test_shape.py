"""Tables, columns and triggers that are not those that carepath makes."""

from __future__ import annotations

import pytest

from store.database import Database
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import say, story
from tests.store.intruder import intrude


def told(database: Database) -> list[str]:
    return [str(problem) for problem in verify(database)]


def test_what_carepath_makes_is_as_it_must_be(database: Database) -> None:
    assert told(database) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DROP TABLE tracking", "table tracking: is missing"),
        ("ALTER TABLE review DROP COLUMN note", "table review: has no column note"),
        ("DELETE FROM carepath", "table carepath: holds 0 rows, and must hold one"),
        (
            "INSERT INTO carepath SELECT 7, created, access_sequence, access_head FROM carepath",
            "table carepath: holds 2 rows, and must hold one",
        ),
    ],
)
def test_what_is_not(database: Database, statement: str, problem: str) -> None:
    say(database, story("V01"))
    intrude(database, statement)
    assert told(database) == [problem]


@ONLY_SQLITE
def test_a_trigger_in_the_file(database: Database) -> None:
    intrude(database, "CREATE TRIGGER quiet AFTER INSERT ON access BEGIN DELETE FROM access; END")
    assert told(database) == ["trigger quiet: was not made by carepath"]


@pytest.mark.parametrize("any_url", ["postgresql"], indirect=True)
def test_a_trigger_and_a_rule_on_the_server(database: Database) -> None:
    intrude(
        database,
        "CREATE FUNCTION hush() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER quiet BEFORE INSERT ON access FOR EACH ROW EXECUTE FUNCTION hush()",
        "CREATE RULE calm AS ON DELETE TO ledger DO INSTEAD NOTHING",
    )
    assert told(database) == [
        "rule calm: was not made by carepath",
        "trigger quiet: was not made by carepath",
    ]
