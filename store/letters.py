"""Messages as they stand: which wait, which were given up, and those that somebody has sent again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from store.outbox import DEAD, HELD_BY_NOBODY, WAITING, next_try
from store.work_tables import attempt, message, message_notice, notice

RESENT: Final = "resent"
"""The outcome that is kept in the row of tries where somebody had a message sent again."""


class Letter(NamedTuple):
    """A message by the columns of `work_tables.MessageRow`, with the number of tries to hand it over, and
    what went wrong the last time (empty: nothing).
    """

    id: str
    recipient: str
    channel: str
    kind: str
    made: datetime
    wake: datetime | None
    status: str
    reason: str
    settled: datetime | None
    tries: int
    failed: str


def letters(connection: Connection, statuses: Collection[str], limit: int) -> tuple[list[Letter], int]:
    """The latest messages of these statuses, oldest first, and how many there are."""
    values = {"them": sorted(statuses)}
    found = connection.execute(_letters, {**values, "most": limit}).all()
    return [Letter(*row) for row in reversed(found)], connection.execute(_counted, values).scalar_one()


def ahead(connection: Connection, recipient: str) -> list[Row[Any]]:
    """The notices a person may be told next: those in messages that wait, and those nobody was told yet."""
    return list(connection.execute(_ahead, {"whom": recipient}))


def send_again(connection: Connection, id: str, now: datetime, who: str) -> str | None:
    """Let a message that was given up wait again, by the same key; answers its status, None: there is none.

    It is told anew from the present when it leaves; what became of it is in its row.
    """
    status: str | None = connection.execute(_status, {"of": id}).scalar()
    if status != DEAD:
        return status
    moment = now.astimezone(UTC)
    waiting = {"status": WAITING, "reason": f"sent again by {who}", "settled": None, "wake": moment}
    connection.execute(_again.values(**waiting, **HELD_BY_NOBODY), {"of": id})
    row = {"message": id, "number": next_try(connection, id), "at": moment, "worker": ""}
    connection.execute(insert(attempt), {**row, "outcome": RESENT, "told": f"sent again by {who}"})
    return status


_wanted = message.c.status.in_(bindparam("them", expanding=True))
_handed_over = (attempt.c.message == message.c.id, attempt.c.outcome != RESENT)
_tries = select(func.count()).where(*_handed_over).scalar_subquery()
_failed = (
    select(attempt.c.told)
    .where(*_handed_over, attempt.c.told != "")
    .order_by(attempt.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_letters = (
    select(*(message.c[name] for name in Letter._fields[:-2]), _tries, func.coalesce(_failed, ""))
    .where(_wanted)
    .order_by(message.c.made.desc(), message.c.id.desc())
    .limit(bindparam("most"))
)
_counted = select(func.count()).select_from(message).where(_wanted)
_status = select(message.c.status).where(message.c.id == bindparam("of")).with_for_update()
_in_a_message = (
    select(message_notice.c.notice)
    .join(message, message.c.id == message_notice.c.message)
    .where(
        message.c.recipient == bindparam("whom"),
        message.c.status == WAITING,
        message_notice.c.left_out == "",
    )
)
_ahead = (
    select(notice)
    .where(or_(notice.c.status == WAITING, notice.c.id.in_(_in_a_message)))
    .order_by(notice.c.day, notice.c.id)
)
_again = update(message).where(message.c.id == bindparam("of"))
