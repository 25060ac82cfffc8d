"""Dry runs of another version or other settings: what is tried, on whom, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from coordination import reach
from engine.snapshot import PathwayRef
from pathways.settings import Settings
from store import desk, identities
from store.enforcement import Order
from web.dry_runs import Wanted
from web.jobs import Job, UnderWay
from web.visit import Visit

FEW: Final = 25
"""Patients: of no more the log tells one by one that they were tried."""


def begin(visit: Visit, kind: str, wanted: Wanted, work: Callable[[Any, Wanted, Job], object]) -> Job:
    """Begin with a dry run or what follows from one, in the name of who asks. Raises UnderWay."""
    place = visit.place
    if other := place.jobs.at_work():
        raise UnderWay(other)
    told = {"order": wanted.words, "change": wanted.change, "patients": len(wanted.patients)}
    visit.seen(kind, None, **told)
    if len(wanted.patients) <= FEW:
        for number in wanted.patients.values():
            visit.seen(kind, number)
    job = Job(kind, visit.account.name, visit.here, wanted)
    return place.jobs.start(job, lambda job: work(place, wanted, job), place.clock, own=True)


def order_of(pathway: PathwayRef | None, settings: Mapping[str, str], *, add: bool) -> Order:
    """What is to be put in force. Raises SettingError."""
    chosen = Settings.from_overrides(settings)
    return Order(pathway, {name: chosen[name] for name in settings}, add and pathway is not None)


def in_words(order: Order) -> str:
    """The version and settings of an order."""
    version = f"{order.pathway.id} {order.pathway.version}" if order.pathway else ""
    return "; ".join(filter(None, (version, *(f"{name}={value}" for name, value in order.settings.items()))))


def reachable(visit: Visit) -> dict[str, int]:
    """Every patient the account may see, by reference."""
    with visit.database.reading() as connection:
        everybody = identities.references(connection)
        if not visit.account.teams:
            return everybody
        owners = reach.owners(visit.site, visit.account.teams)
        whose = desk.whose(connection)
    return {name: number for name, number in everybody.items() if whose.get(number) in owners}
