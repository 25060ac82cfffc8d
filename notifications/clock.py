"""The time by which several machines agree on leases: that of the database server, where there is one."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from store import clock, health
from store.database import Database
from store.errors import StoreError
from store.heartbeat import TICK


class SharedClock:
    """Gives the present moment by the server's clock, else by this machine's.

    How far the two are apart is looked up once a minute, and whenever this machine's clock was set.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ahead = timedelta()
        self._looked: datetime | None = None

    def __call__(self) -> datetime:
        now = clock.now()
        if self._looked is None or abs(now - self._looked) > TICK:
            self._looked = now
            with contextlib.suppress(StoreError), self._database.reading() as connection:
                self._ahead = health.clock_ahead(connection) or timedelta()
        return now + self._ahead
