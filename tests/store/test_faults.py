"""What goes wrong while recording is told, leaves nothing half-written, and the next try works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store import projections
from store.database import Database
from store.errors import CannotWrite, NoRoom
from store.refresh import rebuild
from store.site_copy import contents
from store.verify import verify
from tests.server import ONLY_SQLITE, Server
from tests.store.cast import NOON, event, live, say, story
from tests.store.dying import erased, merged, moved
from tests.store.intruder import intrude
from tests.store.test_projections import kept
from tests.store.toy import derivation

ONLY_POSTGRESQL = pytest.mark.parametrize("any_url", ["postgresql"], indirect=True)
VISIT = event("follow_up_visit", "2025-03-01", "e04", note="all well")


@pytest.fixture
def ward(database: Database) -> Database:
    say(database, story("V01"))
    return database


def fails_and_then_works(
    ward: Database, told: str, mended: Callable[[], object], kind: type[CannotWrite] = CannotWrite
) -> None:
    """A recording that fails leaves every row as it was; once it is mended, the same one is recorded once."""
    before = rows(ward)
    with pytest.raises(kind, match=told):
        say(ward, live("V01", VISIT))
    mended()
    assert rows(ward) == before
    assert say(ward, live("V01", VISIT)).added == ("e04",)
    assert say(ward, live("V01", VISIT)).repeated == ("e04",)
    assert verify(ward) == []
    derived = kept(ward)
    rebuild(ward, now=NOON, derive=derivation)
    assert kept(ward) == derived


def rows(database: Database) -> object:
    with database.reading() as connection:
        return contents(connection)


LATE = "CREATE TRIGGER late BEFORE UPDATE ON tracking FOR EACH ROW EXECUTE FUNCTION fail()"
"""By then the entry is in the ledger and the head has moved."""


@ONLY_POSTGRESQL
@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("53100", "no room or no memory left; this was not recorded"),
        ("53200", "no room or no memory left"),
        ("57P01", "closed the connection; what was not answered for was not recorded"),
        ("XX000", "not recorded .PostgreSQL reports XX000"),
    ],
)
def test_the_server_fails_at_the_last_row(ward: Database, state: str, told: str) -> None:
    raised = f"BEGIN RAISE EXCEPTION 'V01' USING ERRCODE = '{state}'; END"
    intrude(ward, f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $${raised}$$", LATE)
    kind = NoRoom if state == "53100" else CannotWrite
    fails_and_then_works(ward, told, lambda: intrude(ward, "DROP TRIGGER late ON tracking"), kind)


@ONLY_POSTGRESQL
def test_a_server_that_takes_no_changes(ward: Database, postgresql: Server) -> None:
    def read_only(value: str) -> None:
        with postgresql.administrator.connect() as connection:
            connection.exec_driver_sql(
                f"ALTER DATABASE {ward.engine.url.database} SET default_transaction_read_only = {value}"
            )
        ward.engine.dispose()

    read_only("on")
    fails_and_then_works(ward, "takes no changes", lambda: read_only("off"))


@ONLY_POSTGRESQL
def test_the_server_is_restarted_in_the_middle(
    ward: Database, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = projections.write

    def power_cut(*arguments: Any, **named: Any) -> None:
        postgresql.restart()
        write(*arguments, **named)

    monkeypatch.setattr(projections, "write", power_cut)
    fails_and_then_works(ward, "closed the connection", monkeypatch.undo)


@ONLY_POSTGRESQL
def test_the_connection_is_cut_in_the_middle(ward: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_while_writing(ward, monkeypatch)
    fails_and_then_works(ward, "closed the connection", monkeypatch.undo)


@ONLY_POSTGRESQL
@pytest.mark.parametrize("work", [merged, moved, erased])
def test_the_connection_is_cut_in_the_middle_of_a_correction(
    database: Database, monkeypatch: pytest.MonkeyPatch, work: Callable[[Database, tuple[str, str]], bool]
) -> None:
    for patient in ("K1", "K2"):
        say(database, story(patient))
    before = rows(database)
    cut_while_writing(database, monkeypatch)
    with pytest.raises(CannotWrite, match="closed the connection"):
        work(database, ("K1", "K2"))
    assert rows(database) == before
    monkeypatch.undo()
    assert work(database, ("K1", "K2"))
    assert not work(database, ("K1", "K2"))
    assert verify(database) == []


def cut_while_writing(database: Database, patched: pytest.MonkeyPatch) -> None:
    """Somebody ends all connections when the last rows are to be written."""
    write = projections.write
    others = "datname = current_database() AND pid <> pg_backend_pid()"

    def cut(*arguments: Any, **named: Any) -> None:
        intrude(database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        write(*arguments, **named)

    patched.setattr(projections, "write", cut)


@ONLY_SQLITE
def test_a_file_that_takes_no_changes(ward: Database) -> None:
    pragma(ward, "query_only = on")
    fails_and_then_works(ward, "read-only", lambda: pragma(ward, "query_only = off"))


@ONLY_SQLITE
def test_a_disk_that_is_full(ward: Database) -> None:
    for number in range(2, 12):
        say(ward, story(f"V{number:02d}"))
    pages = pragma(ward, "page_count")
    pragma(ward, f"max_page_count = {pages}")
    with pytest.raises(NoRoom, match="full"):
        fill_up(ward, seen := [rows(ward)])
    assert rows(ward) == seen[-1]
    pragma(ward, "max_page_count = 1000000")
    assert say(ward, story(f"W{len(seen) - 1:03d}")).registered
    assert verify(ward) == []


def fill_up(database: Database, seen: list[object]) -> None:
    """Register patients until it fails; what the database held after each is kept."""
    for number in range(200):
        say(database, story(f"W{number:03d}"))
        seen.append(rows(database))


def pragma(database: Database, words: str) -> object:
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"PRAGMA {words}")
        return found.scalar() if found.returns_rows else None
