"""One look at the database: lists brought up to date, patients planned, what does not hold any more
withdrawn.

Every patient is planned in a transaction of its own, so that one who cannot be derived stops nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection

from coordination.entries import Item, Rung
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.decide import Drop, Kept, decide
from notifications.plan import Effect, come, next_day
from notifications.present import Present, present
from store import desk, planning
from store.database import Database
from store.derivation import Derivation
from store.errors import CannotDerive, UnknownPathway
from store.outbox import WAITING
from store.planning import Notice, Planned
from store.refresh import derived_anew, overtaken
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: patients planned, set aside because they cannot be derived, and notices issued."""

    planned: int
    aside: int
    issued: int


def sweep(database: Database, *, now: datetime, derive: Derivation, jobs: int = 1) -> Swept:
    """Bring everything up to the moment `now`. Raises Busy or CannotWrite; what was done before stays."""
    with database.reading() as connection:
        site = SiteDesk.of(desk.of_site(connection))
    here = now.astimezone(site.site.time_zone)
    for _ in derived_anew(database, overtaken(database, here), now=here, derive=derive, jobs=jobs):
        pass
    at = Reckoning.at(here, derive)
    done, after = Swept(0, 0, 0), 0
    while patients := planning.unplanned(database, here, after):
        for patient_id in patients:
            one = _planned(database, patient_id, site, at, here)
            done = Swept(done.planned + one.planned, done.aside + one.aside, done.issued + one.issued)
        after = patients[-1]
    return done


def _planned(database: Database, patient_id: int, site: SiteDesk, at: Reckoning, now: datetime) -> Swept:
    """Plan one patient; whoever was recorded about meanwhile comes up again in the next sweep."""
    with database.writing() as connection:
        sequence, before = planning.state(connection, patient_id)
        try:
            found = present(connection, patient_id, site, at, now)
        except (CannotDerive, UnknownPathway) as error:
            again = SiteCalendar(site.site).at(at.today + timedelta(1))
            aside = Planned(patient_id, sequence, before, again, type(error).__name__)
            planning.keep(connection, aside)
            return Swept(0, 1, 0)
        if not planning.keep(connection, Planned(patient_id, sequence, before, _next(found))):
            return Swept(0, 0, 0)
        return Swept(1, 0, _issue(connection, found, now))


def _next(found: Present) -> datetime | None:
    """The instant at which time brings the next notice, or changes what is due."""
    if found.answer is None:
        return None
    days = [next_day(found.effects, found.today), found.answer.wake_on]
    first = min((day for day in days if day), default=None)
    return SiteCalendar(found.site.site).at(first) if first else None


def _issue(connection: Connection, found: Present, now: datetime) -> int:
    """Write down what has come up, and settle what waits and does not hold any more."""
    there = {one.id: one for one in planning.of_patient(connection, [found.patient_id])}
    wanted = {one.id: one for one in come(found.effects, found.today)}
    again = [id for id in wanted if id in there and there[id].status == "withdrawn"]
    planning.reopen(connection, again, now)
    issued = planning.issue(connection, [row(one) for id, one in wanted.items() if id not in there], now)
    waiting = [one for one in there.values() if one.status == WAITING or one.id in again]
    notices = [*(kept(one) for one in waiting), *(new(one) for id, one in wanted.items() if id not in there)]
    planning.withdraw(connection, _gone(notices, found), now)
    return issued


def _gone(notices: Iterable[Kept], found: Present) -> Mapping[str, tuple[str, str]]:
    """Those that are not to be said at all: by id, how they end and why."""
    decided = {one.id: decide(one, found) for one in notices}
    return {id: (one.status, one.reason) for id, one in decided.items() if isinstance(one, Drop)}


def row(effect: Effect) -> dict[str, Any]:
    """The columns of a notice that follow from its effect."""
    about = effect.about
    return {
        "id": effect.id,
        "patient_id": effect.patient_id,
        "pathway": about.pathway,
        "item": about.item,
        "anchor": json.dumps(list(about.anchor)),
        "due": about.due,
        "rung": effect.rung,
        "day": effect.day,
    }


def new(effect: Effect) -> Kept:
    """A notice that is written down now."""
    return Kept(effect.id, effect.about, effect.rung, effect.day)


def kept(notice: Notice | Any) -> Kept:
    """A notice as it was written down."""
    anchor: tuple[str, ...] = tuple(json.loads(notice.anchor))
    due: date = notice.due
    about = Item(pathway=notice.pathway, item=notice.item, due=due, anchor=anchor)
    return Kept(notice.id, about, cast(Rung, notice.rung), notice.day)
