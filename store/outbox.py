"""What waits to be done, taken by one worker at a time: notices and messages with a lease.

A worker claims a few rows for a while, works on them without a transaction, and settles each in a short one.
Who dies in between loses only time: once the lease has run out, the next worker takes the row. A row is
settled only by the one who holds it, so that a worker who woke up late changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Connection,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from store.database import Database
from store.work_tables import attempt, message, message_notice, notice

WAITING: Final = "waiting"
SAID: Final = "said"
SENT: Final = "sent"
WITHDRAWN: Final = "withdrawn"
DEAD: Final = "dead"
HELD_BY_NOBODY = {"lease": None, "worker": None, "attempts": 0}
SUSPECT: Final = 2
"""Times that a row was taken and neither settled nor put off: whoever had it was killed, or hangs."""
MINUTE: Final = timedelta(minutes=1)
BEGUN: Final = "begun"
"""The outcome of a try of which nobody knows yet how it ended: the worker may have been killed in it."""
AGAIN: Final = "again"
"""The outcome of a try after which a later one may succeed."""
DOWN: Final = "down"
"""Likewise where nothing at all went through by the channel."""
NEVER: Final = "never"
"""The outcome of a try after which the message was given up."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows of one table that a worker has for itself, until its lease has run out and another one comes by.

    Nobody is mistaken for another: a worker has another name after each start, and is done with one claim of
    a table before it makes the next.
    """

    table: Table
    worker: str
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

    A row with which several workers have come to an end is taken alone, so that it holds up no other.
    Raises Busy or CannotWrite; then nothing was taken.
    """
    until = now.astimezone(UTC) + lease
    look, take = _queries(table, tuple(only))
    values = {"now": now.astimezone(UTC), "most": limit, **{f"of_{name}": one for name, one in only.items()}}
    if database.one_writer:  # who finds nothing has kept nobody off
        with database.reading() as connection:
            if connection.execute(look, {**values, "most": 1}).first() is None:
                return Claim(table, worker, [])
    with database.writing() as connection:
        rows = connection.execute(take, {**values, "until": until, "me": worker}).all()
        if rows:
            database.need_not_last(connection)
    return Claim(table, worker, sorted(rows, key=attrgetter("wake", "id")))


@cache
def _queries(table: Table, only: tuple[str, ...]) -> tuple[Select[Any], ReturningUpdate[Any]]:
    """What is free of a table, by id; and how the first of it is taken: those with which nobody came to an
    end, or where there is none, one by itself.
    """
    free = or_(table.c.lease.is_(None), table.c.lease <= bindparam("now"))
    wanted = [table.c[name] == bindparam(f"of_{name}") for name in only]
    conditions = [table.c.wake <= bindparam("now"), free, *wanted]
    look = select(table.c.id).where(*conditions).limit(bindparam("most"))
    first = select(table.c.id, table.c.attempts).where(*conditions).order_by(table.c.wake, table.c.id)
    them = first.limit(bindparam("most")).with_for_update(skip_locked=True).cte("them")
    bearable = them.c.attempts < SUSPECT
    alone = and_(
        ~exists(select(them.c.id).where(bearable)), them.c.id == select(them.c.id).limit(1).scalar_subquery()
    )
    held = {"lease": bindparam("until"), "worker": bindparam("me"), "attempts": table.c.attempts + 1}
    take = update(table).where(table.c.id == them.c.id, or_(bearable, alone))
    return look, take.values(held).returning(*table.c)


def release(database: Database, table: Table, worker: str, **only: object) -> None:
    """Give back what a worker took and will not work on.

    What it has handed over without being able to write down how that ended keeps its lease: it may have
    arrived.
    """
    handed_over = exists().where(
        attempt.c.message == table.c.id, attempt.c.worker == worker, attempt.c.outcome == BEGUN
    )
    mine = [table.c.worker == worker, table.c.lease.is_not(None), table.c.wake.is_not(None), ~handed_over]
    mine += [table.c[name] == value for name, value in only.items()]
    with database.writing() as connection:
        connection.execute(update(table).where(*mine).values(**HELD_BY_NOBODY))


