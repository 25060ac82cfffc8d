"""What boards decided that has not been carried out, for whoever may see the patients."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.board_pass import waiting
from coordination.decisions import Decided
from coordination.ownership import in_charge
from pathways.library import all_pathways
from web.fresh import freshen
from web.shown.board_seen import Who, who, within
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Waits:
    """A decision that has not been carried out: of whom, and who is to do it; `days` since it should be."""

    who: Who
    decided: Decided
    owners: tuple[str, ...]
    days: int


def waits_of(visit: Visit, *, every: bool) -> list[Waits]:
    """Those whose time has passed, or `every` one; the longest waiting first."""
    freshen(visit)
    pairs = waiting(visit.database, all_pathways(), visit.reckoning, visit.site, every=every)
    with visit.database.reading() as connection:
        shown = within(visit, connection, {one.patient_id for one, _ in pairs})
        return [
            Waits(
                who=who(connection, one, visit.today),
                decided=each,
                owners=tuple(person.name for person in in_charge(visit.site, one.said.owner, visit.today)),
                days=(visit.today - each.by).days,
            )
            for one, each in pairs
            if one.patient_id in shown
        ]
