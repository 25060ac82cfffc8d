"""Correcting an entry, and taking one back: what it would change is shown before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starlette.responses import Response

from engine.event import FACTS, Event
from interop.amending import NotAmended, change, in_force
from interop.case_writer import plain_value
from interop.event_words import field_words, type_words, value_words
from interop.plain_text import day_words
from interop.words import Word
from pathways.vocabulary import load_vocabulary
from web.form import Form
from web.pages.patient_do import present
from web.pages.patient_fields import (
    BEFORE,
    MOST_ROWS,
    SPARE,
    UNKNOWN,
    Group,
    cells,
    control,
    controls,
    fact_controls,
    lesion_cells,
    read_rows,
    rows_of,
    text_of,
)
from web.pages.patient_saving import (
    REASON_TO_COME,
    Draft,
    form_page,
    new_draft,
    reason_of,
    tried_or_saved,
    try_out,
)
from web.pages.patient_story import entry_words
from web.rules import WORKS, Pages
from web.shown.patient_seen import Seen
from web.visit import Stopped, Visit

PAGES = Pages()


@PAGES.get("/patients/{number}/entries/{event}/amend", WORKS)
def amend_form(visit: Visit) -> Response:
    """An entry as it is, to be corrected."""
    found = present(visit)
    event = _entry(visit, found)
    visit.seen("patient amend", found.number)
    return _amend_page(visit, found, event, new_draft(found), _as_it_is(event))


@PAGES.post("/patients/{number}/entries/{event}/amend", WORKS)
def amend(visit: Visit) -> Response:
    """Try the corrections that were typed, or save them."""
    found, form = present(visit), Form(visit)
    event, words = _entry(visit, found), list[Word]()
    reason = reason_of(form)
    said = {"type": "correction", "date": str(visit.today), "target": event.id, "reason": reason}
    changes = list(_changes(found, form, event, words))
    if not changes and form.fits:
        form.fault("reason", "Nothing was changed yet.")
    draft = Draft(tuple({**said, **one} for one in changes), changes=tuple(map(_change_words, changes)))
    answer = tried_or_saved(visit, found, form, draft)
    if answer is not None:
        return answer
    visit.seen("patient amend", found.number)
    return _amend_page(visit, found, event, draft, form.typed, form)


def _entry(visit: Visit, found: Seen) -> Event:
    event = in_force(found.view, str(visit.request.path_params["event"]))
    if event is None or event.type in ("correction", "retraction"):
        raise Stopped(404, "There is no such entry", "It was taken back, or is a correction itself.")
    return event


def _groups(event: Event) -> list[Group]:
    if event.id == FACTS:
        return fact_controls()
    date = Group("", (control(load_vocabulary().common["date"], f"{BEFORE}date"),))
    return [date, *controls(load_vocabulary().events[event.type])]


def _as_it_is(event: Event) -> dict[str, str]:
    """What stands in the form of an entry at the beginning."""
    facts = event.id == FACTS
    fields = load_vocabulary().facts if facts else load_vocabulary().events[event.type].fields
    groups = [one for one in _groups(event) if facts or one.controls[0].name != f"{BEFORE}date"]
    there = cells(groups, event.fields, fields)
    if not facts:
        there[f"{BEFORE}date"] = str(event.day)
    for name, one in fields.items():
        if one.type == "list" and one.of is not None:
            for row, lesion in enumerate(lesion_cells(one, event.fields.get(name))):
                there |= {f"{name}.{row}.{part}": text for part, text in lesion.items()}
    return there


def _changes(found: Seen, form: Form, event: Event, words: list[Word]) -> Iterator[dict[str, object]]:
    """Field, old and new value of everything that was typed otherwise than it is."""
    was = _as_it_is(event)
    for one in (one for group in _groups(event) for one in group.controls):
        path = one.name.removeprefix(BEFORE)
        if one.kind == "lesions":
            yield from _lesion_changes(form, event, path, words)
            continue
        text = text_of(form, one)
        if (
            one.kind == "pairs"
            or text == was.get(one.name, "")
            or (text, one.name in was) == (UNKNOWN, False)
        ):
            continue
        if not text:
            form.fault(one.name, "What is it instead? Choose unknown where it is not known.")
            continue
        try:
            yield change(found.view, event, path, text, words)
        except NotAmended as told:
            form.fault(one.name, str(told))


def _lesion_changes(form: Form, event: Event, path: str, words: list[Word]) -> Iterator[dict[str, object]]:
    """The whole list, where any row of it is another one."""
    spec = load_vocabulary().events[event.type].fields[path]
    rows = read_rows(form, spec, words)
    old = plain_value(event.fields.get(path))
    if form.fits and rows != (old or []) and spec.parse(rows) != spec.parse(old):
        yield {"field": path, "old": old, "new": rows}


def _change_words(one: Mapping[str, object]) -> tuple[str, str, str]:
    return (
        field_words(str(one["field"])),
        value_words(one["old"], day_words),
        value_words(one["new"], day_words),
    )


def _amend_page(
    visit: Visit, found: Seen, event: Event, draft: Draft, typed: Mapping[str, str], form: Form | None = None
) -> Response:
    facts = event.id == FACTS
    there = sum(1 for name in _as_it_is(event) if name.startswith("lesions.") and name.endswith(".id"))
    rows = max(rows_of(form) if form else 0, there + 1)
    if visit.field("do") == "rows":
        rows = min(rows + SPARE, MOST_ROWS)
    return form_page(
        visit,
        found,
        draft,
        form,
        title="known from the beginning" if facts else type_words(event),
        action=f"/patients/{found.number}/entries/{event.id}/amend",
        groups=_groups(event),
        typed=typed,
        lesions=range(rows),
        reason=True,
        asked=visit.asked("field"),
        entry=None if facts else event,
    )


@PAGES.get("/patients/{number}/entries/{event}/retract", WORKS)
def retract_form(visit: Visit) -> Response:
    """What taking an entry back would change."""
    found = present(visit)
    event = _retracted(visit, found)
    visit.seen("patient retract", found.number)
    draft, form = new_draft(found), Form(visit)
    draft.entries = (_retraction(visit, event, REASON_TO_COME),)
    try_out(visit, found, form, draft)
    return _retract_page(visit, found, event, draft, {}, form if form.faults else None)


@PAGES.post("/patients/{number}/entries/{event}/retract", WORKS)
def retract(visit: Visit) -> Response:
    """Take an entry back: it stays in the story, struck through."""
    found, form = present(visit), Form(visit)
    event = _retracted(visit, found, again=True)
    draft = Draft((_retraction(visit, event, reason_of(form)),))
    answer = tried_or_saved(visit, found, form, draft)
    if answer is not None:
        return answer
    visit.seen("patient retract", found.number)
    return _retract_page(visit, found, event, draft, form.typed, form)


def _retracted(visit: Visit, found: Seen, *, again: bool = False) -> Event:
    """The entry to be taken back; `again`: also one that is taken back by now, as a form may come twice."""
    id = str(visit.request.path_params["event"])
    event = None if id == FACTS else in_force(found.view, id)
    there = {one.id: one for one in found.view.dossier.entries}
    if event is None and again and id in there:
        event = there[id]
    if event is None:
        raise Stopped(404, "There is no such entry", "It may have been taken back already.")
    return event


def _retraction(visit: Visit, event: Event, reason: str) -> dict[str, object]:
    return {"type": "retraction", "date": str(visit.today), "target": event.id, "reason": reason}


def _retract_page(
    visit: Visit, found: Seen, event: Event, draft: Draft, typed: Mapping[str, str], form: Form | None
) -> Response:
    return form_page(
        visit,
        found,
        draft,
        form,
        title=type_words(event),
        action=f"/patients/{found.number}/entries/{event.id}/retract",
        groups=[],
        typed=typed,
        reason=True,
        entry=event,
        said=entry_words(event, found),
    )
