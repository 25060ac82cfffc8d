"""How far the span of the response is, in words and as a bar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from store.projections import CLOSED, NOT_BEGUN, OPEN, UNKNOWN
from web.shown.tracking_window import WIDTH, months_asked, statement, window

FROM = date(2025, 1, 1)
UNTIL = date(2025, 4, 1)


def test_the_span_is_that_of_the_statement() -> None:
    assert months_asked() == (3, 6)
    assert "3-6 months" in statement().statement


@pytest.mark.parametrize(
    ("clock", "on", "kind", "week"),
    [
        (OPEN, FROM, "running", 1),
        (OPEN, FROM + timedelta(62), "running", 9),
        (OPEN, UNTIL - timedelta(1), "running", 13),
        (OPEN, UNTIL, "ask", 13),
        (CLOSED, UNTIL, "met", 13),
        (UNKNOWN, UNTIL, "unclear", 13),
    ],
)
def test_it_is_told_by_the_week_that_runs(clock: str, on: date, kind: str, week: int) -> None:
    found = window(clock, FROM, UNTIL, on)
    assert found is not None
    assert (found.kind, found.week, found.first, found.last) == (kind, week, 13, 26)
    assert 0 <= found.filled <= WIDTH
    assert found.mark == WIDTH * 90 // 181


def test_the_bar_ends_where_the_span_does() -> None:
    found = window(CLOSED, FROM, UNTIL, date(2026, 1, 1))
    assert found is not None
    assert found.filled == WIDTH


def test_what_has_not_begun_or_is_not_known_has_no_bar() -> None:
    kinds = [window(one, None, None, FROM) for one in (NOT_BEGUN, OPEN, UNKNOWN, CLOSED)]
    assert [one.kind for one in kinds if one and not one.begun] == ["none", "unclear", "unclear", "met"]
    assert window(None, None, None, FROM) is None
