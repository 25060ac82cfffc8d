"""Patients as programs read them: the tracking list, one patient, why, the story, what is due, who looked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from coordination.outlook import Overview
from interop import access_rows
from interop.became import became
from interop.case_writer import event_content, plain_value
from interop.desk_json import overview_json, progress_json, step_json
from interop.patient_json import as_json
from interop.why_json import as_json as why_json
from interop.why_json import decision_named
from pathways.titles import closed_states, known_states
from store import desk_list, outlooks
from store.desk_list import DUE, Place, Ticked
from store.ledger import Line
from web.api import answers, answers_lists, cursors
from web.api.asked import ListAsked, SearchAsked
from web.api.door import About, Here, Reading, answer_of, is_named
from web.api.problems import Failed, Fault
from web.api.rules import Operations
from web.api.values import Code, Day, Moment
from web.api.versions import version
from web.fresh import freshen
from web.shown.patient_due import DueRow, due_rows, settled_rows, step_rows
from web.shown.patient_seen import Asked, Elsewhere, Seen, seen
from web.shown.tracking_lines import Line as ListLine
from web.shown.tracking_lines import found_by, lines_of, scope_of, shown_of
from web.shown.tracking_window import Window
from web.visit import Visit

OPERATIONS = Operations()
READ = "patients:read"
AsOf = Annotated[Day | None, Query(description="The day on which the answer stands; today if none is named.")]
KnownAt = Annotated[
    Moment | None, Query(description="By what was recorded until then; all there is if none is named.")
]


@OPERATIONS.get("/patients", READ, answers.Rows)
def patients(visit: Here, asked: Annotated[ListAsked, Query()]) -> Response:
    """The tracking list: the most urgent first, as the page shows it, page by page."""
    if not set(asked.state) <= set(known_states()):
        raise Failed(
            "invalid", "See the faults.", [Fault(parameter="state", detail="there is no such state")]
        )
    asked_for = Ticked(
        due=tuple(one for one in DUE if one in asked.due),
        flags=tuple(asked.flag),
        buckets=tuple(asked.day),
        states=tuple(asked.state),
    )
    ticked = shown_of(asked_for)
    after = cursors.read(visit, asked, asked.cursor, Place)
    older = freshen(visit)
    scope = scope_of(visit, asked.owner, closed_states(), None)
    with visit.database.reading() as connection:
        by = outlooks.by(connection, visit.today)
        rows, end = desk_list.following(connection, scope, by, ticked, after=after, most=asked.limit)
    visit.seen("list", None, owner=asked.owner, shown=len(rows))
    lines = tuple(_row(one) for one in lines_of(visit, rows))
    further = cursors.written(visit, asked, end) if end else None
    return answer_of(answers.Rows(patients=lines, next=further, older=older))


@OPERATIONS.post("/patients/search", READ, answers.Found)
def search(visit: Here, asked: SearchAsked) -> Response:
    """Whom a name, a reference or a number finds. It is sent in the body, so that it stands in no address."""
    with visit.database.reading() as connection:
        numbers = tuple(found_by(connection, asked.text))
        by = outlooks.by(connection, visit.today)
        scope = scope_of(visit, "", closed_states(), numbers)
        rows = desk_list.page(connection, scope, by, most=50)
    visit.seen("list", None, search="yes", shown=len(rows))
    return answer_of(answers.Found(patients=tuple(_row(one) for one in lines_of(visit, rows))))


def _row(line: ListLine) -> answers.Row:
    row, person = line.row, line.row.person
    comment = line.comment
    return answers.Row(
        number=row.number,
        reference=line.reference,
        name=person.name if person else None,
        age=line.age,
        state=row.state,
        state_title=line.state,
        day=line.day,
        days_in_state=line.in_state,
        due=line.kind,
        on=line.on,
        days=line.days,
        next=answers.NextStep.model_validate(step_json(line.step)) if line.step else None,
        owner=row.owner,
        taken_on=line.mine,
        held=line.paused,
        overdue=row.overdue,
        deviations=row.deviations,
        blocked=line.blocked,
        undetermined=row.undetermined,
        corrected=line.corrected,
        window=_window(line.window),
        board=answers.Board.model_validate(asdict(line.board)) if line.board else None,
        days_untracked=line.untracked,
        comment=answers.Note(text=comment.payload["text"], by=comment.recorder, at=comment.at)
        if comment
        else None,
        derived_on=row.derived_on,
    )


def _window(one: Window | None) -> answers.Window | None:
    if one is None:
        return None
    weeks = (one.week, one.first, one.last) if one.begun else (None, None, None)
    named = dict(zip(("week", "first", "last"), weeks, strict=True))
    return answers.Window(kind=one.kind, from_on=one.from_on, until=one.until, **named)


def present(visit: Visit, as_of: date | None = None, known_at: datetime | None = None) -> Seen:
    """The patient in the address. Raises Stopped, and Failed for a record that is part of another one."""
    try:
        return seen(visit, Asked(as_of, known_at))
    except Elsewhere as elsewhere:
        raise Failed("merged", f"It is part of the record of the patient {elsewhere.number}.") from None


def version_of(visit: Visit, *asked: object) -> str:
    """The version of the patient in the address, as of what is asked."""
    with visit.database.reading() as connection:
        return version(connection, visit, *(one for one in asked if one is not None))


@OPERATIONS.get("/patients/{number}", READ, answers.Patient)
def patient(visit: Reading, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
    """Where a patient stands, what may be done next and why not, what is due, where care departed."""
    tag = version_of(visit, as_of, known_at)
    if is_named(tag, visit.request.headers.get("if-none-match")):  # it need not be worked out
        visit.seen("patient", visit.number, as_of=as_of, known_at=known_at)
        return Response(status_code=304, headers={"etag": f'"{tag}"'})
    found = present(visit, as_of, known_at)
    visit.seen("patient", found.number, as_of=as_of, known_at=known_at)
    given: dict[str, Any] = as_json(found.view, found.beside)
    for name in ("patient", "entries", "ages"):
        del given[name]
    work = overview_json(Overview.of(found.work, found.day), found.day) if found.work else None
    named = {"number": found.number, "version": tag, "reference": found.reference, "work": work}
    named["known_at"] = known_at
    kept = found.person.name if found.person else None
    return answer_of(answers.Patient.model_validate({**given, **named, "name": kept}), tag)


@OPERATIONS.get("/patients/{number}/why/{step}", READ, answers.Why)
def why(
    visit: Reading,
    step: Annotated[Code, Path(description="A step or a guard.", examples=["mdt_start"])],
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """Why a step may or may not be taken: every condition, what decided it, and what would open it."""
    tag = version_of(visit, as_of, known_at)
    found = present(visit, as_of, known_at)
    decision = decision_named(found.view, found.beside, step)
    if decision is None:
        raise Failed("not-found", "There is no step or guard of this name.")
    visit.seen("patient why", found.number, step=decision.name, as_of=as_of, known_at=known_at)
    given = why_json(found.view, found.beside, decision)
    for name in ("patient", "day_zero"):
        del given[name]
    named = {"number": found.number, "known_at": known_at}
    return answer_of(answers.Why.model_validate({**given, **named}), tag)


@OPERATIONS.get("/patients/{number}/story", READ, answers.Story)
def story(visit: Reading, known_at: KnownAt = None) -> Response:
    """Every entry with who recorded it when, its corrections, and what was taken back."""
    tag = version_of(visit, known_at)
    found = present(visit, None, known_at)
    visit.seen("patient story", found.number, known_at=known_at)
    view = found.view
    lines = {line.event_id: line for line in view.lines if line.kind == "event"}
    told = became(view.dossier.story, view.snapshot.known_at)
    made = answers.Story(
        number=found.number,
        facts=plain(view.dossier.facts),
        facts_in_force=plain(view.dossier.facts_in_force),
        entries=tuple(
            _entry(event_content(one.event), lines.get(one.event.id), one.taken_back, one.changes, lines)
            for one in told
        ),
    )
    return answer_of(made, tag)


def plain(value: Any) -> dict[str, Any]:
    """Values as a case file has them."""
    made: dict[str, Any] = plain_value(value)  # type: ignore[assignment]  # a mapping stays one
    return made


def _entry(
    content: dict[str, Any], line: Line | None, taken_back: bool, changes: Any, lines: dict[str | None, Line]
) -> answers.StoryEntry:
    recorded = content.pop("recorded", content["date"])
    documented = content.pop("documented", recorded)
    return answers.StoryEntry(
        id=content.pop("id"),
        type=content.pop("type"),
        date=str(content.pop("date")),
        documented=str(documented),
        recorded=line.recorded_there if line else None,
        recorder=line.recorder if line else "",
        source=line.source if line else "",
        fields=content,
        taken_back=taken_back,
        changes=tuple(_change(one, lines.get(one.id)) for one in changes),
    )


def _change(event: Any, line: Line | None) -> answers.Change:
    said = plain(event.fields)
    return answers.Change(
        id=event.id,
        kind=event.type,
        field=said.get("field"),
        old=said.get("old"),
        new=said.get("new"),
        reason=said.get("reason"),
        date=event.day,
        recorder=line.recorder if line else "",
    )


@OPERATIONS.get("/patients/{number}/due", READ, answers.Tasks)
def due(visit: Reading) -> Response:
    """What is due with how far it has come; each has a key by which something is said of it."""
    tag = version_of(visit)
    found = present(visit)
    visit.seen("patient due", found.number)
    made = answers.Tasks(
        number=found.number,
        open=tuple(map(_task, due_rows(found))),
        steps=tuple(map(_task, step_rows(found))),
        settled=tuple(map(_task, settled_rows(found))),
    )
    return answer_of(made, tag)


def _task(row: DueRow) -> answers.Task:
    report = progress_json(row.report)
    return answers.Task(
        key=row.key,
        **row.about.model_dump(),
        title=row.title,
        on=row.on,
        mark=row.mark,
        days=row.days,
        basis=row.basis,
        informs=row.informs,
        done_on=row.done_on,
        progress=answers.Report.model_validate(report) if report else None,
        history=tuple(answers.Report.model_validate(progress_json(one)) for one in row.history),
        taken=tuple(
            answers.Taken(kind=kind, until=until, reason=reason, by=noted.by, at=noted.at)
            for kind, until, reason, noted in row.taken
        ),
        statements=tuple(one.id for one in row.statements),
    )


@OPERATIONS.get("/patients/{number}/access", "audit:read", answers_lists.Looks)
def looks(visit: About) -> Response:
    """Who looked at this record and who recorded what."""
    found = present(visit)
    visit.seen("patient access", found.number)
    with visit.database.reading() as connection:
        rows = access_rows.of_patient(connection, found.number, found.reference)
    told = ({**one.as_json(), "at": one.at} for one in rows)
    looks_ = tuple(
        answers_lists.Look(**{name: value for name, value in one.items() if name != "patient"})
        for one in told
    )
    return answer_of(answers_lists.Looks(number=found.number, looks=looks_))
