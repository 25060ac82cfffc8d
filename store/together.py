"""Several pieces written in one transaction, as each commit costs a way to the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from store.database import Database
from store.errors import Clash, Crossed
from store.record import anew

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def together(
    database: Database, pieces: Sequence[Piece], write: Callable[[Connection, Sequence[Piece]], Result]
) -> list[Result]:
    """Write all of them; where somebody stands in the way, each by itself. Raises what the writing raises."""
    try:
        return [_at_once(database, pieces, write)]
    except (Clash, Crossed):
        return [anew(partial(_at_once, database, [one], write)) for one in pieces]


def _at_once(
    database: Database, pieces: Sequence[Piece], write: Callable[[Connection, Sequence[Piece]], Result]
) -> Result:
    with database.writing() as connection:
        return write(connection, pieces)
