"""The access log: who looked at which patient, when and why; a chain of its own, one entry for each view.

An entry is written before what was asked for is shown, so that nothing is seen that does not stand here.
Changes are not written a second time: they stand in the ledger. What changes an identity stands in no ledger,
so its entry is written in the same transaction. Entries name patients by their numbers and
hold nothing that was found, so that an erased identity is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from store.canonical import canonical, digest
from store.database import Database
from store.errors import CannotWrite
from store.identities import beginning
from store.prepared import Prepared
from store.problem import missing
from store.tables import access, site


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody asks to see: `what` is the command, `patient_id` is None where it is about many.

    `who` is said, `account` is the one of the operating system under which it was said. `asked` tells what
    was asked for, without words that could name somebody; `reason` why, in the person's own words.
    """

    who: str
    account: str
    what: str
    patient_id: int | None = None
    asked: Mapping[str, object] = field(default_factory=dict)
    reason: str | None = None


class Access(NamedTuple):
    """One entry as it is kept; its columns are explained in `Look`. `at` is UTC, `at_offset` in minutes."""

    number: int
    at: datetime
    at_offset: int
    who: str
    account: str
    what: str
    patient_id: int | None
    asked: str
    reason: str | None
    prev_hash: str
    hash: str = ""

    @property
    def at_there(self) -> datetime:
        """When it was, with the offset of the place where it was."""
        return self.at.astimezone(timezone(timedelta(minutes=self.at_offset)))

    def content_hash(self) -> str:
        """The hash this entry must have: over every column but the hash itself."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return digest(canonical((self.number, at, *self[2:-1])))


def append(database: Database, look: Look, now: datetime) -> None:
    """Write one entry. Raises Busy or CannotWrite; then what was asked for must not be shown."""
    with database.writing() as connection:
        append_within(connection, look, now)


def append_within(connection: Connection, look: Look, now: datetime) -> None:
    """Write one entry together with what else is written. Raises CannotWrite for a log without an end."""
    offset = now.utcoffset()
    assert offset is not None, "a moment has an offset"
    minutes = int(offset.total_seconds() // 60)
    last, previous = _only_end(connection)
    said = (look.who, look.account, look.what, look.patient_id, canonical(look.asked), look.reason)
    entry = Access(last + 1, now.astimezone(UTC), minutes, *said, previous)
    entry = entry._replace(hash=entry.content_hash())
    _insert.run(connection, entry._asdict())
    _advance.run(connection, {"last": entry.number, "end": entry.hash})


def _only_end(connection: Connection) -> tuple[int, str]:
    """Where the log ends, locked. Raises CannotWrite where that is told twice, or not at all."""
    ends = _end_locked.rows(connection)
    if len(ends) != 1:
        raise CannotWrite(
            "somebody has altered the table carepath, which must hold one row: `carepath verify`"
        )
    last, head = ends[0]
    return last, head


def entries(
    connection: Connection, patient_id: int | None = None, since: datetime | None = None
) -> Iterator[Access]:
    """The entries about a patient, or all of them, in the order in which they were written."""
    query = _entries
    if patient_id is not None:
        query = query.where(access.c.patient_id == patient_id)
    if since is not None:
        query = query.where(access.c.at >= since.astimezone(UTC))
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield Access(*row)


def latest(connection: Connection, what: str) -> Access | None:
    """The last entry of a kind."""
    row = connection.execute(_latest, {"what": what}).first()
    return Access(*row) if row else None


def end(connection: Connection) -> tuple[int, str]:
    """Where the log ends: the number of its last entry, and the hash; the beginning where nothing tells."""
    row = connection.execute(_end).first()
    return (row.access_sequence, row.access_head) if row else (0, beginning)


def faults(connection: Connection) -> Iterator[tuple[int, str]]:
    """Everything wrong with the chain: at which entry, and what."""
    last, head = end(connection)
    number, previous = 0, beginning
    for entry in entries(connection):
        number += 1
        if entry.number != number:
            yield number, missing(number, entry.number - 1)
        elif entry.prev_hash != previous:
            yield number, "does not follow the entry before it"
        if entry.hash != entry.content_hash():
            yield entry.number, "was altered or moved after it was written"
        number, previous = entry.number, entry.hash
    if last > number:
        yield number + 1, missing(number + 1, last)
    elif (last, head) != (number, previous):
        yield number, "is not the entry at which the chain ended"


_end = select(site.c.access_sequence, site.c.access_head)
_end_locked = Prepared(_end.with_for_update())
_insert = Prepared(insert(access))
_advance = Prepared(update(site).values(access_sequence=bindparam("last"), access_head=bindparam("end")))
_entries = select(*(access.c[name] for name in Access._fields)).order_by(access.c.number)
_latest = (
    select(*(access.c[name] for name in Access._fields))
    .where(access.c.what == bindparam("what"))
    .order_by(access.c.number.desc())
    .limit(1)
)
