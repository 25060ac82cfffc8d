"""`carepath asof`: one patient on a day by what was known at a moment, the same whenever it is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cli.arguments import day, moment
from cli.output import complain
from cli.parameters import JsonObject, Patient
from cli.show import show_view
from cli.status import Status
from cli.workplace import workplace
from engine.event import Moment, not_after


def asof(
    patient: Patient,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to stand on.")],
    known_at: Annotated[
        str,
        typer.Option("--known-at", metavar="DATE", help="Only what was recorded by then, day or moment."),
    ],
    json: JsonObject = False,
) -> Status:
    """One patient as the answer was then: the same however much is recorded afterwards."""
    stand_on, known = day("--as-of", as_of), moment("--known-at", known_at)
    with workplace() as here:
        show_view(here, patient, stand_on, known, json)
        if not _has_passed(known, here.now):
            complain(f"carepath: {known_at} is not over; what is recorded until then will still be seen")
    return Status.OK


def _has_passed(known: Moment, now: datetime) -> bool:
    return not not_after(now, known)
