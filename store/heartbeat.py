"""Signs of life: which workers there are, and when each of their loops last came round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, insert, or_, select, update

from store.work_tables import loop, worker

TICK: Final = timedelta(minutes=1)
"""How often a worker gives a sign, and lets each of its loops come round."""

SILENT: Final = 2 * TICK
"""Without a sign for longer than this, a worker stands still."""


TIMETABLE: Final = timedelta(days=1, hours=1)
"""Who lets a worker come by now and then does it once a day at least."""


class Worker(NamedTuple):
    """A worker by its name; `stopped` once it ended of its own accord."""

    name: str
    started: datetime
    beat: datetime
    stopped: datetime | None

    def works(self, now: datetime) -> bool:
        """Whether it has just given a sign; one from the future is as old as the clock was set back."""
        return self.stopped is None and abs(now - self.beat) <= SILENT


class Loop(NamedTuple):
    """One of the workers' loops: when it last began and ended, whoever ran it, and what went wrong."""

    name: str
    begun: datetime
    ended: datetime | None
    told: str


def beat(connection: Connection, name: str, started: datetime, now: datetime) -> None:
    """Keep that a worker is there."""
    seen = {"started": started.astimezone(UTC), "beat": now.astimezone(UTC), "stopped": None}
    _keep(connection, worker, name, seen)


def stop(connection: Connection, name: str, now: datetime) -> None:
    """Keep that a worker ended of its own accord."""
    connection.execute(_stop, {"of": name, "now": now.astimezone(UTC)})


def begin(connection: Connection, name: str, now: datetime) -> None:
    """Keep that a loop begins its round."""
    _keep(connection, loop, name, {"begun": now.astimezone(UTC)}, told="")


def begin_once(connection: Connection, name: str, since: datetime, now: datetime) -> bool:
    """The same, where none began since that moment; among many workers it is True for one."""
    moment = now.astimezone(UTC)
    if connection.execute(_begin_once, {"of": name, "since": since.astimezone(UTC), "now": moment}).rowcount:
        return True
    if connection.execute(select(loop.c.name).where(loop.c.name == name)).first():
        return False
    connection.execute(insert(loop), {"name": name, "begun": moment, "told": ""})
    return True


def end(connection: Connection, name: str, now: datetime, told: str) -> None:
    """Keep that a loop has come round, and what went wrong (empty: nothing)."""
    connection.execute(_end, {"of": name, "now": now.astimezone(UTC), "what": told})


def workers(connection: Connection) -> list[Worker]:
    """All workers that are remembered, by name."""
    return [Worker(*row) for row in connection.execute(_workers)]


def loops(connection: Connection) -> list[Loop]:
    """All loops that ever began, by name."""
    return [Loop(*row) for row in connection.execute(_loops)]


def standstill(workers: Iterable[Worker], now: datetime) -> datetime | None:
    """Since when nobody works; None where somebody does, nobody ever did, or the last one ended lately of
    its own accord, as it does that runs by a timetable.
    """
    there = list(workers)
    if not there or any(one.works(now) for one in there):
        return None
    last = max(there, key=lambda one: one.stopped or one.beat)
    since = last.stopped or last.beat
    return None if last.stopped and now - since <= TIMETABLE else since


def forget(connection: Connection, before: datetime) -> None:
    """Forget workers that gave no sign since, and loops that did not begin since."""
    moment = before.astimezone(UTC)
    connection.execute(delete(worker).where(worker.c.beat < moment))
    connection.execute(delete(loop).where(loop.c.begun < moment))


def _keep(
    connection: Connection, table: Table, name: str, values: Mapping[str, object], **first: object
) -> None:
    if not connection.execute(update(table).where(table.c.name == name).values(**values)).rowcount:
        connection.execute(insert(table), {"name": name, **values, **first})


_stop = update(worker).where(worker.c.name == bindparam("of")).values(stopped=bindparam("now"))
_begin_once = (
    update(loop)
    .where(
        loop.c.name == bindparam("of"),
        or_(loop.c.begun < bindparam("since"), loop.c.begun > bindparam("now")),
    )
    .values(begun=bindparam("now"))
)
_end = (
    update(loop).where(loop.c.name == bindparam("of")).values(ended=bindparam("now"), told=bindparam("what"))
)
_workers = select(*(worker.c[name] for name in Worker._fields)).order_by(worker.c.name)
_loops = select(*(loop.c[name] for name in Loop._fields)).order_by(loop.c.name)
