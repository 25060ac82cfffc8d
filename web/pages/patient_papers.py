"""Papers about one patient: the case summary for a board, and the timeline, both to be printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from starlette.responses import HTMLResponse, Response

from engine.brief import Brief
from engine.brief import brief as brief_of
from interop.brief_page import brief_page
from interop.brief_render import as_html
from pathways.day_zero import in_days
from pathways.guidelines.catalogue import load_catalogue
from store.reviews import sign_offs
from web.pages.patient import head
from web.pages.patient_story import Told, story
from web.pages.patient_way import WayWalked, way_walked
from web.rules import READS, Pages
from web.shown.patient_due import due_rows
from web.shown.patient_seen import Seen, asked_of, seen_or_gone
from web.visit import Stopped, Visit

PAGES = Pages()

PAPER: Final = (1360, 10)
"""Width of the drawing on paper, and states in a row."""


@PAGES.get("/patients/{number}/brief", READS)
def brief(visit: Visit) -> Response:
    """The case summary for a board: one page about one question."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    made = case_summary(visit, found, visit.asked("step"))
    visit.seen("patient brief", found.number, as_of=asked.as_of, known_at=asked.known_at)
    steps = {one.step: one.title for part in found.view.snapshot.pathways for one in part.steps}
    return visit.page(
        "patient_brief.html",
        here="/",
        seen=found,
        page=brief_page(made),
        chosen=made.question.name if made.question else "",
        steps=steps,
        query=asked.query,
    )


@PAGES.get("/patients/{number}/brief.html", READS)
def brief_file(visit: Visit) -> Response:
    """The same as one file that needs nothing else, to be kept or handed on."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    made = case_summary(visit, found, visit.asked("step"))
    visit.seen("patient brief file", found.number, as_of=asked.as_of, known_at=asked.known_at)
    name = f"case-summary-{found.number}-{found.day}.html"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return HTMLResponse(in_days(as_html(made)), headers=headers)


def case_summary(visit: Visit, found: Seen, step: str) -> Brief:
    """The brief about a step; empty: the one nearest to being taken. Raises Stopped."""
    view = found.view
    signed = sign_offs(visit.database, view.snapshot.known_at)
    try:
        made = brief_of(
            found.reference,
            view.enrolled,
            view.dossier.story,
            view.snapshot,
            load_catalogue(),
            signed,
            step or None,
        )
    except KeyError:
        raise Stopped(404, "The pathways of this patient have no such step") from None
    return replace(made, day_zero=view.day_zero)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened while the patient was in one state."""

    title: str
    on: date | None
    days: int
    rows: tuple[Told, ...]


@PAGES.get("/patients/{number}/timeline", READS)
def timeline(visit: Visit) -> Response:
    """Everything that happened, from the first day on, by the states the patient went through."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    visit.seen("patient timeline", found.number, as_of=asked.as_of, known_at=asked.known_at)
    way = way_walked(found.view.enrolled[0].pathway, found.view.snapshot.main, found.day)
    return visit.page(
        "patient_timeline.html",
        here="/",
        seen=found,
        head=head(found),
        stretches=stretches(found, way),
        query=asked.query,
        drawing=way.drawn(*PAPER, visit.looks.language),
        due=due_rows(found),
        today=found.day,
    )


def stretches(found: Seen, way: WayWalked) -> list[Stretch]:
    """The story from the first day on, by the states of the way."""
    rows = story(found)[::-1]
    first = way.stays[0].on if way.stays else None
    before = tuple(one for one in rows if first is None or one.day < first)
    made = [Stretch("before the pathway", None, 0, before)] if before else []
    for place, stay in enumerate(way.stays):
        end = way.stays[place + 1].on if place + 1 < len(way.stays) else date.max
        inside = tuple(one for one in rows if stay.on <= one.day < end)
        made.append(Stretch(stay.title, stay.on, stay.days, inside))
    return made
