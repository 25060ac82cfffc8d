"""The figures of a report on deviations."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from audit.cohort import cohort, kinds, months
from audit.measures import duties
from audit.report import Found
from pathways.titles import closed_states
from store import register
from store.register import Wanted
from web.visit import Visit


def figures(visit: Visit, connection: Connection, wanted: Wanted, changed: Collection[int]) -> Found:
    """Rates, kinds, months and duties of the deviations that are wanted."""
    counts = register.counts(connection, wanted, changed)
    return Found(
        cohort(connection, wanted, counts),
        kinds(connection, wanted),
        months(connection, wanted, visit.today, closed_states()),
        duties(connection, wanted),
    )
