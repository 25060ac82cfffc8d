"""What a database tells of its own state, beside the chains (`verify`) and the rows (`recheck`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, func, select

from store import clock, erasure
from store.tables import access, ledger, seal, tracking


def troubled(connection: Connection) -> int:
    """Patients whose rows could not be derived when it was last tried."""
    query = select(func.count()).select_from(tracking).where(tracking.c.trouble.is_not(None))
    return int(connection.execute(query).scalar_one())


def waiting(connection: Connection, now: datetime, days: int = 0) -> int:
    """Patients whose rows wait to be derived anew, since more than so many days."""
    since = now.date() - timedelta(days)
    query = select(func.count()).select_from(tracking).where(tracking.c.wake_on <= since)
    return int(connection.execute(query).scalar_one())


def clock_ahead(connection: Connection) -> timedelta | None:
    """How far the clock of the server is ahead of this machine's, both read now; None without a server."""
    if connection.dialect.name != "postgresql":
        return None
    there: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return there - clock.now()


def recorded_ahead(connection: Connection, now: datetime) -> timedelta:
    """How far in the future the latest entry was recorded; zero or less where none was."""
    latest = connection.execute(select(func.max(ledger.c.recorded))).scalar()
    return latest - now if latest else timedelta()


def last_seen(connection: Connection) -> datetime | None:
    """When somebody last looked or what was recorded was last sealed; None before that."""
    found = (
        connection.execute(select(column).order_by(number.desc()).limit(1)).scalar()
        for column, number in ((access.c.at, access.c.number), (seal.c.made, seal.c.number))
    )
    return max(filter(None, found), default=None)


def not_cleaned(connection: Connection) -> int | None:
    """The number of the patient last erased, where nobody has seen to the database's files since."""
    last = connection.execute(_last_erasure).first()
    cleaned = connection.execute(_last_cleaning).scalar()
    if last is None or (cleaned is not None and last.recorded <= cleaned + _together):
        return None
    number: int = last.patient_id
    return number


_together = timedelta(seconds=1)
"""Within one command an entry may be recorded a moment later than the command began."""
_last_erasure = (
    select(ledger.c.patient_id, ledger.c.recorded)
    .where(ledger.c.kind == erasure.KIND)
    .order_by(ledger.c.recorded.desc())
    .limit(1)
)
_last_cleaning = select(func.max(access.c.at)).where(access.c.asked.contains(f'"{erasure.CLEANED}"'))


def gone_back(connection: Connection, most: timedelta) -> int:
    """How often the access log goes back in time by more than this: the clock was set back."""
    moments = connection.execute(select(access.c.at).order_by(access.c.number)).scalars()
    return sum(before - after > most for before, after in pairwise(moments))
