"""`carepath reminders`: what came up about a patient, who was told, and why nothing was sent on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from cli.answer_times import answer_times
from cli.arguments import day
from cli.output import print_json
from cli.reminded import Reminded
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace


def reminders(
    patient: Annotated[
        str, typer.Argument(metavar="[PATIENT]", help="The patient's reference.", show_default=False)
    ] = "",
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only why something was sent on this day, or was not."),
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Of all patients: how long people took to answer, by rung.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="With --answers: of what was told from this day on."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object; with --answers one a line.")] = False,
) -> Status:
    """What came up about a patient, who was told, what comes next, and why nothing was sent on a day."""
    from cli.reminders_page import show

    if answers:
        if patient or on:
            raise BadInput("--answers is about all patients: leave PATIENT and --on out")
        return answer_times(since, json)
    if not patient or since:
        raise BadInput("about whom? Give a PATIENT, or --answers, to which --since belongs")
    with workplace() as here:
        found = _reminded(here, patient, day("--on", on) if on is not None else None)
    if json:
        print_json(found.as_json())
    else:
        show(found)
    return Status.OK


def _reminded(here: Workplace, reference: str, when: date | None) -> Reminded:
    """Raises BadInput for one nobody knows, and for a day to come."""
    from coordination.site_calendar import SiteCalendar
    from coordination.site_desk import SiteDesk
    from notifications.silence import asked, standing
    from notifications.titles import titles
    from notifications.trail import Trail

    number = here.head(reference).patient_id
    with here.database.reading() as connection:
        calendar = SiteCalendar(SiteDesk.read(connection).site)
        today = calendar.today(here.now)
        wanted = when or today
        if wanted > today:
            raise BadInput(f"--on: {wanted} has not come yet; without --on you are told what comes up next")
        because = asked(connection, number, wanted, now=here.now, derive=here.derive)
        trail = Trail.of(connection, number)
        now = standing(connection, number, here.now, here.derive)
    here.seen(number, {"on": when})
    called = titles(now.present, here.derive)
    return Reminded(
        reference, wanted, when is not None, calendar, called, trail, now.present, because, here.now
    )
