"""Boards as programs see them: meetings, the list of one, who is put on it, put off and taken off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from coordination import saying
from coordination.at_board import AtBoard
from coordination.boards import listings
from coordination.entries import Board, OnBoard
from coordination.listing import Allowing, NotListed
from coordination.meetings import Meeting, to_come
from coordination.on_lists import on_lists
from coordination.patient_desk import Listing
from store import identities
from store.answered import print_of
from store.naming import check_names_nobody
from web.api import answers, answers_lists
from web.api.asked import DeferAsked, ListedAsked, UnlistedAsked
from web.api.door import Here, answer_of
from web.api.patients import present
from web.api.problems import Failed, Fault, silent
from web.api.rules import Operations
from web.api.values import Moment, Name
from web.api.versions import Write, Writing
from web.shown.board_seen import Line, on_board
from web.visit import Visit

OPERATIONS = Operations()
READ, WRITE = "board:read", "board:write"
BoardName = Annotated[Name, Path(description="The name of a board.", examples=["Breast board"])]
Which = Annotated[Moment | None, Query(description="The meeting; the next one if none is named.")]


@OPERATIONS.get("/boards", READ, answers_lists.Boards)
def boards(visit: Here) -> Response:
    """The boards of the site with the meetings that lie ahead, and how many places are left."""
    with visit.database.reading() as connection:
        known = listings(connection)
    there = (one for one in visit.site.boards.values() if one.active)
    return answer_of(answers_lists.Boards(boards=tuple(_board(visit, one, known) for one in there)))


def _board(visit: Visit, board: Board, known: list[Listing]) -> answers_lists.Board:
    return answers_lists.Board(
        name=board.name,
        version=version_of_board(board, known),
        place=board.place,
        chair=board.chair,
        capacity=board.capacity,
        questions=board.questions,
        meetings=tuple(map(meeting_of, to_come(visit.site, board, visit.now, known))),
    )


def version_of_board(board: Board, known: Iterable[Listing]) -> str:
    """The version of a board's plan: another one once a meeting, or who is listed for one, is another."""
    lists = sorted(
        (one.entry.question, str(one.meeting), one.noted.by, str(one.noted.at))
        for one in known
        if one.entry.board == board.name
    )
    return print_of(board.model_dump_json().encode(), repr(lists).encode())[:16]


def meeting_of(one: Meeting) -> answers_lists.Meeting:
    return answers_lists.Meeting(at=one.at, closes=one.closes, taken=one.taken, left=one.left)


@OPERATIONS.get("/boards/{board}/list", READ, answers_lists.Agenda)
def agenda(visit: Here, board: BoardName, at: Which = None) -> Response:
    """Who is on the list of a meeting, what each question needs and who can provide it; who is on the list of
    no meeting that takes place.
    """
    of = named(visit.site.boards.get(board))
    chosen = at_moment(of, at) if at else next((one for one in of.calls if one > visit.now), None)
    found = on_board(visit, of, chosen)
    visit.seen("board", None, board=of.name, meeting=chosen, patients=len(found.lines) + len(found.lost))
    made = answers_lists.Agenda(
        board=of.name,
        meeting=meeting_of(found.meeting) if found.meeting else None,
        patients=tuple(map(_line, found.lines)),
        without_meeting=tuple(map(_line, found.lost)),
    )
    return answer_of(made)


def named(found: Board | None) -> Board:
    if found is None:
        raise Failed("not-found", "There is no board of this name.")
    return found


def at_moment(board: Board, at: datetime) -> datetime:
    """The meeting at a moment. Raises Failed."""
    if at not in board.meetings:
        raise Failed("not-found", "This board has no such meeting.")
    return at


def ever_at(visit: Visit, board: Board, at: datetime) -> datetime:
    """A meeting of a board, also one that did not take place and had a list. Raises Failed."""
    if at in board.meetings:
        return at
    with visit.database.reading() as connection:
        if at in on_lists(connection, board.name):
            return at
    raise Failed("not-found", "This board has no such meeting.")


def _line(line: Line) -> answers_lists.OnList:
    said = line.row.listing.entry
    return answers_lists.OnList(
        number=line.who.number,
        reference=line.who.reference,
        question=said.question,
        title=line.title,
        priority=said.priority,
        discussion=said.discussion,
        ready=line.data.ready,
        needed=line.data.of,
        standing=line.data.standing,
        missing=tuple(answers_lists.Lack(what=one.words, who=one.who) for one in line.data.lacks),
        decided=line.decided.id if line.decided else None,
    )


@OPERATIONS.post("/patients/{number}/board/list", WRITE, answers.Said)
def put_on_list(write: Writing, asked: ListedAsked) -> Response:
    """Put the patient on the list of a meeting; a closed or full one needs to be allowed, and a reason."""
    allowing = Allowing(asked.late, asked.over, asked.reason)

    def entry(at: AtBoard) -> OnBoard:
        chosen = at.meeting(at_moment(at.board, asked.meeting)) if asked.meeting else None
        urgent, standard = asked.priority == "urgent", asked.discussion == "standard_of_care"
        return at.add(asked.question, chosen, allowing, urgent=urgent, standard=standard)

    return _said(write, asked.board, entry, asked.reason)


@OPERATIONS.post("/patients/{number}/board/remove", WRITE, answers.Said)
def take_off_list(write: Writing, asked: UnlistedAsked) -> Response:
    """Take the patient off the list: the question is not for the board any more."""
    return _said(write, asked.board, lambda at: at.take_off(asked.question, asked.reason), asked.reason)


@OPERATIONS.post("/patients/{number}/board/defer", WRITE, answers.Said)
def put_off_question(write: Writing, asked: DeferAsked) -> Response:
    """Put the question off to another meeting, or to none yet, with a coded reason."""
    if asked.code == "other" and not asked.reason:
        fault = Fault(pointer="/reason", detail="What else is it?")
        raise Failed("impossible", "Nothing was said. See the faults.", [fault])

    def entry(at: AtBoard) -> OnBoard:
        chosen = at.meeting(at_moment(at.board, asked.to)) if asked.to else None
        return at.put_off(asked.question, chosen, asked.code, asked.reason, Allowing(asked.late, asked.over))

    return _said(write, asked.board, entry, asked.reason)


def _said(write: Write, name: str, entry: Callable[[AtBoard], OnBoard], reason: str) -> Response:
    visit = write.visit
    present(visit)

    def do(connection: Connection) -> Callable[[str], BaseModel]:
        site = saying.as_it_stays(connection)
        board = named(site.boards.get(name))
        at = AtBoard.of(connection, visit.number, site, board, visit.reckoning, visit.now)
        try:
            said = entry(at)
        except NotListed as refused:
            faults = [
                Fault(
                    pointer=f"/{one.about}", detail=silent(one.told) if one.about == "question" else one.told
                )
                for one in refused.obstacles
            ]
            raise Failed("impossible", "Nothing was said. See the faults.", faults) from None
        reference = f"{identities.NUMBERED}{visit.number}"
        check_names_nobody(connection, reason, reference, stays="after erasure")
        saying.say(connection, said, patient_id=visit.number, recorder=visit.account.name, now=visit.now)
        return lambda tag: answers.Said(number=visit.number, version=tag)

    return write.done(do)


def check_role(visit: Visit, roles: Collection[str]) -> None:
    """Raises Failed for an account with none of these roles; a program that is nobody's plans and signs
    nothing.
    """
    if not visit.may(*roles):
        raise Failed("role", f"It needs an account with the role {' or '.join(sorted(roles))}.")
