"""What programs record about a patient: an entry, a correction, a retraction; or what it would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
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
from store.naming import check_entry_names_nobody
from store.recording import Entry, Recorded, Recording
from web.api import answers
from web.api.asked import AmendAsked, EntryAsked, RetractAsked
from web.api.patients import present
from web.api.problems import Failed
from web.api.problems import Fault as Wrong
from web.api.rules import Operations
from web.api.values import Code
from web.api.versions import Write, Writing
from web.shown.patient_seen import Seen
from web.visit import API

OPERATIONS = Operations()
WRITE = "patients:write"
EntryId = Annotated[Code, Path(description="The id of an entry.", examples=["e03"])]
_COMMON = ("id", "type", "date", "documented", "recorded")
"""What stands beside the fields of an entry, not among them."""


@OPERATIONS.post("/patients/{number}/entries", WRITE, answers.Recorded)
def record_entry(write: Writing, asked: EntryAsked) -> Response:
    """Record an event; `GET /vocabulary` tells which there are and what their fields are."""
    if asked.type in ("correction", "retraction"):
        raise Failed("impossible", "Correct and take back by the address of the entry.")
    if any(name in _COMMON for name in asked.fields):
        raise Failed(
            "invalid", "See the faults.", [Wrong(pointer="/fields", detail="it stands beside the fields")]
        )
    said: dict[str, Any] = {**asked.fields, "type": asked.type, "date": asked.date or str(write.visit.today)}
    if asked.documented is not None:
        said["documented"] = asked.documented
    try:
        return recorded(write, present(write.visit), [said], asked.dry_run)
    except Refused as refused:
        raise Refused(list(map(placed, refused.faults))) from None


def placed(fault: Fault) -> Fault:
    """A fault of a field at its place in what was sent."""
    own = fault.field is None or fault.field in _COMMON
    return fault if own else replace(fault, field=f"fields.{fault.field}")


@OPERATIONS.post("/patients/{number}/entries/{entry}/amend", WRITE, answers.Recorded)
def amend(
    write: Writing,
    entry: EntryId,
    asked: AmendAsked,
) -> Response:
    """Correct fields of an entry; `facts` in its place: what was known from the beginning."""
    found = present(write.visit)
    event, reason = _in_force(found, entry), asked.reason
    about = {"type": "correction", "date": str(write.visit.today), "target": entry, "reason": reason}
    said = [{**about, **_change(found, event, name, new)} for name, new in asked.changes.items()]
    return recorded(write, found, said, asked.dry_run)


@OPERATIONS.post("/patients/{number}/entries/{entry}/retract", WRITE, answers.Recorded)
def retract(
    write: Writing,
    entry: EntryId,
    asked: RetractAsked,
) -> Response:
    """Take an entry back: it stays in the story, and is seen no more from now on."""
    if entry == FACTS:
        raise Failed("impossible", "What was known from the beginning is corrected, not taken back.")
    found, reason = present(write.visit), asked.reason
    _in_force(found, entry)
    said = {"type": "retraction", "date": str(write.visit.today), "target": entry, "reason": reason}
    return recorded(write, found, [said], asked.dry_run)


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


def recorded(
    write: Write,
    found: Seen,
    said: Sequence[Mapping[str, object]],
    dry_run: bool = False,
) -> Response:
    """Record what is said about the patient, or try it; its words name nobody."""
    visit = write.visit
    reference = f"{identities.NUMBERED}{visit.number}"
    with visit.database.reading() as connection:
        for one in said:
            check_entry_names_nobody(connection, one, reference)
    recording = Recording(reference, tuple(map(Entry, said)), source=API)
    visit.seen("patient record", found.number, dry_run=dry_run)
    name, derive = visit.account.name, visit.place.derive
    if dry_run:
        would = record.tried(visit.database, recording, recorder=name, now=visit.here, derive=derive)
        return write.tried(lambda tag: _told(found, would, tag, dry_run=True))

    write.check()
    ready = record.ready(visit.database, recording, name, visit.reckoning)

    def do(connection: Connection) -> Callable[[str], BaseModel]:
        was = ready.recorded(connection)
        return lambda tag: _told(found, was, tag, dry_run=False)

    return write.done(do)


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
