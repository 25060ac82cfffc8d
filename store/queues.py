"""How the queues stand: what was given up, what a worker has had for too long, and what waits for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select

from store.outbox import DEAD, SUSPECT
from store.work_tables import message, notice


class Standing(NamedTuple):
    """Numbers of notices and messages.

    `dead`: messages given up, none of which reached anybody. `run_out`: taken by a worker that let its time
    run out. `suspect`: several workers have come to an end with it. `late`: to be looked at since some while,
    and nobody has.
    """

    dead: int
    run_out: int
    suspect: int
    late: int


def standing(connection: Connection, now: datetime, patience: timedelta) -> Standing:
    """How notices and messages stand; `patience` is how long nobody worries."""
    moment = (now - patience).astimezone(UTC)
    given_up = select(func.count()).select_from(message).where(message.c.status == DEAD)
    found = [_of(connection, table, moment) for table in (notice, message)]
    run_out, suspect, late = (sum(numbers) for numbers in zip(*found, strict=True))
    return Standing(connection.execute(given_up).scalar_one(), run_out, suspect, late)


def _of(connection: Connection, table: Table, moment: datetime) -> tuple[int, int, int]:
    held = table.c.lease.is_not(None)
    query = select(
        func.count().filter(held, table.c.lease < moment),
        func.count().filter(table.c.attempts >= SUSPECT),
        func.count().filter(~held),
    ).where(table.c.wake < moment)
    run_out, suspect, late = connection.execute(query).one()
    return run_out, suspect, late
