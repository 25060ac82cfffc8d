"""Boards as programs see them: who is to come, decisions, minutes and their signature, meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection
from starlette.responses import Response

from coordination.board_graph import BOARD
from coordination.boards import Seen, seen
from coordination.entries import Board, Postponed
from coordination.minutes import Entry, Signature, digest, signatures
from coordination.patient_desk import Listing
from coordination.reasons import deferral_words
from engine.answer import plain
from interop.board_words import question_words
from store.answered import Answer
from store.errors import Refused
from web.api import answers, answers_boards, answers_lists
from web.api.asked_boards import DecisionAsked, SignAsked
from web.api.boards import READ, WRITE, BoardName, at_moment, check_role, ever_at, named
from web.api.door import Here, Reading, answer_of
from web.api.once import Doing, answer_kept
from web.api.patients import present
from web.api.problems import Failed, Fault
from web.api.recording import WRITE as RECORDS
from web.api.recording import placed, recorded
from web.api.rules import Operations
from web.api.values import Moment
from web.api.versions import Writing, version
from web.shown.board_candidates import MOST, candidates_of
from web.shown.board_decisions import Waits, waits_of
from web.shown.board_minutes import SIGNS, Shown, minutes_of, sign
from web.shown.board_seen import Who, data, who
from web.visit import Visit

OPERATIONS = Operations()


At = Annotated[Moment, Query(description="The meeting.")]
Every = Annotated[bool, Query(description="Also those whose time has not passed.")]
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
def board_readiness(visit: Reading) -> Response:
    """What boards are asked about the patient, and whether what each question needs is there."""
    present(visit)
    with visit.database.reading() as connection:
        one = seen(connection, visit.number, visit.reckoning)
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
        return recorded(write, found, [said], asked.dry_run)
    except Refused as refused:
        raise Refused(list(map(placed, refused.faults))) from None


@OPERATIONS.get("/decisions", READ, answers_boards.AllWaiting)
def waiting_decisions(visit: Here, every: Every = False) -> Response:
    """What boards decided that has not been carried out within the time of the site, the longest first."""
    found = waits_of(visit, every=every)
    visit.seen("board decisions", patients=len(found))
    return answer_of(answers_boards.AllWaiting(decisions=tuple(map(_waiting, found))))


def _waiting(one: Waits) -> answers_boards.Waiting:
    decided = one.decided
    return answers_boards.Waiting(
        number=one.who.number,
        reference=one.who.reference,
        entry=decided.board.id,
        decision=str(decided.board.fields.get("decision")),
        pathway=decided.pathway,
        state=decided.state,
        since=decided.since,
        by=decided.by,
        late=one.days > 0,
        steps=tuple(each.step for each in decided.steps),
        owners=one.owners,
    )


@OPERATIONS.get("/boards/{board}/minutes", READ, answers_boards.Minutes)
def board_minutes(visit: Here, board: BoardName, at: At) -> Response:
    """The minutes of a meeting as they stand: everybody who was ever on its list."""
    of = named(visit.site.boards.get(board))
    minutes = minutes_of(visit, of, ever_at(visit, of, at))
    _note(visit, of, minutes)
    with visit.database.reading() as connection:
        return answer_of(_told(of, minutes, signatures(connection, of.name, at)))


def _note(visit: Visit, of: Board, minutes: Shown) -> None:
    visit.seen("board minutes", board=of.name, meeting=minutes.found.at, patients=len(minutes.people))


def _told(of: Board, minutes: Shown, signed: Iterable[Signature]) -> answers_boards.Minutes:
    found, text, people, others = minutes
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


@OPERATIONS.post("/boards/{board}/sign", WRITE, answers_boards.Minutes, 412)
def sign_minutes(once: Doing, board: BoardName, asked: SignAsked) -> Response:
    """Sign the minutes as they were read, by the digest of their text; for an account that is a chair."""
    visit = once.visit
    check_role(visit, SIGNS)
    of = named(visit.site.boards.get(board))
    at = ever_at(visit, of, asked.meeting)
    minutes = minutes_of(visit, of, at)
    if minutes.others:
        raise Failed("other-team", "Only who may see all of its patients can sign it.")
    if at > visit.now:
        raise Failed("impossible", "The meeting has not begun: there is nothing to sign.")
    if digest(minutes.text) != asked.digest:
        raise Failed("changed", "The minutes have changed since. Read them again.")
    _note(visit, of, minutes)

    def do(connection: Connection) -> Answer:
        sign(connection, visit, of, at, minutes.text)
        return answer_kept(_told(of, minutes, signatures(connection, of.name, at)))

    return once.within(do)
