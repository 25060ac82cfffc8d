"""The inbox: what somebody was told, worked out anew, so that what is not so any more says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from coordination import reach
from coordination.ownership import looked_after
from notifications.inbox import Line, inbox, owners, recent
from store import desk
from store.tracking import overdue_of
from web.visit import Stopped, Visit


def inboxes(visit: Visit) -> list[str]:
    """Whose inboxes somebody reads: their own first, then those of their teams."""
    site, me = visit.site, visit.account.name
    teams = sorted(one.name for one in site.teams.values() if one.active and me in one.members)
    return [*([me] if me in site.people else []), *teams]


def whose(visit: Visit, name: str) -> str:
    """The inbox that is asked for, by default one's own; empty for whoever has none. Raises Stopped."""
    names = inboxes(visit)
    if name and name not in names:
        raise Stopped(404, "There is no such inbox", "Yours, and those of your teams, stand there.")
    return name or next(iter(names), "")


def lines(visit: Visit, name: str, *, everything: bool) -> list[Line]:
    """What an inbox holds: the late first, what is not so any more last."""
    with visit.database.reading() as connection:
        people = list(owners(visit.site, name))
        found = inbox(connection, people, now=visit.now, derive=visit.place.derive)
        owned = desk.owners_of(connection, {one.patient_id for one in found})
    there = list(_within_reach(visit, found, owned))
    return there if everything else recent(there, visit.now)


def _within_reach(visit: Visit, found: Iterable[Line], owned: Mapping[int, str | None]) -> Iterable[Line]:
    """Without patients who have gone to other teams, for whoever is limited to some."""
    teams = visit.account.teams
    if not teams:
        return found
    mine = reach.owners(visit.site, teams)
    return (one for one in found if owned.get(one.patient_id) in mine)


def overdue(visit: Visit, name: str) -> tuple[int, int]:
    """How many items of how many patients are overdue, told or not: an empty inbox does not mean none."""
    with visit.database.reading() as connection:
        owned = looked_after(visit.site, name, visit.today)
        if visit.account.teams:
            owned &= reach.owners(visit.site, visit.account.teams)
        return overdue_of(connection, owned)
