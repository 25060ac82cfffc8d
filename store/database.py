"""One database: opened from a URL, made when it is not there, refused with a reason when it is not ours.

SQLite (`sqlite.py`) is the embedded one, PostgreSQL (`postgresql.py`) the one for several machines; all else
in this room is the same for both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from store import schema, sqlite
from store.errors import CannotOpen


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `reading` and `writing` are the only ways in; each is one transaction."""

    engine: Engine
    writer: Engine

    @classmethod
    def on(cls, engine: Engine) -> Database:
        return cls(engine, engine.execution_options(carepath_writes=True))

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database, not blocked by a writer."""
        with _translated(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: committed at the end, rolled back on any exception.

        Raises Busy when another writer does not finish in time, CannotWrite when the database cannot be
        written to, or is no longer there.
        """
        with _translated(self.engine), self.writer.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at a URL: `sqlite:////home/anna/carepath.db` or `postgresql://user@host/name`.

    Tables are made where there are none, and those of an earlier version are brought up to date. Raises
    CannotOpen: no such folder or server, not a carepath database, a later schema, read-only, not a database.
    """
    return _opened(url, schema.prepare)


def open_existing(url: str) -> Database:
    """Like `open_database`, but where there is no database none is made. Raises CannotOpen for that too."""
    check_exists(url)

    def prepare(engine: Engine, writer: Engine) -> None:
        if schema.revision(engine) is None:
            raise CannotOpen("the database is empty: no carepath has worked with it yet")
        schema.prepare(engine, writer)

    return _opened(url, prepare)


def upgrade_database(url: str) -> str | None:
    """Bring its tables up to date; answers the revision they had, None when there was nothing to do.

    Raises CannotOpen, also where there is no database, or one of a later program.
    """
    check_exists(url)
    found: list[str | None] = []

    def prepare(engine: Engine, writer: Engine) -> None:
        found.append(schema.upgrade(engine, writer))
        schema.prepare(engine, writer)

    _opened(url, prepare).close()
    return found[0]


def revision_of(url: str) -> str | None:
    """The revision of its tables, None where there are none; nothing is changed. Raises CannotOpen."""
    check_exists(url)
    found: list[str | None] = []
    _opened(url, lambda engine, _: found.append(schema.revision(engine))).close()
    return found[0]


def check_exists(url: str) -> None:
    """Raises CannotOpen where an SQLite URL names a file that is not there, or a database in memory."""
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        place = sqlite.file_of(parsed)
        if place is None or not place.exists():
            raise CannotOpen(f"there is no database {place or 'in memory'}")


def _opened(url: str, prepare: Callable[[Engine, Engine], None]) -> Database:
    parsed = read_url(url)
    engine = _kind(parsed).engine(parsed)
    database = Database.on(engine)
    try:
        with _translated(engine, opening=True):
            prepare(engine, database.writer)
    except BaseException:
        database.close()
        raise
    return database


def read_url(url: str) -> URL:
    """Raises CannotOpen for a URL that names no database of a kind that is supported."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise CannotOpen(f"the database URL cannot be read; expected {_EXPECTED}") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        told = f"databases of the kind {parsed.get_backend_name()!r} are not supported"
        raise CannotOpen(f"{told}; expected {_EXPECTED}")
    _kind(parsed).check_url(parsed)
    return parsed


_EXPECTED = "sqlite:////folder/carepath.db or postgresql://user@host/database"


def sqlite_file(url: str) -> Path | None:
    """The file an SQLite URL names; None for a database in memory or on a server. Raises CannotOpen."""
    parsed = read_url(url)
    return sqlite.file_of(parsed) if parsed.get_backend_name() == "sqlite" else None


def forgets(url: str) -> bool:
    """Whether it is a database in memory. Raises CannotOpen."""
    parsed = read_url(url)
    return parsed.get_backend_name() == "sqlite" and sqlite.file_of(parsed) is None


def _kind(of: URL | Engine) -> ModuleType:
    """The module about this kind of database."""
    url = of.url if isinstance(of, Engine) else of
    if url.get_backend_name() == "sqlite":
        return sqlite
    from store import postgresql

    return postgresql


@contextlib.contextmanager
def _translated(engine: Engine, *, opening: bool = False) -> Iterator[None]:
    """What the driver reports, in our words; the statement and its values stay out of the message."""
    try:
        yield
    except DBAPIError as error:
        raise _kind(engine).meaning_of(error.orig, opening) or error from None
    except engine.dialect.loaded_dbapi.Error as error:
        raise _kind(engine).meaning_of(error, opening) or error from None
