"""One database: opened from a URL, made when it is not there, refused with a reason when it is not ours.

SQLite runs with WAL, synchronous=FULL and foreign keys; a writing transaction begins IMMEDIATE, so that two
writers stand in line instead of failing half-way. Messages name the file, never the content.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from store import clock, tables
from store.errors import Busy, CannotOpen, CannotWrite, Clash

APPLICATION_ID = 0x63617265
"""Marks an SQLite file as one of carepath's ("care" in ASCII); `PRAGMA application_id` reads it."""

busy_seconds = 10

EMBEDDED = "carepath.db"
"""The file of the embedded database."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `reading` and `writing` are the only ways in; each is one transaction."""

    engine: Engine
    writer: Engine

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database, not blocked by a writer."""
        with _translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: committed at the end, rolled back on any exception.

        Raises Busy when another writer does not finish in time, CannotWrite when the file cannot be written
        to.
        """
        with _translated(), self.writer.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at a URL such as `sqlite:////home/anna/carepath.db`; an SQLite file is made when missing.

    Raises CannotOpen: no such folder, not a carepath database, another schema version, read-only, not SQLite.
    """
    place = sqlite_file(url)
    if place is not None:
        _make_private(place)
    engine = _engine(make_url(url))
    database = Database(engine, engine.execution_options(carepath_writes=True))
    try:
        with _translated(opening=True):
            _prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def embedded_url(folder: Path) -> str:
    """The URL of the embedded database in a folder; the folder is made for its owner only when missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{folder.resolve() / EMBEDDED}"


def sqlite_file(url: str) -> Path | None:
    """The file an SQLite URL names; None for a database in memory. Raises CannotOpen for any other URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise CannotOpen("the database URL cannot be read; expected sqlite:////folder/carepath.db") from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        raise CannotOpen("PostgreSQL is not supported before a later version; use an sqlite:/// URL")
    if backend != "sqlite":
        raise CannotOpen(f"databases of the kind {backend!r} are not supported; use an sqlite:/// URL")
    _check_plain(parsed)
    return Path(parsed.database) if parsed.database and parsed.database != ":memory:" else None


def _check_plain(url: URL) -> None:
    """Raises CannotOpen for what an SQLite URL may hold beside the file: carepath sets all that itself."""
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        driver = url.drivername.partition("+")[2]
        raise CannotOpen(f"the driver {driver!r} is not supported; write sqlite:/// without one")
    if url.query:
        options = ", ".join(url.query)
        raise CannotOpen(f"the database URL takes no options ({options}); leave out the ? and what follows")
    if not (url.database or "").isprintable():
        raise CannotOpen("the path in the database URL holds a character that is no text")
    if url.host or url.username or url.password or url.port:
        raise CannotOpen(
            "an sqlite URL names no server; three strokes, then the path: sqlite:////folder/x.db"
        )


def _make_private(place: Path) -> None:
    """An empty file that only its owner may read, where there is none yet."""
    if not place.parent.is_dir():
        raise CannotOpen(f"there is no folder {place.parent}")
    if place.is_dir():
        raise CannotOpen(f"{place} is a folder, not a database file")
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not os.access(place, os.R_OK):
            raise CannotOpen(f"{place} may not be read by this user") from None
    except OSError as error:
        raise CannotOpen(f"{place} cannot be made: {error.strerror}") from None


def _engine(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("carepath_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(database: Database) -> None:
    """Make the schema in an empty file; refuse a file that holds something else."""
    with database.engine.connect() as connection, connection.begin():
        empty = not connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first()
    if empty:
        _write_ahead(database.engine)
        with database.writing() as connection:
            if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first():
                _make_schema(connection)
    with database.reading() as connection:
        version = _found_version(connection)
    if version in (1, 2):
        with database.writing() as connection:
            _upgrade(connection)
    elif version != tables.schema_version:
        raise CannotOpen(
            f"the database has schema version {version}, this program needs {tables.schema_version}; "
            f"use the carepath that wrote it, or start with a new file"
        )


def _write_ahead(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()


def _make_schema(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    tables.Base.metadata.create_all(connection)
    row = {"schema_version": tables.schema_version, "created": clock.now()}
    connection.execute(insert(tables.site), row)


def _upgrade(connection: Connection) -> None:
    """From version 1, without reviews, or 2, without day zero; doing it a second time changes nothing."""
    tables.review.create(connection, checkfirst=True)
    columns = [row.name for row in connection.exec_driver_sql("PRAGMA table_info(identity)")]
    if "day_zero" not in columns:
        connection.exec_driver_sql("ALTER TABLE identity ADD COLUMN day_zero VARCHAR")
    connection.execute(update(tables.site).values(schema_version=tables.schema_version))


def _found_version(connection: Connection) -> int:
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        raise CannotOpen("the file is a database of some other program, not of carepath")
    found = connection.execute(select(tables.site.c.schema_version)).scalars().all()
    if len(found) != 1:
        raise CannotOpen("the database is damaged: it does not tell its schema version; use a copy of it")
    return int(found[0])


@contextlib.contextmanager
def _translated(*, opening: bool = False) -> Iterator[None]:
    """What the driver reports, in our words; the statement and its values stay out of the message."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning_of(error.orig, opening) or error from None
    except sqlite3.Error as error:
        raise _meaning_of(error, opening) or error from None


def _meaning_of(error: BaseException | None, opening: bool) -> Exception | None:
    reason = str(error)
    if isinstance(error, sqlite3.IntegrityError):
        return Clash()
    if not isinstance(error, sqlite3.OperationalError):
        if "malformed" in reason:
            return CannotOpen(f"the database is damaged ({reason}); use a copy of it")
        return CannotOpen(f"the file is not a carepath database ({reason})") if opening else None
    if "locked" in reason or "busy" in reason:
        return Busy()
    if "readonly" in reason:
        return (CannotOpen if opening else CannotWrite)("the database is read-only for this user")
    if opening:
        return CannotOpen(f"the database cannot be opened: {reason}")
    return CannotWrite(f"the database cannot be used, this was not recorded: {reason}")
