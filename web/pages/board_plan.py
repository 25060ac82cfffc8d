"""Planning a tumour board: where, under whom, and when it meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any, Final

from pydantic import ValidationError
from starlette.responses import Response

from coordination.entries import Board
from coordination.fitting import Unfit
from coordination.meetings import replanned, weekly
from coordination.moving import move
from coordination.saying import arrange
from coordination.site_desk import SiteDesk
from pathways.texts.wording import code_name
from pathways.vocabulary import load_vocabulary
from store.record import anew
from web.form import Form
from web.rules import CHAIRS, Pages
from web.shown.board_seen import address, key
from web.visit import Stopped, Visit

PAGES = Pages()

NUMBERS: Final = {
    "minutes": (5, 600, "How long does it take? 5 to 600 minutes."),
    "closes_days": (0, 30, "How many working days before? 0 to 30."),
    "capacity": (1, 200, "How many patients? 1 to 200; empty: no limit."),
    "weeks": (1, 104, "In how many weeks? 1 to 104."),
}
"""Between which bounds a number lies, and what to say where it does not."""


@PAGES.get("/board/plan", CHAIRS)
def plan(visit: Visit) -> Response:
    """The form: of a board there is, or of a new one."""
    before = _there(visit, visit.asked("board"))
    return _page(visit, before, _typed(before), None)


@PAGES.post("/board/plan", CHAIRS)
def planned(visit: Visit) -> Response:
    """Plan it; a meeting that does not take place keeps its list until somebody moves the patients."""
    form = Form(visit)
    old = visit.field("board", 60)
    before = _there(visit, old)
    name = old or form.text("name", 60, needed="What is it called?")
    if not old and name in visit.site.boards:
        form.fault("name", "There is a board of this name already.")
    changes = _changes(form)
    more = list(_meetings(form, visit))
    gone = [at for at in (before.meetings if before else ()) if key(at) in visit.typed.getlist("cancel")]

    def change(site: SiteDesk) -> Board | None:
        there = site.boards.get(name)
        after = Board(**{**changes, "name": name, "meetings": replanned(name, there, more, gone)})
        return after if after != there else None

    if form.fits:
        try:
            anew(lambda: _arrange(visit, change))
        except Unfit as unfit:
            form.fault("chair", "; ".join(unfit.faults))
        except ValidationError:
            form.fault("name", "This cannot be a name: no comma, semicolon or slash, no # in front.")
        else:
            return visit.go(address("/board", Board(name=name)))
    return _page(visit, before, form.typed, form)


@PAGES.post("/board/move", CHAIRS)
def moved(visit: Visit) -> Response:
    """Hold a meeting at another time; everybody on its list goes along."""
    form = Form(visit)
    before = _there(visit, visit.field("board", 60))
    if before is None:
        raise Stopped(404, "There is no such board")
    old = next((at for at in before.meetings if key(at) == visit.field("moves", 40)), None)
    if old is None:
        form.fault("moves", "Which meeting?")
    new = _moment(form, "to_day", "to_time")
    if old and new and form.fits:
        try:
            anew(lambda: _move(visit, before.name, old, new))
        except Unfit as unfit:
            form.fault("to_day", "; ".join(unfit.faults))
        else:
            return visit.go(address("/board", visit.site.boards[before.name], new))
    return _page(visit, before, {**_typed(before), **form.typed}, form)


def _move(visit: Visit, board: str, old: datetime, new: datetime) -> int:
    with visit.database.writing() as connection:
        return move(connection, board, old, new, recorder=visit.account.name, now=visit.now)


def _arrange(visit: Visit, change: Any) -> SiteDesk:
    with visit.database.writing() as connection:
        return arrange(connection, change, recorder=visit.account.name, now=visit.now)


def _there(visit: Visit, name: str) -> Board | None:
    if name and name not in visit.site.boards:
        raise Stopped(404, "There is no such board")
    return visit.site.boards.get(name)


def _changes(form: Form) -> dict[str, object]:
    visit = form.visit
    questions = [str(one) for one in visit.typed.getlist("question")]
    known = load_vocabulary().code_lists["board_question"]
    if any(one not in known for one in questions):
        form.fault("question", "Choose one of the list.")
    return {
        "place": form.text("place", 200),
        "chair": form.chosen("chair", visit.site.people) or None,
        "minutes": _number(form, "minutes") or 60,
        "closes_days": _number(form, "closes_days") or 0,
        "capacity": _number(form, "capacity"),
        "questions": () if len(questions) == len(known) else tuple(questions),
        "active": visit.field("active") == "yes",
    }


def _number(form: Form, name: str) -> int | None:
    said = form.visit.field(name, 10)
    least, most, told = NUMBERS[name]
    if not said and name == "capacity":
        return None
    if said.isascii() and said.isdigit() and least <= int(said) <= most:
        return int(said)
    form.fault(name, told)
    return None


def _meetings(form: Form, visit: Visit) -> Iterator[datetime]:
    """The meetings that are added; none where no day was typed."""
    weeks = _number(form, "weeks") if visit.field("day", 10) else None
    at = _moment(form, "day", "time") if weeks else None
    if at and weeks:
        yield from weekly(at, weeks, visit.site.site.time_zone)


def _moment(form: Form, day_field: str, time_field: str) -> datetime | None:
    """A day and a time of the site that were typed; None where one is missing, with its fault."""
    day, said = form.day(day_field, needed="On which day?"), form.visit.field(time_field, 5)
    try:
        at = time.fromisoformat(said)
    except ValueError:
        form.fault(time_field, "When does it begin? A time is written 16:00.")
        return None
    zone = form.visit.site.site.time_zone
    return datetime.combine(day, at.replace(tzinfo=None), zone) if day else None


def _typed(before: Board | None) -> dict[str, str]:
    """What stands in the form before anybody types."""
    one = before or Board(name="new")
    return {
        "name": before.name if before else "",
        "place": one.place,
        "chair": one.chair or "",
        "minutes": str(one.minutes),
        "closes_days": str(one.closes_days),
        "capacity": str(one.capacity or ""),
        "weeks": "1",
        "active": "yes" if one.active else "",
    }


def _page(visit: Visit, before: Board | None, typed: Mapping[str, str], form: Form | None) -> Response:
    chosen = visit.typed.getlist("question") if form else before.questions if before else ()
    return visit.page(
        "board_plan.html",
        422 if form else 200,
        here="/board",
        before=before,
        ahead=[one for one in (before.meetings if before else ()) if one > visit.now],
        typed=typed,
        faults=form.faults if form else {},
        questions=[(one, code_name(one)) for one in load_vocabulary().code_lists["board_question"]],
        chosen=chosen,
        cancelled=visit.typed.getlist("cancel"),
        people=[(name, name) for name, one in visit.site.people.items() if one.active],
        key=key,
    )
