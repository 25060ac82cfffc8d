"""What was said at the desk is under the seals: who alters it is found."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from store import desk, standalone_verifier
from store.database import Database
from store.seals import all_seals, seal_all
from store.verify import verify
from store.work_tables import desk as entries
from tests.server import ONLY_SQLITE
from tests.store.cast import NOON, event, live, say, story


@pytest.fixture
def said(database: Database) -> Database:
    """Three entries that were sealed, one that was not yet."""
    say(database, story("V01"))
    comment(database, "one", "two", "three")
    say(database, live("V01", event("follow_up_visit", "2025-03-02")))
    seal_all(database, NOON)
    comment(database, "four")
    return database


def comment(database: Database, *texts: str) -> None:
    with database.writing() as connection:
        for text in texts:
            desk.say(connection, "comment", {"text": text}, patient_id=1, recorder="anna", now=NOON)


def damaged(database: Database, damage: object) -> list[str]:
    with database.writing() as connection:
        connection.execute(damage)  # type: ignore[call-overload]  # any statement
    return [f"{one.where}: {one.what}" for one in verify(database)]


def test_what_nobody_altered_is_as_it_was_sealed_and_seals_go_on(said: Database) -> None:
    assert verify(said) == []
    say(said, live("V01", event("follow_up_visit", "2025-03-03")))
    seal_all(said, NOON)
    comment(said, "five")
    with said.reading() as connection:
        ends = [one.desk_end for one in all_seals(connection)]
    assert [end and end[0] for end in ends][-2:] == [3, 4]
    assert verify(said) == []


TOLD = "desk, entry 1: not as it was sealed on 2025-03-03, or one after it up to 3"


@pytest.mark.parametrize(
    "damage",
    [
        update(entries).where(entries.c.number == 2).values(payload='{"text":"other"}'),
        update(entries).where(entries.c.number == 3).values(recorder="ben"),
        delete(entries).where(entries.c.number == 1),
        delete(entries).where(entries.c.number == 3),
    ],
    ids=["a text", "who said it", "the first is gone", "the last sealed one is gone"],
)
def test_who_alters_what_was_said_is_found(said: Database, damage: object) -> None:
    assert damaged(said, damage) == [TOLD]


def test_who_inserts_among_what_was_sealed_is_found(said: Database) -> None:
    with said.reading() as connection:
        row = _row(connection)
    assert damaged(said, insert(entries).values(**{**row, "number": 0})) == [TOLD]


def _row(connection: Connection) -> dict[str, object]:
    return dict(connection.execute(select(entries).where(entries.c.number == 1)).mappings().one())


@ONLY_SQLITE
def test_the_auditors_own_program_finds_it_too(said: Database, tmp_path: Path) -> None:
    damaged(said, update(entries).where(entries.c.number == 2).values(payload='{"text":"other"}'))
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = standalone_verifier.main([str(said.engine.url.database)])
    assert status != 0
    assert "desk, entry 1: is not as it was under seal" in told.getvalue()
