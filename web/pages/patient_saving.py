"""What recording, correcting and taking back have in common: tried first, and saved only as it was seen.

Whoever was overtaken is told by whom, and nothing is written. A form that is sent twice is saved once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from coordination.entries import Comment
from coordination.saying import say_about
from engine.event import Event
from interop.event_words import content, field_words, type_words
from interop.plain_text import day_words
from pathways.worded import worded
from store import accounts, identities, ledger
from store.errors import MergedAway, OtherContent, Overtaken, Refused
from store.ledger import Line
from store.naming import check_entry_names_nobody
from store.record import record, tried
from store.recording import Entry, Recorded, Recording
from web.form import Form
from web.pages.patient_do import back, present
from web.pages.patient_fields import BEFORE
from web.pages.patient_preview import Preview, preview
from web.shown.patient_seen import Seen
from web.visit import WEB, Stopped, Visit

REASON_TO_COME: Final = "preview"
"""Stands for the reason while somebody only looks what would change."""


Done = Callable[[Recorded | None], Response]
"""Where to go on from what was recorded; None: this very form was saved before."""


@dataclass
class Draft:
    """What somebody is about to record: the entries, what they would change, and who came between.

    `sequence` is the end of the record as the person has seen it; `once` names this form, so that it is saved
    once. `notes` are said at the desk in the same transaction. `changes` are corrections in words: field,
    old and new value.
    """

    entries: tuple[dict[str, object], ...] = ()
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    preview: Preview | None = None
    meanwhile: tuple[tuple[Line, str], ...] = ()
    sequence: int = 0
    once: str = ""


def new_draft(found: Seen) -> Draft:
    """For a form that is opened."""
    return Draft(sequence=found.view.dossier.head.sequence, once=accounts.new_secret())


def reason_of(form: Form) -> str:
    """Why something is changed; while somebody only looks it may still be missing."""
    saves = form.visit.field("do") == "save"
    reason = form.text("reason", 1000, needed="Why? It is kept with the change." if saves else "")
    return reason or REASON_TO_COME


def tried_or_saved(
    visit: Visit, found: Seen, form: Form, draft: Draft, done: Done | None = None
) -> Response | None:
    """Save what was typed where that was asked for and fits; else try it: then the form is shown again.

    `done` says where to go on from there; else it is the page of the patient.
    """
    answer = saved(visit, form, draft, done)
    if answer is None:
        would_change(visit, present(visit) if _saves(visit) else found, form, draft)
    return answer


def saved(visit: Visit, form: Form, draft: Draft, done: Done | None = None) -> Response | None:
    """Save what was typed where that was asked for and fits; None: the form is to be shown again."""
    on = done or (lambda recorded: back(visit, _place(recorded)))
    draft.sequence, draft.once = _sequence(visit), visit.field("once", 80)
    if not _saves(visit):
        return None
    if _saved_before(visit, draft.once):
        return on(None)
    if not form.fits:
        return None
    try:
        return on(_save(visit, draft))
    except Refused as refused:
        _refuse(form, refused)
    except (Overtaken, OtherContent):
        pass  # who came between is told beside the form
    except MergedAway as away:
        told = f"Do it there: #{away.patient_id}."
        raise Stopped(409, "This record was merged into another one", told) from None
    return None


def would_change(visit: Visit, found: Seen, form: Form, draft: Draft) -> None:
    """Who recorded since the form was opened, and what the entries would change now."""
    _meanwhile(found, draft)
    if draft.entries and form.faults.keys() <= {"reason"}:
        try_out(visit, found, form, draft)


def _saves(visit: Visit) -> bool:
    return visit.field("do") == "save"


def _place(recorded: Recorded | None) -> str:
    return f"#{recorded.added[0]}" if recorded and recorded.added else "#st"


def _meanwhile(found: Seen, draft: Draft) -> None:
    """Who recorded what since the form was opened; by being told of it the person has seen it."""
    events = found.events
    later = (line for line in found.view.lines if line.seq > draft.sequence)
    draft.meanwhile = tuple((line, _line_words(line, events)) for line in later)
    draft.sequence = found.view.dossier.head.sequence


def _line_words(line: Line, events: Mapping[str, Event]) -> str:
    event = events.get(str(line.event_id))
    if event is None:
        return line.kind.replace("_", " ")
    return worded(
        "{id}, {kind}: {content}", id=event.id, kind=type_words(event), content=content(event, day_words)
    )


def _recording(visit: Visit, draft: Draft, *, expected: int | None) -> Recording:
    named = tuple(
        Entry(one, f"{draft.once}-{place}" if draft.once else None) for place, one in enumerate(draft.entries)
    )
    return Recording(f"{identities.NUMBERED}{visit.number}", named, source=WEB, expected=expected)


def _save(visit: Visit, draft: Draft) -> Recorded:
    name = visit.account.name

    def note(connection: Connection) -> None:
        comments = [Comment(text=one) for one in draft.notes]
        say_about(connection, [visit.number], lambda _: comments, {}, recorder=name, now=visit.now)

    _check_names(visit, draft)
    return record(
        visit.database,
        _recording(visit, draft, expected=draft.sequence),
        recorder=name,
        now=visit.here,
        derive=visit.place.derive,
        beside=note if draft.notes else None,
    )


def _check_names(visit: Visit, draft: Draft) -> None:
    """Raises Refused for words that name the patient: they stay in the ledger."""
    with visit.database.reading() as connection:
        for one in draft.entries:
            check_entry_names_nobody(connection, one, f"{identities.NUMBERED}{visit.number}")


def try_out(visit: Visit, found: Seen, form: Form, draft: Draft) -> None:
    """Work out what the entries would change; what does not fit is told at the form."""
    try:
        _check_names(visit, draft)
        done = tried(
            visit.database,
            _recording(visit, draft, expected=None),
            recorder=visit.account.name,
            now=visit.here,
            derive=visit.place.derive,
        )
    except Refused as refused:
        _refuse(form, refused)
    except OtherContent:
        form.fault("once", "This form was saved already.")
    else:
        draft.preview = preview(found, done)


def _refuse(form: Form, refused: Refused) -> None:
    usual = "reason" if "reason" in form.visit.typed else f"{BEFORE}date"
    for one in refused.faults:
        name = f"{BEFORE}{one.field}"
        form.fault(name if name in form.visit.typed else usual, one.message)


def _sequence(visit: Visit) -> int:
    said = visit.field("sequence", 12)
    if not (said.isascii() and said.isdigit()):
        raise Stopped(422, "This form is not whole", "Open it again.")
    return int(said)


def _saved_before(visit: Visit, once: str) -> bool:
    """Whether this very form was saved: then it came twice."""
    with visit.database.reading() as connection:
        lines = ledger.lines(connection, visit.number)
    return bool(once) and any(one.source == WEB and one.source_id == f"{once}-0" for one in lines)


def form_page(visit: Visit, found: Seen, draft: Draft, form: Form | None, **values: Any) -> Response:
    """The form with what it would change. A part that a script asked for is never an error by itself."""
    part = bool(visit.request.headers.get("hx-request"))
    saves = _saves(visit)
    wrong = 422 if form and form.faults else 409 if saves and draft.meanwhile else 200
    usual = {"asked": "", "said": "", "entry": None, "lesions": range(0), "kind": "", "when": False}
    return visit.page(
        "patient_form.html",
        200 if part else wrong,
        here="/",
        seen=found,
        draft=draft,
        faults=form.faults if form else {},
        labels=labels(form),
        lists={name: visit.typed.getlist(name) for name in visit.typed} if form else {},
        **{**usual, **values},
    )


def labels(form: Form | None) -> dict[str, str]:
    """What the fields that do not fit are called above the form; of a lesion its part alone."""
    return {name: _label(name.removeprefix(BEFORE)) for name in form.faults} if form else {}


def _label(path: str) -> str:
    return field_words(path.rpartition(".")[2] if path.startswith("lesions.") else path)
