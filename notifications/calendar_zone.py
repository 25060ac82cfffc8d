"""A time zone as a feed has to tell it (VTIMEZONE, RFC 5545 3.6.5), for the years that it speaks of.

Written from `zoneinfo` change by change: what package `icalendar` writes sets summer time an hour too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard


def zone_of(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """The zone from the first day to the last."""
    from icalendar import Timezone

    told = Timezone()
    told.add("tzid", str(zone))
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(1)
    for moment in (begin, *changes(zone, first, last)):
        told.add_component(_from(zone, moment))
    return told


def changes(zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    """The moments, in UTC, from which clocks show another offset."""
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC)
    while moment < end:
        following = moment + timedelta(1)
        if _offset(zone, following) != _offset(zone, moment):
            yield _change(zone, moment, following)
        moment = following


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute between these moments at which the offset changes."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        middle = max(middle, before + timedelta(minutes=1))
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _from(zone: ZoneInfo, moment: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from a moment on, which is told by the clocks as they were until then."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    here, until = moment.astimezone(zone), _offset(zone, moment - timedelta(minutes=1))
    told = TimezoneDaylight() if here.dst() else TimezoneStandard()
    told.add("dtstart", (moment + until).replace(tzinfo=None))
    told.add("tzoffsetfrom", until)
    told.add("tzoffsetto", _offset(zone, moment))
    told.add("tzname", here.tzname())
    return told


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None, "a zone has an offset"
    return offset
