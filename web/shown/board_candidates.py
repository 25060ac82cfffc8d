"""Who is to come before a board and is on no list of it."""

from __future__ import annotations

from typing import Final

from coordination.board_pass import Pass, first_asked
from coordination.boards import desks_of_listed
from coordination.candidacy import Asked
from coordination.entries import Board
from pathways.library import all_pathways
from web.shown.board_seen import (
    within,
)
from web.visit import Visit

MOST: Final = 200


def candidates_of(visit: Visit, board: Board, most: int) -> Pass:
    """The first who are to come before a board, are on no list of it, and may be seen by the person."""
    with visit.database.reading() as connection:
        desks = desks_of_listed(connection)

    def wanted(number: int, asked: Asked) -> bool:
        if not board.takes(asked.question):
            return False
        if number in desks and (board.name, asked.question) in desks[number].listings:
            return False
        if not visit.account.teams:
            return True
        with visit.database.reading() as connection:
            return bool(within(visit, connection, {number}))

    return first_asked(visit.database, all_pathways(), visit.reckoning, wanted, most)
