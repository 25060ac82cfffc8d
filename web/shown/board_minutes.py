"""The minutes of a meeting as somebody may see them, and signed."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from coordination import saying
from coordination.entries import Board, MinutesSigned
from coordination.minutes import Minutes, digest, minutes, signatures
from store.identities import named
from web.shown.board_seen import Who, who, within
from web.visit import Visit

SIGNS: Final = frozenset({"chair"})


class Shown(NamedTuple):
    """The minutes, their whole text, the patients whom the person may see, how many others there are."""

    found: Minutes
    text: str
    people: dict[int, Who]
    others: int


def minutes_of(visit: Visit, board: Board, at: datetime) -> Shown:
    """The minutes as they stand."""
    with visit.database.reading() as connection:
        day = at.astimezone(visit.site.site.time_zone).date()
        found = minutes(connection, board, at, day, visit.reckoning)
        numbers = {one.seen.patient_id for one in found.entries} | set(found.left_out)
        references = named(connection, numbers)
        text = found.text(references.__getitem__)
        shown = within(visit, connection, numbers)
        people = {
            one.seen.patient_id: who(connection, one.seen, visit.today)
            for one in found.entries
            if one.seen.patient_id in shown
        }
    return Shown(found, text, people, len(numbers - shown))


def sign(connection: Connection, visit: Visit, board: Board, at: datetime, text: str) -> None:
    """Keep that the person signed this text, unless the same was signed last."""
    saying.as_it_stays(connection)
    before = signatures(connection, board.name, at)
    if not before or (before[-1].by, before[-1].digest) != (visit.account.name, digest(text)):
        entry = MinutesSigned(board=board.name, meeting=at, digest=digest(text))
        saying.say(connection, entry, recorder=visit.account.name, now=visit.now)
