"""`carepath export`: the complete record of one patient, as JSON to be checked and as a page to be read."""

from __future__ import annotations

import json as json_
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from cli.access_log import who_words
from cli.days import plural
from cli.identify import as_json as identity_json
from cli.identify import rows as identity_rows
from cli.new_file import write_private
from cli.output import print_json
from cli.parameters import Patient
from cli.status import BadInput, Status, Unavailable
from cli.workplace import Workplace, workplace
from engine.answer import Json, plain
from engine.event import Event
from engine.timers import LATE
from interop.access_rows import recorded_words, view
from interop.beside import Beside
from interop.event_words import facts_words, person_words, when
from interop.patient_json import as_json as answer_json
from interop.patient_json import full_answer
from interop.record_page import RecordPage, Row, Said, as_html, story
from pathways.intended_use import IN_SHORT
from pathways.settings import DEFAULT_SETTINGS
from pathways.titles import state_title
from store import access, desk, identities, ledger
from store.access import Access
from store.desk import Said as AtDesk
from store.ledger import Line, read_enrolment, told_with
from store.origins import moved_here
from store.parts import same_person
from store.patient_view import PatientView
from store.vault import Person

FORMAT = "carepath record 1"


def export(
    patient: Patient,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="A folder; it is made where it is not there.")
    ],
    json: Annotated[bool, typer.Option("--json", help="One JSON object that names the files.")] = False,
) -> Status:
    """Everything about one patient: who it is, every entry with its hash, the answer of today, who looked.

    Writes record.json, which can be checked, and record.html, which can be read and printed.
    """
    _folder(out)
    with workplace() as here:
        record = _record(here, patient)
        as_data = json_.dumps(_as_json(here, record), ensure_ascii=False, indent=2) + "\n"
        files = dict(zip(FILES, (as_data, as_html(_page(here, record))), strict=True))
    write_private({out / name: text.encode() for name, text in files.items()})
    if json:
        print_json({"patient": patient, "files": [str(out / name) for name in files]})
    else:
        print(f"Written: {' and '.join(str(out / name) for name in files)}")
        print(f"{_holds(record)} Delete them when they have served their purpose.")
    return Status.OK


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands under one number: who it is, the own chain, and who looked."""

    number: int
    person: Person | None
    lines: list[Line]
    seen: list[Access]

    @property
    def reference(self) -> str:
        return self.person.reference if self.person else f"{identities.NUMBERED}{self.number}"


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known about a patient, and all that was done with it; `parts` are the records that were
    merged into this one, and `lines` has what these lend between the own ones.
    """

    view: PatientView
    beside: Beside
    own: Kept
    parts: list[Kept]
    lines: list[Line]
    desk: list[AtDesk]


FILES = ("record.json", "record.html")


def _holds(record: Record) -> str:
    if record.own.person is None:
        return "Who the patient is was erased; both hold the story that stays, in clear."
    return "Both hold who the patient is, in clear."


def _folder(place: Path) -> None:
    """A folder that holds no such files yet. Raises BadInput or Unavailable before anything is read."""
    for name in FILES:
        if (place / name).exists():
            raise BadInput(f"{place / name} is there already, and is not overwritten; name another folder")
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{place} cannot be made: {error.strerror}") from None


def _record(here: Workplace, patient: str) -> Record:
    """Read everything; the export itself is in the access log by then."""
    found = here.read(patient)
    number = found.dossier.head.patient_id
    with here.database.reading() as connection:
        parts = [one for one in same_person(connection, number) if one != number]
    for one in (number, *parts):
        here.seen(one, {})
    with here.database.reading() as connection:
        return Record(
            found,
            Beside.of(found, here.sign_offs()),
            _kept(connection, number),
            [_kept(connection, one) for one in parts],
            ledger.lines(connection, number),
            list(desk.about(connection, number)),
        )


def _kept(connection: Connection, number: int) -> Kept:
    person = identities.person_of(connection, number)
    own = list(ledger.chain_of(connection, number))
    return Kept(number, person, own, list(access.entries(connection, number)))


def _as_json(here: Workplace, record: Record) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "exported": here.now.isoformat(),
        "by": here.recorder,
        **_kept_json(record.own),
        "parts": [_kept_json(one) for one in record.parts],
        "enrolments": list(_enrolments(record.lines)),
        "answer": answer_json(record.view, record.beside),
        "desk": [{**one._asdict(), "at": one.at.isoformat()} for one in record.desk],
    }


def _kept_json(kept: Kept) -> dict[str, Any]:
    return {
        "identity": identity_json(kept.number, kept.reference, kept.person),
        "chain": {"entries": len(kept.lines), "head": kept.lines[-1].hash},
        "ledger": [_line(line) for line in kept.lines],
        "access": [{**view(one, kept.reference).as_json(), "hash": one.hash} for one in kept.seen],
    }


def _line(line: Line) -> dict[str, Any]:
    """Every column, in the form in which it is hashed."""
    recorded = line.recorded.astimezone(UTC).isoformat(timespec="microseconds")
    told: dict[str, Any] = plain({**line._asdict(), "recorded": recorded})
    return told


