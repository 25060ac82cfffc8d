"""Boards as programs see them: who is to come, decisions, minutes and their signature, meetings."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection
from starlette.responses import Response

from coordination.board_graph import BOARD
from coordination.boards import Seen, listings, seen
from coordination.entries import Board, Postponed
from coordination.fitting import Unfit
from coordination.meetings import replanned, to_come
from coordination.minutes import Entry, digest, signatures
from coordination.moving import move
from coordination.patient_desk import Listing
from coordination.reasons import deferral_words
from coordination.saying import arrange
from coordination.site_desk import SiteDesk
from engine.answer import plain
from interop.board_words import question_words
from store.errors import Refused
from store.record import anew
from web.api import answers, answers_boards, answers_lists
from web.api.asked_boards import DecisionAsked, MeetingsAsked, MoveAsked, SignAsked
from web.api.boards import READ, WRITE, BoardName, at_moment, ever_at, meeting_of, named
from web.api.door import About, Here, answer_of
from web.api.patients import present
from web.api.problems import Failed, Fault
from web.api.recording import WRITE as RECORDS
from web.api.recording import placed, recorded
from web.api.rules import Operations
from web.api.values import Moment
from web.api.versions import Writing, version
from web.rules import CHAIRS
from web.shown.board_candidates import MOST, candidates_of
from web.shown.board_minutes import SIGNS, minutes_of, sign
from web.shown.board_seen import Who, data, reckoning, who
from web.visit import Visit

OPERATIONS = Operations()
At = Annotated[Moment, Query(description="The meeting.")]
Most = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]


@OPERATIONS.get("/boards/{board}/candidates", READ, answers_boards.Candidates)
def board_candidates(visit: Here, board: BoardName, most: Most = 50) -> Response:
    """Who is to come before a board, as the pathways say today, and is on no list of it yet."""
    of = named(visit.site.boards.get(board))
    asked = candidates_of(visit, of, most)
    with visit.database.reading() as connection:
        found = tuple(
            answers_boards.Candidate(
                **_needed(visit, one, each.question, each.asked.pathway, each.asked.step.id),
                number=one.patient_id,
                reference=who(connection, one, visit.today).reference,
                question=each.question,
                title=each.asked.title,
                pathway=each.asked.pathway,
                step=each.asked.step.id,
                statements=each.asked.statements,
                since=each.since,
                before=tuple(event.id for event in each.before),
            )
            for one, each in asked.found
        )
    visit.seen("board candidates", board=of.name, patients=len(found))
    return answer_of(answers_boards.Candidates(board=of.name, candidates=found, more=asked.more))


def _needed(visit: Visit, one: Seen, question: str, pathway: str = "", step: str = "") -> dict[str, Any]:
    """How much of what a question needs is there, as an answer tells it."""
    found = data(visit, one.readiness(visit.site, question, pathway, step), one)
    missing = tuple(answers_lists.Lack(what=each.words, who=each.who) for each in found.lacks)
    return {"ready": found.ready, "needed": found.of, "standing": found.standing, "missing": missing}


@OPERATIONS.get("/patients/{number}/board", READ, answers_boards.OfPatient)
def board_readiness(visit: About) -> Response:
    """What boards are asked about the patient, and whether what each question needs is there."""
    present(visit)
    with visit.database.reading() as connection:
        one = seen(connection, visit.number, reckoning(visit))
        if one is None:
            raise Failed("impossible", "The days of the patient are counted: no board meets on them.")
        tag = version(connection, visit)
        asked = dict.fromkeys(each.question for each in one.asked)
        asks: list[tuple[str, str | None, Listing | None]] = [
            (question, board, each) for (board, question), each in one.said.listings.items()
        ]
        listed = {question for question, _, _ in asks}
        asks += [(question, None, None) for question in asked if question not in listed]
        found = tuple(
            answers_boards.Question(
                **_needed(visit, one, question, *_step(one, question)),
                question=question,
                title=title.title if (title := one.step(question)) else question_words(question),
                asked=question in asked and one.excluded is None,
                board=board,
                listed=listing.meeting if listing else None,
            )
            for question, board, listing in asks
        )
    visit.seen("board patient", visit.number)
    made = answers_boards.OfPatient(number=visit.number, version=tag, excluded=one.excluded, questions=found)
    return answer_of(made, tag)


def _step(one: Seen, question: str) -> tuple[str, str]:
    """The pathway and the step that ask a question, or under which it was listed; empty: none."""
    found = one.step(question)
    return (found.pathway, found.step.id) if found else ("", "")


@OPERATIONS.post("/patients/{number}/board/decision", RECORDS, answers.Recorded)
def record_decision(write: Writing, asked: DecisionAsked) -> Response:
    """Record what a board decided at a meeting of today or before; `fields` are those of `board_held`."""
    visit = write.visit
    found = present(visit)
    board = named(visit.site.boards.get(asked.board))
    at = at_moment(board, asked.meeting)
    day = at.astimezone(visit.site.site.time_zone).date()
    faults = [
        Fault(pointer=f"/fields/{name}", detail="it stands beside the fields")
        for name in ("id", "type", "date", "documented", "recorded", "question")
        if name in asked.fields
    ]
    if day > visit.today:
        faults.append(Fault(pointer="/meeting", detail="the meeting lies ahead: nothing was decided yet"))
    if faults:
        raise Failed("invalid", "Nothing was recorded. See the faults.", faults)
    said = {**asked.fields, "type": BOARD, "date": str(day), "question": asked.question}
    try:
        return recorded(write, found, [said], {}, asked.dry_run)
    except Refused as refused:
        raise Refused(list(map(placed, refused.faults))) from None


@OPERATIONS.get("/boards/{board}/minutes", READ, answers_boards.Minutes)
def board_minutes(visit: Here, board: BoardName, at: At) -> Response:
    """The minutes of a meeting as they stand: everybody who was ever on its list."""
    of = named(visit.site.boards.get(board))
    return answer_of(_minutes(visit, of, ever_at(visit, of, at)))


def _minutes(visit: Visit, of: Board, at: datetime) -> answers_boards.Minutes:
    found, text, people, others = minutes_of(visit, of, at)
    visit.seen("board minutes", board=of.name, meeting=found.at, patients=len(people))
    with visit.database.reading() as connection:
        signed = signatures(connection, of.name, found.at)
    as_it_stands = digest(text)
    return answers_boards.Minutes(
        board=of.name,
        at=found.at,
        takes_place=found.at in of.meetings,
        entries=tuple(
            _minuted(one, people[one.seen.patient_id])
            for one in found.entries
            if one.seen.patient_id in people
        ),
        others=others,
        text=None if others else text,
        digest=None if others else as_it_stands,
        signatures=tuple(
            answers_boards.Signature(
                by=one.by, at=one.at, digest=one.digest, stands=one.digest == as_it_stands
            )
            for one in signed
        ),
    )


def _minuted(one: Entry, person: Who) -> answers_boards.Minuted:
    said = one.said
    reason = ""
    if isinstance(said, Postponed):
        reason = deferral_words(said.code, said.text)
    elif said is not None:
        reason = said.reason
    return answers_boards.Minuted(
        number=person.number,
        reference=person.reference,
        question=one.listed.question,
        became=one.became,
        entry=one.decided.id if one.decided else None,
        fields=plain(one.decided.fields) if one.decided else {},
        to=said.to if isinstance(said, Postponed) else None,
        reason=reason,
    )


@OPERATIONS.post("/boards/{board}/sign", WRITE, answers_boards.Minutes)
def sign_minutes(visit: Here, board: BoardName, asked: SignAsked) -> Response:
    """Sign the minutes as they were read, by the digest of their text; for an account that is a chair."""
    _for(visit, SIGNS)
    of = named(visit.site.boards.get(board))
    at = ever_at(visit, of, asked.meeting)
    _, text, _, others = minutes_of(visit, of, at)
    if others:
        raise Failed("other-team", "Only who may see all of its patients can sign it.")
    if at > visit.now:
        raise Failed("impossible", "The meeting has not begun: there is nothing to sign.")
    if digest(text) != asked.digest:
        raise Failed("impossible", "The minutes have changed since. Read them again.")
    sign(visit, of, at, text)
    return answer_of(_minutes(visit, of, at))


@OPERATIONS.post("/boards/{board}/meetings", WRITE, answers_boards.Planned)
def plan_meetings(visit: Here, board: BoardName, asked: MeetingsAsked) -> Response:
    """Add meetings, and say of others that they do not take place; for a chair or a coordinator. Sent again
    it changes nothing. Who is listed for one that does not take place stands in `without_meeting`.
    """
    _for(visit, CHAIRS)
    named(visit.site.boards.get(board))

    def change(site: SiteDesk) -> Board | None:
        before = site.boards[board]
        gone = [at for at in asked.cancel if at in before.meetings]
        after = before.model_copy(update={"meetings": replanned(board, before, asked.add, gone)})
        return after if after != before else None

    def do(connection: Connection) -> int:
        arrange(connection, change, recorder=visit.account.name, now=visit.now)
        return 0

    return _planned(visit, board, do)


@OPERATIONS.post("/boards/{board}/move", WRITE, answers_boards.Planned)
def move_meeting(visit: Here, board: BoardName, asked: MoveAsked) -> Response:
    """Hold a meeting at another time: everybody on its list goes along. For a chair or a coordinator."""
    _for(visit, CHAIRS)
    at_moment(named(visit.site.boards.get(board)), asked.meeting)

    def do(connection: Connection) -> int:
        return move(connection, board, asked.meeting, asked.to, recorder=visit.account.name, now=visit.now)

    return _planned(visit, board, do)


def _planned(visit: Visit, board: str, do: Callable[[Connection], int]) -> Response:
    def doing() -> tuple[SiteDesk, int, list[Listing]]:
        with visit.database.writing() as connection:
            moved = do(connection)
            return SiteDesk.read(connection), moved, listings(connection)

    try:
        site, moved, known = anew(doing)
    except Unfit as unfit:
        raise Failed("impossible", f"Nothing was said: {'; '.join(unfit.faults)}.") from None
    ahead = to_come(site, site.boards[board], visit.now, known)
    made = answers_boards.Planned(board=board, meetings=tuple(map(meeting_of, ahead)), moved=moved)
    return answer_of(made)


def _for(visit: Visit, roles: Collection[str]) -> None:
    """Raises Failed for an account with none of these roles; a program that is nobody's plans and signs
    nothing.
    """
    if not visit.may(*roles):
        raise Failed("role", f"It needs an account with the role {' or '.join(sorted(roles))}.")
