"""PostgreSQL: for a site on which several machines work at once.

Whoever reads sees one moment of the database; whoever writes locks the patients concerned, in the order of
their numbers, and waits for others no longer than `busy_seconds`. Messages name no user and no password.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import Connection as Driven
from psycopg import IsolationLevel, OperationalError
from sqlalchemy import Column, Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError

from store.errors import Busy, CannotOpen, CannotWrite, Clash, Crossed, NoRoom, StoreError

busy_seconds = 10

_session = (
    f"-c timezone=UTC -c lock_timeout={busy_seconds}s -c synchronous_commit=on"
    " -c standard_conforming_strings=on -c random_page_cost=1.1"
)
"""The last: rows far apart are read nearly as fast as neighbours, as on any disk without moving parts. With
the 4 that PostgreSQL takes, it reads a million patients to find ten thousand.
"""
_first_start = 0x63617265
"""The name of the lock for whoever makes or changes the tables."""


def check_url(url: URL) -> None:
    """Raises CannotOpen for a URL that names another driver or no database."""
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        driver = url.drivername.partition("+")[2]
        raise CannotOpen(f"the driver {driver!r} is not supported; write postgresql:// without one")
    if not url.database:
        raise CannotOpen("the database URL names no database: postgresql://user@host/database")


def engine(url: URL) -> Engine:
    """A pool of connections; one that the server has closed is replaced before it is used."""
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        connect_args={"connect_timeout": busy_seconds, "application_name": "carepath", "options": _session},
    )
    event.listen(made, "checkout", _still_there)
    event.listen(made, "begin", _begin)
    return made


def _still_there(connection: Driven, *_: object) -> None:
    """Raises DisconnectionError where the server has closed it: then its last words and the end lie there to
    be read. Asks the server nothing, as each question goes there and back.
    """
    try:
        for _last_words_then_end in range(2):
            connection.pgconn.consume_input()
    except OperationalError:
        raise DisconnectionError from None


def _begin(connection: Connection) -> None:
    """The driver's next BEGIN says how this transaction is to be."""
    driven: Driven = connection.connection.driver_connection  # type: ignore[assignment]  # of any driver
    reads = not connection.get_execution_options().get("carepath_writes")
    driven.isolation_level = IsolationLevel.REPEATABLE_READ if reads else None
    driven.read_only = reads or None


def do_not_wait(connection: Connection) -> None:
    """Answer for this transaction before it is on the disk; those after it that wait take it along."""
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def alone(connection: Connection) -> None:
    """Wait until nobody else makes or changes the tables, until the end of this transaction."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_first_start})")


def lock_tables(connection: Connection, names: Iterable[str]) -> None:
    """Nobody else writes into these tables until the end of this transaction; others may read."""
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE")


def continue_numbers(connection: Connection, table: Table, column: Column[Any]) -> None:
    """What the server numbers by itself goes on after the highest number there is."""
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, func.max(column))))


def settle(engine: Engine) -> bool:
    """Write the tables of the identities anew, so that what was erased is in none of their files any more.

    The server keeps what others may still see, and it cannot be done while somebody reads them: False then,
    and where this user does not own the tables.
    """
    options = {"isolation_level": "AUTOCOMMIT", "carepath_writes": True}
    try:
        with engine.connect().execution_options(**options) as connection:
            if connection.exec_driver_sql(_somebody_looks).scalar_one():
                return False
            connection.exec_driver_sql(f"SET lock_timeout = '{seconds_for_the_tables}s'")
            connection.exec_driver_sql("VACUUM (FULL) vault")
            connection.exec_driver_sql("VACUUM (FULL) lookup")
            connection.invalidate()  # the next who takes it from the pool waits as long as ever
    except DBAPIError:
        return False
    return True


seconds_for_the_tables = 2
"""How long others are waited for; meanwhile nobody else gets at the identities."""

_somebody_looks = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
)


def meaning_of(error: BaseException | None, opening: bool) -> StoreError | None:
    """What the driver reports, in our words (PostgreSQL, appendix A: error codes); None for what has none."""
    state = getattr(error, "sqlstate", None)
    if state is None and isinstance(error, OperationalError):  # nobody there, or nobody who lets us in
        return (CannotOpen if opening else CannotWrite)(_unreachable)
    if state is None:
        return None
    if state in _meanings:
        return _meanings[state]()
    kind = state[:2]
    if kind == "23":
        return Clash()
    if kind in ("08", "57"):
        return (CannotOpen if opening else CannotWrite)(_cut)
    if state == "25006":
        return (CannotOpen if opening else CannotWrite)(_read_only)
    if kind == "53":
        kind = NoRoom if state == "53100" else CannotWrite
        return kind("the PostgreSQL server has no room or no memory left; this was not recorded")
    if opening:
        return CannotOpen(f"the database cannot be opened (PostgreSQL reports {state})")
    return CannotWrite(f"the database cannot be used, this was not recorded (PostgreSQL reports {state})")


_meanings: dict[str, type[StoreError]] = {"55P03": Busy, "40P01": Crossed, "40001": Crossed}
_unreachable = (
    "the PostgreSQL server cannot be reached, has closed the connection, or refuses this user, password or"
    " database; what was not answered for was not recorded"
)
_read_only = "the PostgreSQL database takes no changes (a standby server?); this was not recorded"
_cut = "the PostgreSQL server has closed the connection; what was not answered for was not recorded"
