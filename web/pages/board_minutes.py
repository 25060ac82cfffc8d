"""The minutes of a board's meeting, signed by a chair, and the letter about one decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from coordination.board_graph import BOARD
from coordination.boards import Seen
from coordination.entries import Board
from coordination.held_board import quorum
from coordination.minutes import digest, signatures
from coordination.reasons import deferral_words
from engine.event import Event
from interop.board_words import question_words
from interop.event_words import value_words
from interop.plain_text import day_words
from pathways.guidelines.catalogue import load_catalogue
from pathways.intended_use import IN_SHORT
from pathways.texts.wording import code_name, field_name
from pathways.titles import guard_title
from web.pages.board_lists import patient_of
from web.pages.board_live import OWN
from web.render import LANGUAGES, Look, rendered
from web.rules import READS, Pages
from web.shown.board_minutes import SIGNS, minutes_of, sign
from web.shown.board_seen import Who, address, board_of, key, meeting_of
from web.visit import Stopped, Visit

PAGES = Pages()


AFTERWARDS: Final = timedelta(hours=1)
MARK: Final = 16
"""Of a digest, what tells a page that is open whether anything has come."""


def meeting_asked(visit: Visit, said: Callable[[str], str]) -> tuple[Board, datetime]:
    """The meeting that is named by board and time. Raises Stopped."""
    board = board_of(visit, said("board"))
    at = meeting_of(visit, board, said("meeting")) if board else None
    if board is None or at is None:
        raise Stopped(404, "There is no such meeting")
    return board, at


@PAGES.get("/board/minutes", READS)
def as_page(visit: Visit) -> Response:
    """The minutes, to be read, printed and signed; while the board meets they grow by themselves."""
    board, at = meeting_asked(visit, visit.asked)
    return _page(visit, board, at, "")


def _grows(visit: Visit, board: Board, at: datetime) -> bool:
    """Whether the board meets now, or did until an hour ago: a page left open asks no longer."""
    return at <= visit.now < at + timedelta(minutes=board.minutes) + AFTERWARDS


@PAGES.get("/board/minutes.txt", READS)
def as_text(visit: Visit) -> Response:
    """The text that is signed, byte for byte."""
    board, at = meeting_asked(visit, visit.asked)
    found, text, _, others = minutes_of(visit, board, at)
    if others:
        raise Stopped(403, "This file is about patients of other teams, too")
    visit.seen("board minutes file", board=board.name, meeting=at, patients=len(found.entries))
    name = f"minutes-{found.day}.txt"
    return PlainTextResponse(text, headers={"content-disposition": f'attachment; filename="{name}"'})


@PAGES.post("/board/minutes/sign", SIGNS)
def as_read(visit: Visit) -> Response:
    """Sign the text as it was read; what has changed meanwhile is read first."""
    board, at = meeting_asked(visit, visit.field)
    _, text, _, others = minutes_of(visit, board, at)
    if others:
        raise Stopped(403, "Only who may see all of its patients can sign it")
    if at > visit.now:
        return _page(visit, board, at, "The meeting has not begun: there is nothing to sign.")
    if digest(text) != visit.field("digest", 64):
        return _page(visit, board, at, "The minutes have changed since you opened them. Read them again.")
    with visit.database.writing() as connection:
        sign(connection, visit, board, at, text)
    return visit.go(address("/board/minutes", board, at))


def _page(visit: Visit, board: Board, at: datetime, told: str) -> Response:
    found, text, people, others = minutes_of(visit, board, at)
    with visit.database.reading() as connection:
        signed = signatures(connection, board.name, at)
    mark = digest(f"{text}{signed}")[:MARK]
    if visit.request.headers.get("hx-request") and visit.asked("mark") == mark:
        return Response(status_code=204)  # nothing has come since the page was last told
    visit.seen("board minutes", board=board.name, meeting=at, patients=len(people))
    rows = [one for one in found.entries if one.seen.patient_id in people]
    return visit.page(
        "board_minutes.html",
        409 if told else 200,
        here="/board",
        minutes=found,
        rows=rows,
        people=people,
        others=others,
        board=board,
        at=at,
        signed=signed,
        digest=digest(text),
        mark=mark,
        grows=_grows(visit, board, at),
        told=told,
        signs=visit.may(*SIGNS) and at <= visit.now and not others,
        question_words=question_words,
        code_name=code_name,
        value_words=partial(value_words, say_day=day_words),
        field_name=field_name,
        guard_title=guard_title,
        deferral_words=deferral_words,
        own=OWN,
        quorum=lambda event: quorum(there(event.fields)),
        address=address,
        key=key,
        use=IN_SHORT,
    )


def there(fields: Mapping[str, Any]) -> set[str]:
    """The disciplines that took part or wrote."""
    return {str(one) for name in ("disciplines", "written_input") for one in fields.get(name) or ()}


@PAGES.get("/patients/{number}/board/letter", READS)
def letter(visit: Visit) -> Response:
    """A draft for the clinician about one decision, with nothing in it that was not recorded."""
    seen, person, event, language = letter_asked(visit)
    visit.seen("board letter", visit.number, event=event.id, language=language)
    statement = load_catalogue().statements[quorum(()).statement]
    values = {
        "here": "/board",
        "who": person,
        "event": event,
        "board_language": language,
        "question": question_words(str(event.fields.get("question"))),
        "code_name": code_name,
        "value_words": partial(value_words, say_day=day_words),
        "field_name": field_name,
        "guard_title": guard_title,
        "quorum": quorum(there(event.fields)),
        "statement": statement.id,
        "more": {name: value for name, value in event.fields.items() if name not in OWN},
        "languages": LANGUAGES,
        "use": IN_SHORT,
        "birth": seen.story.facts.get("birth_date"),
    }
    looks = Look(language, visit.looks.theme, visit.looks.density)
    return HTMLResponse(rendered("board_letter.html", looks, visit.common() | values))


def letter_asked(visit: Visit) -> tuple[Seen, Who, Event, str]:
    """The patient, the decision that a letter is about, and its language. Raises Stopped."""
    with visit.database.reading() as connection:
        seen, person = patient_of(visit, connection)
    wanted = visit.asked("event")
    event = next((one for one in seen.events if one.id == wanted and one.type == BOARD), None)
    if event is None:
        raise Stopped(404, "There is no such decision of a board")
    language = visit.asked("language") or visit.looks.language
    if language not in LANGUAGES:
        raise Stopped(404, "There is no letter in this language")
    return seen, person, event, language
