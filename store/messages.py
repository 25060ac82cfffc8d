"""Notices put into messages, many at once.

Messages are taken in the order of their ids by all workers, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from store.outbox import HELD_BY_NOBODY, WAITING, WITHDRAWN, leave_out
from store.work_tables import attempt, message, message_notice

Row = Mapping[str, Any]
Wanted = Mapping[str, tuple[Row, Collection[str]]]
"""Messages by id: the columns of one that is made, and the notices that it is to tell."""


def put(connection: Connection, wanted: Wanted) -> set[str]:
    """Have messages tell notices; answers the ids of those for which that is too late.

    It is once a worker has one, and once it was tried to hand it over: what is sent once more under the same
    id may be taken for what came before.
    """
    if not wanted:
        return set()
    rows = [{**_UNTOUCHED, **wanted[id][0]} for id in sorted(wanted)]
    made = {*connection.execute(_make(connection.dialect.name), rows).scalars()}
    there = connection.execute(_lock, {"them": sorted(wanted.keys() - made)}).all()
    late = {one.id for one in there if one.tried or one.lease is not None or one.status not in _OPEN}
    for one in there:
        if one.status == WITHDRAWN and one.id not in late:  # nothing in it held any more; now something does
            change = update(message).where(message.c.id == one.id)
            connection.execute(change.values(**{**_UNTOUCHED, **wanted[one.id][0]}))
    _tell(connection, {id: told for id, (_, told) in wanted.items() if id not in late}, made)
    return late


def _tell(connection: Connection, told: Mapping[str, Collection[str]], made: Collection[str]) -> None:
    """Write down what messages tell; what was left out of one is in it again."""
    pairs = {(id, notice) for id, notices in told.items() for notice in notices}
    before = {"them": told.keys() - made, "told": {notice for _, notice in pairs}}
    again = pairs & {(row.message, row.notice) for row in connection.execute(_known, before)}
    if new := sorted(pairs - again):
        connection.execute(insert(message_notice), [{"message": id, "notice": notice} for id, notice in new])
    for id, notice in again:
        leave_out(connection, id, {notice: ""})


def next_digest(connection: Connection, recipient: str, channel: str, by: datetime) -> str | None:
    """The digest that waits for a person by then, and still takes more."""
    values = {"whom": recipient, "by": channel, "then": by.astimezone(UTC)}
    found: str | None = connection.execute(_next_digest, values).scalar()
    return found


def were_told(connection: Connection, notices: Iterable[str]) -> set[tuple[str, str, str]]:
    """Who was told these notices by which channel, or is about to be: notice, recipient, channel."""
    found = connection.execute(_were_told, {"them": sorted({*notices})})
    return {(row.notice, row.recipient, row.channel) for row in found}


_UNTOUCHED: Final[Row] = {
    "status": WAITING,
    "wake": None,
    "reason": "",
    "settled": None,
    "digest": None,
    **HELD_BY_NOBODY,
}
_OPEN: Final = (WAITING, WITHDRAWN)


@cache
def _make(kind: str) -> ReturningInsert[Any]:
    """Messages that are not there; who makes the same at this moment is waited for."""
    of_kind = postgresql.insert if kind == "postgresql" else sqlite.insert
    return of_kind(message).on_conflict_do_nothing().returning(message.c.id)


_tried = exists().where(attempt.c.message == message.c.id)
_lock = (
    select(message.c.id, message.c.status, message.c.lease, _tried.label("tried"))
    .where(message.c.id.in_(bindparam("them", expanding=True)))
    .order_by(message.c.id)
    .with_for_update(of=message)
)
_known = select(message_notice.c.message, message_notice.c.notice).where(
    message_notice.c.message.in_(bindparam("them", expanding=True)),
    message_notice.c.notice.in_(bindparam("told", expanding=True)),
)
_next_digest = (
    select(message.c.id)
    .where(
        message.c.recipient == bindparam("whom"),
        message.c.channel == bindparam("by"),
        message.c.kind == "digest",
        message.c.wake <= bindparam("then"),
        message.c.lease.is_(None),
        ~_tried,
    )
    .order_by(message.c.wake)
    .limit(1)
)
_were_told = (
    select(message_notice.c.notice, message.c.recipient, message.c.channel)
    .join(message_notice, message_notice.c.message == message.c.id)
    .where(message_notice.c.notice.in_(bindparam("them", expanding=True)))
    .where(message_notice.c.left_out == "", message.c.status != WITHDRAWN)
)
