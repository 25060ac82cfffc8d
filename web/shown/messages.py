"""Messages on their way: one that was given up is sent again."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from store import access, letters
from store.access import Look
from store.outbox import DEAD
from web.visit import Visit

MOST: Final = 100
"""Messages that are listed, the latest."""


def sent_again(visit: Visit, connection: Connection, id: str) -> str | None:
    """Let it wait again; answers its status before, None: there is none. It stands in the access log."""
    was = letters.send_again(connection, id, visit.now, visit.account.name)
    if was == DEAD:
        look = Look(visit.account.name, visit.way, "message resent", None, {"message": id})
        access.append_within(connection, look, visit.now)
    return was
