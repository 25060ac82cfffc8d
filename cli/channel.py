"""`carepath channel`: the ways by which messages leave, tried out, and what the next digest would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.days import plural
from cli.output import complain, print_json, visible
from cli.parameters import JsonLines
from cli.site_channels import site_channels, unreached
from cli.status import BadInput, Status, Unavailable
from cli.workplace import Workplace, workplace
from pathways.vocabulary import closest

if TYPE_CHECKING:
    from coordination.entries import Person
    from coordination.site_desk import SiteDesk
    from notifications.channels import Channel

app = typer.Typer(help="The ways by which messages leave: list, test, preview.", no_args_is_help=True)

PersonName = Annotated[str, typer.Argument(metavar="PERSON", help="Who works here, by name.")]


@app.command("list")
def list_(json: JsonLines = False) -> Status:
    """The channels of this site, where they lead, and how many people each reaches."""
    channels = site_channels()
    with workplace() as here:
        people = [one for one in _desk(here).people.values() if one.active]
    rows = [_inbox(people), *(_as_json(one, people) for one in channels)]
    if json:
        for row in rows:
            print_json(row)
        return Status.OK
    from cli.console import console, table

    made = table("Channel", "Leads to", "A minute", "Reaches")
    for row in rows:
        most = str(row["per_minute"]) if row["per_minute"] else "any number"
        made.add_row(row["channel"], row["to"], most, plural(row["people"], "person", "people"))
    console().print(made)
    for line in unreached(people, [row["channel"] for row in rows]):
        print(line)
    if len(rows) == 1:
        print("Messages leave by the inbox alone; CAREPATH_CHANNELS names a file with others.")
    return Status.OK


@app.command()
def test(
    channel: Annotated[str, typer.Argument(metavar="NAME", help="The channel.")],
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="An address, or somebody who works here.")
    ],
) -> Status:
    """Send a harmless message about nobody, and tell step by step what happened."""
    from notifications.channels import INBOX
    from notifications.trial import leads_to, try_out

    if channel == INBOX:
        raise BadInput("the inbox is in the database and needs no test; `carepath channel list` has others")
    found = _tried_out(channel)
    with workplace() as here:
        address = _address(_desk(here), channel, to)
        now = here.now
    print(f"{channel}: {leads_to(found)}\nto {visible(address)}")
    if failed := try_out(found, address, now, lambda told: print(f"- {told}")):
        print(f"Not handed over: {failed.told}.\n{failed.what_then}")
        return Status.FOUND
    print("Handed over. Look whether it has arrived: `carepath: test`.")
    return Status.OK


@app.command()
def preview(
    person: PersonName,
    html: Annotated[
        str, typer.Option("--html", metavar="FILE", help="Write it to this file as it looks in a mailbox.")
    ] = "",
) -> Status:
    """What the next digest of somebody would say if it left now, with the patients it is about."""
    from jinja2 import TemplateError

    from cli.settings import CarepathSettings
    from notifications.preview import preview as previewed

    templates = CarepathSettings.read().site_templates()
    with workplace() as here:
        who = _person(_desk(here), person)
        try:
            found = previewed(here.database, who, now=here.now, derive=here.derive, templates=templates)
        except TemplateError as error:
            raise Unavailable(f"a template in {templates} does not work: {_template_error(error)}") from None
        here.seen(None, {"of": who.name, "patients": found.patients})
    if found.words is None:
        print(f"The next digest of {who.name} would say nothing: it would not be sent.")
        return Status.OK
    print(f"Subject: {found.words.subject}\n\n{found.words.text}", end="")
    if html:
        from pathlib import Path

        from cli.new_file import write_over

        write_over(Path(html), found.words.html.encode())
        complain(f"carepath: written to {html}")
    return Status.OK


def _inbox(people: list[Person]) -> dict[str, Any]:
    from notifications.channels import INBOX

    return {"channel": INBOX, "to": "the inbox here", "per_minute": None, "people": len(people)}


def _as_json(channel: Channel, people: list[Person]) -> dict[str, Any]:
    from notifications.trial import leads_to

    return {
        "channel": channel.name,
        "to": leads_to(channel),
        "per_minute": channel.per_minute,
        "people": sum(channel.name in one.addresses for one in people),
    }


def _tried_out(name: str) -> Channel:
    """The channel of this name."""
    channels = {one.name: one for one in site_channels()}
    if name not in channels:
        raise BadInput(
            f"there is no channel {name!r}{closest(name, list(channels))}; see `carepath channel list`"
        )
    return channels[name]


def _desk(here: Workplace) -> SiteDesk:
    from cli.at_desk import site_desk

    return site_desk(here)


def _person(site: SiteDesk, name: str) -> Person:
    if name not in site.people:
        told = f"nobody who works here is called {name!r}{closest(name, list(site.people))}"
        raise BadInput(f"{told}; `carepath desk person` tells who does")
    return site.people[name]


def _address(site: SiteDesk, channel: str, to: str) -> str:
    """The address of a person, or what was typed where nobody is called that."""
    if to not in site.people:
        return to
    if channel not in site.people[to].addresses:
        raise BadInput(f"{to} has no address for {channel}")
    return site.people[to].addresses[channel]


def _template_error(error: Exception) -> str:
    place = ":".join(str(part) for name in ("name", "lineno") if (part := getattr(error, name, None)))
    return f"{place + ': ' if place else ''}{getattr(error, 'message', None) or error}"
