"""Whether what is said about the site fits: everybody who is named works here, and nobody is left alone.

A site as a whole has faults or none; what somebody wants to say is refused for those it would bring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, pairwise
from typing import Final

from coordination.entries import LADDER_RUNGS, Absence, Step
from coordination.site_desk import SiteDesk
from pathways.vocabulary import closest

NOBODY = "nobody"
"""Stands for a patient without an owner, so nobody can be called that."""

INBOX: Final = "inbox"
"""Where everybody is told: the one channel that needs no address."""


class Unfit(Exception):
    """What somebody wants to say does not fit what stands; each of `faults` says why and what would."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def check(before: SiteDesk, after: SiteDesk, owners: Collection[str] = ()) -> None:
    """Raises Unfit where `after` has faults that `before` had not. `owners` are those who have patients."""
    known = set(faults(before, owners))
    if new := [one for one in faults(after, owners) if one not in known]:
        raise Unfit(new)


def faults(site: SiteDesk, owners: Collection[str] = ()) -> Iterator[str]:
    """Everything that does not fit together at a site."""
    for name, person in site.people.items():
        if INBOX in person.addresses:
            yield f"{name}: everybody is told in the {INBOX}, which needs no address"
        if name.casefold() == NOBODY:
            yield f"{name!r} stands for a patient without an owner; choose another name"
        if name in site.teams:
            yield f"{name!r} is a team already; a person needs another name"
    yield from _named(site)
    yield from _deputies(site)
    for (pathway, item), steps in site.ladders.items():
        yield from _place(pathway, item)
        yield from _order(steps)
    yield from _country(site)
    for owner in sorted(owners):
        if not has_somebody(site, owner):
            mend = f"`carepath hand-over {owner} TO` gives them to somebody first"
            yield f"the patients of {owner} would have nobody: {mend}"


def has_somebody(site: SiteDesk, owner: str) -> bool:
    """Whether an owner is somebody who works here, or a team in which somebody does."""
    team = site.teams.get(owner)
    members = (owner,) if team is None else team.members if team.active else ()
    return any(name in site.people and site.people[name].active for name in members)


def check_owner(site: SiteDesk, name: str) -> None:
    """Raises Unfit for an owner who does not work here."""
    if name in site.people or name in site.teams:
        if not has_somebody(site, name):
            raise Unfit([f"{name} does not work here any more: nobody would look after the patient"])
        return
    raise Unfit([_unknown(site, name, teams=True)])


def check_person(site: SiteDesk, name: str) -> None:
    """Raises Unfit for somebody who does not work here."""
    if told := next(_person(site, name), None):
        raise Unfit([told])


def _named(site: SiteDesk) -> Iterator[str]:
    """Whoever is named in what stands is somebody who works here."""
    if site.site.pool and not has_somebody(site, site.site.pool):
        yield f"the pool: {_unknown(site, site.site.pool, teams=True)}"
    yield from _person(site, site.site.lead, "the site's lead: ")
    for team in site.teams.values():
        if team.active:
            yield from _person(site, team.lead, f"the lead of {team.name}: ")
            for name in team.members:
                if name not in site.people:
                    yield f"a member of {team.name}: {_unknown(site, name)}"
    for board in site.boards.values():
        if board.active:
            yield from _person(site, board.chair, f"the chair of {board.name}: ")
    for kind, name in site.providers.items():
        if not has_somebody(site, name):
            yield f"who provides {kind} for boards: {_unknown(site, name, teams=True)}"


def _person(site: SiteDesk, name: str | None, of: str = "") -> Iterator[str]:
    if name is None:
        return
    if name not in site.people:
        yield f"{of}{_unknown(site, name)}"
    elif not site.people[name].active:
        yield f"{of}{name} does not work here any more; name somebody else"


def _unknown(site: SiteDesk, name: str, *, teams: bool = False) -> str:
    known = [*site.people, *(site.teams if teams else ())]
    if not teams and name in site.teams:
        return f"{name!r} is a team; a person is needed"
    who = "nobody and no team" if teams else "nobody"
    near = closest(name, known) or "; `carepath desk person NAME --new` adds a person"
    return f"there is {who} called {name!r}{near}"


def _deputies(site: SiteDesk) -> Iterator[str]:
    """Nobody is away twice, and whoever stands in is there, or somebody who stands in for them."""
    circles: dict[str, None] = {}
    for one in site.absences:
        if one.person not in site.people:
            yield _unknown(site, one.person)
        if one.deputy and one.deputy not in (*site.people, *site.teams):
            yield f"the deputy: {_unknown(site, one.deputy, teams=True)}"
        elif told := _circle(site, one):
            circles.setdefault(told)
    yield from circles
    for first, second in combinations(sorted(site.absences, key=lambda one: (one.person, one.first)), 2):
        if first.person == second.person and second.first <= first.last:
            yield (
                f"{first.person} is away from {first.first} to {first.last} already; "
                f"`--from {first.first}` alters that absence"
            )


def _circle(site: SiteDesk, absence: Absence) -> str | None:
    """The first day on which deputies stand in for one another, with nobody there."""
    begins = (one.first for one in site.absences if absence.first <= one.first <= absence.last)
    for day in sorted({absence.first, *begins}):
        asked: list[str] = []
        name: str | None = absence.person
        while name is not None and name not in asked:
            asked.append(name)
            away = site.absence(name, day)
            name = away.deputy if away else None
        if name is not None:
            return _told(day, [*asked, name])
    return None


def _told(day: date, chain: list[str]) -> str:
    """The same words wherever the circle is entered."""
    words = ", ".join(sorted(f"{deputy} for {name}" for name, deputy in pairwise(chain)))
    return f"on {day} everybody who stands in is away: {words}; name another deputy"


def _order(steps: Sequence[Step]) -> Iterator[str]:
    """Rungs come once each, in their order; what happens again happens no earlier than the first time."""
    rungs = [one.rung for one in steps]
    if not rungs or rungs != [one for one in LADDER_RUNGS if one in rungs]:
        yield f"a ladder has rungs, each once, in this order: {', '.join(LADDER_RUNGS)}"
    days = {one.rung: one.days for one in steps}
    if days.get("escalated_again", 180) < days.get("escalated", 0):
        yield "escalated_again comes no earlier than escalated: give it as many days at least"


def _place(pathway: str, item: str) -> Iterator[str]:
    """The pathway and the due item of a ladder are there."""
    if not pathway and not item:
        return
    from pathways.library import all_pathways

    keys = [one.key for one in all_pathways()]
    if pathway and pathway not in keys:
        yield f"there is no pathway {pathway!r}{closest(pathway, keys) or among(keys)}"
        return
    there = (one for one in all_pathways() if pathway in ("", one.key))
    items = [timer.id for one in there for timer in one.timers if timer.listed]
    if item and item not in items:
        of = f" of {pathway}" if pathway else ""
        yield f"there is no due item {item!r}{of}{closest(item, items) or among(items)}"


def among(names: Iterable[str]) -> str:
    """The words that list what there is."""
    return f"; there are {', '.join(names) or 'none'}"


def _country(site: SiteDesk) -> Iterator[str]:
    """Public holidays of the country and its part are known."""
    country, part = site.site.country, site.site.subdivision
    if not country:
        if part:
            yield f"the part {part!r} needs a country: --country DE"
        return
    from holidays import list_supported_countries

    known = list_supported_countries()
    if country not in known:
        yield f"no holidays are known of the country {country!r}; a country is named as DE, AT, CH or GB is"
    elif part and part not in known[country]:
        yield f"{country} has no part {part!r}{among(known[country])}"
