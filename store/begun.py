"""Sign-ins that are not finished: the password fits and a code is awaited, or somebody signs in elsewhere.

They are no sign-ins: nothing is shown to who has only begun. Each is known by the hash of the secret in its
cookie, lasts some minutes, and counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from store.accounts import kept, new_secret
from store.web_tables import begun

LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: of which account (None: that is told elsewhere), and where it goes on."""

    account: int | None
    goes_to: str


def begin(connection: Connection, goes_to: str, now: datetime, account: int | None = None) -> str:
    """Begin; answers the secret for the cookie, which is kept nowhere."""
    secret = new_secret()
    connection.execute(delete(begun).where(begun.c.ends < now))
    row = {"secret": kept(secret), "account": account, "goes_to": goes_to, "ends": now + LASTS}
    connection.execute(insert(begun), row)
    return secret


def find(connection: Connection, secret: str, now: datetime) -> Begun | None:
    """What was begun with a secret; None: nothing, or it has been finished or ended."""
    query = select(begun.c.account, begun.c.goes_to).where(begun.c.secret == kept(secret))
    row = connection.execute(query.where(begun.c.ends >= now)).first()
    return Begun(row.account, row.goes_to) if row is not None else None


def finish(connection: Connection, secret: str, now: datetime) -> Begun | None:
    """The same, for the last time: of two who finish it, one finds it."""
    found = find(connection, secret, now)
    ended = connection.execute(delete(begun).where(begun.c.secret == kept(secret))).rowcount
    return found if ended else None
