"""`carepath board add`, `remove` and `defer`: who is on the list of a meeting."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import Connection

from cli.arguments import readable
from cli.at_desk import fitting, in_one, numbers
from cli.board_list import BoardName, known_board, meeting_on, reckoning
from cli.output import print_json
from cli.parameters import JsonObject, Patient
from cli.recorded import faults_told
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from coordination import saying
from coordination.at_board import AtBoard
from coordination.entries import Listed, OnBoard, Postponed, Unlisted
from coordination.listing import Allowing
from coordination.meetings import Meeting
from coordination.reasons import DEFERRALS, deferral_words
from coordination.site_desk import SiteDesk
from interop.board_words import on, on_day
from pathways.vocabulary import closest, load_vocabulary
from store.naming import check_names_nobody

Question = Annotated[
    str, typer.Option("--question", metavar="CODE", help="Which question. Default: the only one there is.")
]
Which = Annotated[
    str, typer.Option("--meeting", metavar="DATE", help="Which meeting. Default: the next one with room.")
]
Late = Annotated[bool, typer.Option("--late", help="Although the list is closed; needs --reason.")]
Over = Annotated[bool, typer.Option("--over", help="Although all places are taken; needs --reason.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]

_codes = "".join(f"\n  {code}  {words}" for code, words in DEFERRALS.items())


class _Desk:
    """One patient and the lists of all boards, while nobody else changes either."""

    def __init__(self, here: Workplace, connection: Connection, patient: str, board: str) -> None:
        self.here, self.connection = here, connection
        self.number = numbers(here, connection, [patient])[patient]
        site = saying.as_it_stays(connection)
        of = known_board(site, board)
        self.at = AtBoard.of(connection, self.number, site, of, reckoning(here), here.now)

    def chosen(self, text: str, option: str = "--meeting") -> Meeting | None:
        """The meeting that was typed. Raises BadInput."""
        if not text:
            return None
        return self.at.meeting(meeting_on(self.at.site, self.at.board, text, option))

    def say(self, entry: OnBoard, dry_run: bool, *texts: tuple[str, str], patient: str) -> None:
        """Say it, unless it is only tried out."""
        for option, text in texts:
            with faults_told():
                check_names_nobody(self.connection, text, patient, field=option, stays="after erasure")
        if not dry_run:
            here = self.here
            saying.say(self.connection, entry, patient_id=self.number, recorder=here.recorder, now=here.now)


def add(
    patient: Patient,
    board: BoardName,
    meeting: Which = "",
    question: Question = "",
    priority: Annotated[
        str, typer.Option("--priority", metavar="WORD", help="routine or urgent.")
    ] = "routine",
    standard: Annotated[
        bool, typer.Option("--standard", help="Standard of care: for the record, without discussion.")
    ] = False,
    late: Late = False,
    over: Over = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it names no patient.")] = "",
    dry_run: DryRun = False,
    json: JsonObject = False,
) -> Status:
    """Put a patient on the list of a meeting; a full or closed list names the next one that is right."""
    if priority not in ("routine", "urgent"):
        raise BadInput(f"--priority: one of routine, urgent, not {priority!r}")
    check_question(question)
    why = readable("--reason", reason)
    allowing = Allowing(late, over, why)
    with workplace() as here:

        def adding(connection: Connection) -> tuple[Listed, Meeting, SiteDesk]:
            with fitting():
                at_desk = _Desk(here, connection, patient, board)
                urgent = priority == "urgent"
                of = at_desk.chosen(meeting)
                entry = at_desk.at.add(question, of, allowing, urgent=urgent, standard=standard)
            at_desk.say(entry, dry_run, ("--reason", why), patient=patient)
            return entry, at_desk.at.meeting(entry.meeting), at_desk.at.site

        entry, chosen, site = in_one(here, adding)
    where = f"{board}, {on(chosen.at, site)}"
    told = f"{patient} is on the list of {where}: {entry.question}. {_until(chosen)}"
    return _told(patient, entry, told, dry_run, json)


def _until(chosen: Meeting) -> str:
    return f"Data are wanted by {on_day(chosen.closes)}."


def remove(
    patient: Patient,
    board: BoardName,
    question: Question = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it names no patient.")] = "",
    dry_run: DryRun = False,
    json: JsonObject = False,
) -> Status:
    """Take a patient off the list: the question is not for the board any more. What was said is kept."""
    why = readable("--reason", reason)
    if not why:
        raise BadInput("--reason TEXT is needed: why is it not for the board any more?")
    with workplace() as here:

        def removing(connection: Connection) -> Unlisted:
            with fitting():
                at_desk = _Desk(here, connection, patient, board)
                entry = at_desk.at.take_off(question, why)
            at_desk.say(entry, dry_run, ("--reason", why), patient=patient)
            return entry

        entry = in_one(here, removing)
    return _told(patient, entry, f"{patient} is off the lists of {board}: {why}.", dry_run, json)


def defer(
    patient: Patient,
    board: BoardName,
    to: Annotated[
        str, typer.Option("--to", metavar="DATE", help="The meeting it is put off to; none: to none yet.")
    ] = "",
    reason_code: Annotated[
        str, typer.Option("--reason-code", metavar="CODE", help=f"One of {', '.join(DEFERRALS)}.")
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="More about it; it names no patient.")
    ] = "",
    question: Question = "",
    late: Late = False,
    over: Over = False,
    dry_run: DryRun = False,
    json: JsonObject = False,
) -> Status:
    """Put a question off to another meeting, or to none yet. The reasons are this project's own list."""
    why = _deferral(reason_code, readable("--reason", reason))
    if not to:
        raise BadInput("to which meeting? --to DATE, or --to none where that is not known yet")
    with workplace() as here:

        def deferring(connection: Connection) -> tuple[Postponed, SiteDesk]:
            with fitting():
                at_desk = _Desk(here, connection, patient, board)
                chosen = None if to == "none" else at_desk.chosen(to, "--to")
                allowing = Allowing(late, over)
                entry = at_desk.at.put_off(question, chosen, reason_code, why, allowing)
            at_desk.say(entry, dry_run, ("--reason", why), patient=patient)
            return entry, at_desk.at.site

        entry, site = in_one(here, deferring)
    where = f"to {on(entry.to, site)}" if entry.to else "to no meeting yet"
    told = f"{patient} is put off {where}: {deferral_words(entry.code, entry.text)}."
    return _told(patient, entry, told, dry_run, json)


def _deferral(code: str, words: str) -> str:
    """The text that goes with a code. Raises BadInput."""
    if code not in DEFERRALS:
        given = f"there is no {code!r}{closest(code, DEFERRALS)}" if code else "none was given"
        raise BadInput(f"--reason-code: {given}; one of{_codes}")
    if code == "other" and not words:
        raise BadInput("--reason TEXT is needed: what else is it?")
    return words


def check_question(code: str) -> None:
    """Raises BadInput for a question there is not."""
    known = load_vocabulary().code_lists["board_question"]
    if code and code not in known:
        raise BadInput(f"there is no question {code!r}{closest(code, known)} (there are {', '.join(known)})")


def _told(patient: str, entry: OnBoard, words: str, dry_run: bool, json: bool) -> Status:
    if json:
        print_json({"patient": patient, "dry_run": dry_run, "kind": entry.kind, **entry.payload()})
    else:
        print(f"Not done, only tried out: {words}" if dry_run else words)
    return Status.OK
