"""What waits to be done, taken by one worker at a time: notices and messages with a lease.

A worker claims a few rows for a while, works on them without a transaction, and settles each in a short one.
Who dies in between loses only time: once the lease has run out, the next worker takes the row. A row is
settled only by the one who holds it, so that a worker who woke up late changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update

from store.database import Database
from store.work_tables import attempt, message, message_notice, notice

WAITING: Final = "waiting"
SENT: Final = "sent"
WITHDRAWN: Final = "withdrawn"
DEAD: Final = "dead"
HELD_BY_NOBODY = {"lease": None, "worker": None}


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows of one table that a worker has for itself until `until`."""

    table: Table
    worker: str
    until: datetime
    rows: Sequence[Row[Any]]


def claim(
    database: Database,
    table: Table,
    worker: str,
    now: datetime,
    *,
    lease: timedelta,
    limit: int,
    **only: object,
) -> Claim:
    """Take up to `limit` rows whose moment has come and which nobody has; `only` are columns and values.

    Raises Busy or CannotWrite; then nothing was taken.
    """
    moment, until = now.astimezone(UTC), now.astimezone(UTC) + lease
    free = (table.c.lease.is_(None)) | (table.c.lease <= moment)
    query = select(table).where(table.c.wake <= moment, free)
    for name, value in only.items():
        query = query.where(table.c[name] == value)
    query = query.order_by(table.c.wake, table.c.id).limit(limit).with_for_update(skip_locked=True)
    with database.writing() as connection:
        rows = connection.execute(query).all()
        if rows:
            taken = update(table).where(table.c.id.in_([row.id for row in rows]))
            held = {"lease": until, "worker": worker, "attempts": table.c.attempts + 1}
            connection.execute(taken.values(**held))
    return Claim(table, worker, until, rows)


def settle(
    connection: Connection, claim: Claim, id: str, now: datetime, status: str, reason: str, **more: object
) -> bool:
    """End a row for good. False where somebody else has it by now: then nothing is changed."""
    ended = {"status": status, "reason": reason, "settled": now.astimezone(UTC), "wake": None}
    return _held(connection, claim, id, {**ended, **more, **HELD_BY_NOBODY})


def postpone(connection: Connection, claim: Claim, id: str, wake: datetime, reason: str) -> bool:
    """Put a row off until a moment, with the reason. False where somebody else has it by now."""
    return _held(connection, claim, id, {"wake": wake.astimezone(UTC), "reason": reason, **HELD_BY_NOBODY})


def still_held(connection: Connection, claim: Claim, id: str) -> bool:
    """Whether the row is still this worker's, and not settled; others are kept off it until the end."""
    query = select(claim.table.c.id).where(*_mine(claim, id)).with_for_update()
    return connection.execute(query).first() is not None


def _held(connection: Connection, claim: Claim, id: str, values: Mapping[str, object]) -> bool:
    changed = connection.execute(update(claim.table).where(*_mine(claim, id)).values(**values))
    return changed.rowcount == 1


def _mine(claim: Claim, id: str) -> list[Any]:
    table = claim.table
    return [table.c.id == id, table.c.worker == claim.worker, table.c.lease == claim.until]


def put_message(connection: Connection, row: Mapping[str, object], notice_id: str) -> bool:
    """Have a message tell a notice, made where it is not there. False where it has left, or is about to."""
    id = row["id"]
    query = select(message.c.status, message.c.lease).where(message.c.id == id).with_for_update()
    there = connection.execute(query).first()
    told = connection.execute(_left_out, {"of": id, "told": notice_id}).scalar()
    if there is None:
        connection.execute(insert(message), {**_untouched, **row})
    elif there.status == WITHDRAWN:  # nothing in it held any more; now something does
        connection.execute(update(message).where(message.c.id == id).values(**_untouched, wake=row["wake"]))
    elif there.status != WAITING or there.lease is not None:
        return told == ""
    if told is None:
        connection.execute(insert(message_notice), {"message": id, "notice": notice_id})
    elif told:
        leave_out(connection, str(id), {notice_id: ""})
    return True


_untouched = {
    "status": WAITING,
    "reason": "",
    "settled": None,
    "attempts": 0,
    "digest": None,
    **HELD_BY_NOBODY,
}


def was_told(connection: Connection, notice_id: str, recipient: str, channel: str) -> bool:
    """Whether a person was told a notice by a channel, or is about to be."""
    values = {"told": notice_id, "whom": recipient, "by": channel}
    return connection.execute(_was_told, values).first() is not None


def leave_out(connection: Connection, id: str, reasons: Mapping[str, str]) -> None:
    """Write down which notices a message did not tell when it left, and why."""
    for notice_id, reason in reasons.items():
        connection.execute(_leave_out, {"of": id, "told": notice_id, "because": reason})


def tried(
    connection: Connection, id: str, number: int, at: datetime, worker: str, outcome: str, told: str
) -> None:
    """Keep one try to hand a message over; `told` must name nobody."""
    row = {"message": id, "number": number, "at": at.astimezone(UTC), "worker": worker}
    connection.execute(insert(attempt), {**row, "outcome": outcome, "told": told})


def told_by(connection: Connection, id: str) -> list[Row[Any]]:
    """The notices that a message tells, by day."""
    return list(connection.execute(_told_by, {"of": id}))


_leave_out = (
    update(message_notice)
    .where(message_notice.c.message == bindparam("of"), message_notice.c.notice == bindparam("told"))
    .values(left_out=bindparam("because"))
)
_was_told = (
    select(message.c.id)
    .join(message_notice, message_notice.c.message == message.c.id)
    .where(
        message_notice.c.notice == bindparam("told"),
        message_notice.c.left_out == "",
        message.c.recipient == bindparam("whom"),
        message.c.channel == bindparam("by"),
        message.c.status != WITHDRAWN,
    )
)
_left_out = select(message_notice.c.left_out).where(
    message_notice.c.message == bindparam("of"), message_notice.c.notice == bindparam("told")
)
_told_by = (
    select(notice)
    .join(message_notice, message_notice.c.notice == notice.c.id)
    .where(message_notice.c.message == bindparam("of"))
    .order_by(notice.c.day, notice.c.id)
)
