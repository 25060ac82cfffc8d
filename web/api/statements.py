"""The statements of the sources for programs: searched, read, signed off; where they disagree."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query
from sqlalchemy import Connection
from starlette.responses import Response

from engine.answer import plain
from pathways.coverage import uses
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import SignOffs, Status, content_fingerprint
from pathways.guidelines.statements import Statement
from pathways.library import all_pathways
from store import reviews
from store.answered import Answer
from web.api import answers_statements as answers
from web.api.asked_operations import SignOffAsked
from web.api.door import Here, answer_of
from web.api.once import Doing, answer_kept
from web.api.problems import Failed, Fault
from web.api.rules import HOLDERS, Operations
from web.api.values import Code
from web.shown import statements as shown

OPERATIONS = Operations()
StatementId = Annotated[Code, Path(description="The id.", examples=["mdtbc-mdt-after-response"])]
Words = Annotated[str, Query(max_length=200, description="All of these words stand in it.")]
OfStatus = Annotated[Status | None, Query(description="Only those that were read with this result.")]


@OPERATIONS.get("/statements", HOLDERS, answers.Statements)
def statements(visit: Here, words: Words = "", review: OfStatus = None) -> Response:
    """What the sources say, each with its place there, its grade as printed, and whether it was read here."""
    signed = reviews.sign_offs(visit.database)
    found = (answers.StatementRow(**_row(one, signed)) for one in shown.found(signed, words, review or ""))
    return answer_of(answers.Statements(statements=tuple(found)))


@OPERATIONS.get("/statements/{statement}", HOLDERS, answers.Statement)
def statement(visit: Here, statement: StatementId) -> Response:
    """A statement in full, who read it against its source, and which pathways rest on it."""
    return answer_of(_whole(_named(statement), reviews.sign_offs(visit.database)))


@OPERATIONS.post("/statements/{statement}/review", "statements:review", answers.Statement, 412)
def sign_off(once: Doing, statement: StatementId, asked: SignOffAsked) -> Response:
    """Keep that the account's person read it against its source as it reads now, or take that back."""
    visit, about = once.visit, _named(statement)
    if asked.content != content_fingerprint(about):
        raise Failed("changed", "Nothing was kept: it says something else by now. Read it again.")
    verdict = None if asked.verdict == "withdraw" else asked.verdict
    refused = [*shown.faults(visit, reviews.sign_offs(visit.database), about, verdict, asked.note)]
    if refused:
        raise Failed("impossible", refused[0], [Fault(pointer="/note", detail=one) for one in refused])

    def do(connection: Connection) -> Answer:
        read = shown.reading(visit, about, verdict, asked.note)
        reviews.append_within(connection, [read], recorder=visit.account.name, now=visit.now)
        return answer_kept(_whole(about, reviews.standing(connection)))

    return once.within(do)


@OPERATIONS.get("/conflicts", HOLDERS, answers.Conflicts)
def conflicts() -> Response:
    """Where the sources disagree or stay open, and what is taken until a site decides."""
    found = (answers.Conflict.model_validate(asdict(one)) for one in load_catalogue().conflicts.values())
    return answer_of(answers.Conflicts(conflicts=tuple(found)))


def _named(id: str) -> Statement:
    found = load_catalogue().statements.get(id)
    if found is None:
        raise Failed("not-found", "There is no statement with this id.")
    return found


def _row(one: Statement, signed: SignOffs) -> dict[str, str]:
    return {
        "id": one.id,
        "statement": one.statement,
        "source": one.source_text,
        "grade": one.grade_text,
        "obligation": one.obligation,
        "review": signed.status(one),
        "content": content_fingerprint(one),
    }


def _whole(one: Statement, signed: SignOffs) -> answers.Statement:
    outdated = signed.outdated(one)
    readings = (
        answers.Reading(
            reader=each.reader,
            read_on=each.read_on,
            verdict=each.verdict or "",
            note=each.note,
            outdated=each in outdated,
        )
        for each in signed.standing.get(one.id, ())
    )
    return answers.Statement(
        **_row(one, signed),
        declared=plain(asdict(one)),
        readings=tuple(readings),
        pathways=tuple(each.id for each in all_pathways() if one.id in uses([each])),
        conflicts=tuple(each.id for each in load_catalogue().conflicts.values() if one.id in each.statements),
    )
