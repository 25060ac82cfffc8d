"""The register as it stood on an earlier day, by what was known then: worked out beside the pages."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from starlette.responses import Response

from audit.register_then import RegisterThen, of_patients, summed
from pathways.day_zero import DAY_ZERO, is_counted
from store import identities
from store.register import SEVERITIES
from web.form import Form
from web.jobs import Job, UnderWay
from web.pages.deviations_report import CSV
from web.rules import READS, Pages
from web.shown.deviations_then import within_reach
from web.visit import Stopped, Visit

PAGES = Pages()
KIND: Final = "register then"
PLACE: Final = "/deviations/then"
MOST: Final = 500
"""Rows of the page; the table has all."""


@PAGES.get(PLACE, READS)
def then(visit: Visit) -> Response:
    """What is being worked out, or came of it."""
    return _page(visit)


@PAGES.post(PLACE, READS)
def begin(visit: Visit) -> Response:
    """Work it out for a day."""
    form = Form(visit)
    day = form.day("day", needed="As of which day?")
    if day and day >= visit.today:
        form.fault("day", "Choose a day that is over; the register tells of today.")
    if day and form.fits:
        numbers = within_reach(visit)
        visit.seen(KIND, None, known_at=day, patients=len(numbers))
        job = Job(KIND, visit.account.name, visit.here, day)
        try:
            visit.place.jobs.start(
                job, lambda job: _worked_out(visit, job, numbers), visit.place.clock, own=True
            )
        except UnderWay:
            form.fault("day", "Something else is being done. Wait until it is done; one at a time.")
    return visit.go(PLACE) if form.fits else _page(visit, 422, faults=form.faults, typed=form.typed)


def _worked_out(visit: Visit, job: Job, numbers: list[int]) -> RegisterThen:
    found = of_patients(visit.database, numbers, job.asked, visit.place.derive)
    return summed(job.asked, job.counted(found, len(numbers)))


@PAGES.get(f"{PLACE}.csv", READS)
def table(visit: Visit) -> Response:
    """All of it as CSV, under the numbers of the patients."""
    job = visit.place.jobs.last(KIND, visit.account.name)
    if job is None or not isinstance(job.result, RegisterThen):
        raise Stopped(404, "There is no such register", "Work it out first.")
    visit.seen(KIND, None, known_at=job.asked, shown=len(job.result.rows))
    return visit.download(job.result.table.encode(), f"deviations-{job.asked}.csv", CSV)


def _page(visit: Visit, status: int = 200, **typed: Any) -> Response:
    job = visit.place.jobs.last(KIND, visit.account.name)
    found = job.result if job and isinstance(job.result, RegisterThen) else None
    weight = next((one for one in SEVERITIES if one == visit.asked("weight")), "")
    rows = [one for one in found.rows if weight in ("", one.about.severity)] if found else []
    if found:
        visit.seen(KIND, None, known_at=found.day, shown=len(rows[:MOST]))
    return visit.page(
        "deviations_then.html",
        status,
        here="/deviations",
        job=job,
        found=found,
        rows=rows,
        most=MOST,
        weight=weight,
        who=_names(visit, {one.about.patient_id for one in rows[:MOST]}),
        counted=_counted,
        days=lambda on: None if found is None or on is None or _counted(on) else (found.day - on).days,
        day_zero=DAY_ZERO,
        **{"faults": {}, "typed": {}, **typed},
    )


def _counted(on: date | None) -> bool:
    """Whether a day is counted from a day zero."""
    return on is not None and is_counted(on)


def _names(visit: Visit, numbers: set[int]) -> dict[int, str]:
    """What the patients are called today."""
    with visit.database.reading() as connection:
        people = {one: identities.person_of(connection, one) for one in numbers}
    return {one: (who.name or who.reference) if who else f"#{one}" for one, who in people.items()}
