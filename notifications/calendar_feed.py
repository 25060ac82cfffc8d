"""An iCalendar feed (RFC 5545) of occasions: days on which something is due, and meetings of boards.

What is due is a VEVENT for the whole day, not a task: calendar programs show the tasks of a feed they
subscribe to badly or not at all. It is TRANSPARENT, so that nobody counts as busy because something is due. A
meeting of a board is a VEVENT with its times in the site's zone. There are no alarms: reminders are messages
(`deliver`), which are checked just before they leave; a calendar program asks for a feed when it likes.

The same occasions give the same bytes: no property tells when the feed was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from notifications.calendar_zone import zone_of

if TYPE_CHECKING:
    from icalendar import Event, Timezone

REFRESH = timedelta(hours=1)
"""How often a calendar program should ask again."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One entry of a feed. It ends before `end`; both are days, or moments of the site's zone.

    `uid` stays the same whatever else changes; `sequence` rises with every change, of which `changed` is the
    latest. One that is `cancelled` stays for a while, so that it goes from calendars that have it.
    """

    uid: str
    sequence: int
    changed: datetime
    begin: date | datetime
    end: date | datetime
    summary: str
    place: str = ""
    link: str = ""
    cancelled: bool = False


def feed(name: str, occasions: Iterable[Occasion]) -> bytes:
    """The whole feed, with CRLF and lines of at most 75 octets."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//carepath//carepath//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)  # RFC 7986; most programs know only the one with X-
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH, parameters={"VALUE": "DURATION"})
    found = sorted(occasions, key=lambda one: (str(one.begin), one.uid))
    for part in (*_zones(found), *map(_event, found)):
        calendar.add_component(part)
    return bytes(calendar.to_ical())


def _event(one: Occasion) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    for name in ("dtstamp", "last-modified"):  # the same where a feed has no METHOD (RFC 5545, 3.8.7.2)
        event.add(name, one.changed.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _told(one.begin))
    event.add("dtend", _told(one.end))
    event.add("summary", one.summary)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if isinstance(one.begin, datetime) else "TRANSPARENT")
    if one.place:
        event.add("location", one.place)
    if one.link:
        event.add("url", one.link)
        event.add("description", one.link)  # many programs do not show the URL of an event
    return event


def _told(moment: date | datetime) -> date | datetime:
    """In UTC where clocks show the same twice: a feed cannot tell which of the two is meant."""
    if not isinstance(moment, datetime) or len({moment.replace(fold=n).utcoffset() for n in (0, 1)}) == 1:
        return moment
    return moment.astimezone(UTC)


def _zones(occasions: Iterable[Occasion]) -> Iterator[Timezone]:
    """The rules of the time zones named, for the years of the occasions."""
    named: dict[ZoneInfo, list[date]] = {}
    for one in occasions:
        if isinstance(one.begin, datetime) and isinstance(one.begin.tzinfo, ZoneInfo):
            named.setdefault(one.begin.tzinfo, []).append(one.begin.date())
    for zone, days in named.items():
        if str(zone) != "UTC":
            yield zone_of(zone, date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1))
