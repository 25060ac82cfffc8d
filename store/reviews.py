"""The site's reviews of statements: appended one by one, and read back as those that stand.

They are about the catalogue, not about patients, and stand apart from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from engine.event import Moment, not_after
from pathways.guidelines.signoff import Review, SignOffs
from store.database import Database
from store.tables import review

_history = select(review.c.recorded, *(review.c[one.name] for one in fields(Review))).order_by(review.c.seq)


def sign_offs(database: Database, known_at: Moment | None = None) -> SignOffs:
    """The reviews that stand, by what was recorded by `known_at` (None: all of it)."""
    with database.reading() as connection:
        return standing(connection, known_at)


def standing(connection: Connection, known_at: Moment | None = None) -> SignOffs:
    """The same within a transaction."""
    rows = connection.execute(_history).all()
    seen = (row for row in rows if known_at is None or not_after(row.recorded, known_at))
    return SignOffs.of_history(Review(*row[1:]) for row in seen)


def last(connection: Connection) -> int:
    """The number of the latest review; 0: there is none."""
    return connection.execute(select(func.max(review.c.seq))).scalar() or 0


def append(database: Database, reviews: Iterable[Review], *, recorder: str, now: datetime) -> None:
    """Keep what was read, all of it or nothing. Raises Busy or CannotWrite."""
    with database.writing() as connection:
        append_within(connection, reviews, recorder=recorder, now=now)


def append_within(connection: Connection, reviews: Iterable[Review], *, recorder: str, now: datetime) -> None:
    """The same within a transaction."""
    said = {"recorder": recorder, "recorded": now.astimezone(UTC)}
    connection.execute(insert(review), [{**asdict(one), **said} for one in reviews])
