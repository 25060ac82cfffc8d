"""Calendar arithmetic against the table of the outline (1.2), leap days, and a simple oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import add_months, completed_months, completed_years, later, span
from tests.engine.telling import d

days = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def a_day_that_exists(year: int, month: int, number: int) -> date:
    """The last existing day of a month with at most this number, found by trying."""
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


@pytest.mark.parametrize(
    ("anchor", "months", "result"),
    [
        ("2024-11-30", 3, "2025-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-01-31", 2, "2025-03-31"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-12-31", 0, "2024-12-31"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -13, "2022-12-15"),
        ("2100-01-31", 1, "2100-02-28"),
        ("0001-02-03", -1, "0001-01-03"),
        ("9999-11-30", 1, "9999-12-30"),
    ],
)
def test_months_keep_the_day_number_or_end_with_the_month(anchor: str, months: int, result: str) -> None:
    assert add_months(d(anchor), months) == d(result)


def test_repeated_dates_are_counted_from_the_anchor() -> None:
    anchor = d("2020-11-30")
    assert [add_months(anchor, 3 * k).day for k in range(1, 5)] == [28, 30, 30, 30]


@pytest.mark.parametrize(("anchor", "months"), [(date.max, 1), (date.min, -1)])
def test_a_day_outside_the_calendar_is_an_error(anchor: date, months: int) -> None:
    with pytest.raises(OverflowError, match="outside the calendar"):
        add_months(anchor, months)


@pytest.mark.parametrize(("days_later", "expected"), [(0, "9999-12-29"), (2, "9999-12-31"), (3, None)])
def test_a_later_day_is_one_of_the_calendar_or_none(days_later: int, expected: str | None) -> None:
    assert later(d("9999-12-29"), days_later) == (d(expected) if expected else None)


@given(days, st.integers(0, 400))
def test_adding_months_is_walking_month_by_month(start: date, months: int) -> None:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    assert add_months(start, months) == a_day_that_exists(year, month, start.day)


@given(days, st.integers(0, 200), st.integers(0, 200))
def test_more_months_are_never_earlier(start: date, few: int, more: int) -> None:
    few, more = sorted((few, more))
    assert add_months(start, few) <= add_months(start, more)


@given(days, st.integers(-40, 4000), st.integers(0, 130))
def test_completed_months_are_those_that_fit(start: date, distance: int, n: int) -> None:
    """At least n months lie between two days when n months from the first are not after the second."""
    end = start + timedelta(distance)
    assert (completed_months(start, end) >= n) == (end >= add_months(start, n) or n == 0)


@given(days, st.integers(0, 4000))
def test_a_span_is_completed_months_and_the_days_left(start: date, distance: int) -> None:
    end = start + timedelta(distance)
    found = span(start, end)
    assert add_months(start, found["months"]) + timedelta(found["days"]) == end
    assert 0 <= found["days"] < 31


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert span(d("2024-05-02"), d("2024-05-01")) == {"months": 0, "days": 0}


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        ("1970-04-12", "2025-04-11", 54),
        ("1970-04-12", "2025-04-12", 55),
        ("1968-02-29", "2023-02-27", 54),
        ("1968-02-29", "2023-02-28", 55),
        ("1968-02-29", "2024-02-28", 55),
        ("1968-02-29", "2024-02-29", 56),
        ("2024-01-02", "2024-01-01", 0),
    ],
)
def test_completed_age(birth: str, on: str, age: int) -> None:
    assert completed_years(d(birth), d(on)) == age
