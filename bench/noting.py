"""What the write door says to a database, noted, and said again by the bare driver.

The bare driver sends the same statements in one transaction, reads all rows that they find, parses what it
reads of the ledger and hashes what it writes into it, as anybody would who keeps such a ledger by hand. It
computes the keyed index of the reference and decrypts who was found by it, as the door must, too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event, make_url

from store.database import Database
from store.keys import Keys


class Said(NamedTuple):
    """A statement with its values; `many` for one execution with many rows of values."""

    sql: str
    values: Any
    many: bool


Transaction = list[Said]


class Notes:
    """All that cursors of this process have said since somebody asked."""

    said: ClassVar[Transaction] = []

    @classmethod
    def taken(cls) -> Transaction:
        """Without what begins a transaction: the door reads in one of its own, the driver in the same."""
        said, cls.said = cls.said, []
        return [one for one in said if not one.sql.startswith(("BEGIN", "SET TRANSACTION"))]


class SQLiteCursor(sqlite3.Cursor):
    def execute(self, sql: str, values: Any = ()) -> SQLiteCursor:
        Notes.said.append(Said(sql, values, False))
        super().execute(sql, values)
        return self

    def executemany(self, sql: str, rows: Any) -> SQLiteCursor:
        Notes.said.append(Said(sql, rows, True))
        super().executemany(sql, rows)
        return self


class SQLiteConnection(sqlite3.Connection):
    def cursor(self, *_: object) -> SQLiteCursor:  # type: ignore[override]  # sqlite3 takes a factory, we take none
        return super().cursor(SQLiteCursor)


class PostgreSQLCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> PostgreSQLCursor:
        Notes.said.append(Said(query, params, False))
        super().execute(query, params, **options)
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        Notes.said.append(Said(query, params_seq, True))
        super().executemany(query, params_seq, **options)


def listen(database: Database) -> None:
    """Note what is said to a database from now on."""
    database.close()  # the next connection is one that notes
    options: dict[str, Any] = (
        {"factory": SQLiteConnection}
        if database.engine.dialect.name == "sqlite"
        else {"cursor_factory": PostgreSQLCursor}
    )
    event.listen(database.engine, "do_connect", lambda _, __, ___, given: given.update(options))


class Vault:
    """The keys of a site as they are used by hand."""

    def __init__(self, keys: Keys) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.vault.items()}
        _, self._index = keys.in_use("index")

    def opened(self, asked: Any, found: list[tuple[Any, ...]]) -> None:
        """Decrypt and parse whom a keyed index found, and compute it anew."""
        for number, *_, key, sealed in found:
            plain = self._ciphers[key].decrypt(sealed[:12], sealed[12:], f"patient {number}".encode())
            reference, *_ = json.loads(plain)
            blind = hmac.new(self._index, f"reference\0{reference}".encode(), hashlib.sha256).hexdigest()
            assert blind in (asked.values() if isinstance(asked, dict) else asked)


@contextmanager
def bare(url: str, keys: Keys) -> Iterator[Callable[[Transaction], None]]:
    """A function that says a noted transaction to another database, at the same durability."""
    parsed, vault = make_url(url), Vault(keys)
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(parsed.database), isolation_level=None, timeout=60)) as connection:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
            yield lambda said: _say_again(connection.cursor(), "BEGIN IMMEDIATE", said, vault)
        return
    named = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(named, autocommit=True) as on_server:
        yield lambda said: _say_again(on_server.cursor(), "BEGIN", said, vault)


def _say_again(cursor: Any, beginning: str, said: Transaction, vault: Vault) -> None:
    cursor.execute(beginning)
    for sql, values, many in said:
        if sql.startswith("INSERT INTO ledger"):
            for row in values if many else [values]:
                _hash(row)
        if many:
            cursor.executemany(sql, values)
            continue
        cursor.execute(sql, *(() if values is None else (values,)))
        if cursor.description:
            found = cursor.fetchall()
            if "FROM ledger" in sql:
                _parse(found)
            elif "JOIN lookup" in sql:
                vault.opened(values, found)
    cursor.execute("COMMIT")


def _hash(values: Any) -> None:
    row = list(values.values() if isinstance(values, dict) else values)
    payload = next(one for one in row if isinstance(one, str) and one.startswith("{"))
    row[row.index(payload)] = json.dumps(json.loads(payload), sort_keys=True)
    hashlib.sha256(json.dumps(row, default=_plain).encode()).hexdigest()


def _plain(value: object) -> str:
    assert isinstance(value, date | datetime), value
    return value.isoformat()


def _parse(rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        for value in row:
            if isinstance(value, str) and value.startswith("{"):
                json.loads(value)
