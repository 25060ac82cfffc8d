"""An entry that was recorded for the wrong patient goes to the right one: seen at both before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection
from starlette.responses import Response

from engine.event import CHANGES, FACTS, Event
from interop.amending import in_force
from interop.event_words import content, type_words
from interop.plain_text import day_words
from store import accounts, identities
from store.errors import MergedAway, OtherContent, Overtaken, Refused
from store.move import Move, move_within
from store.recording import Recorded
from web.form import Form
from web.once import check_seen, done_once, sequence_typed
from web.pages.patient_do import back, present
from web.pages.patient_others import Other, other_seen, searched
from web.pages.patient_preview import Preview, preview
from web.pages.patient_saving import REASON_TO_COME
from web.rules import WORKS, Pages
from web.shown.patient_seen import Seen
from web.visit import Stopped, Visit

PAGES = Pages()


@PAGES.get("/patients/{number}/entries/{event}/move", WORKS)
def move_form(visit: Visit) -> Response:
    """To whom; with `to`, what it changes for both."""
    found = present(visit)
    event, said = _entry(visit, found), visit.asked("to")
    visit.seen("patient move", found.number)
    return _page(visit, found, event, _other(visit, found, said) if said else None)


@PAGES.post("/patients/{number}/entries/{event}/move", WORKS)
def move(visit: Visit) -> Response:
    """Look for the right patient, or move the entry there."""
    found, form = present(visit), Form(visit)
    event = _entry(visit, found, again=True)
    visit.seen("patient move", found.number)
    if visit.field("do") == "find":
        return _page(visit, found, event, None, form, searched(visit, form, "patient move"))
    other = _other(visit, found, visit.field("to", 20))
    reason = form.text("reason", 200, needed="Why does it concern the other patient?")
    if form.fits:
        try:
            done_once(visit, lambda connection: _moved(connection, visit, found, other, event, reason))
            return back(visit, f"#{event.id}")
        except Refused as refused:
            form.refused(refused.faults, "reason")
        except MergedAway as away:
            told = f"It is part of the record #{away.patient_id}."
            raise Stopped(409, "This record was merged into another one", told) from None
        except Overtaken:
            found, other = present(visit), _other(visit, found, str(other.number))
            form.fault("reason", "Somebody recorded something meanwhile. Look at both as they are now.")
    return _page(visit, found, event, other, form)


def _entry(visit: Visit, found: Seen, *, again: bool = False) -> Event:
    """The entry to be moved; `again`: also one that is gone by now, as a form may come twice."""
    id = str(visit.request.path_params["event"])
    event = None if id == FACTS else in_force(found.view, id)
    if event is None and again:
        event = found.events.get(id)
    if event is None or event.type in CHANGES:
        raise Stopped(404, "There is no such entry", "It was taken back, or is a correction itself.")
    return event


def _other(visit: Visit, found: Seen, said: str) -> Seen:
    other = other_seen(visit, said)
    if other.number == found.number:
        raise Stopped(422, "That cannot be done", "It is recorded about this patient already.")
    visit.seen("patient move", other.number)
    return other


def _moved(connection: Connection, visit: Visit, found: Seen, other: Seen, event: Event, reason: str) -> str:
    ends = {found.number: "sequence", other.number: "other_sequence"}
    check_seen(connection, {number: sequence_typed(visit, name) for number, name in ends.items()})
    _move(connection, visit, found, other, event, reason)
    return "moved"


def _move(
    connection: Connection, visit: Visit, found: Seen, other: Seen, event: Event, reason: str
) -> tuple[Recorded, Recorded]:
    here, there = (f"{identities.NUMBERED}{one.number}" for one in (found, other))
    at = visit.reckoning
    return move_within(connection, Move(here, event.id, there, reason), visit.account.name, at)


def _tried(
    visit: Visit, found: Seen, other: Seen, event: Event
) -> tuple[tuple[Preview, ...], tuple[str, ...]]:
    """What it changes for both, or why it cannot be moved; nothing is kept."""
    try:
        with visit.database.writing(keeping=False) as connection:
            gone, come = _move(connection, visit, found, other, event, REASON_TO_COME)
    except Refused as refused:
        return (), tuple(one.message for one in refused.faults)
    except OtherContent as there:
        return (), (str(there),)
    return (preview(found, gone), preview(other, come)), ()


def _page(
    visit: Visit,
    found: Seen,
    event: Event,
    other: Seen | None,
    form: Form | None = None,
    candidates: Sequence[Other] = (),
) -> Response:
    previews, refused = _tried(visit, found, other, event) if other else ((), ())
    faults = form.faults if form else {}
    return visit.page(
        "patient_move.html",
        422 if faults else 200,
        here="/",
        seen=found,
        beside=other,
        entry=event,
        what=type_words(event),
        said=content(event, day_words),
        previews=previews,
        refused=refused,
        candidates=candidates,
        once=visit.field("once", 80) or accounts.new_secret(),
        typed=form.typed if form else {},
        faults=faults,
    )
