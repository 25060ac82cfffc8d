"""The days on which a site works, and the instants at which they begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from coordination.entries import Site
from coordination.site_calendar import SiteCalendar

BERLIN = Site(zone="Europe/Berlin", country="DE", subdivision="BE", own_holidays=(date(2025, 5, 2),))


def day(text: str) -> date:
    return date.fromisoformat(f"2025-{text}")


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("03-07", True),
        ("03-15", False),  # a Saturday
        ("05-01", False),  # everywhere in the country
        ("05-02", False),  # of the site's own
        ("06-19", True),  # Corpus Christi, elsewhere in the country
    ],
)
def test_a_site_works_on_no_holiday_of_its_country_and_none_of_its_own(on: str, works: bool) -> None:
    assert SiteCalendar(BERLIN).works(day(on)) is works


def test_holidays_are_those_of_the_country_and_its_part() -> None:
    bavaria = BERLIN.model_copy(update={"subdivision": "BY"})
    nowhere = BERLIN.model_copy(update={"country": "", "subdivision": ""})
    assert not SiteCalendar(bavaria).works(day("06-19"))
    assert SiteCalendar(bavaria).works(day("03-10"))
    assert SiteCalendar(nowhere).works(day("05-01"))
    assert SiteCalendar(BERLIN.model_copy(update={"working_days": (6,)})).works(day("03-15"))


def test_working_days_are_counted_over_holidays() -> None:
    calendar = SiteCalendar(BERLIN)
    assert calendar.next_working(day("05-01")) == day("05-05")
    assert calendar.next_working(day("05-01"), (3,)) == day("05-07")
    assert calendar.later(day("04-30"), 2) == day("05-06")
    assert calendar.working_days(day("04-30"), day("05-06")) == 2
    assert calendar.next_working(day("05-01"), ()) == day("05-01"), "nobody works then: the day itself"


@pytest.mark.parametrize(
    ("on", "clock", "instant"),
    [
        ("03-29", "02:30", "2025-03-29T01:30"),
        ("03-30", "00:00", "2025-03-29T23:00"),
        ("03-30", "02:30", "2025-03-30T01:30"),  # left out: 03:30 by the clock
        ("03-31", "00:00", "2025-03-30T22:00"),
        ("10-26", "02:30", "2025-10-26T00:30"),  # twice: the first of them
        ("10-27", "00:00", "2025-10-26T23:00"),
    ],
)
def test_instants_keep_to_the_clock_of_the_site(on: str, clock: str, instant: str) -> None:
    found = SiteCalendar(BERLIN).at(day(on), time.fromisoformat(clock))
    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(("moment", "today"), [("2025-03-29T22:59", "03-29"), ("2025-03-29T23:00", "03-30")])
def test_a_day_begins_at_midnight_there(moment: str, today: str) -> None:
    assert SiteCalendar(BERLIN).today(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == day(today)


def test_holidays_are_found_out_once_for_all_who_ask() -> None:
    first, second = SiteCalendar(BERLIN), SiteCalendar(BERLIN.model_copy(update={"lead": "lena"}))
    assert first._holidays is second._holidays
