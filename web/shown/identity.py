"""Who a patient is, put right by a page or a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from store.access import Look
from store.identify import Identified, identify_within
from web.visit import Visit


def put_right(
    connection: Connection,
    visit: Visit,
    *,
    name: str | None,
    numbers: Mapping[str, str],
    birth_date: date | None,
    reason: str,
) -> Identified:
    """Put it right; raises as `identify_within` does."""
    return identify_within(
        connection,
        visit.number,
        name=name,
        numbers=numbers,
        birth_date=birth_date,
        reason=reason,
        look=Look(visit.account.name, visit.way, "identify"),
        source=visit.way,
        now=visit.now,
        at=visit.reckoning,
    )
