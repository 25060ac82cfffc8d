"""The site's days: which are worked on, and at which instants they begin.

Public holidays are those of the package `holidays` for the site's country, and days of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any

from coordination.entries import Site


@dataclass(frozen=True)
class SiteCalendar:
    """Working days and instants of a site."""

    site: Site

    def works(self, day: date, weekdays: Collection[int] | None = None) -> bool:
        """Whether the site works on a day; `weekdays` are those of a person, as ISO 8601 counts."""
        return (
            day.isoweekday() in self.site.working_days
            and (weekdays is None or day.isoweekday() in weekdays)
            and day not in self.site.own_holidays
            and day not in self._holidays
        )

    def next_working(self, day: date, weekdays: Collection[int] | None = None) -> date:
        """The day itself, or the first one after it on which the site works; itself where none is in a
        year.
        """
        days = (day + timedelta(n) for n in range(366))
        return next((one for one in days if self.works(one, weekdays)), day)

    def later(self, day: date, working_days: int) -> date:
        """So many working days after a day."""
        for _ in range(working_days):
            day = self.next_working(day + timedelta(1))
        return day

    def earlier(self, day: date, working_days: int) -> date:
        """So many working days before a day; of a site that never works so many days."""
        for _ in range(working_days):
            day -= timedelta(1)
            day = next((one for n in range(366) if self.works(one := day - timedelta(n))), day)
        return day

    def working_days(self, first: date, last: date) -> int:
        """How many of the days after the first, up to the last, are worked on."""
        return sum(self.works(first + timedelta(n)) for n in range(1, (last - first).days + 1))

    def today(self, now: datetime) -> date:
        """The civil day of a moment at this site."""
        return now.astimezone(self.site.time_zone).date()

    def at(self, day: date, clock: time = time()) -> datetime:
        """The instant of a time on a day here, in UTC.

        A time that summer time leaves out is taken with the offset from before it, which is an hour later by
        the clock; one that comes twice is the first of the two (PEP 495, fold 0).
        """
        return datetime.combine(day, clock, self.site.time_zone).astimezone(UTC)

    @cached_property
    def _holidays(self) -> Any:
        return _public(self.site.country, self.site.subdivision)


@cache
def _public(country: str, subdivision: str) -> Any:
    """The public holidays of a country; which they are is found out once for each year."""
    if not country:
        return ()
    from holidays import country_holidays

    return country_holidays(country, subdiv=subdivision or None)
