"""The deviations of a patient with their reviews, and judging one: by a person, though through a program."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from audit import review
from audit.evidence import evidence
from audit.review import Given, Overtaken, Reviewed
from store import judgements
from store.access import Look
from store.judgements import Found, Judgement
from web.api import answers
from web.api import answers_deviations as told
from web.api.asked_operations import ReviewAsked
from web.api.door import About, Reading, answer_of
from web.api.patients import present
from web.api.problems import Failed
from web.api.rules import Operations
from web.api.versions import Writing, version
from web.fresh import freshen

OPERATIONS = Operations()
READ = "deviations:read"
Mark = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{1,64}$",
        description="Which deviation: `GET /patients/{number}/deviations` tells its mark.",
        examples=["0123456789abcdef"],
    ),
]


@OPERATIONS.get("/patients/{number}/deviations", READ, told.Reviews)
def reviews(visit: Reading) -> Response:
    """The deviations of the patient as they stand, with their reviews."""
    freshen(visit)
    present(visit)
    with visit.database.reading() as connection:
        found = review.of_patient(connection, visit.number)
        tag = version(connection, visit)
    visit.seen("deviations", visit.number)
    some = tuple(map(_judged, found.present))
    return answer_of(told.Reviews(number=visit.number, version=tag, deviations=some), tag)


def _judged(one: Reviewed) -> told.Judged:
    steps = tuple(map(step_of, one.steps))
    return told.Judged(
        **departure(one.about), mark=one.about.mark, review=one.state, upon=one.upon, steps=steps
    )


def departure(about: Found) -> dict[str, Any]:
    """What a deviation is, as answers tell it."""
    said = about._asdict() | {"judged_under": about.judged_under or None}
    del said["patient_id"]
    return said


def step_of(one: Judgement) -> told.ReviewStep:
    """A step of a review."""
    said = {name: getattr(one, name) for name in ("step", "verdict", "reason", "note", "at")}
    return told.ReviewStep(**said, reviewer=one.recorder)


@OPERATIONS.get("/patients/{number}/deviations/{mark}/evidence", READ, told.Evidence)
def deviation_evidence(visit: About, mark: Mark) -> Response:
    """All that is told of a deviation, and the proof that none of it was altered since."""
    freshen(visit)
    present(visit)
    with visit.database.reading() as connection:
        there = review.of_patient(connection, visit.number).present
    shown = next((one for one in there if one.about.mark == mark), None)
    if shown is None:
        raise Failed("not-found", "The record does not show this deviation any more.")
    visit.seen("deviation evidence", visit.number, mark=mark)
    found = evidence(visit.database, shown, now=visit.here, derive=visit.place.derive, by=visit.account.name)
    pathway = json.loads(found.pathway) if found.pathway else None
    return answer_of(told.Evidence(record=found.record, chain=found.chain, pathway=pathway))


@OPERATIONS.post("/patients/{number}/deviations/{mark}/review", "deviations:review", answers.Said)
def judge(write: Writing, mark: Mark, asked: ReviewAsked) -> Response:
    """Judge a deviation, or agree or not with who judged it; what is critical takes two people."""
    visit = write.visit
    freshen(visit)
    present(visit)
    given = Given(asked.step, asked.verdict, asked.reason, asked.note)

    def do(connection: Connection) -> Callable[[str], BaseModel]:
        try:
            review.judge(
                connection,
                visit.number,
                mark,
                given,
                upon=asked.upon,
                look=Look(visit.account.name, visit.way, judgements.REVIEW),
                roles=visit.account.roles,
                now=visit.now,
            )
        except Overtaken:
            raise Failed("changed", "It was judged meanwhile, or changed. Look at it as it is now.") from None
        return lambda tag: answers.Said(number=visit.number, version=tag)

    return write.done(do)
