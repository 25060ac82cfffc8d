"""When a person may be told something: digests at their hour, single messages outside quiet hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from coordination.entries import Person
from coordination.site_calendar import SiteCalendar

_two_weeks = 14


def digest_at(person: Person, calendar: SiteCalendar, now: datetime) -> datetime:
    """The next instant at which the digest of this person leaves, from now on."""
    today = calendar.today(now)
    for n in range(_two_weeks + 1):
        day = today + timedelta(n)
        moment = calendar.at(day, person.digest_at)
        if moment >= now and _digest_day(person, calendar, day):
            return moment
    return calendar.at(
        today + timedelta(1), person.digest_at
    )  # somebody who never works is told all the same


def _digest_day(person: Person, calendar: SiteCalendar, day: date) -> bool:
    if person.digest == "daily":
        return calendar.works(day, person.working_days)
    first = day - timedelta((day.isoweekday() - person.digest_weekday) % 7)
    return day == calendar.next_working(first, person.working_days)


def free_at(person: Person, calendar: SiteCalendar, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours or days in which it lies."""
    local = now.astimezone(calendar.site.time_zone)
    day, clock = local.date(), local.time()
    if calendar.works(day, person.working_days):
        if not _quiet(person, clock):
            return now
        if clock < person.quiet_until <= person.quiet_from:
            return calendar.at(day, person.quiet_until)
    following = calendar.next_working(day + timedelta(1), person.working_days)
    return calendar.at(following, person.quiet_until)


def _quiet(person: Person, clock: time) -> bool:
    """Whether a time lies in the quiet hours, which may go past midnight; none where both ends are the
    same.
    """
    begins, ends = person.quiet_from, person.quiet_until
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
