"""`carepath calendar`: what is due, or when a board meets, as an iCalendar file; and its secret address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.days import plural
from cli.new_file import write_over
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace

if TYPE_CHECKING:
    from coordination.entries import Entry
    from coordination.site_desk import SiteDesk
    from notifications.calendar_feed import Occasion

SECRETS = ("new", "revoke")


def calendar(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A person, a team or a tumour board.")],
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Write the calendar to this file, over one that is there.")
    ] = "",
    secret: Annotated[
        str,
        typer.Option(
            metavar="WORD", help="new: make a secret address, any other ends. revoke: there is none any more."
        ),
    ] = "",
) -> Status:
    """A calendar (iCalendar, RFC 5545) of what is due of somebody's patients, or of a board's meetings.

    It tells neither name nor diagnosis nor what is due: the reference, where the site allows that.
    """
    if bool(out) == bool(secret):
        raise BadInput("give --out FILE for the calendar, or --secret new or revoke for its address")
    with workplace() as here:
        if secret:
            _address(here, name, secret)
        else:
            _write(here, name, Path(out))
    return Status.OK


def _write(here: Workplace, name: str, out: Path) -> None:
    from notifications.calendar_feed import feed

    occasions = _occasions(here, name)
    here.seen(None, {"owner": name, "shown": len(occasions)})
    write_over(out, feed(name, occasions))
    gone = sum(one.cancelled for one in occasions)
    cancelled = f", {gone} of them cancelled" if gone else ""
    print(f"{plural(len(occasions), 'entry', 'entries')}{cancelled}, written to {out}")


def _occasions(here: Workplace, name: str) -> list[Occasion]:
    from coordination.site_desk import SiteDesk
    from notifications.calendars import occasions

    with here.database.reading() as connection:
        check(SiteDesk.read(connection), name)
        return list(occasions(connection, name, now=here.now, derive=here.derive))


def check(site: SiteDesk, name: str) -> None:
    """Raises BadInput, with the closest, where there is no calendar of this name."""
    from pathways.vocabulary import closest

    known = [*site.people, *site.teams, *site.boards]
    if name not in known:
        raise BadInput(f"no person, team or board is called {name!r}{closest(name, known)}")


def _address(here: Workplace, name: str, word: str) -> None:
    from secrets import token_urlsafe

    from cli.at_desk import arranged
    from coordination.calendar_address import path, with_secret

    if word not in SECRETS:
        raise BadInput(f"--secret: new or revoke, not {word!r}")
    made = token_urlsafe(32) if word == "new" else None

    def change(site: SiteDesk) -> Entry:
        check(site, name)
        return with_secret(name, made)

    arranged(here, change)
    if made:
        print(f"The calendar of {name} has this address, below that of the web application:")
        print(f"  {path(made)}")
        print("Whoever knows it can read the calendar. It is shown this once: only its hash is kept.")
    else:
        print(f"The calendar of {name} has no address any more; programs that ask for it get nothing.")
