"""`carepath hand-over`: a whole list of patients goes from one to another, for good or for a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from cli.arguments import day, readable
from cli.at_desk import arranged, fitting, in_one, made, site_desk
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonObject
from cli.recorded import faults_told
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from coordination.entries import Absence, Assigned
from coordination.fitting import check_owner
from coordination.patient_desk import PatientDesk
from coordination.putting_off import in_force
from coordination.saying import as_it_stays, say
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from store import desk, identities, worklist
from store.errors import Crossed
from store.naming import check_names_nobody


def hand_over(
    giver: Annotated[str, typer.Argument(metavar="FROM", help="Whose patients: a person or a team.")],
    taker: Annotated[str, typer.Argument(metavar="TO", help="Who gets them: a person or a team.")],
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only for a while: TO stands in from today to this day."),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it names no patient.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be handed over.")] = False,
    json: JsonObject = False,
) -> Status:
    """Give all patients of somebody to somebody else, all or none; who had them when is kept.

    With --until they stay whose they are, and TO stands in for FROM: it is an absence.
    """
    if giver == taker:
        raise BadInput("FROM and TO are the same")
    why = readable("--reason", reason)
    with workplace() as here:
        site = site_desk(here)
        if giver not in (*site.people, *site.teams):
            raise BadInput(f"nobody here is called {giver!r}; `carepath desk person` shows who works here")
        with fitting():
            check_owner(site, taker)
        last = day("--until", until) if until else None
        if last and giver in site.teams:
            raise BadInput(f"{giver} is a team: nobody stands in for it; leave --until out")
        if last and last < here.today:
            raise BadInput(f"--until {last} does not lie ahead; today is {here.today}")
        if last and not dry_run:
            absence = {"person": giver, "first": here.today, "last": last, "deputy": taker}

            def stands_in(found: SiteDesk) -> Absence:
                check_owner(found, taker)
                return made(Absence, None, absence)

            arranged(here, stands_in)
        if last or dry_run:
            handed = _handed(here, giver, giver if last else taker)
        else:
            handed = in_one(here, lambda connection: _hand_over(here, connection, giver, taker, why))
        here.seen(None, {"from": giver, "to": taker, "shown": len(handed.references)})
    if json:
        whole = {"from": giver, "to": taker, "until": str(last) if last else None, "dry_run": dry_run}
        print_json({**whole, "patients": handed.references, "taken_on": handed.taken_on})
    else:
        _tell(handed, giver, taker, str(last) if last else "", dry_run)
    return Status.OK


@dataclass(frozen=True, slots=True)
class _Handed:
    """Whose patients these are, and what the giver had taken on until a day to come."""

    references: Sequence[str]
    taken_on: Sequence[str]


def _handed(here: Workplace, giver: str, owner: str) -> _Handed:
    with here.database.reading() as connection:
        return _of(here, connection, desk.patients_of(connection, giver), giver, owner)


def _hand_over(here: Workplace, connection: Connection, giver: str, taker: str, reason: str) -> _Handed:
    """Give them away in this transaction, with other writers kept off, in the order of their numbers."""
    with fitting():
        check_owner(as_it_stays(connection), taker)
    patients = desk.patients_of(connection, giver)
    for number in patients:
        identities.head_of(connection, number, to_write=True)
    if (
        desk.patients_of(connection, giver) != patients
    ):  # somebody else came first, before others were kept off
        raise Crossed
    handed = _of(here, connection, patients, giver, taker)
    with faults_told():
        check_names_nobody(connection, reason, *handed.references, field="--reason", stays="after erasure")
    said = _said(connection, patients)
    for number in patients:
        clinician = PatientDesk.of(said[number]).clinician
        entry = Assigned(owner=taker, clinician=clinician, reason=reason)
        say(connection, entry, patient_id=number, recorder=here.recorder, now=here.now)
    return handed


def _said(connection: Connection, patients: Sequence[int]) -> dict[int, list[Any]]:
    return desk.about_each(connection, patients, worklist.parts(connection, patients))


def _of(here: Workplace, connection: Connection, patients: Sequence[int], giver: str, owner: str) -> _Handed:
    """These patients of the giver, whose `owner` they are from now on."""
    names, site = identities.named(connection, patients), SiteDesk.read(connection)
    said = {number: PatientDesk.of(one) for number, one in _said(connection, patients).items()}
    taken_on = [
        f"{names[number]}: {line}"
        for number, before in said.items()
        for line in _taken_on(site, before, giver, owner, here.now)
    ]
    return _Handed(sorted(names.values()), taken_on)


def _taken_on(site: SiteDesk, before: PatientDesk, giver: str, owner: str, now: datetime) -> Iterator[str]:
    """What the giver had taken on of a patient, and whether that holds once it is this owner's."""
    given = before if owner == before.owner else replace(before, owner=owner, owned_since=now)
    today, then = SiteCalendar(site.site).today(now), in_force(site, given).acknowledged
    for about, (entry, noted) in in_force(site, before).acknowledged.items():
        if noted.by == giver and entry.until > today:
            held = then[about][0].until > today
            yield f"{about.item}, due {about.due}, {f'until {entry.until}' if held else 'comes back at once'}"


def _tell(handed: _Handed, giver: str, taker: str, until: str, dry_run: bool) -> None:
    number = plural(len(handed.references), "patient")
    if until:
        would = "would stand in" if dry_run else "stands in"
        print(f"{taker} {would} for {giver} until {until}; {number} of {giver} stay {giver}'s.")
    else:
        print(f"{number} {'would go' if dry_run else 'went'} from {giver} to {taker}.")
    if handed.references:
        print(f"  {', '.join(handed.references)}")
    if handed.taken_on:
        print(f"{giver} had taken on:")
        for line in handed.taken_on:
            print(f"  {line}")
