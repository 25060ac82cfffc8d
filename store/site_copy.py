"""All that a database holds, copied into an empty one of either kind, and proved equal row by row.

What is copied follows from the tables themselves, so a table that is added later is copied too. The one that
is read is not changed; it is read as of one moment, others may write meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Result, Row, Table, delete, func, insert, select

from store import tables
from store.database import Database
from store.errors import CannotWrite, StoreError
from store.table_base import Base

rows_at_once = 1000

_MADE_AT_OPENING = ("carepath", "site_key")
"""Tables in which an empty database has rows of its own; those of the source take their place."""


class NotEmpty(StoreError):
    """The database to copy into holds something already; nothing was copied."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and a digest of all of them in the order of their keys."""

    rows: int
    digest: str


def copy_site(source: Database, target: Database) -> dict[str, Content]:
    """Copy every table, all or nothing; answers what each holds now, by its name.

    Both are opened with the same keys. Raises NotEmpty, Busy, or CannotWrite, also when what was written does
    not read back as it was.
    """
    assert source.keys == target.keys, "what is copied is read with the keys it was written with"
    with source.reading() as there, target.writing() as here:
        _keep_others_out(here)
        _check_empty(here)
        for table in _all_tables():
            if table.name in _MADE_AT_OPENING:
                here.execute(delete(table))
        read = {table.name: _copied(there, here, table) for table in _all_tables()}
        _set_sequences(here)
        for name, held in contents(here).items():
            if held != read[name]:
                raise CannotWrite(
                    f"the table {name!r} does not read back as it was written; nothing was kept"
                )
    return read


def contents(connection: Connection) -> dict[str, Content]:
    """What every table holds, by its name."""
    return {table.name: _content(_rows(connection, table)) for table in _all_tables()}


def patients_and_entries(connection: Connection) -> tuple[int, int]:
    """How many patients there are, and how many entries in the ledger."""
    return _count(connection, tables.patient), _count(connection, tables.ledger)


def _all_tables() -> list[Table]:
    """In an order in which every row finds those it refers to."""
    return Base.metadata.sorted_tables


def _copied(there: Connection, here: Connection, table: Table) -> Content:
    def passed_on() -> Iterator[Row[Any]]:
        for rows in _rows(there, table).partitions():
            here.execute(insert(table), [dict(row._mapping) for row in rows])
            yield from rows

    return _content(passed_on())


def _rows(connection: Connection, table: Table) -> Result[Any]:
    """Every row, in the order of the primary key, which is the same on both kinds of database."""
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=rows_at_once)
    return connection.execute(query)


def _content(rows: Iterable[Row[Any]]) -> Content:
    number, digest = 0, hashlib.sha256()
    for row in rows:
        number += 1
        digest.update(f"{tuple(row)!r}\n".encode())
    return Content(number, digest.hexdigest())


def _check_empty(connection: Connection) -> None:
    found = (table for table in _all_tables() if table.name not in _MADE_AT_OPENING)
    holds = [table for table in found if _count(connection, table)]
    if holds:
        held = "patients" if tables.patient in holds else f"rows of {holds[0].name}"
        raise NotEmpty(
            f"the database to write into holds {held} already, nothing was written; name an empty one"
        )


def _count(connection: Connection, table: Table) -> int:
    number: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return number


def _keep_others_out(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # on SQLite a writer is alone
        from store import postgresql

        postgresql.lock_tables(connection, [table.name for table in _all_tables()])


def _set_sequences(connection: Connection) -> None:
    """The next number that is given out is one nobody has."""
    if connection.dialect.name == "postgresql":  # SQLite looks for the highest
        from store import postgresql

        for table in _all_tables():
            if table.autoincrement_column is not None:
                postgresql.continue_numbers(connection, table, table.autoincrement_column)
