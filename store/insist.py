"""Writing what has happened outside already, although the database is busy or away for a while."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from store import clock
from store.database import Database
from store.errors import Busy, CannotWrite

BREATHS: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds between one try and the next; with the waiting for whoever is writing about two minutes."""


def insist(database: Database, write: Callable[[Connection], None]) -> None:
    """Write in a transaction, tried for a while. Raises Busy or CannotWrite, when nothing was written."""
    for breath in BREATHS:
        with contextlib.suppress(Busy, CannotWrite):
            _once(database, write)
            return
        clock.wait(breath)
    _once(database, write)


def _once(database: Database, write: Callable[[Connection], None]) -> None:
    with database.writing() as connection:
        write(connection)
