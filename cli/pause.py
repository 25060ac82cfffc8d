"""`carepath pause` and `resume`: notices about a patient stand still for a while; what is due does not."""

from __future__ import annotations

from datetime import date as date_type
from typing import Annotated

import typer

from cli.arguments import moment, readable
from cli.change import check_reason
from cli.days import plural
from cli.parameters import JsonObject, Patient
from cli.recorded import SOURCE, say, tell, when_it_was
from cli.status import BadInput, Status
from cli.workplace import workplace
from coordination.patient_work import course_of
from coordination.reasons import PAUSES
from engine.event import day_of
from pathways.vocabulary import closest
from store.recording import Entry, Recording

_codes = "".join(f"\n  {code}  {words}" for code, words in PAUSES.items())

Date = Annotated[str | None, typer.Option("--date", metavar="DATE", help="The day. Default: today.")]


def pause(
    patient: Patient,
    reason_code: Annotated[
        str, typer.Option("--reason-code", metavar="CODE", help=f"One of {', '.join(PAUSES)}.")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="More about it; it names no patient.")] = "",
    date: Date = None,
    json: JsonObject = False,
) -> Status:
    """Send no notices about a patient until `resume`. Dates, states and deviations go on as they are."""
    if reason_code not in PAUSES:
        given = (
            f"there is no {reason_code!r}{closest(reason_code, PAUSES)}" if reason_code else "none was given"
        )
        raise BadInput(f"--reason-code: {given}; one of{_codes}")
    words = readable("--reason", reason)
    if reason_code == "other" and not words:
        raise BadInput("--reason TEXT is needed: what else is it?")
    return _record(patient, "pathway_paused", f"{reason_code}: {words}" if words else reason_code, date, json)


def resume(
    patient: Patient,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it names no patient.")] = "",
    date: Date = None,
    json: JsonObject = False,
) -> Status:
    """Send notices about a patient again: what is still true is told once."""
    return _record(patient, "pathway_resumed", readable("--reason", reason), date, json)


def _record(patient: str, type_: str, reason: str, date: str | None, json: bool) -> Status:
    with workplace() as here:
        held = course_of(here.patient(patient)).held
        since = held.paused_on
        if (type_ == "pathway_paused") == (since is not None):
            told = f"is paused since {since}: {held.paused_because}" if since else "is not paused"
            raise BadInput(f"{patient} {told}")
        check_reason(here, reason, patient)
        at = when_it_was(here, date)
        said = {"type": type_, "date": at, **({"reason": reason} if reason else {})}
        recorded = say(here, Recording(patient, (Entry(said),), source=SOURCE))
    if not json:
        print(_told(patient, since, day_of(moment("--date", at))))
    tell(recorded, [], json)
    return Status.OK


def _told(patient: str, since: date_type | None, day: date_type) -> str:
    if since is None:
        return f"No notices about {patient} from {day} on; what is due stays due."
    return f"Notices about {patient} go out again, after {plural((day - since).days, 'day')}."