def settle(
    connection: Connection, claim: Claim, id: str, now: datetime, status: str, reason: str, **more: object
) -> bool:
    """End a row for good. False where somebody else has it by now: then nothing is changed."""
    ended = {"status": status, "reason": reason, "settled": now.astimezone(UTC), "wake": None}
    return _held(connection, claim, id, {**ended, **more, **HELD_BY_NOBODY})


def postpone(connection: Connection, claim: Claim, id: str, wake: datetime, reason: str) -> bool:
    """Put a row off until a moment, with the reason. False where somebody else has it by now."""
    return _held(connection, claim, id, {"wake": wake.astimezone(UTC), "reason": reason, **HELD_BY_NOBODY})


def rest(connection: Connection, claim: Claim, channel: str, until: datetime, reason: str) -> None:
    """Let all messages of a channel wait until a moment at least, but those that another worker has."""
    values = {"by": channel, "until": until.astimezone(UTC), "because": reason, "me": claim.worker}
    connection.execute(_rest, values)


def settle_all(
    connection: Connection, claim: Claim, ends: Mapping[str, tuple[str, str]], now: datetime
) -> set[str]:
    """End several rows for good, by id the status and the reason; answers those that were still held."""
    rows = [{"row": id, "status": status, "reason": why} for id, (status, why) in ends.items()]
    return _all_held(connection, claim, rows, {"settled": now.astimezone(UTC), "wake": None})


def postpone_all(connection: Connection, claim: Claim, until: Mapping[str, tuple[datetime, str]]) -> None:
    """Put several rows off, by id until when and why; those that somebody else has by now are left alone."""
    rows = [{"row": id, "wake": when.astimezone(UTC), "reason": why} for id, (when, why) in until.items()]
    _all_held(connection, claim, rows, {})


def _all_held(
    connection: Connection, claim: Claim, rows: Sequence[Mapping[str, Any]], alike: Mapping[str, Any]
) -> set[str]:
    """Set the columns of those rows that are still this worker's, and those that are `alike` in all, and give
    them back; others are kept off them until the end.

    A server is told in one statement, as each goes there and back.
    """
    if not rows:
        return set()
    names, alike = tuple(name for name in rows[0] if name != "row"), {**alike, **HELD_BY_NOBODY}
    if connection.dialect.name == "postgresql":
        columns = {name: [one[name] for one in rows] for name in ("row", *names)}
        change = _change_at_once(claim.table, names, tuple(alike))
        return set(connection.execute(change, {**columns, **alike, "me": claim.worker}).scalars())
    of_me = select(claim.table.c.id).where(claim.table.c.worker == claim.worker)
    mine = {*connection.execute(of_me.where(claim.table.c.id.in_([one["row"] for one in rows]))).scalars()}
    if mine:
        changed = [{**one, **alike} for one in rows if one["row"] in mine]
        connection.execute(_change_each(claim.table, (*names, *alike)), changed)
    return mine


