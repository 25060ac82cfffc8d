"""The page about one patient: where on the pathway, what next and why, what is due, and what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from engine.calendar import completed_years
from engine.profiles import ProfileVerdict
from engine.snapshot import Deviation
from interop.access_rows import of_patient as looks_at
from interop.beside import statements_behind
from interop.companions import companions
from interop.event_words import field_words, measured, person_words, value_words
from interop.held import held_by_unknowns, held_words
from interop.open_points import default_taken
from interop.side_by_side import SideBySide
from interop.statement_words import statements
from pathways.diagram import DiagramError
from pathways.titles import pathway_title, state_title
from pathways.vocabulary import load_vocabulary
from pathways.worded import joined, worded
from store.judgements import marked
from web.drawing import drawn
from web.pages.patient_steps import closed_by_state, steps
from web.pages.patient_story import beginning, story
from web.pages.patient_way import way_walked
from web.pages.patient_words import chips, looked_at
from web.render import rendered
from web.rules import READS, WORKS, Pages
from web.shown.access_words import ACCESS_WORDS
from web.shown.patient_due import due_rows, settled_rows, step_rows
from web.shown.patient_seen import Asked, Elsewhere, Seen, asked_of, seen, seen_or_gone
from web.visit import Stopped, Visit

PAGES = Pages()

WIDE: Final = (1360, 10)
NARROW: Final = (860, 6)
"""Width of the drawing of the way, and states in a row."""

EVIDENCE: Final = {
    "recommendation": "What the sources recommend here",
    "opposing": "What speaks against it",
    "limit": "To be told to the patient: limits of the evidence",
    "prognosis": "Prognostic features, for information; never a block",
    "evidence": "Figures and trials behind it",
    "data": "Data at hand",
}
"""The kinds of display in the order of the page."""

KEY_FACTS: Final = ("hr_status", "her2_status", "brca_status", "performance_status")
"""What is told of the patient in the head, where it is known."""


@PAGES.get("/patients/{number}", READS)
def patient(visit: Visit) -> Response:
    """The page, as of today or as it was."""
    asked = asked_of(visit)
    try:
        found = seen(visit, asked)
    except Elsewhere as elsewhere:
        return visit.go(f"/patients/{elsewhere.number}")
    visit.seen("patient", found.number, as_of=asked.as_of, known_at=asked.known_at)
    if not asked.past:
        visit.looked_at(found.number, found.view.dossier.head.sequence)
    return page(visit, found)


def page(visit: Visit, found: Seen, status: int = 200, **typed: Any) -> Response:
    """The page with the record in it, and the comment as it was `typed` where that was not taken."""
    does = not found.asked.past and visit.may(*WORKS)
    return visit.page(
        "patient.html",
        status,
        here="/",
        seen=found,
        does=does,
        record=record(visit, found, does=does, **typed),
        happened=_days(visit, (event.day for event in found.view.dossier.entries)),
        recorded=_days(visit, (line.recorded_there.date() for line in found.view.lines)),
    )


def _days(visit: Visit, days: Iterable[date]) -> list[date]:
    """The days of the past on which anything happened or was recorded, each once: the marks of a slider."""
    return sorted({day for day in days if day < visit.today})


def record(visit: Visit, found: Seen, *, does: bool = False, **typed: Any) -> Markup:
    """What is told about the patient on that day: the same whenever it is asked for. `does`: with what can be
    done today.
    """
    form = {"faults": {}, "typed": {"text": "", "phrase": ""}, **typed}
    values = visit.common() | told(found, visit.looks.language) | form | {"does": does}
    return Markup(rendered("_patient_record.html", visit.looks, values))  # noqa: S704 - escaped as it was made


def told(found: Seen, language: str) -> dict[str, Any]:
    """Every part of the record; what is drawn has its words in a language."""
    view, snapshot = found.view, found.view.snapshot
    main = snapshot.main
    shown = found.beside.offered(snapshot)
    way = way_walked(view.enrolled[0].pathway, main, found.day)
    side = SideBySide.of(view)
    return {
        "today": found.day,
        "seen": found,
        "phrases": sorted(found.site.phrases.items()),
        "head": head(found),
        "alerts": list(_alerts(found)),
        "held": [held_words(one, found.events) for one in held_by_unknowns(view)],
        "way": way,
        "drawings": (("lg", way.drawn(*WIDE, language)), ("sm2", way.drawn(*NARROW, language))),
        "steps": steps(found),
        "closed": closed_by_state(found),
        "askable": load_vocabulary().events["finding_recorded"].fields,
        "dated": {(one.about.pathway, one.about.item): one.key for one in step_rows(found)},
        "due": due_rows(found),
        "settled": settled_rows(found),
        "definitions": [(one, _decides(one)) for one in side.definitions],
        "selections": [(one, _decides(one)) for one in side.selections],
        "chosen": side.chosen,
        "imaging": looked_at((one.id for one in side.imagings), found),
        "deviations": deviations(found),
        "companions": companions(view),
        "story": story(found),
        "beginning": beginning(found),
        "evidence": [
            (title, [one for one in shown if one.kind == kind])
            for kind, title in EVIDENCE.items()
            if any(one.kind == kind for one in shown)
        ],
        "left_open": [
            (one, default_taken(one.partition(" ")[0], snapshot.settings))
            for one in dict.fromkeys(text for part in snapshot.pathways for text in part.not_determined)
        ],
        "review": found.beside.tally(statements_behind(snapshot, shown)).text,
        "chips": chips,
        "statements": statements,
        "looked_at": lambda ids: looked_at(ids, found),
        "measured": measured,
    }


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the record."""

    who: str
    age: int | None
    facts: str
    state: str
    since: date | None
    days: int
    paused: int
    began: date | None
    days_in_all: int


