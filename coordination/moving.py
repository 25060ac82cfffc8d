"""A meeting of a board that is held at another time: everybody on its list moves along, with that reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from coordination.boards import desks_of_listed
from coordination.entries import Board, Postponed
from coordination.fitting import Unfit
from coordination.meetings import meeting, replanned
from coordination.saying import arrange, say
from coordination.site_desk import SiteDesk
from store import identities
from store.errors import Crossed

MOVED = "meeting-moved"
"""The reason with which everybody on the list of a meeting goes along to its new time."""


def move(
    connection: Connection, board: str, old: datetime, new: datetime, *, recorder: str, now: datetime
) -> int:
    """Hold a meeting at another time, and put its whole list off to it; answers how many questions moved.

    Raises Unfit where there is no such meeting, it has begun, or the new time does not lie ahead or is one
    of the board's already; Crossed where somebody was put on the list just now: the caller does it anew.
    """
    there = _listed(connection, board, old)
    identities.lock(connection, [f"{identities.NUMBERED}{number}" for number in there])

    def change(site: SiteDesk) -> Board:
        before = site.boards.get(board)
        if before is None:
            raise Unfit([f"there is no board {board!r}"])
        if old not in before.calls or old <= now:
            raise Unfit([f"{board} has no meeting ahead at that time"])
        if new <= now:
            raise Unfit(["the new time does not lie ahead"])
        if new in before.meetings:
            raise Unfit([f"{board} meets then already"])
        meetings = replanned(board, before, [new], [old])
        return Board(**{**before.payload(), "meetings": meetings})

    after = arrange(connection, change, recorder=recorder, now=now)
    if (again := _listed(connection, board, old)).keys() != there.keys():
        raise Crossed
    goes_to = meeting(after, after.boards[board], new, ())
    late = goes_to.closed(now, now.astimezone(after.site.time_zone).date())
    for number, questions in again.items():
        for question in questions:
            entry = Postponed(board=board, question=question, meeting=old, to=new, code=MOVED, late=late)
            say(connection, entry, patient_id=number, recorder=recorder, now=now)
    return sum(map(len, again.values()))


def _listed(connection: Connection, board: str, at: datetime) -> dict[int, list[str]]:
    """The questions on the list of a meeting, by patient."""
    found = {
        number: [one for (name, one), each in said.listings.items() if (name, each.meeting) == (board, at)]
        for number, said in desks_of_listed(connection).items()
    }
    return {number: questions for number, questions in found.items() if questions}
