"""What programs were answered to what they asked to be done, so that asking twice does it once.

A program gives what it asks for a key of its own. The row is written in the transaction that does what was
asked: it is there if and only if that was done, and of two that come at once the second waits for the first.
What cannot be done in one transaction takes its key in one before; until it is done its answer is empty.
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
    connection: Connection, account: int, key: str, asked: str, now: datetime, *, take: timedelta | None
) -> Answer | None:
    """What was answered to the same before; else None, and the key is taken for as long as is said. Raises
    OtherContent where it stands for something else, and Clash where another transaction takes it now.
    """
    if take is not None:
        connection.execute(delete(answered).where(answered.c.ends <= now))
    mine = (answered.c.account == account, answered.c.key == key, answered.c.ends > now)
    row = connection.execute(select(answered).where(*mine)).first()
    if row is None:
        if take is not None:
            taken = {"account": account, "key": key, "asked": asked, "answer": "", "tag": ""}
            connection.execute(insert(answered), {**taken, "ends": now + take})
        return None
    if row.asked != asked:
        raise OtherContent("this key stands for another request")
    return Answer(row.answer, row.tag)


def keep(connection: Connection, account: int, key: str, answer: Answer, now: datetime) -> None:
    """Keep what is answered under a key that was taken."""
    mine = (answered.c.account == account, answered.c.key == key)
    said = {"answer": answer.body, "tag": answer.tag, "ends": now + KEPT}
    connection.execute(update(answered).where(*mine).values(said))


def give_back(connection: Connection, account: int, key: str) -> None:
    """Let a key that was taken be free again: nothing was done under it."""
    mine = (answered.c.account == account, answered.c.key == key, answered.c.answer == "")
    connection.execute(delete(answered).where(*mine))
