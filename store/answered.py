"""What programs were answered to what they asked to be done, so that asking twice does it once.

A program gives what it asks for a key of its own. The row is written in the transaction that does what was
asked: it is there if and only if that was done, and of two that come at once the second waits for the first.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from store.errors import OtherContent
from store.web_tables import answered

KEPT: Final = timedelta(days=1)


class Answer(NamedTuple):
    """What was answered, and the version of the patient that was told with it."""

    body: str
    tag: str


def print_of(*asked: bytes) -> str:
    """The hash of what was asked."""
    return hashlib.sha256(b"\0".join(hashlib.sha256(one).digest() for one in asked)).hexdigest()


def before(
    connection: Connection, account: int, key: str, asked: str, now: datetime, *, take: bool
) -> Answer | None:
    """What was answered to the same before; else None, and with `take` the key is taken. Raises OtherContent
    where it stands for something else, and Clash where another transaction takes it at this moment.
    """
    if take:
        connection.execute(delete(answered).where(answered.c.ends <= now))
    mine = (answered.c.account == account, answered.c.key == key, answered.c.ends > now)
    row = connection.execute(select(answered).where(*mine)).first()
    if row is None:
        taken = {"account": account, "key": key, "asked": asked, "answer": "", "tag": "", "ends": now + KEPT}
        if take:
            connection.execute(insert(answered), taken)
        return None
    if row.asked != asked:
        raise OtherContent("this key stands for another request")
    return Answer(row.answer, row.tag)


def keep(connection: Connection, account: int, key: str, answer: Answer) -> None:
    """Keep what is answered under a key that was taken in this transaction."""
    mine = (answered.c.account == account, answered.c.key == key)
    connection.execute(update(answered).where(*mine).values(answer=answer.body, tag=answer.tag))
