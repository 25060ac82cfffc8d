"""`carepath desk site` and `phrase`: how the site works, and comments that are made often."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from cli.arguments import day, readable
from cli.at_desk import arranged, made, site_desk
from cli.days import plural
from cli.desk_words import CHOICE, or_nobody, weekdays, weekdays_words
from cli.output import print_json
from cli.parameters import JsonLines, JsonObject, Words
from cli.status import BadInput, Status
from cli.workplace import workplace
from coordination.entries import Phrase, Site
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from pathways.vocabulary import closest


def site(
    zone: Annotated[str | None, typer.Option(metavar="ZONE", help="The time zone, as Europe/Berlin.")] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="Whose public holidays are kept, as DE; empty: none.")
    ] = None,
    subdivision: Annotated[
        str | None, typer.Option(metavar="CODE", help="The part of the country, as BY; empty: none.")
    ] = None,
    holiday: Annotated[
        Words, typer.Option(metavar="DATE", help="A day on which the site does not work.")
    ] = None,
    no_holiday: Annotated[Words, typer.Option(metavar="DATE", help="Take such a day back.")] = None,
    working_days: Annotated[str | None, typer.Option(metavar="DAYS", help="Such as Mon-Fri.")] = None,
    pool: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who looks after patients nobody owns; empty: nobody.")
    ] = None,
    lead: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who is told where it gets late; empty: nobody.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="LANGUAGE", help="en or de, of what goes to teams.")
    ] = None,
    link: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where a patient is found, the reference behind it; empty: no link."
        ),
    ] = None,
    reference_in_messages: Annotated[
        bool | None,
        typer.Option(
            "--reference-in-messages/--no-reference-in-messages", help="Messages tell the reference."
        ),
    ] = None,
    names_in_messages: Annotated[
        bool | None,
        typer.Option("--names-in-messages/--no-names-in-messages", help="Messages tell the patient's name."),
    ] = None,
    undated_days: Annotated[
        int | None,
        typer.Option(metavar="DAYS", help="Working days for a step that the sources give no date for."),
    ] = None,
    snooze_days: Annotated[
        int | None, typer.Option(metavar="DAYS", help="The most days something is put off for at once.")
    ] = None,
    wait_days: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            help="The most days something is taken on, deferred or booked for, from today or its due date.",
        ),
    ] = None,
    untracked_days: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Days without a comment until a patient stands out.")
    ] = None,
    carry_out_days: Annotated[
        int | None,
        typer.Option(metavar="DAYS", help="Working days within which a board's decision is carried out."),
    ] = None,
    smallest_reported: Annotated[
        int | None,
        typer.Option(metavar="N", help="The least number told in a report that leaves the house."),
    ] = None,
    factor: Annotated[
        Words, typer.Option(metavar="ROLE", help="Who has this role signs in with a second factor.")
    ] = None,
    no_factor: Annotated[Words, typer.Option(metavar="ROLE", help="Take that back.")] = None,
    json: JsonObject = False,
) -> Status:
    """How the site works: its days, its lead and its pool, what messages may tell, its own numbers."""
    if link and (not link.startswith(("https://", "http://")) or re.search(r"\s", readable("--link", link))):
        raise BadInput(f"--link: {link!r} is no address; one begins with https:// and has no blank in it")
    off = {day("--holiday", one) for one in holiday or ()}
    on = {day("--no-holiday", one) for one in no_holiday or ()}
    changes: dict[str, Any] = {
        "zone": zone,
        "country": country,
        "subdivision": subdivision,
        "working_days": weekdays("--working-days", working_days) if working_days is not None else None,
        "pool": pool,
        "lead": lead,
        "language": language,
        "link": link,
        "reference_in_messages": reference_in_messages,
        "names_in_messages": names_in_messages,
        "undated_days": undated_days,
        "snooze_days": snooze_days,
        "wait_days": wait_days,
        "untracked_days": untracked_days,
        "carry_out_days": carry_out_days,
        "smallest_reported": smallest_reported,
    }

    def change(found: SiteDesk) -> Site | None:
        days = tuple(sorted({*found.site.own_holidays, *off} - on))
        roles = tuple(sorted({*found.site.factor_roles, *(factor or ())} - {*(no_factor or ())}))
        after = made(Site, found.site, {**changes, "own_holidays": days, "factor_roles": roles})
        return after if after != found.site else None

    wanted = bool(off or on or factor or no_factor) or any(value is not None for value in changes.values())
    with workplace(begins=wanted) as here:
        found = arranged(here, change) if wanted else site_desk(here)
    if json:
        print_json(found.site.payload())
    else:
        _show_site(found, here.today)
    return Status.OK


def _show_site(found: SiteDesk, today: date) -> None:
    from cli.console import console, table

    made_ = table("What", "Here", "Option")
    for name, said, option in _rows(found.site, today):
        made_.add_row(name, said, option)
    console().print(made_)
    print(CHOICE)


def _rows(one: Site, today: date) -> Iterator[tuple[str, str, str]]:
    country = f"{one.country} {one.subdivision}".strip() or "none kept"
    own = [str(holiday) for holiday in one.own_holidays if holiday >= today]
    yield "time zone", one.zone, "--zone"
    yield "working days", weekdays_words(one.working_days), "--working-days"
    yield "public holidays of", country, "--country --subdivision"
    yield "own days off to come", ", ".join(own) or "none", "--holiday --no-holiday"
    yield "next working day", str(SiteCalendar(one).next_working(today + timedelta(1))), ""
    yield "the lead", or_nobody(one.lead), "--lead"
    yield "looks after patients nobody owns", or_nobody(one.pool), "--pool"
    yield "language", one.language, "--language"
    yield "link in messages", one.link or "none", "--link"
    yield "reference in messages", _yes(one.reference_in_messages), "--reference-in-messages"
    yield "name of the patient in messages", _yes(one.names_in_messages), "--names-in-messages"
    yield "for a step without a date", plural(one.undated_days, "working day"), "--undated-days"
    yield "put off at once at most", plural(one.snooze_days, "day"), "--snooze-days"
    yield "taken on or booked for at most", plural(one.wait_days, "day"), "--wait-days"
    yield "for what a board decided", plural(one.carry_out_days, "working day"), "--carry-out-days"
    yield "least number in reports outside", str(one.smallest_reported), "--smallest-reported"
    yield "second factor asked of", ", ".join(one.factor_roles) or "nobody", "--factor --no-factor"
    yield "not tracked after", plural(one.untracked_days, "day"), "--untracked-days"


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def phrase(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The phrase.", show_default=False)] = "",
    text: Annotated[
        str | None,
        typer.Argument(metavar="[TEXT]", help="Its words; empty takes it out.", show_default=False),
    ] = None,
    json: JsonLines = False,
) -> Status:
    """Comments that are made often, by a name: `carepath comment PATIENT --phrase NAME`."""
    said = readable("TEXT", text) if text is not None else None
    with workplace(begins=said is not None) as here:
        if said is None:
            phrases = site_desk(here).phrases
        else:
            phrases = arranged(here, lambda _: made(Phrase, None, {"name": name, "text": said})).phrases
    found = {one: words for one, words in phrases.items() if name in ("", one)}
    if json:
        for one, words in found.items():
            print_json({"name": one, "text": words})
        return Status.OK
    if not found:
        print(_no_phrase(name, phrases))
        return Status.OK
    from cli.console import console, table

    made_ = table("Name", "Words")
    for one, words in found.items():
        made_.add_row(one, words)
    console().print(made_)
    return Status.OK


def _no_phrase(name: str, phrases: Iterable[str]) -> str:
    if name:
        return f"There is no phrase {name!r}{closest(name, phrases)}"
    return 'There is no phrase yet. `carepath desk phrase NAME "TEXT"` adds one.'
