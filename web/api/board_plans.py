"""Boards and their meetings planned by programs: for accounts that are a chair's or a coordinator's."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection
from starlette.responses import Response

from coordination.boards import listings
from coordination.entries import Board
from coordination.meetings import replanned, to_come
from coordination.moving import move
from coordination.saying import arrange, as_it_stays
from coordination.site_desk import SiteDesk
from store.answered import Answer
from web.api import answers_boards
from web.api.asked_boards import BoardAsked, MeetingMoved, MeetingsAsked
from web.api.boards import WRITE, BoardName, at_moment, check_role, meeting_of, named, version_of_board
from web.api.once import answer_kept
from web.api.problems import Failed
from web.api.rules import Operations
from web.api.versions import Saying, Upon, has_seen
from web.rules import CHAIRS

OPERATIONS = Operations()


@OPERATIONS.post("/boards", WRITE, answers_boards.Planned, 412)
def save_board(plan: Saying, asked: BoardAsked) -> Response:
    """Say of a board, a new one or one that there is, where it is, who leads it, and what it takes."""
    visit = plan.visit
    check_role(visit, CHAIRS)

    def change(site: SiteDesk) -> Board | None:
        there = site.boards.get(asked.name)
        after = Board(**asked.model_dump(), meetings=there.meetings if there else ())
        return after if after != there else None

    def do(connection: Connection) -> int:
        arrange(connection, change, recorder=visit.account.name, now=visit.now)
        return 0

    return _planned(plan, asked.name, do)


@OPERATIONS.post("/boards/{board}/meetings", WRITE, answers_boards.Planned, 412)
def plan_meetings(plan: Saying, board: BoardName, asked: MeetingsAsked) -> Response:
    """Add meetings, and say of others that they do not take place; for a chair or a coordinator. Sent again
    it changes nothing. Who is listed for one that does not take place stands in `without_meeting`.
    """
    visit = plan.visit
    check_role(visit, CHAIRS)
    named(visit.site.boards.get(board))

    def change(site: SiteDesk) -> Board | None:
        before = site.boards[board]
        gone = [at for at in asked.cancel if at in before.meetings]
        after = before.model_copy(update={"meetings": replanned(board, before, asked.add, gone)})
        return after if after != before else None

    def do(connection: Connection) -> int:
        arrange(connection, change, recorder=visit.account.name, now=visit.now)
        return 0

    return _planned(plan, board, do)


@OPERATIONS.post("/boards/{board}/move", WRITE, answers_boards.Planned, 412)
def move_meeting(plan: Saying, board: BoardName, asked: MeetingMoved) -> Response:
    """Hold a meeting at another time: everybody on its list goes along. For a chair or a coordinator."""
    visit = plan.visit
    check_role(visit, CHAIRS)
    at_moment(named(visit.site.boards.get(board)), asked.meeting)

    def do(connection: Connection) -> int:
        return move(connection, board, asked.meeting, asked.to, recorder=visit.account.name, now=visit.now)

    return _planned(plan, board, do)


def _planned(plan: Upon, board: str, do: Callable[[Connection], int]) -> Response:
    """Change the plan that was seen. Raises Failed."""

    def doing(connection: Connection) -> Answer:
        before = as_it_stays(connection).boards.get(board)
        there = version_of_board(before, listings(connection)) if before else ""
        if not has_seen(plan.match, there):
            raise Failed("changed", "Nothing was done. Look at the meetings and their lists again.")
        moved = do(connection)
        site, known = SiteDesk.read(connection), listings(connection)
        tag = version_of_board(site.boards[board], known)
        ahead = tuple(map(meeting_of, to_come(site, site.boards[board], plan.visit.now, known)))
        return answer_kept(answers_boards.Planned(board=board, version=tag, meetings=ahead, moved=moved), tag)

    return plan.once.within(doing)
