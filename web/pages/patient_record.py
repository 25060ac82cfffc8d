"""Recording something about a patient: the kind, the form made from the vocabulary, what it would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from interop.event_words import kind_words
from pathways.vocabulary import EventType, load_vocabulary
from web.form import Form
from web.pages.patient_do import present
from web.pages.patient_fields import BEFORE, MOST_ROWS, SPARE, controls, read, rows_of, words_of
from web.pages.patient_saving import Draft, form_page, new_draft, saved, would_change
from web.rules import WORKS, Pages
from web.shown.patient_seen import Seen
from web.visit import Stopped, Visit

PAGES = Pages()

NOT_TYPED: Final = frozenset(
    {"correction", "retraction", "task_progress", "pathway_paused", "pathway_resumed"}
)
"""Kinds of entries that have pages of their own."""


@PAGES.get("/patients/{number}/record", WORKS)
def record_form(visit: Visit) -> Response:
    """What is to be recorded, and then the form for it."""
    found = present(visit)
    visit.seen("patient record", found.number)
    asked = visit.asked("type")
    if not asked:
        kinds = [(n, visit.t(kind_words(n))) for n in load_vocabulary().events if n not in NOT_TYPED]
        kinds.sort(key=lambda kind: kind[1].casefold())
        return visit.page("patient_record_kinds.html", here="/", seen=found, kinds=kinds)
    return _record_page(visit, found, _type(asked), new_draft(found), {f"{BEFORE}date": str(visit.today)})


@PAGES.post("/patients/{number}/record", WORKS)
def record_new(visit: Visit) -> Response:
    """Try what was typed, or save it."""
    form, type_ = Form(visit), _type(visit.field("type"))
    said = read(form, type_)
    entry = {**_when(form), **said.content, "type": type_.name}
    draft = Draft((entry,), words=tuple(words_of(said)))
    answer = saved(visit, form, draft)
    if answer is not None:
        return answer
    found = present(visit)
    would_change(visit, found, form, draft)
    visit.seen("patient record", found.number)
    return _record_page(visit, found, type_, draft, form.typed, form)


def _type(name: str) -> EventType:
    events = load_vocabulary().events
    if name not in events or name in NOT_TYPED:
        raise Stopped(422, "There is no such kind of entry")
    return events[name]


def _when(form: Form) -> dict[str, object]:
    """The day it happened, with a time where one was typed, when it was documented, and a note."""
    day = form.day(f"{BEFORE}date", needed="On which day was it?")
    time, documented = form.text(f"{BEFORE}time", 5), form.day(f"{BEFORE}documented")
    note = form.text(f"{BEFORE}note")
    told: dict[str, object] = {"date": f"{day}T{time}" if time else str(day)}
    if documented:
        told["documented"] = str(documented)
    return {**told, **({"note": note} if note else {})}


def _record_page(
    visit: Visit,
    found: Seen,
    type_: EventType,
    draft: Draft,
    typed: Mapping[str, str],
    form: Form | None = None,
) -> Response:
    rows = rows_of(form) if form else SPARE
    if visit.field("do") == "rows":
        rows = min(rows + SPARE, MOST_ROWS)
    return form_page(
        visit,
        found,
        draft,
        form,
        title=kind_words(type_.name),
        action=f"/patients/{found.number}/record",
        groups=controls(type_),
        typed=typed,
        kind=type_.name,
        lesions=range(rows),
        when=True,
        reason=False,
        asked=visit.asked("field"),
    )
