"""What programs say about a patient at the desk: comments, whose it is, what was taken on, how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from coordination import doing
from coordination.doing import Told, planning_faults, report_faults, waiting_faults
from coordination.entries import Acknowledged, Assigned, Comment, Entry, Item, Snoozed, WorkingDate
from coordination.fitting import check_owner, check_person
from coordination.patient_desk import PatientDesk
from coordination.saying import as_it_stays, say_about
from store import desk, identities, looked
from store.errors import UnknownPatient
from web.api import answers
from web.api.asked import (
    CommentAsked,
    OwnerAsked,
    PauseAsked,
    PlanAsked,
    ProgressAsked,
    ResumeAsked,
    WaitAsked,
)
from web.api.patients import present
from web.api.problems import Failed, Fault
from web.api.recording import recorded
from web.api.rules import Operations
from web.api.versions import Write, Writing
from web.shown.patient_due import DueRow, due_rows, find
from web.shown.patient_seen import Seen

OPERATIONS = Operations()
WRITE = "desk:write"
Key = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{16}$",
        description="Which task: `GET /patients/{number}/due` tells its key.",
        examples=["0123456789abcdef"],
    ),
]


@OPERATIONS.post("/patients/{number}/comments", WRITE, answers.Said)
def comment(write: Writing, asked: CommentAsked) -> Response:
    """Note something about the patient; it is never changed, and names no patient."""
    return _said(write, lambda _: [Comment(text=asked.text)], {"text": asked.text})


@OPERATIONS.post("/patients/{number}/seen", "patients:read", answers.Said)
def seen(write: Writing) -> Response:
    """Keep that somebody has seen the patient as of now: what was corrected before is news no more. Reading
    does not say so by itself, as a program that reads is nobody who looked.
    """
    visit = write.visit

    def do(connection: Connection) -> Callable[[str], BaseModel]:
        head = identities.find(connection, f"{identities.NUMBERED}{visit.number}")
        if head is None:
            raise UnknownPatient
        looked.look(connection, visit.account.id, visit.number, head.sequence)
        return lambda tag: answers.Said(number=visit.number, version=tag)

    return write.done(do)


@OPERATIONS.post("/patients/{number}/owner", WRITE, answers.Said)
def assign(write: Writing, asked: OwnerAsked) -> Response:
    """Give the patient to a person, a team or nobody, and say which clinician is in charge."""

    def entries(connection: Connection) -> Iterator[Entry]:
        site = as_it_stays(connection)
        if asked.owner is not None:
            check_owner(site, asked.owner)
        if asked.clinician is not None:
            check_person(site, asked.clinician)
        before = PatientDesk.of(desk.about(connection, write.visit.number))
        if (before.owner, before.clinician) != (asked.owner, asked.clinician):
            yield Assigned(owner=asked.owner, clinician=asked.clinician, reason=asked.reason)

    return _said(write, entries, {"reason": asked.reason})


@OPERATIONS.post("/patients/{number}/due/{task}/acknowledge", WRITE, answers.Said)
def acknowledge(write: Writing, task: Key, asked: WaitAsked) -> Response:
    """Make something that is due yours until a day: it is not chased before."""
    return _wait(write, task, asked, Acknowledged)


@OPERATIONS.post("/patients/{number}/due/{task}/snooze", WRITE, answers.Said)
def snooze(write: Writing, task: Key, asked: WaitAsked) -> Response:
    """Put something off until a day, without making it yours."""
    return _wait(write, task, asked, Snoozed)


def _wait(write: Write, task: str, asked: WaitAsked, kind: type[Acknowledged] | type[Snoozed]) -> Response:
    found = present(write.visit)
    about, name = _task(found, task).about, write.visit.account.name
    snoozes = kind is Snoozed
    _check(waiting_faults(found.site, name, write.visit.today, about, asked.until, snoozes=snoozes))
    said = kind(about=about, until=asked.until, reason=asked.reason)
    return _said(write, lambda _: [said], {"reason": asked.reason})


@OPERATIONS.post("/patients/{number}/due/{task}/working-date", WRITE, answers.Said)
def plan_step(write: Writing, task: Key, asked: PlanAsked) -> Response:
    """Say by when the site means to take a step for which the sources give no date."""
    found = present(write.visit)
    row = _task(found, task)
    if row.step is None:
        raise Failed("impossible", "The sources give this a date; it needs no other.")
    _check(planning_faults(found.site.site, write.visit.today, asked.on))
    step: Item = row.step
    said = WorkingDate(about=step, on=asked.on, reason=asked.reason)
    return _said(write, lambda _: [said], {"reason": asked.reason})


@OPERATIONS.post("/patients/{number}/due/{task}/progress", WRITE, answers.Recorded)
def progress(write: Writing, task: Key, asked: ProgressAsked) -> Response:
    """Report how far something due has come, or why it is not done."""
    found = present(write.visit)
    about, on, reason, code = _task(found, task).about, asked.on, asked.reason, asked.reason_code
    _check(report_faults(found.site.site, found.day, about, asked.status, on, reason, code))
    there = [one.about for one in due_rows(found)]
    content = doing.report(about, there, asked.status, on, place=asked.place, reason=reason, code=code)
    said = {"date": f"{write.visit.here:%Y-%m-%dT%H:%M:%S}", **content}
    return recorded(write, found, [said])


@OPERATIONS.post("/patients/{number}/pause", WRITE, answers.Recorded)
def pause(write: Writing, asked: PauseAsked) -> Response:
    """Send no notices about the patient until somebody says that they are sent again."""
    found = _held(write, paused=False)
    if asked.code == "other" and not asked.reason:
        raise Failed("impossible", "", [Fault(pointer="/reason", detail="What else is it?")])
    said = {"type": "pathway_paused", "reason": ": ".join(filter(None, (asked.code, asked.reason)))}
    return recorded(write, found, [{**said, "date": _moment(write)}])


@OPERATIONS.post("/patients/{number}/resume", WRITE, answers.Recorded)
def resume(write: Writing, asked: ResumeAsked) -> Response:
    """Send notices about the patient again."""
    found = _held(write, paused=True)
    said = {"type": "pathway_resumed", "date": _moment(write)}
    said |= {"reason": asked.reason} if asked.reason else {}
    return recorded(write, found, [said])


def _held(write: Write, *, paused: bool) -> Seen:
    """The patient whose notices are paused, or are not. Raises Failed."""
    found = present(write.visit)
    if found.work is None:
        raise Failed("impossible", "There are no notices: the patient has left the pathway.")
    if (found.work.course.held.paused_on is not None) != paused:
        raise Failed("impossible", "It is so already.")
    return found


def _moment(write: Write) -> str:
    return f"{write.visit.here:%Y-%m-%dT%H:%M:%S}"


def _task(found: Seen, task: str) -> DueRow:
    row = find(found, task)
    if row is None:
        raise Failed("not-found", "This is not to be done any more, or never was.")
    return row


def _check(told: Told) -> None:
    faults = [Fault(pointer=f"/{field}" if field != "kind" else None, detail=words) for field, words in told]
    if faults:
        raise Failed("impossible", "Nothing was said. See the faults.", faults)


def _said(
    write: Write,
    entries: Callable[[Connection], Iterable[Entry]],
    texts: Mapping[str, str],
) -> Response:
    """Say something at the desk about the patient, whole or not at all."""
    visit = write.visit

    def do(connection: Connection) -> Callable[[str], BaseModel]:
        said, name = list(entries(connection)), visit.account.name
        say_about(connection, [visit.number], lambda _: said, texts, recorder=name, now=visit.now)
        return lambda tag: answers.Said(number=visit.number, version=tag)

    return write.done(do)
