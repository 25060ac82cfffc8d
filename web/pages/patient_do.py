"""What is done about a patient at the desk: noted, given to somebody, taken on, put off, reported, paused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from coordination import doing
from coordination.doing import planning_faults, report_faults, waiting_faults
from coordination.entries import LONGEST, Acknowledged, Assigned, Comment, Entry, Item, Snoozed, WorkingDate
from coordination.fitting import NOBODY, Unfit, check_owner, check_person
from coordination.patient_desk import PatientDesk
from coordination.progress import REFUSALS, STAGES
from coordination.putting_off import works_here
from coordination.reasons import NON_ADHERENCE, PAUSES, codes_of
from coordination.saying import as_it_stays, say_about
from store import accounts, desk, identities
from store import recording as stored
from store.errors import MergedAway, OtherContent, Refused, UnknownPatient
from store.naming import check_names_nobody
from store.record import anew, record
from store.recording import Recording
from web.form import Form
from web.pages.patient import page
from web.rules import WORKS, Pages
from web.shown.patient_due import CELLS, DueRow, due_rows, find
from web.shown.patient_seen import Elsewhere, Seen, seen
from web.visit import WEB, Stopped, Visit

PAGES = Pages()

SAID_TWICE: Final = timedelta(minutes=10)
"""Within this time the same comment of the same person is one that was sent twice."""


def present(visit: Visit) -> Seen:
    """The patient as of now, about whom something is to be done. Raises Stopped."""
    try:
        return seen(visit)
    except Elsewhere as elsewhere:
        told = f"Do it there: #{elsewhere.number}."
        raise Stopped(409, "This record was merged into another one", told) from None


def back(visit: Visit, place: str = "") -> Response:
    """To the page of the patient."""
    return visit.go(f"/patients/{visit.number}{place}")


def say(visit: Visit, entries: Callable[[Connection], Iterable[Entry]], texts: Mapping[str, str]) -> None:
    """Say something at the desk about the patient in the address. Raises Refused and Stopped."""

    def saying() -> None:
        with visit.database.writing() as connection:
            said, name = list(entries(connection)), visit.account.name
            say_about(connection, [visit.number], lambda _: said, texts, recorder=name, now=visit.now)

    try:
        anew(saying)
    except UnknownPatient:
        raise Stopped(404, "There is no such patient") from None
    except MergedAway as away:
        told = f"Do it there: #{away.patient_id}."
        raise Stopped(409, "This record was merged into another one", told) from None


@PAGES.post("/patients/{number}/comment", WORKS)
def comment(visit: Visit) -> Response:
    """Note something; a phrase comes before what was typed."""
    found, form = present(visit), Form(visit)
    phrases = found.site.phrases
    phrase = form.chosen("phrase", phrases)
    said = f"{phrases.get(phrase, '')} {form.text('text')}".strip()
    if not said or len(said) > LONGEST:
        form.fault("text", "What is to be noted?" if not said else "That is too long.")
    last = found.said.comments[-1] if found.said.comments else None
    twice = last and (last.by, last.text) == (visit.account.name, said) and visit.now - last.at < SAID_TWICE
    if form.fits and not twice:
        try:
            say(visit, lambda _: [Comment(text=said)], {"text": said})
        except Refused as refused:
            form.refused(refused.faults, "text")
    if form.fits:
        return back(visit, "#cm")
    visit.seen("patient", found.number)
    typed = {"phrase": phrase, "text": form.typed.get("text", "")}
    return page(visit, found, 422, faults={"text": next(iter(form.faults.values()))}, typed=typed)


@PAGES.get("/patients/{number}/assign", WORKS)
def assign_form(visit: Visit) -> Response:
    """Whose patient it is, was, and could be."""
    found = present(visit)
    typed = {"owner": found.said.owner or NOBODY, "clinician": found.said.clinician or ""}
    return _assign_form(visit, found, typed)


def _assign_form(
    visit: Visit, found: Seen, typed: Mapping[str, str], faults: Mapping[str, str] | None = None
) -> Response:
    people = [one.name for one in found.site.people.values() if one.active]
    teams = [one.name for one in found.site.teams.values() if one.active]
    visit.seen("patient assign", found.number)
    with visit.database.reading() as connection:
        before = [one for one in desk.about(connection, found.number) if one.kind == desk.ASSIGNED]
    return visit.page(
        "patient_assign.html",
        422 if faults else 200,
        here="/",
        seen=found,
        typed=typed,
        faults=faults or {},
        owners=[*((one, one) for one in (*people, *teams)), (NOBODY, NOBODY)],
        people=[(one, one) for one in people],
        before=[(one.at, one.recorder, Assigned.model_validate(one.payload)) for one in before][::-1],
    )


@PAGES.post("/patients/{number}/assign", WORKS)
def assign(visit: Visit) -> Response:
    """Give the patient to a person, a team or nobody."""
    found, form = present(visit), Form(visit)
    owner = form.text("owner", 60, needed="To whom?")
    clinician, reason = form.text("clinician", 60), form.text("reason", 200)

    def entries(connection: Connection) -> Iterable[Entry]:
        site = as_it_stays(connection)
        if owner != NOBODY:
            check_owner(site, owner)
        if clinician:
            check_person(site, clinician)
        before = PatientDesk.of(desk.about(connection, found.number))
        after = Assigned(owner=None if owner == NOBODY else owner, clinician=clinician or None, reason=reason)
        if (before.owner, before.clinician) != (after.owner, after.clinician):
            yield after

    if form.fits:
        try:
            say(visit, entries, {"reason": reason})
        except Unfit as unfit:
            form.fault("owner", unfit.faults[0])
        except Refused as refused:
            form.refused(refused.faults, "reason")
    return back(visit) if form.fits else _assign_form(visit, found, form.typed, form.faults)


@PAGES.get("/patients/{number}/tasks/{key}", WORKS)
def task_form(visit: Visit) -> Response:
    """Something that is to be done: how far it has come, and what can be said of it."""
    found = present(visit)
    return _task_form(visit, found, _task(visit, found))


def _task(visit: Visit, found: Seen) -> DueRow:
    row = find(found, str(visit.request.path_params["key"]))
    if row is None:
        told = "It was done, given up, or its date was corrected. The page of the patient tells what is due."
        raise Stopped(404, "This is not to be done any more", told)
    return row


def _task_form(visit: Visit, found: Seen, row: DueRow, form: Form | None = None, where: str = "") -> Response:
    visit.seen("patient task", found.number)
    return visit.page(
        "patient_task.html",
        422 if form else 200,
        here="/",
        seen=found,
        row=row,
        typed=form.typed if form else {},
        faults=form.faults if form else {},
        where=where,
        once=accounts.new_secret(),
        stages=STAGES,
        refusals=REFUSALS,
        reasons=[(status, [(code, NON_ADHERENCE[code]) for code in codes_of(status)]) for status in REFUSALS],
        cell_names=CELLS,
        works=works_here(found.site, visit.account.name),
    )


@PAGES.post("/patients/{number}/tasks/{key}/wait", WORKS)
def wait(visit: Visit) -> Response:
    """Take something on until a day, or put it off."""
    found, form = present(visit), Form(visit)
    row, site = _task(visit, found), found.site
    kinds: dict[str, type[Acknowledged] | type[Snoozed]] = {"mine": Acknowledged, "later": Snoozed}
    kind = kinds.get(form.chosen("kind", kinds, needed="Take it on, or put it off?"))
    until = form.ahead("until", needed="Until when?")
    reason = form.text("reason", LONGEST, needed="Why? It is kept with it.")
    name, snoozes = visit.account.name, kind is Snoozed
    if until:
        form.faulty(waiting_faults(site, name, visit.today, row.about, until, snoozes=snoozes))
    if form.fits and kind and until:
        try:
            say(visit, lambda _: [kind(about=row.about, until=until, reason=reason)], {"reason": reason})
        except Refused as refused:
            form.refused(refused.faults, "reason")
    return back(visit, "#du") if form.fits else _task_form(visit, found, row, form, "wait")


@PAGES.post("/patients/{number}/tasks/{key}/plan", WORKS)
def plan(visit: Visit) -> Response:
    """By when the site means to take a step for which the sources give no date; empty: as usual."""
    found, form = present(visit), Form(visit)
    row = _task(visit, found)
    if row.step is None:
        raise Stopped(422, "The sources give this a date", "It needs no other.")
    on, reason = form.day("on"), form.text("reason", 200)
    form.faulty(planning_faults(found.site.site, visit.today, on))
    step: Item = row.step
    if form.fits:
        try:
            say(visit, lambda _: [WorkingDate(about=step, on=on, reason=reason)], {"reason": reason})
        except Refused as refused:
            form.refused(refused.faults, "reason")
    return back(visit, "#du") if form.fits else _task_form(visit, found, row, form, "plan")


@PAGES.post("/patients/{number}/tasks/{key}/report", WORKS)
def report(visit: Visit) -> Response:
    """How far something has come, or why it is not done."""
    found, form = present(visit), Form(visit)
    row = _task(visit, found)
    said = _reported(form, found, row)
    if form.fits:
        recorded(visit, form, said, "reason", ("reason", "place"))
    return back(visit, "#du") if form.fits else _task_form(visit, found, row, form, "report")


def _reported(form: Form, found: Seen, row: DueRow) -> dict[str, object]:
    status = form.chosen("status", (*STAGES, *REFUSALS), needed="How far has it come?")
    on, code = form.day("on"), form.chosen("reason_code", NON_ADHERENCE)
    reason, place = form.text("reason"), form.text("place", 200)
    site, about = found.site.site, row.about
    form.faulty(report_faults(site, found.day, about, status, on, reason, code))
    there = [one.about for one in due_rows(found)]
    return doing.report(about, there, status, on, place=place, reason=reason, code=code)


@PAGES.get("/patients/{number}/pause", WORKS)
def pause_form(visit: Visit) -> Response:
    """Whether notices about the patient are paused, and the form to change that."""
    return _pause_form(visit, present(visit))


def _pause_form(visit: Visit, found: Seen, form: Form | None = None) -> Response:
    if found.work is None:
        raise Stopped(422, "There are no notices about this patient", "The patient has left the pathway.")
    visit.seen("patient pause", found.number)
    values: dict[str, Any] = {"typed": form.typed if form else {}, "faults": form.faults if form else {}}
    held = found.work.course.held
    status = 422 if form else 200
    codes = list(PAUSES.items())
    values |= {"held": held, "codes": codes, "once": accounts.new_secret()}
    return visit.page("patient_pause.html", status, here="/", seen=found, **values)


@PAGES.post("/patients/{number}/pause", WORKS)
def pause(visit: Visit) -> Response:
    """Send no notices about the patient for a while, or again."""
    found, form = present(visit), Form(visit)
    if found.work is None:
        return _pause_form(visit, found)
    wanted = form.chosen("do", ("pause", "resume"), needed="Pause, or resume?")
    if wanted == ("resume" if found.work.course.held.paused_on is None else "pause"):
        form.fault("do", "It is so already.")
    reason = form.text("reason", 200)
    if wanted == "pause":
        code = form.chosen("code", PAUSES, needed="Why?")
        if code == "other" and not reason:
            form.fault("reason", "What else is it?")
        reason = f"{code}: {reason}" if reason else code
    said = {"type": "pathway_paused" if wanted == "pause" else "pathway_resumed"}
    if form.fits:
        recorded(visit, form, {**said, **({"reason": reason} if reason else {})}, "reason", ("reason",))
    return back(visit) if form.fits else _pause_form(visit, found, form)


def recorded(
    visit: Visit, form: Form, said: Mapping[str, object], usual: str, texts: Iterable[str] = ()
) -> None:
    """Record what was said as of this moment, once though the form may come twice; what does not fit is told
    at the form.
    """
    content = {"date": f"{visit.here:%Y-%m-%dT%H:%M:%S}", **said}
    reference = f"{identities.NUMBERED}{visit.number}"
    try:
        with visit.database.reading() as connection:
            for name in texts:
                check_names_nobody(connection, form.text(name), reference, field=name)
        record(
            visit.database,
            Recording(reference, (stored.Entry(content, visit.field("once", 80) or None),), source=WEB),
            recorder=visit.account.name,
            now=visit.here,
            derive=visit.place.derive,
        )
    except OtherContent:  # this very form was saved a moment before
        return
    except Refused as refused:
        form.refused(refused.faults, usual)
