"""The deviations of a patient with their reviews, and judging one: by a person, though through a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from audit import review
from audit.review import Given, Overtaken, Reviewed
from store import judgements
from store.access import Look
from web.api import answers
from web.api import answers_operations as told
from web.api.asked import ReviewAsked
from web.api.door import About, answer_of
from web.api.patients import present
from web.api.problems import Failed
from web.api.rules import Operations
from web.api.versions import Writing, version
from web.fresh import freshen

OPERATIONS = Operations()
Mark = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{1,64}$",
        description="Which deviation: `GET /patients/{number}/deviations` tells its mark.",
        examples=["0123456789abcdef"],
    ),
]


@OPERATIONS.get("/patients/{number}/deviations", "deviations:read", told.Reviews)
def reviews(visit: About) -> Response:
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
    about, last = one.about, one.last
    return told.Judged(
        mark=about.mark,
        pathway=about.pathway,
        code=about.code,
        title=about.title,
        severity=about.severity,
        status=about.status,
        raised_on=about.raised_on,
        review=one.state,
        upon=one.upon,
        verdict=last.verdict if last else None,
        reason=last.reason if last else None,
        note=last.note if last else None,
        reviewer=last.recorder if last else None,
    )


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
