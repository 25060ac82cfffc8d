"""What lies beyond the last day that can be written (31 December 9999)."""

from __future__ import annotations

import pytest

from engine.event import Story
from engine.naive import replay as naive
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import d, told
from tests.engine.test_timers import SCANNING, items


@pytest.mark.parametrize(
    ("started", "overdue_from", "status"),
    [("9999-11-20", "9999-12-21", "overdue"), ("9999-12-01", None, "open")],
)
def test_the_calendar_may_end_before_a_duty_is_late(
    started: str, overdue_from: str | None, status: str
) -> None:
    start = told("e1", "systemic_started", started)
    end = d("9999-12-31")
    (found,) = items(start, as_of="9999-12-31", known_at=end)
    assert found.overdue_from == (d(overdue_from) if overdue_from else None)
    assert (found.escalates_on, found.status) == (None, status)
    naively = naive.replay(SCANNING, Story({}, (start,)), end, end, DEFAULT_SETTINGS)
    assert naively.timers == (found,)
