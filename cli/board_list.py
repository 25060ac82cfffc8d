"""`carepath board candidates`, `list` and `ready`: who is to come before a board, and what is missing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer

from cli.arguments import moment
from cli.at_desk import site_desk
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines, JsonObject, Patient
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from coordination.board_lists import Agenda, Lists, Row
from coordination.board_pass import first_asked
from coordination.boards import Seen, seen
from coordination.candidacy import keep
from coordination.candidates import Candidate
from coordination.entries import Board
from coordination.fitting import among
from coordination.meetings import Meeting, to_come
from coordination.patient_desk import Listing
from coordination.readiness import Readiness
from coordination.site_desk import SiteDesk
from engine.answer import plain
from interop.board_words import (
    listing_json,
    listing_words,
    meeting_json,
    missing_words,
    on,
    on_day,
    providers,
    question_words,
    readiness_json,
)
from pathways.library import all_pathways
from pathways.vocabulary import closest
from store.errors import Busy
from store.identities import named
from store.settle import Reckoning

BoardName = Annotated[str, typer.Argument(metavar="BOARD", help="The board, as `desk board` names it.")]
most_missing = 3
"""Data that a line names; `board ready` names all."""


def known_board(site: SiteDesk, name: str) -> Board:
    """The board of that name. Raises BadInput with those there are."""
    if name not in site.boards:
        near = closest(name, site.boards) or among(site.boards)
        raise BadInput(f"there is no board {name!r}{near}; `carepath desk board NAME --new` adds one")
    return site.boards[name]


def meeting_on(site: SiteDesk, board: Board, text: str, option: str = "--meeting") -> datetime:
    """The meeting of a board on a day, or at a time. Raises BadInput with those there are."""
    wanted = moment(option, text)
    zone = site.site.time_zone
    if isinstance(wanted, datetime):
        wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=zone)
        found = [at for at in board.calls if at == wanted]
    else:
        found = [at for at in board.calls if at.astimezone(zone).date() == wanted]
    if len(found) != 1:
        there = ", ".join(on(at, site) for at in (found or board.calls)[:6])
        told = "meets more than once" if found else "does not meet"
        raise BadInput(f"{option}: {board.name} {told} on {text}; its meetings: {there or 'none'}")
    return found[0]


def reckoning(here: Workplace) -> Reckoning:
    """Answers as of now."""
    return Reckoning.at(here.now, here.derive)


def looked_at(here: Workplace, patient: str) -> tuple[Seen, SiteDesk]:
    """What is known of one patient, for a person to see. Raises BadInput."""
    view = here.patient(patient)
    number, site = view.dossier.head.patient_id, site_desk(here)
    with here.database.reading() as connection:
        found = seen(connection, number, reckoning(here))
    if found is None:
        raise BadInput(f"the days of {patient} are counted from day zero: no board meets on them")
    return found, site


def candidates(
    board: Annotated[
        str, typer.Argument(metavar="[BOARD]", help="Only what this board takes.", show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many are shown.")] = 50,
    json: JsonLines = False,
) -> Status:
    """Who is to come before a board, as the pathways say today; who has waited longest comes first."""
    with workplace() as here:
        site = site_desk(here)
        of = known_board(site, board) if board else None
        here.bring_up_to_date()
        asked = first_asked(
            here.database,
            all_pathways(),
            reckoning(here),
            lambda _, each: of is None or of.takes(each.question),
            limit,
        )
        shown = asked.found
        with here.database.reading() as connection:
            names = named(connection, [one.patient_id for one, _ in shown])
        here.seen(None, {"board": board, "patients": len(shown)})
    for one, each in shown if json else ():
        print_json(_candidate_json(names[one.patient_id], one, each, site, here.today))
    if not json:
        _show_candidates(names, shown, site, here.today)
        told = f"{plural(len(shown), 'question')} for {board or 'boards'}"
        print(f"{told}; there are more, --limit shows them" if asked.more else told)
    return Status.OK


def _candidate_json(
    reference: str, one: Seen, each: Candidate, site: SiteDesk, today: date
) -> dict[str, Any]:
    asked = each.asked
    ready = one.readiness(site, each.question, asked.pathway, asked.step.id)
    return {
        "patient": reference,
        "question": each.question,
        "title": asked.title,
        "pathway": asked.pathway,
        "step": asked.step.id,
        "waits_for": asked.waits_for.id if asked.waits_for else None,
        "statements": list(asked.statements),
        "since": plain(each.since),
        "before": [event.id for event in each.before],
        "readiness": readiness_json(ready, one, site, today),
        "listed": [listing_json(listing) for listing in one.said.listings.values()],
    }


def _show_candidates(
    names: dict[int, str], shown: Sequence[tuple[Seen, Candidate]], site: SiteDesk, today: date
) -> None:
    from cli.console import console, table

    if not shown:
        return
    made = table("Patient", "Question", "Since", "Data", "Listed for")
    for one, each in shown:
        asked = each.asked
        ready = one.readiness(site, each.question, asked.pathway, asked.step.id)
        made.add_row(
            names[one.patient_id],
            asked.title,
            plain(each.since) or "-",
            _ready_words(ready, one, site, today),
            _listed_for(one, each.question, site),
        )
    console().print(made)


def _listed_for(one: Seen, question: str, site: SiteDesk) -> str:
    found = (each for each in one.said.listings.values() if each.entry.question == question)
    return "\n".join(
        f"{each.entry.board}, {on(each.meeting, site) if each.meeting else 'no meeting yet'}"
        for each in found
    )


def _ready_words(ready: Readiness, one: Seen, site: SiteDesk, today: date) -> str:
    """`6 of 7 ready`, and below it what is missing and who can provide it."""
    lines = [ready.words]
    for datum in ready.missing[:most_missing]:
        asked = ", ".join(person.name for person in providers(datum, one, site, today)) or "nobody"
        lines.append(f"{missing_words(datum, one)} ({asked})")
    if len(ready.missing) > most_missing:
        lines.append(f"and {len(ready.missing) - most_missing} more")
    return "\n".join(lines)


def list_(
    board: BoardName,
    meeting: Annotated[
        str | None, typer.Option("--meeting", metavar="DATE", help="Which meeting. Default: the next one.")
    ] = None,
    json: JsonObject = False,
) -> Status:
    """The list of a meeting: who is on it, what is missing for whom, until when it is open, places left."""
    with workplace() as here:
        site = site_desk(here)
        found = known_board(site, board)
        with here.database.reading() as connection:
            lists = Lists.read(connection, site, reckoning(here))
            ahead = to_come(site, found, here.now, lists.listings)
            at = meeting_on(site, found, meeting) if meeting else ahead[0].at if ahead else None
            agenda = lists.agenda(board, at) if at else None
            lost = lists.without_meeting(board)
            numbers = {one.seen.patient_id for one in (*(agenda.rows if agenda else ()), *lost)}
            names = named(connection, numbers)
        with contextlib.suppress(Busy):  # somebody else is writing: it is worked out again
            keep(here.database, lists.there.fresh)
        here.seen(None, {"board": board, "meeting": at, "patients": len(numbers)})
    if json:
        print_json(
            {
                "meeting": meeting_json(agenda.meeting) if agenda else None,
                "rows": [_row_json(names, one, site, here.today) for one in agenda.rows] if agenda else [],
                "without_meeting": [_row_json(names, one, site, here.today) for one in lost],
            }
        )
        return Status.OK
    _show_list(names, agenda, lost, site, here)
    return Status.OK


def _row_json(names: dict[int, str], one: Row, site: SiteDesk, today: date) -> dict[str, Any]:
    decided = one.decided
    return {
        "patient": names[one.seen.patient_id],
        **listing_json(one.listing),
        "readiness": readiness_json(one.readiness, one.seen, site, today),
        "excluded": one.seen.excluded,
        "decided": {"event": decided.id, "decision": decided.fields.get("decision")} if decided else None,
    }


def _show_list(
    names: dict[int, str], agenda: Agenda | None, lost: Sequence[Row], site: SiteDesk, here: Workplace
) -> None:
    from cli.console import console

    if lost:
        print(
            "These are on no meeting to come; `carepath board defer` puts them on another, `remove` ends it:"
        )
        console().print(_rows(names, lost, site, here.today, status=lambda row: _why_lost(row, site)))
    if agenda is None:
        print("No meeting lies ahead. `carepath desk board NAME --meeting 2026-03-03T14:00` adds one.")
        return
    of = agenda.meeting
    print(f"{of.board.name}, {on(of.at, site)}{f', {of.board.place}' if of.board.place else ''}")
    print("; ".join(_head(agenda, here)))
    if agenda.rows:
        console().print(
            _rows(names, agenda.rows, site, here.today, status=lambda row: _status(row, of, here))
        )


def _head(agenda: Agenda, here: Workplace) -> Iterator[str]:
    of = agenda.meeting
    yield f"{plural(len(agenda.rows), 'patient')} listed, {agenda.ready} ready"
    if of.left is not None:
        yield f"{plural(of.left, 'place')} left of {of.board.capacity}" if of.left else "no place left"
    if of.at <= here.now:
        yield "it has taken place"
    elif of.closed(here.now, here.today):
        yield f"the list was closed after {on_day(of.closes)}"
    else:
        yield f"the list closes after {on_day(of.closes)}"


def _rows(names: dict[int, str], rows: Sequence[Row], site: SiteDesk, today: date, status: Any) -> Any:
    from cli.console import table

    made = table("No.", "Patient", "Question", "Data", "Status")
    for number, one in enumerate(rows, 1):
        said = one.listing.entry
        asked = one.seen.step(said.question, said.pathway, said.step)
        title = asked.title if asked else question_words(said.question)
        question = "\n".join([title, *listing_words(one.listing)])
        data = _ready_words(one.readiness, one.seen, site, today)
        made.add_row(str(number), names[one.seen.patient_id], question, data, status(one))
    return made


def _why_lost(one: Row, site: SiteDesk) -> str:
    if one.listing.meeting is None:
        return "put off to no meeting yet"
    over = one.listing.meeting in site.boards[one.listing.entry.board].calls
    return "decision not recorded" if over else "the meeting does not take place"


def _status(one: Row, of: Meeting, here: Workplace) -> str:
    if one.seen.excluded:
        return one.seen.excluded
    if one.decided:
        return f"decided: {question_words(str(one.decided.fields.get('decision')))}"
    return "decision not recorded" if of.at <= here.now else "listed"


def ready(patient: Patient, json: JsonObject = False) -> Status:
    """What boards are to be asked about a patient, with all that is there and all that is missing for it."""
    with workplace() as here:
        one, site = looked_at(here, patient)
    questions = dict.fromkeys(
        [(each.question, each.asked.pathway, each.asked.step.id) for each in one.asked]
        + [_listed_as(each) for each in one.said.listings.values()]
    )
    answers = {key: one.readiness(site, *key) for key in questions}
    if json:
        print_json(
            {
                "patient": patient,
                "excluded": one.excluded,
                "questions": [
                    {
                        "question": key[0],
                        "candidate": one.excluded is None and any(c.question == key[0] for c in one.asked),
                        **readiness_json(found, one, site, here.today),
                    }
                    for key, found in answers.items()
                ],
                "listed": [listing_json(each) for each in one.said.listings.values()],
            }
        )
        return Status.OK
    if one.excluded:
        print(f"{patient} comes before no board: {one.excluded}.")
    if not answers:
        print(f"No board is to be asked about {patient} today.")
    for key, found in answers.items():
        _show_ready(patient, key, found, one, site, here.today)
    return Status.OK


def _listed_as(one: Listing) -> tuple[str, str, str]:
    return one.entry.question, one.entry.pathway, one.entry.step


def _show_ready(
    patient: str, key: tuple[str, str, str], found: Readiness, one: Seen, site: SiteDesk, today: date
) -> None:
    from cli.console import console, heading, table

    asked = one.step(*key)
    title = asked.title if asked else question_words(key[0])
    print()
    console().print(heading(f"{title}: {found.words}", f"board add {patient} BOARD --question {key[0]}"))
    where = _listed_for(one, key[0], site)
    print(f"Listed: {where}" if where else "On no list.")
    made = table("", "What", "What is missing", "Who is asked")
    for datum in found.data:
        asked_of = ", ".join(p.name for p in providers(datum, one, site, today)) if not datum.ready else ""
        words = missing_words(datum, one).removeprefix(f"{datum.title}: ") if not datum.ready else ""
        if datum.ready and datum.against:
            words = f"known, and not met: {'; '.join(datum.against)}"
        mine = " (asked for by this site)" if datum.by_site else ""
        made.add_row(_MARK[datum.standing], f"{datum.title}{mine}", words, asked_of)
    if found.data:
        console().print(made)


_MARK = {"ready": "there", "ask": "ask", "missing": "missing"}
