"""Somebody at the database with a tool of its own, past every check of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import replace

import psycopg
from sqlalchemy import delete, insert, update

from store import access, ledger, tables
from store.access import Access
from store.database import Database
from store.identities import head_of
from store.ledger import Line

Rows = list[tuple[object, ...]]


def intrude(database: Database, *statements: str) -> Rows:
    """Run these statements and keep what they change; answers the rows of the last one."""
    url = database.engine.url
    connection: sqlite3.Connection | psycopg.Connection
    if database.engine.dialect.name == "sqlite":
        connection = sqlite3.connect(str(url.database))
    else:
        connection = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
        connection.execute("SET session_replication_role = replica")  # no foreign key is in the way
    with contextlib.closing(connection), contextlib.closing(connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
        rows: Rows = list(cursor.fetchall()) if cursor.description else []
        connection.commit()
    return rows


def recomputed(database: Database, patient_id: int, change: Callable[[list[Line]], list[Line]]) -> None:
    """Alter a patient's entries and compute the chain anew, head included."""
    with database.writing() as connection:
        lines = change(ledger.lines(connection, patient_id))
        connection.execute(delete(tables.ledger).where(tables.ledger.c.patient_id == patient_id))
        head = replace(head_of(connection, patient_id), sequence=0, hash="0" * 64)
        chained = list(ledger.chain(head, lines))
        connection.execute(insert(tables.ledger), [line._asdict() for line in chained])
        end = {"sequence": chained[-1].seq, "head": chained[-1].hash}
        connection.execute(update(tables.patient).where(tables.patient.c.id == patient_id).values(**end))


def log_recomputed(database: Database, change: Callable[[list[Access]], list[Access]]) -> None:
    """Alter the access log and compute its chain anew, with the end that is kept beside it."""
    with database.writing() as connection:
        views = change(list(access.entries(connection)))
        connection.execute(delete(tables.access))
        last = "0" * 64
        for number, view in enumerate(views, 1):
            placed = view._replace(number=number, prev_hash=last)
            last = placed.content_hash()
            connection.execute(insert(tables.access), placed._replace(hash=last)._asdict())
        connection.execute(update(tables.site).values(access_sequence=len(views), access_head=last))