def head(found: Seen) -> Head:
    """Who it is, apart from the name, and where on the pathway."""
    main, facts = found.view.snapshot.main, found.view.dossier.facts_in_force
    last = _last_day(found)
    born = facts.get("birth_date")
    began = main.trail[0].on if main.trail else None
    course = found.work.course if found.work else None
    since = main.entered_on
    return Head(
        who=person_words({name: facts[name] for name in facts if name != "birth_date"}, last),
        age=completed_years(born, last) if isinstance(born, date) and born <= last else None,
        facts=joined(" · ", _key_facts(found)),
        state=state_title(main.state, main.key),
        since=since,
        days=(found.day - since).days if since else 0,
        paused=course.held.paused_days(since, found.day) if course and since else 0,
        began=began,
        days_in_all=(last - began).days if began else 0,
    )


def _last_day(found: Seen) -> date:
    """The day on which the age is told: nobody grows older once dead."""
    main = found.view.snapshot.main
    ended = {state.id for state in found.view.enrolled[0].pathway.states if state.final}
    return main.entered_on if main.state in ended and main.entered_on else found.day


def _key_facts(found: Seen) -> Iterator[str]:
    facts, derived = found.view.dossier.facts_in_force, found.view.snapshot.main.facts
    for name in KEY_FACTS:
        if facts.get(name) is not None:
            yield worded("{field} {value}", field=field_words(name), value=value_words(facts[name]))
    if derived.get("organs_involved"):
        yield value_words(derived["organs_involved"])


def _alerts(found: Seen) -> Iterator[str]:
    """Why the patient could get lost."""
    if found.work is None:
        return
    yield from found.work.work.alerts
    days = (found.day - found.work.tracked_on).days
    if days > found.site.site.untracked_days:
        yield worded("not tracked for {n} days", n=days)


def _decides(one: ProfileVerdict) -> tuple[tuple[str, str], ...]:
    """What decides it: the criteria that are not met, else those that are not known."""
    for result in ("fail", "unknown"):
        if found := one.having(result):
            return tuple((result, each.verdict.text) for each in found)
    return ()


def deviations(found: Seen) -> list[tuple[str, Deviation, str]]:
    """Departures and remarks on the data, open ones first, each with its pathway, and where it is reviewed;
    nowhere on a page of the past.
    """
    main = found.view.snapshot.main.key
    rows = [
        (
            "" if part.key == main else pathway_title(part.key),
            one,
            "" if found.asked.past else _place(found.number, part.key, one),
        )
        for part in found.view.snapshot.pathways
        for one in part.deviations
    ]
    return sorted(rows, key=lambda row: (row[1].status != "open", row[1].severity == "data"))


def _place(number: int, pathway: str, one: Deviation) -> str:
    return f"/patients/{number}/deviations/{marked(pathway, one.code, one.events, one.on)}"


@PAGES.get("/patients/{number}/pathway", READS)
def pathway(visit: Visit) -> Response:
    """The whole pathway as a diagram, with the way of the patient."""
    asked = asked_of(visit)
    found = seen_or_gone(visit, asked)
    parts = {part.key: part for part in found.view.snapshot.pathways}
    wanted = visit.asked("part") or found.view.snapshot.main.key
    if wanted not in parts:
        raise Stopped(404, "The patient is not on such a pathway")
    visit.seen("patient pathway", found.number, part=wanted, as_of=asked.as_of, known_at=asked.known_at)
    part = parts[wanted]
    followed = next(one.pathway for one in found.view.enrolled if one.pathway.key == wanted)
    try:
        picture = drawn(followed, visit.looks.language, part.state, [move.target for move in part.trail])
    except DiagramError as error:
        raise Stopped(503, "The diagram cannot be drawn", str(error)) from None
    there = [(key, pathway_title(key)) for key, one in parts.items() if one.entered_on]
    return visit.page(
        "patient_pathway.html",
        here="/",
        seen=found,
        part=part,
        title=followed.title,
        parts=there,
        moves=[(move, state_title(move.target, part.key)) for move in part.trail],
        picture=picture,
    )


@PAGES.get("/patients/{number}/access", READS)
def access(visit: Visit) -> Response:
    """Who looked at this record, and who recorded what, the newest first."""
    found = seen_or_gone(visit, Asked())
    visit.seen("patient access", found.number)
    with visit.database.reading() as connection:
        rows = looks_at(connection, found.number, found.reference)
    return visit.page("patient_access.html", here="/", seen=found, rows=rows[::-1], words=ACCESS_WORDS)
