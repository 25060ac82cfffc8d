"""The keys of every database on a server in tests, also in processes that a test starts."""

from __future__ import annotations

from store.database import Database, open_database
from store.keys import KINDS, Keys

KEYS = Keys(**{kind: {f"{kind}-1": bytes([number]) * 32} for number, kind in enumerate(KINDS)})


def opened(url: str) -> Database:
    """A database with these keys; an SQLite file has its own beside it."""
    return open_database(url, KEYS if url.startswith("postgresql") else None)
