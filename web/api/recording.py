"""What programs record about a patient: an entry, a correction, a retraction; or what it would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from engine.event import FACTS, Event
from engine.fault import Fault
from engine.path import PathError
from interop.amending import field_of, in_force, value_of
from interop.difference_json import with_decisions
from pathways.vocabulary import ValueFault
from store import identities, record
from store.errors import Refused
from store.naming import check_names_nobody
from store.recording import Entry, Recorded, Recording
from store.settle import Reckoning
from web.api import answers
from web.api.asked import AmendAsked, EntryAsked, RetractAsked
from web.api.door import About
from web.api.patients import present
from web.api.problems import Failed
from web.api.problems import Fault as Wrong
from web.api.rules import Operations
from web.api.values import Code
from web.api.versions import IdempotencyKey, IfMatch, done, tried
from web.pages.patient_seen import Seen
from web.visit import API, Visit

OPERATIONS = Operations()
WRITE = "patients:write"
EntryId = Annotated[Code, Path(description="The id of an entry.", examples=["e03"])]
_COMMON = ("id", "type", "date", "documented", "recorded")
"""What stands beside the fields of an entry, not among them."""


@OPERATIONS.post("/patients/{number}/entries", WRITE, answers.Recorded)
def record_entry(
    visit: About, asked: EntryAsked, match: IfMatch = None, key: IdempotencyKey = None
) -> Response:
    """Record an event; `GET /vocabulary` tells which there are and what their fields are."""
    if asked.type in ("correction", "retraction"):
        raise Failed("impossible", "Correct and take back by the address of the entry.")
    if any(name in _COMMON for name in asked.fields):
        raise Failed(
            "invalid", "See the faults.", [Wrong(pointer="/fields", detail="it stands beside the fields")]
        )
    said: dict[str, Any] = {**asked.fields, "type": asked.type, "date": asked.date or str(visit.today)}
    if asked.documented is not None:
        said["documented"] = asked.documented
    return _recorded(visit, asked, lambda _: [said], {}, asked.dry_run, match, key)


@OPERATIONS.post("/patients/{number}/entries/{entry}/amend", WRITE, answers.Recorded)
def amend(
    visit: About,
    entry: EntryId,
    asked: AmendAsked,
    match: IfMatch = None,
    key: IdempotencyKey = None,
) -> Response:
    """Correct fields of an entry; `facts` in its place: what was known from the beginning."""

    def said(found: Seen) -> Iterable[dict[str, object]]:
        event = _in_force(found, entry)
        about = {"type": "correction", "date": str(visit.today), "target": entry, "reason": asked.reason}
        return [{**about, **_change(found, event, name, new)} for name, new in asked.changes.items()]

    return _recorded(visit, asked, said, {"reason": asked.reason}, asked.dry_run, match, key)


@OPERATIONS.post("/patients/{number}/entries/{entry}/retract", WRITE, answers.Recorded)
def retract(
    visit: About,
    entry: EntryId,
    asked: RetractAsked,
    match: IfMatch = None,
    key: IdempotencyKey = None,
) -> Response:
    """Take an entry back: it stays in the story, and is seen no more from now on."""

    def said(found: Seen) -> Iterable[dict[str, object]]:
        if entry == FACTS:
            raise Failed("impossible", "What was known from the beginning is corrected, not taken back.")
        _in_force(found, entry)
        reason = asked.reason
        return [{"type": "retraction", "date": str(visit.today), "target": entry, "reason": reason}]

    return _recorded(visit, asked, said, {"reason": asked.reason}, asked.dry_run, match, key)


def _in_force(found: Seen, entry: str) -> Event:
    event = in_force(found.view, entry)
    if event is None:
        raise Failed("not-found", "There is no such entry, or it was taken back.")
    return event


def _change(found: Seen, event: Event, name: str, new: object) -> dict[str, object]:
    """Field, old and new value of a correction. Raises Refused."""
    try:
        path, field = field_of(found.view, event, name)
        old = value_of(event, path)
        same = field.parse(new) == field.parse(old)
    except (PathError, ValueFault) as fault:
        raise Refused([Fault(event.id, f"changes.{name}", str(fault))]) from None
    if same:
        raise Refused([Fault(event.id, f"changes.{name}", "it is so already")])
    return {"field": path, "old": old, "new": new}


def _recorded(
    visit: Visit,
    asked: BaseModel,
    said: Callable[[Seen], Iterable[Mapping[str, object]]],
    texts: Mapping[str, str],
    dry_run: bool,
    match: str | None,
    key: str | None,
) -> Response:
    found = present(visit)
    reference = f"{identities.NUMBERED}{visit.number}"
    with visit.database.reading() as connection:
        for name, text in texts.items():
            check_names_nobody(connection, text, reference, field=name)
    entries = tuple(map(Entry, said(found)))
    recording = Recording(reference, entries, source=API)
    visit.seen("patient record", found.number, dry_run=dry_run)
    name, derive = visit.account.name, visit.place.derive
    if dry_run:
        would = record.tried(visit.database, recording, recorder=name, now=visit.here, derive=derive)
        return tried(visit, match, lambda tag: _told(found, would, tag, dry_run=True))

    def do(connection: Connection) -> Callable[[str], BaseModel]:
        at = Reckoning.at(visit.here, derive)
        was = record.recorded_within(connection, recording, name, at)
        return lambda tag: _told(found, was, tag, dry_run=False)

    return done(visit, asked, do, match, key)


def _told(found: Seen, recorded: Recorded, tag: str, *, dry_run: bool) -> answers.Recorded:
    after = recorded.snapshot or found.view.snapshot
    return answers.Recorded(
        number=found.number,
        version=tag,
        dry_run=dry_run,
        recorded=recorded.added,
        known=recorded.repeated,
        state=after.main.state,
        changes=answers.Changes.model_validate(with_decisions(recorded.difference)),
    )
