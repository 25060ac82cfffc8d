"""The calendars of which somebody may make the address: their own, those of their teams, those of boards."""

from __future__ import annotations

from web.rules import READS
from web.visit import Visit


def own_calendars(visit: Visit) -> dict[str, bool]:
    """By name, whether each has an address now; none for whoever may see no patients."""
    if not visit.may(*READS):
        return {}
    site, me = visit.site, visit.account.name
    teams = (one.name for one in site.teams.values() if one.active and me in one.members)
    boards = (one.name for one in site.boards.values() if one.active)
    names = [*([me] if me in site.people else []), *sorted(teams), *sorted(boards)]
    return {name: name in site.calendar_addresses for name in names}
