"""What would open a step that is held back. It is searched for when somebody asks: that takes as long as all
the rest of the page about a patient.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from engine.decision import Decision, decisions
from engine.unblock import Opening, Unblocking
from interop.openings import held_titles, nothing, openings_for, what
from web.rules import READS, Pages
from web.shown.patient_seen import Seen, asked_of, seen_or_gone
from web.visit import Stopped, Visit

PAGES = Pages()


@dataclass(frozen=True, slots=True)
class Way:
    """What would open a step: all of it together. Each row: what, who can do it, whether it is a fact."""

    opening: Opening
    rows: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Openings:
    """The ways there are, and what is told where there is none; `complete`: there are no others."""

    ways: tuple[Way, ...]
    no_way: str
    still_held: tuple[str, ...]
    complete: bool


@PAGES.get("/patients/{number}/steps/{step}/openings", READS)
def openings(visit: Visit) -> Response:
    """What would open a step of the pathway `part`, on the day and by what is known as asked."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    decision = _decision(visit, found)
    unblocking = openings_for(found.view, decision)
    if unblocking is None:
        raise Stopped(404, "Nothing holds this step back")
    visit.seen("patient openings", found.number, step=decision.name, **asked.said)
    return visit.page(
        "patient_openings.html",
        here="/",
        seen=found,
        today=found.day,
        decision=decision,
        found=_openings(found, unblocking),
    )


def _decision(visit: Visit, found: Seen) -> Decision:
    part, step = visit.asked("part"), str(visit.request.path_params["step"])
    pairs = zip(found.view.enrolled, found.view.snapshot.pathways, strict=True)
    offered = (
        next(decisions([enrolment], [one], found.beside.shown, step), None)
        for enrolment, one in pairs
        if one.key == part and any(each.step == step for each in one.steps)
    )
    if (decision := next(offered, None)) is None:
        raise Stopped(404, "The patient is not offered such a step")
    return decision


def _openings(found: Seen, unblocking: Unblocking) -> Openings:
    ways = tuple(_way(found, opening) for opening in unblocking.openings)
    return Openings(
        ways=ways,
        no_way="" if ways else nothing(unblocking, found.view),
        still_held=tuple(held_titles(unblocking, found.view)) if ways else (),
        complete=unblocking.complete,
    )


def _way(found: Seen, opening: Opening) -> Way:
    rows = ((what(one, found.view), one.who, one.kind == "find_out") for one in opening.remedies)
    return Way(opening, tuple(rows))
