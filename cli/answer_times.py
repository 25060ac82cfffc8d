"""`carepath reminders --answers`: how long people took to answer what they were told, rung by rung."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cli.arguments import day
from cli.output import print_json
from cli.status import Status
from cli.workplace import workplace

if TYPE_CHECKING:
    from notifications.response_times import Times

USUAL_DAYS = 90
"""How far back it is looked when nobody says."""


def answer_times(since: str | None, json: bool) -> Status:
    """Tell them of everything that was told since a day."""
    from coordination.site_calendar import SiteCalendar
    from coordination.site_desk import SiteDesk
    from notifications.response_times import replies, times
    from store import trail

    with workplace() as here:
        with here.database.reading() as connection:
            calendar = SiteCalendar(SiteDesk.read(connection).site)
            first = day("--since", since) if since else calendar.today(here.now) - timedelta(USUAL_DAYS)
            told = trail.told_since(connection, calendar.at(first))
            found = times(replies(connection, told, now=here.now, derive=here.derive))
        here.seen(None, {"since": first})
    if json:
        for one in found:
            print_json(asdict(one))
    else:
        _show(found, first)
    return Status.OK


def _show(found: list[Times], since: date) -> None:
    from cli.console import console, heading, table

    out = console()
    out.print(heading(f"Answers to what was told since {since}", "in working days"))
    if not found:
        print("Nobody was told anything.")
        return
    made = table("Rung", "To", "Told", "Answered", "Median", "Longest", "Waiting", "Ended otherwise")
    for one in found:
        made.add_row(
            one.rung.replace("_", " "),
            one.to,
            *(str(n) for n in (one.told, one.answered)),
            "" if one.median is None else f"{one.median:g}",
            "" if one.longest is None else str(one.longest),
            *(str(n) for n in (one.waiting, one.ended)),
        )
    out.print(made)
    print("Answered: taken on, put off, reported on or done. Waiting: still to be done, and nobody answered.")
