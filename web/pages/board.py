"""The page of a tumour board: its next meeting, who is on the list, what is missing, who else is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from coordination.boards import Seen, listings
from coordination.candidates import Candidate
from coordination.meetings import next_open, to_come
from coordination.reasons import deferral_words
from pathways.texts.wording import code_name
from pathways.titles import state_title
from web.fresh import freshen
from web.rules import CHAIRS, READS, WORKS, Pages
from web.shown.board_candidates import MOST, candidates_of
from web.shown.board_decisions import waits_of
from web.shown.board_seen import (
    Data,
    Who,
    address,
    board_of,
    data,
    key,
    meeting_of,
    on_board,
    who,
)
from web.visit import Stopped, Visit

PAGES = Pages()

AT_ONCE: Final = 10
"""Candidates on a page."""


@PAGES.get("/board", READS)
def board(visit: Visit) -> Response:
    """The next meeting of a board, or the one in the address."""
    of = board_of(visit, visit.asked("board"))
    boards = sorted(visit.site.boards.values(), key=lambda one: (not one.active, one.name))
    plans = visit.may(*CHAIRS)
    if of is None:
        return visit.page("board_none.html", here="/board", plans=plans)
    found = on_board(visit, of, meeting_of(visit, of, visit.asked("meeting")))
    at = found.meeting.at if found.meeting else None
    numbers = [one.who.number for one in (*found.lines, *found.lost)]
    visit.seen("board", board=of.name, meeting=at, patients=len(numbers))
    return visit.page(
        "board.html",
        here="/board",
        boards=boards,
        found=found,
        board=of,
        at=at,
        end=at + timedelta(minutes=of.minutes) if at else None,
        key=key,
        address=address,
        code_name=code_name,
        deferral_words=deferral_words,
        plans=plans,
        does=visit.may(*WORKS),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody about whom a board is to be asked, and who is on no list for it."""

    who: Who
    candidate: Candidate
    data: Data


@PAGES.get("/board/candidates", READS)
def candidates(visit: Visit) -> Response:
    """Who is to come before this board and is on no list yet; who has waited longest comes first."""
    of = board_of(visit, visit.asked("board"))
    if of is None:
        raise Stopped(404, "There is no such board")
    at = meeting_of(visit, of, visit.asked("meeting"))
    most = _number(visit.asked("most"))
    older = freshen(visit)
    asked = candidates_of(visit, of, most)
    with visit.database.reading() as connection:
        found = [_asked(visit, who(connection, one, visit.today), one, each) for one, each in asked.found]
        ahead = to_come(visit.site, of, visit.now, listings(connection))
    visit.seen("board candidates", board=of.name, patients=len(found))
    return visit.page(
        "board_candidates.html",
        here="/board",
        board=of,
        at=at,
        open=next_open(ahead, visit.now, visit.today),
        found=found,
        more=min(most * 2, MOST) if asked.more and most < MOST else 0,
        older=older,
        address=address,
        deferral_words=deferral_words,
        does=visit.may(*WORKS),
    )


def _number(text: str) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else AT_ONCE


def _asked(visit: Visit, person: Who, one: Seen, each: Candidate) -> Wanted:
    of = each.asked
    ready = one.readiness(visit.site, each.question, of.pathway, of.step.id)
    return Wanted(person, each, data(visit, ready, one))


@PAGES.get("/board/decisions", READS)
def decisions(visit: Visit) -> Response:
    """What boards decided that has not been carried out in the site's time; the longest waiting first."""
    every = visit.asked("all") == "yes"
    found = waits_of(visit, every=every)
    visit.seen("board decisions", patients=len(found))
    return visit.page(
        "board_decisions.html",
        here="/board",
        found=found,
        every=every,
        code_name=code_name,
        state_title=state_title,
    )
