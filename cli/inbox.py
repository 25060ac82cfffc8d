"""`carepath inbox`: what somebody was told, as it stands now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.at_desk import site_desk
from cli.days import distance, plural
from cli.output import print_json
from cli.parameters import JsonLines
from cli.progress_words import progress_words
from cli.status import Status
from cli.workplace import Workplace, workplace
from coordination.fitting import NOBODY
from coordination.ownership import looked_after
from coordination.rung_words import RUNG_WORDS
from coordination.site_calendar import SiteCalendar
from interop.desk_json import progress_json

if TYPE_CHECKING:
    from rich.text import Text

    from notifications.inbox import Line


def inbox(
    owner: Annotated[
        str,
        typer.Argument(metavar="[OWNER]", help="A person or a team. Default: you.", show_default=False),
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is not so any more and was said long ago.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """What somebody was told in the inbox, worked out anew: what is late first, then the newest."""
    with workplace() as here:
        name = owner or here.recorder
        lines, today = lines_of(here, name, everything=everything)
        overdue = overdue_words(here, name)
        here.seen(None, {"owner": name, "shown": len(lines)})
    if json:
        for line in lines:
            print_json(as_json(line))
    else:
        from cli.console import console, heading

        console().print(heading(f"Inbox of {name}"))
        show_inbox(lines, today)
        print(overdue)
    return Status.OK


def lines_of(here: Workplace, name: str, *, everything: bool = False) -> tuple[list[Line], date]:
    """What a person or team was told, as it stands on the site's day. Raises BadInput for a stranger."""
    from cli.at_desk import fitting
    from coordination.fitting import check_owner
    from coordination.site_desk import SiteDesk
    from notifications.inbox import inbox as inbox_of
    from notifications.inbox import owners, recent

    with here.database.reading() as connection:
        site = SiteDesk.read(connection)
        with fitting():
            check_owner(site, name)
        lines = inbox_of(connection, list(owners(site, name)), now=here.now, derive=here.derive)
    today = here.now.astimezone(site.site.time_zone).date()
    return lines if everything else recent(lines, here.now), today


def as_json(line: Line) -> dict[str, Any]:
    """One due item as the inbox has it."""
    late = line.late_since
    return {
        "patient": line.reference,
        "pathway": line.about.pathway,
        "item": line.about.item,
        "title": line.title,
        "due": line.about.due.isoformat(),
        "overdue_from": late.isoformat() if late else None,
        "rung": line.rung,
        "told": line.told.isoformat(),
        "to": list(line.to),
        "standing": line.standing,
        "why": line.why,
        "progress": progress_json(line.progress),
    }


def overdue_words(here: Workplace, name: str) -> str:
    """How much is overdue of all patients of a person or team, and of those whom they look after today, told
    of it or not.
    """
    from store.tracking import loads, overdue_of

    site = site_desk(here)
    owners = looked_after(site, name, SiteCalendar(site.site).today(here.now))
    with here.database.reading() as connection:
        items, patients = overdue_of(connection, owners)
    late = {owner for owner, load in loads(here.database).items() if load.overdue}
    whose = [owner or NOBODY for owner in sorted(owners & late, key=lambda one: (one is None, one))]
    if not whose:
        return f"Nothing is overdue of the patients of {name}, and of those whom {name} looks after today."
    told = f"{plural(items, 'item')} of {plural(patients, 'patient')} of {' and of '.join(whose)}"
    lists = ", ".join(f"`carepath list --overdue --owner {one}`" for one in whose)
    return f"Overdue, told before or not: {told}.\n{lists}"


def show_inbox(lines: list[Line], today: date) -> None:
    """What is to be seen to, and apart from it what is not so any more."""
    from cli.console import console, heading, table

    out = console()
    standing = [one for one in lines if one.standing != "gone"]
    made = table("Told", "Patient", "What", "Due", "", "How it stands")
    for one in standing:
        made.add_row(*_row(one), _away(one, today), _how(one))
    if standing:
        out.print(made)
    print(f"{plural(len(standing), 'item')} to see to")
    if standing:
        out.print(_NEXT, style="dim")
    if gone := [one for one in lines if one.standing == "gone"]:
        out.print(heading("Not so any more"))
        made = table("Told", "Patient", "What", "Due", "Why")
        for one in gone:
            made.add_row(*_row(one), one.why)
        out.print(made)


_NEXT = """`carepath acknowledge PATIENT ITEM --until DATE --reason TEXT` makes an item yours until a day,
`carepath snooze` puts it off, `carepath progress` reports on it; `carepath due` has the codes."""


def _row(one: Line) -> tuple[str, str, str, str]:
    return f"{one.told:%Y-%m-%d}", one.reference, one.title, one.about.due.isoformat()


def _away(one: Line, today: date) -> Text:
    from rich.text import Text

    return Text(distance(one.about.due, today, one.late_since), "bold red" if one.late_since else "")


def _how(one: Line) -> str:
    """How it stands, and what was reported of it unless that is why it is quiet."""
    if one.standing != "open":
        return {"held": f"quiet: {one.why}", "unknown": one.why}[one.standing]
    stands = one.why or RUNG_WORDS[one.rung]
    return "\n".join(filter(None, [progress_words(progress_json(one.progress)), stands]))
