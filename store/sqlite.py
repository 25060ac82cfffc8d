"""SQLite: the embedded database, one file with WAL, synchronous=FULL and foreign keys.

A writing transaction begins IMMEDIATE, so that two writers stand in line instead of failing half-way.
Messages name the file, never the content.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry

from store.errors import Busy, CannotOpen, CannotWrite, Clash, NoRoom, StoreError
from store.same_files import SameFiles

APPLICATION_ID = 0x63617265
"""Marks an SQLite file as one of carepath's ("care" in ASCII); `PRAGMA application_id` reads it."""

busy_seconds = 10

EMBEDDED = "carepath.db"
"""The file of the embedded database."""


def embedded_url(folder: Path) -> str:
    """The URL of the embedded database in a folder; the folder is made for its owner only when missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{folder.resolve() / EMBEDDED}"


def file_of(url: URL) -> Path | None:
    """The file an SQLite URL names; None for a database in memory."""
    return Path(url.database) if url.database and url.database != ":memory:" else None


def check_url(url: URL) -> None:
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


def engine(url: URL) -> Engine:
    """The file is made, private to its owner, where there is none yet. Raises CannotOpen."""
    place = file_of(url)
    if place is not None:
        _make_private(place)
    made = create_engine(url, hide_parameters=True, connect_args={"timeout": busy_seconds})
    event.listen(made, "connect", _configure)
    files = SameFiles(place) if place is not None else None
    if files:
        files.watch(made)
    event.listen(made, "begin", partial(_begin, files))
    return made


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


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(files: SameFiles | None, connection: Connection) -> None:
    writes = connection.get_execution_options().get("carepath_writes")
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    if writes and files:
        files.note()


def do_not_wait(_: Connection) -> None:
    """A file is written as ever: how is said before a transaction begins, not in it."""


def write_ahead(engine: Engine) -> None:
    """Keep a write-ahead log from now on, so that nobody who reads waits for a writer."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()


def mark(connection: Connection) -> None:
    """Write into a new file whose it is."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def check_mark(connection: Connection) -> None:
    """Raises CannotOpen for a file with tables that is not ours."""
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        raise CannotOpen("the file is a database of some other program, not of carepath")


def copy(engine: Engine, target: Path) -> None:
    """A consistent copy of the file, private to its owner, also while others write. Replaces `target`."""
    _make_private(target)
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(target)) as to:
            assert isinstance(raw.driver_connection, sqlite3.Connection)
            raw.driver_connection.backup(to)
    finally:
        raw.close()


def without_log(file: Path) -> None:
    """Let a file that nobody works with need no log beside it: it is read where nothing can be written."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def settle(engine: Engine) -> bool:
    """Move what stands in the write-ahead log into the file, and empty the log: what was overwritten is gone.

    False where somebody else reads or writes at this moment.
    """
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchall()[0][0]
    finally:
        raw.close()
    return not busy


def meaning_of(error: BaseException | None, opening: bool) -> StoreError | None:
    """What the driver reports, in our words; None for what has none."""
    reason = str(error)
    if isinstance(error, sqlite3.IntegrityError):
        return Clash()
    if not isinstance(error, sqlite3.OperationalError):
        if "malformed" in reason:
            return CannotOpen(f"the database is damaged ({reason}); use a copy of it")
        return CannotOpen(f"the file is not a carepath database ({reason})") if opening else None
    if "disk I/O" in reason:  # nor does SQLite tell more
        reason = f"{reason}; is the disk full, or gone?"
    if "decode" in reason:  # the driver quotes the text
        return CannotOpen("the database is damaged: a text in it cannot be read; use a copy of it")
    if "locked" in reason or "busy" in reason:
        return Busy()
    if "readonly" in reason:
        told = "the database is read-only for this user"
        if opening:
            return CannotOpen(
                f"{told}; `carepath restore FILE --verify` checks a backup without writing there"
            )
        return CannotWrite(told)
    if opening:
        return CannotOpen(f"the database cannot be opened: {reason}")
    if "full" in reason:
        return NoRoom(f"the database cannot be used, this was not recorded: {reason}")
    return CannotWrite(f"the database cannot be used, this was not recorded: {reason}")
