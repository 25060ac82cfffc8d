"""Who is in charge of a patient on a day, with absences and deputies, and whom a rung of a ladder reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import get_args

from coordination.entries import Person, Role
from coordination.patient_desk import PatientDesk
from coordination.site_desk import SiteDesk


def in_charge(site: SiteDesk, owner: str | None, day: date) -> tuple[Person, ...]:
    """The people who look after an owner's patients on a day: themselves, or their deputies.

    A team is everybody in it who is there. Where nobody is, the site's pool is asked, then its lead; empty:
    there is nobody at all, which is the first thing to be mended.
    """
    for name in dict.fromkeys((owner, site.site.pool, site.site.lead)):
        if found := _each_once(_there(site, name, day)):
            return found
    return ()


def reached(site: SiteDesk, desk: PatientDesk, role: Role, day: date) -> tuple[Person, ...]:
    """The people whom a rung for this role reaches; what nobody can take comes to the owner."""
    if role == "owner":
        return in_charge(site, desk.owner, day)
    owner = desk.owner or site.site.pool
    wanted = {
        "clinician": desk.clinician,
        "lead": lead_of(site, owner),
        "team": _team_of(site, owner),
    }
    return _each_once(_there(site, wanted[role], day)) or in_charge(site, desk.owner, day)


def reached_by_name(site: SiteDesk, name: str, day: date) -> tuple[Person, ...]:
    """Somebody who is named, or their deputies; of a team everybody who is there. Empty: nobody is."""
    return _each_once(_there(site, name, day))


def answerable(site: SiteDesk, desk: PatientDesk) -> frozenset[str]:
    """The names of those who have to do with a patient, whether or not they are away: the owner, or who is in
    the team, the clinician in charge and the lead.
    """
    owner = desk.owner or site.site.pool
    team = site.teams.get(owner or "")
    names = (owner, desk.clinician, lead_of(site, owner), *(team.members if team else ()))
    return frozenset(one for one in names if one)


def changes_on(site: SiteDesk, desk: PatientDesk, day: date) -> date | None:
    """The next day after this one on which rungs reach other people, as absences begin or end."""

    def whom(when: date) -> list[tuple[Person, ...]]:
        return [reached(site, desk, role, when) for role in get_args(Role)]

    ends = sorted({end for one in site.absences for end in (one.first, one.last + timedelta(1)) if end > day})
    today = whom(day) if ends else []
    return next((one for one in ends if whom(one) != today), None)


def owners_for(site: SiteDesk, person: Person, day: date) -> frozenset[str | None]:
    """The owners whose patients a person looks after on a day: also as a deputy, in a team, for the pool."""
    owners = (None, *site.people, *site.teams)
    return frozenset(owner for owner in owners if person in in_charge(site, owner, day))


def looked_after(site: SiteDesk, name: str, day: date) -> frozenset[str | None]:
    """The owners whose patients a person or a team looks after on a day, themselves among them."""
    if name in site.people:
        return owners_for(site, site.people[name], day) | {name}
    return frozenset({name, *([None] if site.site.pool == name else [])})


def _each_once(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({one.name: one for one in people}.values())


def lead_of(site: SiteDesk, owner: str | None) -> str | None:
    """Who answers for an owner's patients: the lead of the team, else of the site."""
    team = site.teams.get(_team_of(site, owner) or "")
    return (team.lead if team and team.active else None) or site.site.lead


def _team_of(site: SiteDesk, owner: str | None) -> str | None:
    """The team that the owner is, or is in."""
    if owner in site.teams:
        return owner
    return next((team.name for team in site.teams.values() if team.active and owner in team.members), None)


def _there(
    site: SiteDesk, name: str | None, day: date, asked: frozenset[str] = frozenset()
) -> Iterator[Person]:
    """A person, the deputy of one who is away, or those of a team; nobody is asked twice."""
    if name is None or name in asked:
        return
    asked |= {name}
    if (team := site.teams.get(name)) is not None:
        for member in team.members if team.active else ():
            yield from _there(site, member, day, asked)
        return
    person = site.people.get(name)
    if person is None or not person.active:
        return
    if (away := site.absence(name, day)) is None:
        yield person
    else:
        yield from _there(site, away.deputy, day, asked)
