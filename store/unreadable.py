"""Rows with a value that no carepath can have written: a word for a number, bytes that are no text, no date.

SQLite takes anything in any column, PostgreSQL dates beyond all calendars. Whoever reads such a row fails, so
it is looked for where reading has failed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, TypeDecorator, inspect, select, text

from store.problem import Problem
from store.tables import access, definition, ledger, lookup, patient, seal, sealed_head, site, vault

_PLACES: Final = {
    ledger: "patient {patient_id}, entry {seq}",
    patient: "patient {id}",
    seal: "seal {number}",
    sealed_head: "seal {seal}",
    access: "access log, entry {number}",
    site: "table carepath",
    definition: "pathway {pathway} {version}",
    vault: "identity of patient {patient_id}",
    lookup: "identity of patient {patient_id}",
}
_DATES: Final = (date, datetime)


def problems(connection: Connection) -> list[Problem]:
    """Every row that cannot be read, of the tables that are as they were made."""
    found = _in_file if connection.dialect.name == "sqlite" else _on_server
    whole = inspect(connection)
    return [
        problem
        for table in _PLACES
        if whole.has_table(table.name)
        and {column["name"] for column in whole.get_columns(table.name)} >= set(table.columns.keys())
        for problem in found(connection, table)
    ]


def _in_file(connection: Connection, table: Table) -> Iterator[Problem]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    usual, driver.text_factory = driver.text_factory, _any_text
    try:
        for row in driver.execute(str(select(table))):
            values = dict(zip(table.columns, row, strict=True))
            yield from (_problem(column, values) for column in values if not _fits(column, values[column]))
    finally:
        driver.text_factory = usual


def _any_text(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")


def _fits(column: Column[Any], value: Any) -> bool:
    kind = _kind(column)
    if value is None:
        return bool(column.nullable)
    try:
        if kind in _DATES:
            kind.fromisoformat(value)
        elif kind is str:
            value.encode()
    except (ValueError, TypeError, AttributeError):
        return False
    return kind in _DATES or isinstance(value, kind)


def _on_server(connection: Connection, table: Table) -> Iterator[Problem]:
    keys = list(table.primary_key)
    for column in (one for one in table.columns if _kind(one) in _DATES):
        beyond = text(f"{column.name} NOT BETWEEN '0001-01-01' AND '9999-12-31'")
        for row in connection.execute(select(*keys).where(beyond)):
            yield _problem(column, dict(zip(keys, row, strict=True)))


def _kind(column: Column[Any]) -> type[Any]:
    kind = column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _problem(column: Column[Any], values: dict[Column[Any], Any]) -> Problem:
    """Names the row, and the column, but not what stands in it."""
    said = {one.name: v if isinstance(v, int) else ascii(v) for one, v in values.items()}
    where = _PLACES[column.table].format(**said)
    return Problem(where, f"{column.name} holds what carepath cannot have written")
