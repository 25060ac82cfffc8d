"""Moments: a bare day is all of that day, a timestamp counts on the day printed in it (R2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from engine.event import Event, Moment, Story, day_of, not_after

EAST = timezone(timedelta(hours=9))
WEST = timezone(timedelta(hours=-8))
DAY = date(2025, 3, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_day_is_the_one_printed() -> None:
    assert day_of(DAY) == DAY
    assert day_of(at("2025-03-01T00:30+09:00")) == DAY
    assert day_of(datetime(2025, 3, 1, 23, 30, tzinfo=WEST)) == DAY


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (DAY, DAY, True),
        (DAY, date(2025, 3, 2), True),
        (date(2025, 3, 2), DAY, False),
        (at("2025-03-01T18:00"), DAY, True),
        (DAY, at("2025-03-01T06:00"), True),
        (at("2025-03-02T00:00"), DAY, False),
        (at("2025-03-01T06:00"), at("2025-03-01T06:00"), True),
        (at("2025-03-01T06:01"), at("2025-03-01T06:00"), False),
        (datetime(2025, 3, 1, 9, tzinfo=EAST), datetime(2025, 3, 1, 1, tzinfo=WEST), True),
        (datetime(2025, 3, 1, 1, tzinfo=WEST), datetime(2025, 3, 1, 9, tzinfo=EAST), False),
        (datetime(2025, 3, 1, 9, tzinfo=EAST), at("2025-03-01T09:00"), True),
        (at("2025-03-01T09:01"), datetime(2025, 3, 1, 9, tzinfo=EAST), False),
    ],
)
def test_on_or_before(first: Moment, second: Moment, expected: bool) -> None:
    assert not_after(first, second) is expected


def test_entries_and_stories_are_values() -> None:
    one = Event("e1", "follow_up_visit", DAY, DAY, DAY, {})
    assert one == Event("e1", "follow_up_visit", DAY, DAY, DAY, {})
    assert Story({}, (one,)) == Story({}, (one,))
    with pytest.raises(AttributeError):
        one.day = date(2025, 3, 2)  # type: ignore[misc]
