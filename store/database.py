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

from sqlalchemy import Connection, Engine, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from store import schema, site_keys, sqlite
from store.errors import CannotOpen, NoDatabase
from store.keys import Keys, beside, new_keys, read_file, write_file
from store.vault import OPTION, Vault


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `reading` and `writing` are the only ways in; each is one transaction."""

    engine: Engine
    writer: Engine

    @classmethod
    def on(cls, engine: Engine, keys: Keys) -> Database:
        with_keys = engine.execution_options(**{OPTION: Vault(keys)})
        return cls(with_keys, with_keys.execution_options(carepath_writes=True))

    @property
    def keys(self) -> Keys:
        vault: Vault = self.engine.get_execution_options()[OPTION]
        return vault.keys

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database, not blocked by a writer."""
        with _translated(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    def check(self) -> None:
        """Raises StoreError where the database does not answer."""
        with self.reading() as connection:
            connection.execute(select(1))

    @property
    def one_writer(self) -> bool:
        """Whether whoever writes keeps everybody else from writing meanwhile."""
        return self.engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def writing(self, *, keeping: bool = True) -> Iterator[Connection]:
        """One transaction that writes: committed at the end, rolled back on any exception, or if it is to be
        tried only and nothing of it kept.

        Raises Busy when another writer does not finish in time, CannotWrite when the database cannot be
        written to, or is no longer there.
        """
        with _translated(self.engine), self.writer.connect() as connection, connection.begin() as whole:
            yield connection
            if not keeping:
                whole.rollback()

    def need_not_last(self, connection: Connection) -> None:
        """Let a server not wait for its disk at the end of this transaction. Where the power fails in the
        next moments it may be as if it had not been; whatever is committed later and lasts makes it last.
        """
        _kind(self.engine).do_not_wait(connection)

    def settle(self) -> bool:
        """See to it that what was deleted stands in no file any more; False where others are in the way."""
        settled: bool = _kind(self.engine).settle(self.engine)
        return settled

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str, keys: Keys | None = None) -> Database:
    """The database at a URL: `sqlite:////home/anna/carepath.db` or `postgresql://user@host/name`.

    Tables are made where there are none, and those of an earlier version are brought up to date. Raises
    CannotOpen: no such folder or server, not a carepath database, a later schema, read-only, not a database.

    Without `keys` those beside an SQLite file are taken, made where the file is new. Raises CannotOpen for
    keys that are not those of the database, too.
    """
    return _opened(url, keys, _prepare)


def open_existing(url: str, keys: Keys | None = None) -> Database:
    """Like `open_database`, but where there is no database none is made: raises NoDatabase."""
    check_exists(url)
    return _opened(url, keys, _prepare, existing=True)


def upgrade_database(url: str, keys: Keys | None = None) -> str | None:
    """Bring its tables up to date; answers the revision they had, None when there was nothing to do.

    Raises CannotOpen, also where there is no database, or one of a later program.
    """
    check_exists(url)
    had: list[str | None] = []

    def prepare(engine: Engine, writer: Engine, found: str | None) -> None:
        had.append(schema.upgrade(engine, writer, found))
        _prepare(engine, writer, schema.revision(engine))

    _opened(url, keys, prepare).close()
    return had[0]


def revision_of(url: str) -> str | None:
    """The revision of its tables, None where there are none; nothing is changed. Raises CannotOpen."""
    check_exists(url)
    had: list[str | None] = []
    _opened(url, new_keys(), lambda *given: had.append(given[-1])).close()
    return had[0]


def check_exists(url: str) -> None:
    """Raises NoDatabase where an SQLite URL names a file that is not there, or a database in memory."""
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        place = sqlite.file_of(parsed)
        if place is None or not place.exists():
            raise NoDatabase(f"there is no database {place or 'in memory'}{_missing_folder(place)}")


def _missing_folder(place: Path | None) -> str:
    return f": there is no folder {place.parent}" if place and not place.parent.is_dir() else ""


def _prepare(engine: Engine, writer: Engine, found: str | None) -> None:
    schema.prepare(engine, writer, found)
    site_keys.check(engine, writer)


Preparing = Callable[[Engine, Engine, str | None], None]
"""Makes tables ready: given how to read, how to write, and the revision that was found."""


def _opened(url: str, keys: Keys | None, prepare: Preparing, *, existing: bool = False) -> Database:
    parsed = read_url(url)
    engine = _kind(parsed).engine(parsed)
    try:
        with _translated(engine, opening=True):
            found = schema.revision(engine)  # beside a file of another program no keys are laid
            if existing and found is None:
                raise NoDatabase(f"the database {parsed.database} is empty: no carepath has worked with it")
            database = Database.on(engine, keys or missing_keys(engine))
            prepare(database.engine, database.writer, found)
    except BaseException:
        engine.dispose()
        raise
    return database


def missing_keys(engine: Engine) -> Keys:
    """The keys nobody has named: those beside an SQLite file, new ones for a database in memory."""
    if engine.dialect.name != "sqlite":
        raise CannotOpen(
            "a database on a server needs keys that every machine has: `carepath keys new FILE` makes them,"
            " CAREPATH_KEY_FILE names them"
        )
    place = sqlite.file_of(engine.url)
    if place is None:
        return new_keys()
    if not beside(place).exists() and not site_keys.any_there(engine):
        with contextlib.suppress(CannotOpen):  # somebody else makes them at this moment
            write_file(beside(place), new_keys())
    return read_file(beside(place))


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
