"""Somebody at the database with a tool of its own, past every check of ours."""

from __future__ import annotations

import contextlib
import sqlite3

import psycopg

from store.database import Database

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
