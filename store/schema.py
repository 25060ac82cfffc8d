"""The tables of a database: made when it is empty, brought up to date when they are older, else refused.

What each revision changed stands in `migrations`; Alembic is loaded only where there is something to change.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Engine,
    Index,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
)
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from store import clock, sqlite, tables
from store.errors import CannotOpen
from store.table_base import Base

REVISION = "0010"
"""The last one in `migrations/versions`."""

_versions = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table."""


def prepare(engine: Engine, writer: Engine, found: str | None) -> None:
    """Make the schema in an empty database; refuse one of another revision. Raises CannotOpen."""
    if found is None:
        _make(engine, writer)
    elif found < REVISION and engine.dialect.name == "sqlite":
        upgrade(engine, writer, found)
    elif found < REVISION:
        raise CannotOpen(
            f"the database has schema {found}, this program needs {REVISION}: `carepath database upgrade`"
            " brings it up to date once every other carepath on it has stopped"
        )
    elif found != REVISION:
        raise CannotOpen(
            f"the database has schema {found}, this program knows up to {REVISION}; use the carepath that"
            f" wrote it, or a copy from before (docs/operation.md)"
        )


def revision(engine: Engine) -> str | None:
    """The revision of the tables; None where there are none. Raises CannotOpen for what is not ours."""
    with engine.connect() as connection, connection.begin():
        return _found(connection)


def _found(connection: Connection) -> str | None:
    there = set(inspect(connection).get_table_names())
    if not there:
        return None
    if connection.dialect.name == "sqlite":
        sqlite.check_mark(connection)
    if tables.site.name not in there:
        raise CannotOpen("the database holds tables of some other program, not of carepath")
    if _versions.name in there:
        revisions = [str(row) for row in connection.execute(select(_versions.c.version_num)).scalars()]
    else:  # before Alembic the number stood in our own table
        versions = connection.execute(select(tables.site.c.schema_version)).scalars()
        revisions = [f"{number:04}" for number in versions]
    if len(revisions) != 1:
        raise CannotOpen("the database is damaged: it does not tell its schema version; use a copy of it")
    return revisions[0]


def _make(engine: Engine, writer: Engine) -> None:
    """All tables at once; whoever comes second finds them made."""
    if engine.dialect.name == "sqlite":
        sqlite.write_ahead(engine)
    with writer.connect() as connection, connection.begin():
        alone(connection)
        if inspect(connection).get_table_names():
            return
        if connection.dialect.name == "sqlite":
            sqlite.mark(connection)
        cursor = connection.connection.cursor()
        for statement in _statements(connection.dialect):
            cursor.execute(statement)
        cursor.close()
        connection.execute(
            insert(tables.site), {"schema_version": tables.schema_version, "created": clock.now()}
        )
        connection.execute(insert(_versions), {"version_num": REVISION})


def _statements(dialect: Dialect) -> tuple[str, ...]:
    """What makes all tables, written once for each kind of database: writing it takes longer than making
    them.
    """
    if dialect.name not in _written:
        whole = [*Base.metadata.sorted_tables, _versions]
        made: list[ExecutableDDLElement] = [CreateTable(table) for table in whole]
        made += [CreateIndex(one) for table in whole for one in sorted(table.indexes, key=_by_name)]
        _written[dialect.name] = tuple(str(one.compile(dialect=dialect)) for one in made)
    return _written[dialect.name]


def _by_name(index: Index) -> str:
    return str(index.name)


_written: dict[str, tuple[str, ...]] = {}


def upgrade(engine: Engine, writer: Engine, found: str | None) -> str | None:
    """Bring the tables up to date; answers the revision they had, None when there was nothing to do.

    A copy of an SQLite file is kept beside it first: the way back.
    """
    if found is None or found >= REVISION:
        return None
    if place := sqlite.file_of(engine.url) if engine.dialect.name == "sqlite" else None:
        sqlite.copy(engine, place.with_name(f"{place.name}.before-{REVISION}"))
    with writer.connect() as connection, connection.begin():
        alone(connection)
        _migrate(connection, found)
    return found


def _migrate(connection: Connection, found: str) -> None:
    """Run the migrations from the revision found to the last one."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if not inspect(connection).has_table(_versions.name):
        command.stamp(config, found)
    command.upgrade(config, REVISION)


def alone(connection: Connection) -> None:
    """Nobody else changes the tables until the end of this transaction."""
    if connection.dialect.name == "postgresql":
        from store import postgresql

        postgresql.alone(connection)
