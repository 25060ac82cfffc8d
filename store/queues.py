"""How the queues stand: what was given up or is tried in vain, what waits, what a worker has for too long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select

from store.letters import RESENT
from store.outbox import AGAIN, DEAD, DOWN, NEVER, SENT, SUSPECT, WAITING
from store.work_tables import attempt, message, notice


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


class InVain(NamedTuple):
    """Messages to a channel that wait although they were tried: how many, since when, and what came of the
    last try; `down`: by then nothing at all went through.
    """

    channel: str
    messages: int
    since: datetime
    told: str
    down: bool


def in_vain(connection: Connection, now: datetime, patience: timedelta) -> list[InVain]:
    """What has been tried for longer than somebody's patience, by channel.

    Where somebody had a message sent again, only what was tried since counts.
    """
    tried: dict[str, dict[str, datetime]] = {}
    last: dict[str, tuple[str, bool]] = {}
    for one in connection.execute(_tried):
        first = tried.setdefault(one.channel, {})
        if one.outcome == RESENT:
            first.pop(one.id, None)
        else:
            first.setdefault(one.id, one.at)
            last[one.channel] = one.told, one.outcome == DOWN
    long = {channel: [at for at in first.values() if at < now - patience] for channel, first in tried.items()}
    return [
        InVain(channel, len(begun), min(begun), *last[channel])
        for channel, begun in sorted(long.items())
        if begun
    ]


class Way(NamedTuple):
    """How a channel does: when something last got through, when a try last failed and why, how many messages
    wait, and how many were given up.
    """

    sent: datetime | None
    failed: datetime | None
    told: str
    waiting: int
    dead: int


def ways(connection: Connection) -> dict[str, Way]:
    """How each channel does by which a message was ever made; what was forgotten of tries is not counted."""
    last = {(row.channel, row.outcome == SENT): row for row in connection.execute(_last_tries)}
    found: dict[str, Way] = {}
    for row in connection.execute(_of_channels):
        sent, failed = (last.get((row.channel, well)) for well in (True, False))
        found[row.channel] = Way(
            sent.at if sent else None,
            failed.at if failed else None,
            failed.told if failed else "",
            row.waiting,
            row.dead,
        )
    return found


_of_channels = select(
    message.c.channel,
    func.count().filter(message.c.status == WAITING).label("waiting"),
    func.count().filter(message.c.status == DEAD).label("dead"),
).group_by(message.c.channel)
_numbered = (
    select(
        *(attempt.c[name] for name in ("at", "outcome", "told")),
        message.c.channel,
        func.row_number()
        .over(
            partition_by=(message.c.channel, attempt.c.outcome == SENT),
            order_by=(attempt.c.at.desc(), attempt.c.number.desc()),
        )
        .label("place"),
    )
    .join(message, attempt.c.message == message.c.id)
    .where(attempt.c.outcome.in_((SENT, AGAIN, DOWN, NEVER)))
    .subquery()
)
_last_tries = select(_numbered).where(_numbered.c.place == 1)
_tried = (
    select(message.c.channel, message.c.id, attempt.c.at, attempt.c.outcome, attempt.c.told)
    .join(attempt, attempt.c.message == message.c.id)
    .where(message.c.status == WAITING)
    .order_by(attempt.c.at, attempt.c.number)
)


def _of(connection: Connection, table: Table, moment: datetime) -> tuple[int, int, int]:
    held = table.c.lease.is_not(None)
    query = select(
        func.count().filter(held, table.c.lease < moment),
        func.count().filter(table.c.attempts >= SUSPECT),
        func.count().filter(~held),
    ).where(table.c.wake < moment)
    run_out, suspect, late = connection.execute(query).one()
    return run_out, suspect, late
