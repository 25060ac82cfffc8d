"""Who is to come before a board and is on no list of it."""

from __future__ import annotations

from typing import Final

from coordination import reach
from coordination.board_pass import Pass, first_asked
from coordination.boards import desks_of_listed
from coordination.candidacy import Asked
from coordination.entries import Board
from pathways.library import all_pathways
from store import desk
from web.visit import Visit

MOST: Final = 200


def candidates_of(visit: Visit, board: Board, most: int) -> Pass:
    """The first who are to come before a board, are on no list of it, and may be seen by the person."""
    teams = visit.account.teams
    with visit.database.reading() as connection:
        desks = desks_of_listed(connection)
        theirs = set(desk.patients_of(connection, *reach.owners(visit.site, teams))) if teams else None

    def wanted(number: int, asked: Asked) -> bool:
        listed = number in desks and (board.name, asked.question) in desks[number].listings
        return board.takes(asked.question) and not listed and (theirs is None or number in theirs)

    return first_asked(visit.database, all_pathways(), visit.reckoning, wanted, most)
