"""What came up about a patient while no worker was there, and was settled before one was back.

The trail is the same as if one had always been there: the patient is looked at once more as things stood just
before each change of which nobody has seen what came up until then. Where a worker is there, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.plan import Effect, come
from notifications.present import present_or_trouble
from store import planning
from store.canonical import instant
from store.heartbeat import TICK
from store.planning import State
from store.settle import Reckoning

KEPT: Final = timedelta(30)
"""How far it goes back: a site whose first worker starts is not worked out from its beginning."""


def missed(
    connection: Connection,
    patient_id: int,
    state: State,
    calendar: SiteCalendar,
    at: Reckoning,
    now: datetime,
) -> list[Effect]:
    """What had come up by each of the moments at which nobody looked; some of it is long in the trail."""
    found: list[Effect] = []
    for moment in unseen(connection, patient_id, state, calendar, now):
        site = SiteDesk.read(connection, moment)
        there = moment.astimezone(site.site.time_zone)
        by = Reckoning.at(there, at.derive)
        then = present_or_trouble(connection, patient_id, site, by, there, there)
        if not isinstance(then, str):
            found += come(then.effects, then.today)
    return found


def unseen(
    connection: Connection, patient_id: int, state: State, calendar: SiteCalendar, now: datetime
) -> Iterator[datetime]:
    """The moments just before changes by which something may have come up that nobody saw: a day had begun
    that brought it, or it came of a change before, and stood for as long as a worker takes to come by.
    """
    last = state.planned_at or state.created
    if now - last < TICK:
        return
    before = _looked_until(state)
    for change in planning.changes(connection, patient_id, last):
        moment = change - instant
        if before is not None and moment > now - KEPT:
            a_day_began = calendar.today(before) < calendar.today(moment)
            if a_day_began or moment - before >= TICK:
                yield moment
        before = change


def _looked_until(state: State) -> datetime | None:
    """Up to when it is known what came up, if nothing changes; None: for good."""
    if state.planned_at is None or state.plan_trouble:
        return state.planned_at or state.created
    return state.plan_on - instant if state.plan_on else None
