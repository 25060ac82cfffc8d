"""Of which patients the register of an earlier day tells: those whom the account may see today."""

from __future__ import annotations

from coordination import reach
from store import desk, identities
from web.visit import Visit


def within_reach(visit: Visit) -> list[int]:
    """The patients, by number; also records that became part of others, where an account sees everybody."""
    with visit.database.reading() as connection:
        if not visit.account.teams:
            return identities.numbers(connection)
        owners = reach.owners(visit.site, visit.account.teams)
        return sorted(number for number, owner in desk.whose(connection).items() if owner in owners)
