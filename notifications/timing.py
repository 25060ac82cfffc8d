"""When a person may be told something: digests at their hour, single messages outside quiet hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import count

from coordination.entries import Person
from coordination.site_calendar import SiteCalendar


def digest_at(person: Person, calendar: SiteCalendar, now: datetime) -> datetime:
    """The next instant at which the digest of this person leaves, from now on.

    A weekly one leaves on the first day of work from its weekday on. Somebody who never works is told all
    the same.
    """
    first, every = calendar.today(now), timedelta(1)
    if person.digest == "weekly":
        first, every = first - timedelta((first.isoweekday() - person.digest_weekday) % 7), timedelta(7)
    days = (calendar.next_working(first + n * every, person.working_days) for n in count())
    return next(at for day in days if (at := calendar.at(day, person.digest_at)) >= now)


def free_at(person: Person, calendar: SiteCalendar, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours or days in which it lies."""
    local = now.astimezone(calendar.site.time_zone)
    day, clock = local.date(), local.time()
    over = _quiet(person, clock) and clock >= person.quiet_until  # they end on another day
    if over or not calendar.works(day, person.working_days):
        day, clock = calendar.next_working(day + timedelta(1), person.working_days), time()
        now = calendar.at(day)
    return calendar.at(day, person.quiet_until) if _quiet(person, clock) else now


def _quiet(person: Person, clock: time) -> bool:
    """Whether a time lies in the quiet hours, which may go past midnight; none where both ends are the
    same.
    """
    begins, ends = person.quiet_from, person.quiet_until
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
