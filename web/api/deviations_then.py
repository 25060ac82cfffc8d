"""The register of deviations as it was at the end of an earlier day, patients after patients."""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from audit.register_then import of_patients, summed
from audit.review import Reviewed
from pathways.day_zero import is_counted
from web.api import answers_deviations, cursors
from web.api.asked import DeviationsThenAsked
from web.api.door import Here, answer_of
from web.api.problems import Failed, Fault
from web.api.reviews import READ, departure
from web.api.rules import Operations
from web.shown.deviations_then import within_reach

OPERATIONS = Operations()


@OPERATIONS.get("/deviations/then", READ, answers_deviations.RegisterThen)
def deviations_then(visit: Here, asked: Annotated[DeviationsThenAsked, Query()]) -> Response:
    """The register as it stood at the end of a day that is over, by what was recorded and judged by then.

    Each page is about the next `limit` patients, who are derived anew for it: a page may tell of no deviation
    and be followed by others.
    """
    if asked.day >= visit.today:
        fault = Fault(parameter="day", detail="a day that is over; the register tells of today")
        raise Failed("invalid", "See the faults.", [fault])
    after = cursors.read(visit, asked, asked.cursor, tuple[int])
    everybody = within_reach(visit)
    start = bisect_right(everybody, after[0]) if after else 0
    some, further = everybody[start : start + asked.limit], start + asked.limit < len(everybody)
    visit.seen("register then", None, known_at=asked.day, patients=len(some))
    found = summed(asked.day, of_patients(visit.database, some, asked.day, visit.place.derive))
    return answer_of(
        answers_deviations.RegisterThen(
            day=found.day,
            patients=found.patients,
            failed=found.failed,
            deviations=tuple(map(_filed, found.rows)),
            next=cursors.written(visit, asked, (some[-1],)) if further else None,
        )
    )


def _filed(one: Reviewed) -> answers_deviations.FiledThen:
    counted = one.about.raised_on is not None and is_counted(one.about.raised_on)
    return answers_deviations.FiledThen(
        **departure(one.about),
        number=one.about.patient_id,
        days_counted=counted,
        review=one.state,
        reviewer=one.last.recorder if one.last else None,
    )
