"""The tables of an earlier revision are brought to what a new database has, and keep what they hold."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Inspector, insert, inspect, make_url, text

from store import identities, postgresql, schema, sqlite
from store.database import Database, open_database, sqlite_file
from store.errors import CannotOpen
from store.tables import lookup, vault
from store.vault import Person, Vault
from store.verify import verify
from tests.conftest import DATABASES
from tests.keys import KEYS
from tests.server import Server
from tests.store.cast import say, story

MIGRATIONS = Path(schema.__file__).parent / "migrations"
REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
BEFORE_ALEMBIC = ("0001", "0002", "0003")


@pytest.fixture(params=DATABASES)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes databases without tables."""
    made: list[str] = []

    def sqlite_url() -> str:
        made.append(f"sqlite:///{tmp_path / f'{len(made)}.db'}")
        return made[-1]

    if request.param == "sqlite":
        yield sqlite_url
        return
    server: Server = request.getfixturevalue("postgresql")

    def postgresql_url() -> str:
        made.append(server.new_database())
        return made[-1]

    yield postgresql_url
    for url in made:
        server.drop(url)


def work(url: str, done: Callable[[Connection], object]) -> None:
    """Do something in one transaction, past what carepath checks at opening."""
    engine = engine_of(url)
    with Database.on(engine, KEYS).writer.begin() as connection:
        done(connection)
    engine.dispose()


def migrate(connection: Connection, to: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, to)


def old_database(url: str, revision: str, *statements: str) -> None:
    """A database as the program of that revision left it."""

    def make(connection: Connection) -> None:
        migrate(connection, revision)
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO carepath (schema_version, created) VALUES (:number, '2025-01-01 12:00:00')"),
            {"number": int(revision)},
        )
        if revision >= "0005":
            keep_erika(connection)
        if connection.dialect.name == "sqlite":
            sqlite.mark(connection)
        if revision in BEFORE_ALEMBIC:
            connection.execute(text("DROP TABLE alembic_version"))

    work(url, make)


def keep_erika(connection: Connection) -> None:
    """Who the patient is, as programs write it since identities are encrypted."""
    erika = Person("V01", "Erika", birth_date=date(1970, 4, 12))
    key, sealed = Vault(KEYS).sealed(1, erika)
    connection.execute(insert(vault), {"patient_id": 1, "key": key, "sealed": sealed})
    rows = [{"kind": kind, "blind": blind, "patient_id": 1} for kind, blind in Vault(KEYS).indexes(erika)]
    connection.execute(insert(lookup), rows)


def engine_of(url: str) -> Engine:
    parsed = make_url(url)
    on_server = parsed.get_backend_name() == "postgresql"
    return postgresql.engine(parsed) if on_server else sqlite.engine(parsed)


def upgrade(url: str) -> str | None:
    engine = engine_of(url)
    try:
        database = Database.on(engine, KEYS)
        return schema.upgrade(database.engine, database.writer, schema.revision(engine))
    finally:
        engine.dispose()


def tables(url: str, *, opened: bool = True) -> dict[str, Any]:
    """Everything a database tells of its tables, once carepath has opened it."""
    if opened:
        open_database(url).close()
    engine = engine_of(url)
    try:
        return described(inspect(engine))
    finally:
        engine.dispose()


def described(found: Inspector) -> dict[str, Any]:
    return {
        name: {
            "columns": [{**column, "type": str(column["type"])} for column in found.get_columns(name)],
            "primary key": found.get_pk_constraint(name)["constrained_columns"],
            "foreign keys": sorted(repr(key) for key in found.get_foreign_keys(name)),
            "unique": sorted(repr(key["column_names"]) for key in found.get_unique_constraints(name)),
            "indexes": sorted(plain(index) for index in found.get_indexes(name)),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def plain(index: Any) -> str:
    where = {key: re.sub(r"::\w+|[()']", "", str(text)) for key, text in index["dialect_options"].items()}
    return repr((index["name"], index["column_names"], index["unique"], where))


def test_the_last_revision_is_the_one_that_the_program_knows() -> None:
    assert REVISIONS[-1] == schema.REVISION
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


def test_the_migrations_make_what_a_new_database_has(new_url: Callable[[], str]) -> None:
    migrated, made = new_url(), new_url()
    old_database(migrated, schema.REVISION, *PATIENT)
    assert tables(migrated) == tables(made)


PATIENT = (
    "INSERT INTO patient (id, sequence, head, created) VALUES (1, 0, '{}', '2025-01-01 12:00:00')".format(
        "0" * 64
    ),
    "INSERT INTO snapshot VALUES (1, '')",
)
IN_CLEAR = (
    "INSERT INTO identity (patient_id, reference, name, birth_date) VALUES (1, 'V01', 'Erika', '1970-04-12')",
)


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_what_was_recorded_under_an_earlier_revision_is_kept(
    new_url: Callable[[], str], revision: str
) -> None:
    url = new_url()
    old_database(url, revision, *PATIENT, *(IN_CLEAR if revision < "0005" else ()))
    if make_url(url).get_backend_name() == "postgresql":
        with pytest.raises(CannotOpen, match=f"has schema {revision}.*`carepath database upgrade`"):
            open_database(url)
        upgrade(url)
    for recorded in (True, False):
        database = open_database(url, KEYS)
        assert say(database, story("V01")).changed is recorded
        assert say(database, story("V02")).registered is recorded
        assert verify(database) == []
        with database.reading() as connection:
            head = identities.find(connection, "V01")
            assert head
            assert head.birth_date == date(1970, 4, 12)
        database.close()
    assert upgrade(url) is None


def test_by_what_a_departure_was_judged_goes_into_a_column(new_url: Callable[[], str]) -> None:
    url = new_url()
    judged = "judged under version 1.0.0 as in force until 2025-02-10"
    texts = {1: f"no board; {judged}", 2: judged, 3: "no board"}
    rows = (
        "INSERT INTO deviation (patient_id, pathway, place, code, title, severity, status, events,"
        f" statements, why) VALUES (1, 'main', {place}, 'd', 'D', 'major', 'open', '[]', '[]', '{why}')"
        for place, why in texts.items()
    )
    old_database(url, "0007", *PATIENT, *rows)
    upgrade(url)
    version = judged.removeprefix("judged under ")
    found: list[tuple[str, str]] = []
    query = text("SELECT why, judged_under FROM deviation ORDER BY place")
    work(url, lambda connection: found.extend(map(tuple, connection.execute(query))))
    assert found == [("no board", version), ("", version), ("no board", "")]


@pytest.mark.parametrize("any_url", ["sqlite"], indirect=True)
def test_a_copy_from_before_is_the_way_back(any_url: str) -> None:
    old_database(any_url, "0003", *PATIENT, *IN_CLEAR)
    place = sqlite_file(any_url)
    assert place
    before = rows(place)
    open_database(any_url).close()
    copy = place.with_name(f"carepath.db.before-{schema.REVISION}")
    assert rows(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    copy.replace(place)
    database = open_database(any_url)
    assert say(database, story("V01")).changed
    database.close()


def rows(place: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(place)) as file:
        return list(file.iterdump())


def test_a_failed_migration_leaves_everything_as_it_was(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_url()
    old_database(url, "0001", *PATIENT, *IN_CLEAR)
    before = tables(url, opened=False)
    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.execute", no_room)
        with pytest.raises(OSError, match="no room"):
            upgrade(url)
    assert tables(url, opened=False) == before
    assert upgrade(url) == "0001"


def no_room(_: str) -> None:
    raise OSError("no room")
