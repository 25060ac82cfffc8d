"""`carepath desk person`, `team` and `absence`: who works here, together with whom, and who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, get_args

import typer

from cli.arguments import assignments, day, readable
from cli.at_desk import arranged, made, site_desk
from cli.days import plural
from cli.desk_words import clock, listed, or_nobody, span, weekday, weekdays, weekdays_words
from cli.output import print_json
from cli.parameters import JsonLines, Words
from cli.site_channels import check_channel
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from coordination.addresses import LONGEST, faults
from coordination.entries import Absence, Person, Rung, Team
from coordination.site_desk import SiteDesk
from pathways.vocabulary import closest
from store import desk

Name = Annotated[str, typer.Argument(metavar="[NAME]", help="The name.", show_default=False)]
New = Annotated[bool, typer.Option("--new", help="Add somebody, or a team, of this name.")]
Active = Annotated[
    bool | None,
    typer.Option("--active/--inactive", help="Does not work here any more, or does so again."),
]


def person(
    name: Name = "",
    new: New = False,
    full_name: Annotated[str | None, typer.Option(metavar="TEXT", help="As in a salutation.")] = None,
    role: Annotated[str | None, typer.Option(metavar="ROLE", help="coordinator, clinician or lead.")] = None,
    address: Annotated[
        Words,
        typer.Option(
            metavar="CHANNEL=ADDRESS", help="Where a channel reaches them; without ADDRESS not any more."
        ),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="daily, or a day of the week: what is due in one message."),
    ] = None,
    at: Annotated[str | None, typer.Option(metavar="HH:MM", help="The hour of that message.")] = None,
    singly: Annotated[
        str | None,
        typer.Option(metavar="RUNGS", help="What is told at once, by itself: rungs with , between; or none."),
    ] = None,
    quiet: Annotated[
        str | None, typer.Option(metavar="HH:MM-HH:MM", help="When nothing is sent singly; or none.")
    ] = None,
    working_days: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Such as Mon-Fri, or Mon,Tue,Thu.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="en or de.")] = None,
    active: Active = None,
    json: JsonLines = False,
) -> Status:
    """Who works here, and how they are told what is due. Patients are given to a NAME; `--user` says it."""
    changes: dict[str, Any] = {
        "full_name": _text("--full-name", full_name),
        "role": role,
        **(_digest(digest) if digest is not None else {}),
        "digest_at": clock("--at", at) if at is not None else None,
        "singly": listed("--singly", singly, get_args(Rung)) if singly is not None else None,
        **(_quiet(quiet) if quiet is not None else {}),
        "working_days": weekdays("--working-days", working_days) if working_days is not None else None,
        "language": language,
        "active": active,
    }
    addresses = assignments("--address", address)
    for channel, one in addresses.items():
        _check_address(channel, one)

    def change(site: SiteDesk) -> Person | None:
        before = _there(site.people, name, new, "person")
        told = {**changes, "addresses": _addresses(before, addresses) if addresses else None}
        after = made(Person, before, {"name": name, **told})
        return after if after != before else None

    wanted = new or bool(addresses) or any(value is not None for value in changes.values())
    return _said(name, wanted, change, _show_people, json)


def team(
    name: Name = "",
    new: New = False,
    member: Annotated[Words, typer.Option(metavar="NAME", help="Who is in it; all of them.")] = None,
    lead: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answers for it; empty for nobody.")
    ] = None,
    active: Active = None,
    json: JsonLines = False,
) -> Status:
    """Teams that share patients: everybody in it who is there is told, and its lead where it gets late."""
    members = tuple(dict.fromkeys(member or ()))

    def change(site: SiteDesk) -> Team | None:
        before = _there(site.teams, name, new, "team")
        told = {"members": members or None, "lead": lead, "active": active}
        after = made(Team, before, {"name": name, **told})
        return after if after != before else None

    wanted = new or bool(members) or lead is not None or active is not None
    return _said(name, wanted, change, _show_teams, json)


def absence(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Who is away.", show_default=False)] = "",
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day away.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day away.")] = None,
    deputy: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who gets what would come to them: a person or a team.")
    ] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="Take the absence from that day back.")] = False,
    json: JsonLines = False,
) -> Status:
    """Who is away and who stands in. The days are --from and --to, both included."""
    if not first:
        if last or deputy or cancel:
            raise BadInput("--from DATE is needed: the first day of the absence that is meant")
        return _said(name, False, lambda _: None, _show_absences, json)
    begins = day("--from", first)
    ends = day("--to", last) if last else None

    def change(site: SiteDesk) -> Absence:
        before = next((one for one in site.absences if (one.person, one.first) == (name, begins)), None)
        if before is None and (ends is None or cancel):
            told = (
                f"{name} has no absence from {begins}" if cancel else "--to DATE is needed: the last day away"
            )
            raise BadInput(told)
        if ends is not None and ends < begins:
            raise BadInput(f"--to {ends} is before --from {begins}")
        gone = {"last": date.min} if cancel else {}
        changes = {"person": name, "first": begins, "last": ends, "deputy": deputy, **gone}
        return made(Absence, before, changes)

    return _said(name, True, change, _show_absences, json)


def _said(name: str, wanted: bool, change: Any, show: Any, json: bool) -> Status:
    """Say what is to be changed, if anything is, and show what stands; without a name, of everybody."""
    if wanted and not name:
        raise BadInput("whose? Give a NAME")
    with workplace(begins=wanted) as here:
        site = arranged(here, change) if wanted else site_desk(here)
        if name and not wanted and name not in (*site.people, *site.teams):
            raise BadInput(_nobody(name, [*site.people, *site.teams]))
        show(here, site, name, json)
    return Status.OK


def _there(known: Mapping[str, Any], name: str, new: bool, kind: str) -> Any:
    """What stands of that name; None for what is to be added. Raises BadInput where that is not so."""
    if new and name in known:
        raise BadInput(f"there is a {kind} {name!r} already; leave --new out to alter it")
    if not new and name not in known:
        raise BadInput(f"{_nobody(name, known)} (--new adds a {kind} of this name)")
    return known.get(name)


def _nobody(name: str, known: Any) -> str:
    return f"there is no {name!r} here{closest(name, known)}"


def _text(option: str, text: str | None) -> str | None:
    return None if text is None else readable(option, text)


def _digest(text: str) -> dict[str, object]:
    if text.strip().casefold() == "daily":
        return {"digest": "daily"}
    return {"digest": "weekly", "digest_weekday": weekday("--digest", text)}


def _quiet(text: str) -> dict[str, object]:
    begins, ends = span("--quiet", text)
    return {"quiet_from": begins, "quiet_until": ends}


def _check_address(channel: str, address: str) -> None:
    """Raises BadInput for a channel that is not there, and for an address that none can reach."""
    if address:
        check_channel(channel)
    readable(f"--address {channel}", address, LONGEST)
    for told in faults(channel, address):
        raise BadInput(f"--address {channel}: {told}")


def _addresses(before: Person | None, changes: Mapping[str, str]) -> dict[str, str]:
    together = {**(before.addresses if before else {}), **changes}
    return {channel: address for channel, address in together.items() if address}


def _show_people(here: Workplace, site: SiteDesk, name: str, json: bool) -> None:
    with here.database.reading() as connection:
        numbers = desk.owners(connection)
    people = [one for one in site.people.values() if name in ("", one.name)]
    if json:
        for one in people:
            away = site.absence(one.name, here.today)
            print_json(
                {
                    **one.payload(),
                    "patients": numbers.get(one.name, 0),
                    "away_until": str(away.last) if away else None,
                    "deputy": away.deputy if away else None,
                }
            )
        return
    if not people:
        print("Nobody works here yet. `carepath desk person NAME --new` adds somebody.")
        return
    from cli.console import console, table

    made_ = table("Name", "Who", "Told by", "Digest", "Works", "Patients")
    for one in people:
        made_.add_row(
            one.name,
            _who(one),
            ", ".join(["inbox", *sorted(one.addresses)]),
            _digest_words(one),
            _works(site, one, here.today),
            str(numbers.get(one.name, "")),
        )
    console().print(made_)
    if name:
        _show_person(people[0])


def _who(one: Person) -> str:
    return f"{one.full_name}, {one.role}" if one.full_name else one.role


def _digest_words(one: Person) -> str:
    when = "daily" if one.digest == "daily" else weekdays_words([one.digest_weekday])
    return f"{when} {one.digest_at:%H:%M}"


def _works(site: SiteDesk, one: Person, today: date) -> str:
    if not one.active:
        return "not any more"
    away = site.absence(one.name, today)
    if away:
        return f"away to {away.last}" + (
            f", {away.deputy} stands in" if away.deputy else ", nobody stands in"
        )
    return weekdays_words(one.working_days)


def _show_person(one: Person) -> None:
    """What does not stand in the table."""
    for channel, address in sorted(one.addresses.items()):
        print(f"{channel}: {address}")
    alone = ", ".join(rung.replace("_", " ") for rung in one.singly) or "nothing"
    quiet = f"{one.quiet_from:%H:%M} to {one.quiet_until:%H:%M}"
    print(f"told at once: {alone}; quiet hours: {quiet if one.quiet_from != one.quiet_until else 'none'}")
    print(f"language: {one.language}")


def _show_teams(here: Workplace, site: SiteDesk, name: str, json: bool) -> None:
    with here.database.reading() as connection:
        numbers = desk.owners(connection)
    teams = [one for one in site.teams.values() if name in ("", one.name)]
    if json:
        for one in teams:
            print_json({**one.payload(), "patients": numbers.get(one.name, 0)})
        return
    if not teams:
        print("There is no team yet. `carepath desk team NAME --new --member NAME` makes one.")
        return
    from cli.console import console, table

    made_ = table("Team", "Members", "Lead", "Patients")
    for one in teams:
        called = one.name if one.active else f"{one.name} (not any more)"
        members = ", ".join(one.members) or "nobody"
        made_.add_row(called, members, or_nobody(one.lead), str(numbers.get(one.name, "")))
    console().print(made_)


def _show_absences(here: Workplace, site: SiteDesk, name: str, json: bool) -> None:
    """Those that are not over."""
    found = [one for one in site.absences if one.last >= here.today and name in ("", one.person)]
    found.sort(key=lambda one: (one.first, one.person))
    if json:
        for one in found:
            print_json(one.payload())
        return
    if not found:
        print("Nobody is away, or going to be." if not name else f"{name} is not going to be away.")
        return
    from cli.console import console, table

    made_ = table("Who", "From", "To", "", "Deputy")
    for one in found:
        days = plural((one.last - one.first).days + 1, "day")
        made_.add_row(
            one.person, str(one.first), str(one.last), days, one.deputy or "nobody: the pool or the lead"
        )
    console().print(made_)