def _enrolments(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.kind == "enrolment":
            said = read_enrolment(line.payload)
            yield {
                "recorded": line.recorded_there.isoformat(),
                "recorder": line.recorder,
                "pathways": [f"{ref.id} {ref.version}" for ref in said.pathways],
                "settings": dict(said.settings),
                "reason": told_with(line).reason,
            }


def _page(here: Workplace, record: Record) -> RecordPage:
    found, given = record.view, full_answer(record.view)
    events = (line for line in found.lines if line.kind == "event")
    entries = zip(found.dossier.entries, events, strict=True)
    main = found.snapshot.main
    since = f"since {main.entered_on}" if main.entered_on else ""
    known = found.dossier.facts_in_force
    person = person_words(known, found.snapshot.as_of)
    views = (one for kept in (record.own, *record.parts) for one in kept.seen)
    seen = sorted(views, key=lambda one: one.number)
    return RecordPage(
        title=found.reference,
        when=f"Everything recorded by {when(here.now)}, written out by {here.recorder}",
        identity=[*_identity(record.own), *(row for part in record.parts for row in _part(part))],
        standing=[Row("", state_title(main.state), since)],
        known="; ".join(filter(None, (person, facts_words(known)))),
        story=story([_said(found, event, line) for event, line in entries]),
        due=[Row(str(row["due"]), row["title"], _late(row)) for row in given["due"]],
        deviations=list(_deviations(given["deviations"])),
        followed=list(_followed(record.lines)),
        joined=[_joined(line) for line in record.lines if line.kind not in ("event", "facts", "enrolment")],
        desk=[_at_desk(one) for one in record.desk],
        seen=[_row(one.at_there, f"{who_words(one)}: {one.what}", one.reason or "") for one in seen],
        intended_use=IN_SHORT,
        counted=f"{plural(len(record.lines), 'line')} of the ledger and {plural(len(seen), 'view')}",
    )


def _said(view: PatientView, event: Event, line: Line) -> Said:
    """An entry with who recorded it; of what a merge lends also since when it is here."""
    first, source = view.first_recorded.get(event.id), moved_here(line) or line.source
    here = f"; part of this record since {when(line.recorded_there)}" if first else ""
    return Said(event, line.recorder, first or line.recorded_there, f"{source}{here}")


def _identity(kept: Kept) -> list[Row]:
    if kept.person is None:
        return [Row("Identity", "erased")]
    return [Row(*one) for one in identity_rows(kept.number, kept.person)]


def _part(kept: Kept) -> list[Row]:
    return [Row("Merged into it", f"{identities.NUMBERED}{kept.number}"), *_identity(kept)]


def _late(row: Json) -> str:
    since = f", overdue from {row['overdue_from']}" if row["status"] in LATE else ""
    return f"{row['status'].replace('_', ' ')}{since}"


def _deviations(rows: Sequence[dict[str, Any]]) -> Iterator[Row]:
    from cli.statement_words import graded

    for row in rows:
        since = f"since {row['raised_on']}" if row["raised_on"] else ""
        of = f" ({', '.join(row['events'])})" if row["events"] else ""
        judged = f"judged under {row['judged_under']}" if row["judged_under"] else ""
        below = (f"{row['code']}{of}", row["why"], graded(row["statements"]).plain, judged)
        yield Row(row["severity"], row["title"], "; ".join(filter(None, (row["status"], since))), below)


def _followed(lines: Sequence[Line]) -> Iterator[Row]:
    for line in lines:
        if line.kind == "enrolment":
            said, told = read_enrolment(line.payload), told_with(line)
            main, *others = (f"{ref.id} {ref.version}" for ref in said.pathways)
            chosen = [
                f"{name}={value}" for name, value in said.settings.items() if value != DEFAULT_SETTINGS[name]
            ]
            below = (
                f"with {', '.join(chosen)}" if chosen else "",
                f"and {plural(len(others), 'companion')}: {', '.join(others)}" if others else "",
                f"change {told.change}" if told.change else "",
                f"takes the change {told.undoes} back" if told.undoes else "",
            )
            yield _row(line.recorded_there, main, _by(line, told.reason), below)


def _at_desk(one: AtDesk) -> Row:
    """Who works on the patient, a comment, or what was put off, as it was said."""
    said = {name: value for name, value in one.payload.items() if value not in (None, "", [])}
    about = said.pop("about", {})
    told = [f"{name} {value}" for name, value in {**said, **about}.items() if value and name != "text"]
    text = said.get("text") or one.kind.replace("_", " ")
    return _row(one.at, text, f"by {one.recorder}", told)


def _joined(line: Line) -> Row:
    """A merge, its undoing or an erasure, with the number of the other record and the reason.

    The record that became part of another has no reason of its own.
    """
    said = json_.loads(line.payload)
    other = f"#{said['patient']}" if "patient" in said else ""
    reason = said.get("reason") or (f"the reason is kept in the record of {other}" if other else None)
    what = ", ".join(filter(None, (recorded_words(line), other)))
    return _row(line.recorded_there, what, _by(line, reason))


def _by(line: Line, reason: str | None) -> str:
    return f"by {line.recorder}{f': {reason}' if reason else ''}"


def _row(moment: datetime, text: str, note: str, below: Sequence[str] = ()) -> Row:
    """A line with its day in front."""
    return Row(f"{moment:%Y-%m-%d}", text, f"{moment:%H:%M} {note}".strip(), below)
