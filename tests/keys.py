"""The keys of every database on a server in tests, also in processes that a test starts."""

from __future__ import annotations

from store.database import Database, open_database, sqlite_file
from store.keys import KINDS, Keys, beside, write_file

KEYS = Keys(**{kind: {f"{kind}-1": bytes([number]) * 32} for number, kind in enumerate(KINDS)})


def with_keys(url: str) -> str:
    """The URL of a database that has these keys on either kind: a new SQLite file gets them beside it."""
    if place := sqlite_file(url):
        write_file(beside(place), KEYS)
    return url


def opened(url: str) -> Database:
    """A database with these keys; an SQLite file has its own beside it."""
    return open_database(url, KEYS if url.startswith("postgresql") else None)
