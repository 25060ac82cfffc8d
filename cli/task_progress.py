"""`carepath progress`: how far something due has come, or why it is not done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as date_type
from typing import Annotated, Any

import typer

from cli.arguments import day, readable
from cli.at_desk import check_waits, site_desk
from cli.change import check_reason
from cli.output import print_json
from cli.parameters import JsonObject, Patient
from cli.progress_words import progress_words
from cli.recorded import SOURCE, say, tell, when_it_was
from cli.status import BadInput, Status
from cli.which_item import Things, due_of, due_or_step
from cli.work import of_patient
from cli.workplace import workplace
from coordination.entries import Item
from coordination.patient_work import course_of
from coordination.progress import DATED, REFUSALS, STAGES, Progress, chase, due_named
from coordination.reasons import NON_ADHERENCE, codes_of, refusal_words
from coordination.track import Course
from interop.desk_json import progress_json
from pathways.vocabulary import closest
from store.recording import Entry, Recording

_ON = {"booked": "the day of the appointment", "deferred": "until when it is deferred"}


def progress(
    patient: Patient,
    item: Annotated[
        str,
        typer.Argument(
            metavar="[ITEM]", help="What is due: its id, or words of its title.", show_default=False
        ),
    ] = "",
    status: Annotated[
        str,
        typer.Argument(metavar="[STATUS]", help=f"{', '.join((*STAGES, *REFUSALS))}.", show_default=False),
    ] = "",
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The appointment, or until when it is deferred."),
    ] = None,
    place: Annotated[str, typer.Option(metavar="TEXT", help="Where it is booked.")] = "",
    due: Annotated[
        str | None, typer.Option(metavar="DATE", help="Which of a series. Default: the earliest not done.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it names no patient.")] = "",
    reason_code: Annotated[
        str,
        typer.Option(metavar="CODE", help="Why, by its HL7 code; a wrong one lists them."),
    ] = "",
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day on which it was so. Default: today.")
    ] = None,
    json: JsonObject = False,
) -> Status:
    """How far something due has come, or why it is not done; without ITEM how far everything has.

    It stays due until the event itself is recorded, but other things are chased. What is declined or
    contraindicated ends, what is deferred is put off; these need a reason.
    """
    if not item:
        return _show(patient, json)
    _check(status, on, reason, reason_code)
    said: dict[str, Any] = {
        "type": "task_progress",
        "status": status,
        "on": str(day("--on", on)) if on else "",
        "place": readable("--place", place),
        "reason": readable("--reason", reason),
        "reason_code": reason_code,
    }
    with workplace() as here:
        view = here.patient(patient)
        about, thing = due_or_step(here, view, item, day("--due", due) if due else None)
        for field in ("reason", "place"):
            check_reason(here, said[field], patient, field=f"--{field}")
        if said["on"] and status in DATED:
            check_waits(here, site_desk(here), "--on", day("--on", said["on"]), about.due)
        said |= {"item": about.item, "date": when_it_was(here, date)}
        named = due_named(about, due_of(here, view))
        said["due"] = str(named) if named else ""
        recorded = say(
            here, Recording(patient, (Entry({n: v for n, v in said.items() if v}),), source=SOURCE)
        )
    if not json:
        print(f"{thing.title}, {thing.when}: {_words(said)}.")
    tell(recorded, [], json)
    return Status.OK


def _check(status: str, on: str | None, reason: str, code: str) -> None:
    """Raises BadInput for a status there is not, and where something is missing that goes with it."""
    known = (*STAGES, *REFUSALS)
    if status not in known:
        near = closest(status, known)
        raise BadInput(f"there is no status {status!r}{near} (there are {', '.join(known)})")
    if status in DATED and not on:
        raise BadInput(f"{status} needs --on DATE: {_ON[status]}")
    if status in REFUSALS and not (reason.strip() or code):
        raise BadInput(f"{status} needs a reason: --reason TEXT, or --reason-code CODE of{_codes(status)}")
    if code and code not in NON_ADHERENCE:
        near = closest(code, NON_ADHERENCE)
        raise BadInput(f"there is no reason {code!r}{near}; for {status} there are{_codes(status)}")
    if code and code not in codes_of(status):
        told = f"{code!r} ({NON_ADHERENCE[code]}) is no reason for {status}, which ends it for good"
        raise BadInput(f"{told}; such are{_codes(status)}\nWhat cannot be done now is `deferred --on DATE`.")


def _codes(status: str) -> str:
    return "".join(f"\n  {code}  {NON_ADHERENCE[code]}" for code in codes_of(status))


def _words(said: Mapping[str, Any]) -> str:
    why = refusal_words(said["reason_code"], said["reason"])
    if said["status"] in ("declined", "contraindicated"):
        return f"{said['status']} on {said['date'][:10]}: {why}"
    told = {"day": said["date"][:10], "on": said["on"], "place": said["place"], "reason": why}
    return progress_words({"status": said["status"], **told})


def _show(patient: str, json: bool) -> Status:
    """What is due, with what is to be chased of it, and what was given up."""
    with workplace() as here:
        view = here.patient(patient)
        found = of_patient(here, view)
        course, there = found.track.course if found else course_of(view), due_of(here, view)
    reports = {about: course.report(about) for about in there}
    if json:
        items = [
            {**about.model_dump(mode="json"), "progress": progress_json(report), "chase": chase(report)}
            for about, report in reports.items()
        ]
        ended = [
            {**about.model_dump(mode="json"), "progress": progress_json(report), "chase": None}
            for about, report in course.given_up.items()
        ]
        print_json({"patient": patient, "items": items, "given_up": ended})
        return Status.OK
    _print(patient, there, course, reports)
    return Status.OK


def _print(patient: str, there: Things, course: Course, reports: Mapping[Item, Progress | None]) -> None:
    from rich.text import Text

    from cli.console import console, table

    gone = course.given_up
    if not reports and not gone:
        print(f"Nothing of {patient} is due, and no step has a working date.")
        return
    made = table("Due", "What", "How far", "Id")
    for about in sorted(there, key=_order):
        far = progress_words(progress_json(reports[about]))
        made.add_row(str(about.due), there[about].title, far, about.item)
    for about in sorted(gone, key=_order):
        title, far = course.items[about].title, f"{gone[about].words} ({gone[about].event})"
        made.add_row(*(Text(one, "dim") for one in (str(about.due), title, far, about.item)))
    console().print(made)


def _order(about: Item) -> tuple[date_type, str]:
    return about.due, about.item
