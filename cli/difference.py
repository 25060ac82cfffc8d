"""`carepath difference`: what was recorded between two moments, and what that changed for one day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from cli.arguments import day, moment
from cli.difference_view import show_difference
from cli.output import print_json
from cli.parameters import AsOf, JsonObject, Patient
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.answer import plain
from engine.event import Moment, not_after
from interop.difference_json import with_decisions
from interop.event_words import content, type_words, when
from store.births import Births
from store.learned import Learned, learned
from store.ledger import Line, event_of
from store.origins import moved_here


def difference(
    patient: Patient,
    between: Annotated[
        tuple[str, str],
        typer.Option(
            metavar="T1 T2", help="Two moments or days: by what was recorded by the one and the other."
        ),
    ],
    as_of: AsOf = None,
    json: JsonObject = False,
) -> Status:
    """What was recorded about a patient between two moments, and what it changed."""
    first, then = (moment("--between", text) for text in between)
    if not not_after(first, then):
        raise BadInput(f"--between: {between[1]} lies before {between[0]}")
    stand_on = day("--as-of", as_of) if as_of is not None else None
    with workplace() as here:
        births = here.patient(patient, stand_on, then).dossier.head.births
        found = learned(here.database, patient, first, then, now=here.now, derive=here.derive, as_of=stand_on)
    if json:
        print_json(_as_json(patient, first, then, found))
    else:
        _show(patient, first, then, found, births)
    return Status.OK


def _as_json(patient: str, first: Moment, then: Moment, found: Learned) -> dict[str, Any]:
    return {
        "patient": patient,
        "as_of": plain(found.after.as_of),
        "between": [plain(first), plain(then)],
        "recorded": [_line(line) for line in found.lines],
        "changes": with_decisions(found.difference),
    }


def _line(line: Line) -> dict[str, Any]:
    told = {"id": line.event_id, "kind": line.kind, "type": line.type, "date": plain(line.day)}
    return {**told, "recorded": plain(line.recorded_there), "recorder": line.recorder}


def _show(patient: str, first: Moment, then: Moment, found: Learned, births: Births | None) -> None:
    from cli.console import console, heading, table

    out = console()
    out.print(heading(f"{patient} on {found.after.as_of}, as known {when(then)} against {when(first)}"))
    if not found.lines:
        print(_nothing_between(first, then))
    else:
        made = table("Recorded", "By", "Entry", "What", "Said")
        for line in found.lines:
            made.add_row(when(line.recorded_there), line.recorder, *_said(line, births))
        out.print(made)
    if found.lines or found.difference:
        show_difference(found.difference, found.after)


def _nothing_between(first: Moment, then: Moment) -> str:
    """A day stands for its end, which is not what everybody expects of the first one."""
    if isinstance(first, datetime):
        return f"Nothing was recorded after {when(first)} and by {_by(then)}."
    told = f"Nothing was recorded after the end of {first} and by {_by(then)}."
    if first == date.min:
        return told
    return f"{told}\nFor what was recorded on {first}: --between {first - timedelta(days=1)} {when(then)}"


def _by(then: Moment) -> str:
    return when(then) if isinstance(then, datetime) else f"the end of {then}"


def _said(line: Line, births: Births | None) -> tuple[str, str, str]:
    if line.kind != "event":
        return "", _KINDS.get(line.kind, line.kind.replace("_", " ")), ""
    event = event_of(line, births)
    said = "; ".join(filter(None, (content(event), moved_here(line))))
    return event.id, f"{type_words(event)}, {event.day}", said


_KINDS = {
    "facts": "facts known from the beginning",
    "enrolment": "pathways and settings",
    "erasure": "erasure of the identity",
}