@cache
def _change_each(table: Table, names: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(table).where(table.c.id == bindparam("row")).values(values)


@cache
def _change_at_once(table: Table, names: tuple[str, ...], alike: tuple[str, ...]) -> ReturningUpdate[str]:
    """The same with a list of each column's values. The rows are locked by id, as everybody does it."""
    types = {"row": table.c.id.type, **{name: table.c[name].type for name in names}}
    lists = (bindparam(name, type_=ARRAY(kind)) for name, kind in types.items())
    given = func.unnest(*lists).table_valued(*(column(name, kind) for name, kind in types.items()))
    new = given.render_derived(name="new")
    of_me = table.c.worker == bindparam("me")
    mine = select(table.c.id, *(new.c[name].label(f"new_{name}") for name in names))
    mine = mine.join(new, new.c.row == table.c.id).where(of_me).order_by(table.c.id)
    held = mine.with_for_update(of=table).cte("mine")
    values = {name: held.c[f"new_{name}"] for name in names} | {name: bindparam(name) for name in alike}
    return update(table).where(table.c.id == held.c.id, of_me).values(values).returning(table.c.id)


def extend(connection: Connection, claim: Claim, id: str, until: datetime) -> bool:
    """Keep a row for longer. False where somebody else has it by now."""
    return _held(connection, claim, id, {"lease": until.astimezone(UTC)})


def begin_try(connection: Connection, claim: Claim, id: str, now: datetime, lease: timedelta) -> int | None:
    """Begin to hand a message over: the lease counts from now, and it is kept that there was a try.

    Answers the number of the try; None where somebody else has it by now.
    """
    if not extend(connection, claim, id, now + lease):
        return None
    number = next_try(connection, id)
    row = {"message": id, "number": number, "at": now.astimezone(UTC), "worker": claim.worker}
    connection.execute(insert(attempt), {**row, "outcome": BEGUN, "told": ""})
    return number


def next_try(connection: Connection, id: str) -> int:
    """The number of the next try to hand a message over."""
    number: int = connection.execute(_next_try, {"of": id}).scalar_one()
    return number


def full_until(connection: Connection, channel: str, per_minute: int, now: datetime) -> datetime | None:
    """The moment from which a channel takes another message, where so many were tried in the last minute.

    Tries from the future, made while a clock was ahead, are none of the last minute. Whoever asks this in the
    transaction of `begin_try` keeps to it together with all other workers; on PostgreSQL those who ask at the
    same instant may each begin one more.
    """
    moment = now.astimezone(UTC)
    values = {"by": channel, "since": moment - MINUTE, "now": moment, "most": per_minute - 1}
    found: datetime | None = connection.execute(_tried_lately, values).scalar()
    return found + MINUTE if found else None


def end_try(connection: Connection, id: str, number: int, outcome: str, told: str) -> None:
    """Keep how a try ended; `told` must name nobody."""
    connection.execute(_end_try, {"of": id, "try": number, "so": outcome, "what": told})


def _held(connection: Connection, claim: Claim, id: str, values: Mapping[str, object]) -> bool:
    mine = {"mine_id": id, "mine_worker": claim.worker}
    changed = connection.execute(_change(claim.table, tuple(values)), {**mine, **values})
    return changed.rowcount == 1


@cache
def _change(table: Table, names: tuple[str, ...]) -> Update:
    """Set these columns of a row, where whoever does it still has it."""
    mine = [table.c[name] == bindparam(f"mine_{name}") for name in ("id", "worker")]
    return update(table).where(*mine).values({name: bindparam(name) for name in names})


def leave_out(connection: Connection, id: str, reasons: Mapping[str, str]) -> None:
    """Write down which notices a message did not tell when it left, and why."""
    for notice_id, reason in reasons.items():
        connection.execute(_leave_out, {"of": id, "told": notice_id, "because": reason})


def forget_tries(connection: Connection, before: datetime) -> int:
    """Forget how messages that were settled before a moment were handed over; answers how many tries."""
    return connection.execute(_forget_tries, {"before": before.astimezone(UTC)}).rowcount


def told_by(connection: Connection, id: str) -> list[Row[Any]]:
    """The notices that a message tells, by day; without those that were left out of it before."""
    return list(connection.execute(_told_by, {"of": id}))


_leave_out = (
    update(message_notice)
    .where(message_notice.c.message == bindparam("of"), message_notice.c.notice == bindparam("told"))
    .values(left_out=bindparam("because"))
)
_forget_tries = delete(attempt).where(
    attempt.c.message.in_(select(message.c.id).where(message.c.settled < bindparam("before")))
)
_next_try = select(func.coalesce(func.max(attempt.c.number), 0) + 1).where(
    attempt.c.message == bindparam("of")
)
_tried_lately = (
    select(attempt.c.at)
    .join(message, message.c.id == attempt.c.message)
    .where(message.c.channel == bindparam("by"))
    .where(attempt.c.at > bindparam("since"), attempt.c.at <= bindparam("now"))
    .order_by(attempt.c.at.desc())
    .limit(1)
    .offset(bindparam("most"))
)
_rest = (
    update(message)
    .where(message.c.channel == bindparam("by"), message.c.wake < bindparam("until"))
    .where(or_(message.c.lease.is_(None), message.c.worker == bindparam("me")))
    .values(wake=bindparam("until"), reason=bindparam("because"), **HELD_BY_NOBODY)
)
_end_try = (
    update(attempt)
    .where(attempt.c.message == bindparam("of"), attempt.c.number == bindparam("try"))
    .values(outcome=bindparam("so"), told=bindparam("what"))
)
_told_by = (
    select(notice)
    .join(message_notice, message_notice.c.notice == notice.c.id)
    .where(message_notice.c.message == bindparam("of"), message_notice.c.left_out == "")
    .order_by(notice.c.day, notice.c.id)
)
