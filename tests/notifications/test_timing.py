"""When a person may be told something: quiet hours within a day and over midnight, digests, holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coordination.entries import Person, Site
from coordination.site_calendar import SiteCalendar
from notifications.timing import digest_at, free_at

BERLIN = ZoneInfo("Europe/Berlin")
SITE = Site(zone="Europe/Berlin", country="DE", subdivision="BE", own_holidays=(date(2025, 12, 24),))


def here(text: str) -> datetime:
    """A moment by the clock of the site, such as `2025-03-14 07:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def anna(**said: Any) -> Person:
    return Person(name="anna", **said)


def quiet(begins: int, ends: int, **more: Any) -> Person:
    return anna(quiet_from=time(begins), quiet_until=time(ends), **more)


NIGHT, NOON, EARLY, NONE = quiet(18, 7), quiet(12, 14), quiet(0, 7), quiet(9, 9)

FREE = [
    (NIGHT, "2025-03-13 17:59", "2025-03-13 17:59"),
    (NIGHT, "2025-03-13 18:00", "2025-03-14 07:00"),
    (NIGHT, "2025-03-14 06:59", "2025-03-14 07:00"),
    (NIGHT, "2025-03-14 07:00", "2025-03-14 07:00"),
    (NIGHT, "2025-03-14 18:00", "2025-03-17 07:00"),  # a Friday
    (NIGHT, "2025-03-15 10:00", "2025-03-17 07:00"),
    (NIGHT, "2025-04-30 19:00", "2025-05-02 07:00"),  # before a public holiday
    (NIGHT, "2025-12-24 09:00", "2025-12-29 07:00"),  # a day of the site's own, two holidays, a weekend
    (EARLY, "2025-03-11 00:05", "2025-03-11 07:00"),
    (EARLY, "2025-03-11 07:00", "2025-03-11 07:00"),
    (EARLY, "2025-03-15 10:00", "2025-03-17 07:00"),
    (NOON, "2025-03-14 11:59", "2025-03-14 11:59"),
    (NOON, "2025-03-14 13:00", "2025-03-14 14:00"),  # a Friday
    (NOON, "2025-03-14 14:00", "2025-03-14 14:00"),
    (NOON, "2025-03-15 13:00", "2025-03-17 00:00"),
    (NONE, "2025-03-14 09:00", "2025-03-14 09:00"),
    (NONE, "2025-03-16 23:00", "2025-03-17 00:00"),
    (quiet(18, 7, working_days=(2, 4)), "2025-03-13 20:00", "2025-03-18 07:00"),
    (NIGHT, "2025-03-30 01:30", "2025-03-31 07:00"),  # the night in which summer time begins, a Sunday
    (quiet(1, 3, working_days=(7,)), "2025-03-30 01:30", "2025-03-30 03:00"),
    (quiet(18, 7, working_days=()), "2025-03-13 20:00", "2025-03-14 07:00"),  # never at work, yet told
]


@pytest.mark.parametrize(("person", "now", "free"), FREE)
def test_nobody_is_told_in_quiet_hours_nor_later_than_they_end(person: Person, now: str, free: str) -> None:
    every_day = SITE.model_copy(update={"working_days": (1, 2, 3, 4, 5, 7)})
    site = every_day if person.working_days == (7,) else SITE
    assert free_at(person, SiteCalendar(site), here(now)) == here(free)


MONDAYS = anna(digest="weekly")
THURSDAYS = anna(working_days=(4,))

DIGESTS = [
    (anna(), "2025-03-13 07:30", "2025-03-13 07:30"),
    (anna(), "2025-03-14 07:31", "2025-03-17 07:30"),
    (anna(digest_at=time(16)), "2025-03-14 07:31", "2025-03-14 16:00"),
    (anna(), "2025-12-23 08:00", "2025-12-29 07:30"),
    (MONDAYS, "2025-03-10 07:30", "2025-03-10 07:30"),
    (MONDAYS, "2025-03-10 07:31", "2025-03-17 07:30"),
    (MONDAYS, "2025-04-15 12:00", "2025-04-22 07:30"),  # Monday is a public holiday
    (MONDAYS, "2025-04-22 12:00", "2025-04-28 07:30"),
    (anna(digest="weekly", digest_weekday=7), "2025-03-14 08:00", "2025-03-17 07:30"),
    (anna(digest="weekly", digest_weekday=7), "2025-03-17 08:00", "2025-03-24 07:30"),
    (anna(digest="weekly", working_days=(4,)), "2025-03-11 08:00", "2025-03-13 07:30"),
    (THURSDAYS, "2025-12-19 08:00", "2026-01-08 07:30"),  # two Thursdays in a row are public holidays
    (THURSDAYS.model_copy(update={"digest": "weekly"}), "2025-12-19 08:00", "2026-01-08 07:30"),
    (anna(working_days=()), "2025-03-14 08:00", "2025-03-15 07:30"),  # never at work, yet told
    (anna(working_days=(), digest="weekly"), "2025-03-14 08:00", "2025-03-17 07:30"),
    (anna(), "2025-03-28 08:00", "2025-03-31 07:30"),  # summer time begins in between
]


@pytest.mark.parametrize(("person", "now", "leaves"), DIGESTS)
def test_a_digest_leaves_at_its_hour_on_a_day_of_work(person: Person, now: str, leaves: str) -> None:
    assert digest_at(person, SiteCalendar(SITE), here(now)) == here(leaves)


def test_the_whole_year_nobody_is_kept_waiting_for_more_than_the_quiet_hours_and_days_off() -> None:
    calendar, now = SiteCalendar(SITE), here("2025-01-01 00:00")
    while now.year == 2025:
        free = free_at(NIGHT, calendar, now)
        assert free >= now
        assert free_at(NIGHT, calendar, free) == free
        assert digest_at(NIGHT, calendar, now) >= now
        now += timedelta(hours=9)
