"""Putting a patient on the list of a board's meeting, taking one off, putting one off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from coordination import saying
from coordination.at_board import AtBoard
from coordination.boards import Seen, seen
from coordination.entries import Board, Listed, OnBoard
from coordination.listing import Allowing, NotListed
from coordination.meetings import Meeting
from coordination.reasons import DEFERRALS
from interop.board_words import question_words
from pathways.vocabulary import load_vocabulary
from store import identities
from store.errors import MergedAway, Refused, UnknownPatient
from store.naming import check_names_nobody
from store.parts import part_of
from store.record import anew
from web.form import Form
from web.rules import WORKS, Pages
from web.shown.board_seen import Who, address, key, who
from web.visit import Stopped, Visit

PAGES = Pages()

NONE_YET: Final = "none"
"""Chosen where the meeting to which something is put off is not known yet."""
LONGEST_REASON: Final = 1000


@PAGES.get("/patients/{number}/board/list", WORKS)
def adding(visit: Visit) -> Response:
    """The form: which question, which meeting, how urgent."""
    return _page(visit, "list", visit.asked("board"), _typed(visit, priority="routine"), None)


@PAGES.post("/patients/{number}/board/list", WORKS)
def add(visit: Visit) -> Response:
    """Put the patient on the list; a list that is closed or full needs a reason."""
    form = Form(visit)
    allowing = _allowing(form)
    question = form.chosen("question", load_vocabulary().code_lists["board_question"])
    priority = form.chosen("priority", ("routine", "urgent"))

    def entry(at: AtBoard) -> OnBoard:
        chosen = _chosen(form, at, visit.field("meeting", 40))
        urgent, standard = priority == "urgent", bool(visit.field("standard"))
        return at.add(question, chosen, allowing, urgent=urgent, standard=standard)

    return _done(visit, form, "list", entry, {"reason": allowing.reason})


@PAGES.get("/patients/{number}/board/remove", WORKS)
def removing(visit: Visit) -> Response:
    """The form: why the question is not for the board any more."""
    return _page(visit, "remove", visit.asked("board"), _typed(visit), None)


@PAGES.post("/patients/{number}/board/remove", WORKS)
def remove(visit: Visit) -> Response:
    """Take the patient off the list; what was said is kept."""
    form = Form(visit)
    why = form.text("reason", LONGEST_REASON, needed="Why is it not for the board any more?")
    question = visit.field("question", 60)
    return _done(visit, form, "remove", lambda at: at.take_off(question, why), {"reason": why})


@PAGES.get("/patients/{number}/board/defer", WORKS)
def deferring(visit: Visit) -> Response:
    """The form: to which meeting, and why."""
    return _page(visit, "defer", visit.asked("board"), _typed(visit), None)


@PAGES.post("/patients/{number}/board/defer", WORKS)
def defer(visit: Visit) -> Response:
    """Put the question off, with a coded reason."""
    form = Form(visit)
    allowing, question = _allowing(form), visit.field("question", 60)
    code = form.chosen("code", DEFERRALS, needed="Why is it put off?")
    if code == "other" and not allowing.reason:
        form.fault("reason", "What else is it?")
    to = visit.field("meeting", 40)
    if not to:
        form.fault("meeting", "To which meeting? “To none yet” is an answer, too.")

    def entry(at: AtBoard) -> OnBoard:
        chosen = None if to == NONE_YET else _chosen(form, at, to)
        return at.put_off(question, chosen, code, allowing.reason, allowing)

    return _done(visit, form, "defer", entry, {"reason": allowing.reason})


def _allowing(form: Form) -> Allowing:
    late, over = (bool(form.visit.field(name)) for name in ("late", "over"))
    return Allowing(late, over, form.text("reason", LONGEST_REASON))


def _chosen(form: Form, at: AtBoard, said: str) -> Meeting | None:
    """The meeting that was chosen; None: none was. Raises Stopped."""
    if not said:
        return None
    found = next((one for one in at.board.calls if key(one) == said), None)
    if found is None:
        raise Stopped(422, "This board has no such meeting")
    return at.meeting(found)


def _done(
    visit: Visit, form: Form, what: str, entry: Callable[[AtBoard], OnBoard], texts: dict[str, str]
) -> Response:
    """Say it, and back to the page of the board; what does not fit is told at its field."""
    name = visit.field("board", 60)

    def doing() -> OnBoard:
        with visit.database.writing() as connection:
            _lock(visit, connection)
            site = saying.as_it_stays(connection)
            board = _board(site.boards, name)
            at = AtBoard.of(connection, visit.number, site, board, visit.reckoning, visit.now)
            said = entry(at)
            for field, text in texts.items():
                reference = f"{identities.NUMBERED}{visit.number}"
                check_names_nobody(connection, text, reference, field=field, stays="after erasure")
            saying.say(connection, said, patient_id=visit.number, recorder=visit.account.name, now=visit.now)
            return said

    if form.fits:
        try:
            said = anew(doing)
        except NotListed as refused:
            for one in refused.obstacles:
                form.fault(one.about, visit.t(one.text, **one.values))
        except Refused as refused:
            form.refused(refused.faults, "reason")
        else:
            board = visit.site.boards[name]
            back = visit.field("back", 40)
            there = next((one for one in board.meetings if key(one) in (back, key(said.meeting))), None)
            to = said.meeting if isinstance(said, Listed) else there
            return visit.go(address("/board", board, to if to in board.meetings else None))
    return _page(visit, what, name, form.typed, form)


def _lock(visit: Visit, connection: Connection) -> None:
    """Keep others off the patient. Raises UnknownPatient and MergedAway."""
    reference = f"{identities.NUMBERED}{visit.number}"
    identities.lock(connection, [reference])
    if identities.find(connection, reference, to_write=True) is None:
        raise UnknownPatient
    for into in part_of(connection, [visit.number]).values():
        raise MergedAway(into)


def _board(boards: Any, name: str) -> Board:
    if name not in boards:
        raise Stopped(404, "There is no such board")
    found: Board = boards[name]
    return found


def patient_of(visit: Visit, connection: Connection) -> tuple[Seen, Who]:
    """The patient in the address, as boards see one. Raises Stopped, UnknownPatient and MergedAway."""
    reference = f"{identities.NUMBERED}{visit.number}"
    if identities.find(connection, reference) is None:
        raise UnknownPatient
    for into in part_of(connection, [visit.number]).values():
        raise MergedAway(into)
    found = seen(connection, visit.number, visit.reckoning)
    if found is None:
        told = "Their days are counted from an event; there is no calendar."
        raise Stopped(422, "No board meets on the days of this patient", told)
    return found, who(connection, found, visit.today)


def _typed(visit: Visit, **usual: str) -> dict[str, str]:
    """What stands in the form before anybody types: what the address says."""
    given = {name: visit.asked(name) for name in ("question", "meeting")}
    return {**usual, **{name: value for name, value in given.items() if value}}


TITLES: Final = {"list": "Put on a list", "remove": "Take off the list", "defer": "Put off"}


def _page(visit: Visit, what: str, name: str, typed: dict[str, str], form: Form | None) -> Response:
    board = _board(visit.site.boards, name)
    with visit.database.reading() as connection:
        found, person = patient_of(visit, connection)
        at = AtBoard.of(connection, visit.number, visit.site, board, visit.reckoning, visit.now)
    visit.seen(f"board {what}", visit.number, board=name)
    listing = found.said.listings.get((board.name, typed.get("question", "")))
    asked = dict.fromkeys(one.question for one in found.asked if board.takes(one.question))
    known = [one for one in load_vocabulary().code_lists["board_question"] if board.takes(one)]
    return visit.page(
        f"board_{what}.html",
        422 if form else 200,
        here="/board",
        title=TITLES[what],
        board=board,
        who=person,
        listing=listing,
        question=question_words(typed["question"]) if typed.get("question") else "",
        asked=list(asked),
        questions=[(one, question_words(one)) for one in dict.fromkeys((*asked, *known))],
        meetings=at.ahead,
        question_words=question_words,
        reasons=list(DEFERRALS.items()),
        typed=typed,
        back=visit.field("back", 40) if form else visit.asked("meeting"),
        faults=form.faults if form else {},
        address=address,
        key=key,
    )
