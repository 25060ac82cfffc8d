"""The law of what is kept of the tracking list's counts: it is what a count finds."""

from __future__ import annotations

from datetime import date

from store import tallies
from store.database import Database


def kept_counts(database: Database) -> date | None:
    """The day for which counts are kept, None where none are, once they were compared with a count."""
    with database.reading() as connection:
        _, day = tallies.last_made(connection)
        if day is not None:
            kept, there = (
                tallies.counted_up(connection, source, day) for source in (tallies.kept(), tallies.counted())
            )
            assert {cell: number for cell, number in kept.items() if number} == dict(there)
        return day
