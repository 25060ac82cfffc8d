"""A site moved to another database of either kind, proved equal, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, insert, select, text

from pathways.guidelines.signoff import Review
from store import reviews, site_copy, tables
from store.database import Database, open_database
from store.errors import CannotWrite
from store.keys import Keys
from store.site_copy import Content, NotEmpty, contents, copy_site, patients_and_entries
from store.table_base import Base
from store.verify import verify
from tests.conftest import DATABASES
from tests.keys import KEYS
from tests.server import Server
from tests.store.cast import NOON, event, live, say, story
from tests.store.intruder import intrude
from tests.store.test_projections import kept

REVIEW = Review("eso-01", "sha256:0", "agrees", "Dr. No", date(2025, 3, 1), "as printed")


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Iterator[Database]:
    """An empty database of each kind to copy into."""
    yield from empty_database(request, tmp_path, request.param, database.keys)


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Iterator[Database]:
    """An empty database of the kind that the one to be copied is not."""
    (kind,) = set(DATABASES) - {database.engine.dialect.name}
    yield from empty_database(request, tmp_path, kind, database.keys)


def empty_database(request: pytest.FixtureRequest, folder: Path, kind: str, keys: Keys) -> Iterator[Database]:
    if kind == "sqlite":
        with contextlib.closing(open_database(f"sqlite:///{folder / 'target.db'}", keys)) as opened:
            yield opened
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.new_database(request.getfixturevalue("tables_made") if keys == KEYS else None)
    with contextlib.closing(open_database(url, keys)) as opened:
        yield opened
    server.drop(url)


@pytest.fixture
def site(database: Database) -> Database:
    """Two patients, one of them late, and a review."""
    say(database, story("V01"))
    say(database, story("Ä 02", name="Erika", numbers={"case": "4711"}))
    say(
        database, live("V01", event("systemic_started", "2025-03-01", line=2, regimen_class=["chemotherapy"]))
    )
    reviews.append(database, [REVIEW], recorder="anna", now=NOON)
    return database


def held(database: Database) -> dict[str, Content]:
    with database.reading() as connection:
        return contents(connection)


def test_everything_is_copied_and_nothing_changed(site: Database, target: Database) -> None:
    before = held(site)
    copied = copy_site(site, target)
    assert held(site) == before == copied == held(target)
    assert copied.keys() == Base.metadata.tables.keys()
    assert copied["patient"].rows == 2
    assert copied["review"].rows == 1
    assert verify(target) == []
    assert kept(target) == kept(site)
    with target.reading() as connection:
        assert patients_and_entries(connection) == (2, 11)


def test_work_goes_on_in_the_copy(site: Database, target: Database) -> None:
    copy_site(site, target)
    assert say(target, story("V01")).repeated == ("e01", "e02", "e03")
    new = say(target, story("V03"))
    assert new.registered
    assert new.patient_id == 3
    reviews.append(target, [REVIEW], recorder="anna", now=NOON)
    assert verify(target) == []


def test_a_database_that_holds_something_is_left_alone(site: Database, other: Database) -> None:
    say(other, story("V09"))
    before = held(other)
    with pytest.raises(NotEmpty, match="holds patients already"):
        copy_site(site, other)
    assert held(other) == before


def test_rows_of_any_table_count(site: Database, other: Database) -> None:
    reviews.append(other, [REVIEW], recorder="anna", now=NOON)
    with pytest.raises(NotEmpty, match="holds rows of review already"):
        copy_site(site, other)


def test_what_does_not_read_back_is_not_kept(
    site: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(other)

    def altered(connection: Connection) -> dict[str, Content]:
        connection.execute(text("UPDATE snapshot SET body = '' WHERE patient_id = 1"))
        return contents(connection)

    monkeypatch.setattr(site_copy, "contents", altered)
    with pytest.raises(CannotWrite, match="'snapshot' does not read back"):
        copy_site(site, other)
    assert held(other) == before


def test_a_fault_half_way_leaves_nothing(site: Database, other: Database) -> None:
    before = held(other)
    intrude(other, "DROP TABLE review")
    with pytest.raises(CannotWrite):
        copy_site(site, other)
    tables.review.create(other.writer)
    assert held(other) == before


def test_many_rows(site: Database, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_copy, "rows_at_once", 3)
    assert copy_site(site, other) == held(other)


def test_the_copy_is_of_one_moment(site: Database, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is recorded while it is copied is not in the copy, not even in part."""
    before = held(site)
    original: Callable[..., Content] = site_copy._copied

    def slow(there: Connection, here: Connection, table: Table) -> Content:
        if table is tables.patient:
            say(site, story("V08"))
        return original(there, here, table)

    monkeypatch.setattr(site_copy, "_copied", slow)
    assert copy_site(site, other) == before
    assert verify(other) == []


def test_a_digest_tells_any_change(site: Database) -> None:
    before = held(site)
    intrude(site, "UPDATE snapshot SET body = body || ' ' WHERE patient_id = 2")
    after = held(site)
    assert [name for name in before if before[name] != after[name]] == ["snapshot"]
    with site.writing() as connection:
        rows = connection.execute(select(func.count()).select_from(tables.snapshot)).scalar_one()
        connection.execute(
            insert(tables.definition), {"fingerprint": "f", "pathway": "p", "version": "1", "body": ""}
        )
    assert held(site)["snapshot"].rows == rows
    assert held(site)["definition"].rows == before["definition"].rows + 1
