"""A day that notes what it is compared with tells how long an answer stays the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import completed_years
from store.horizon import Today

DAY = date(2025, 3, 3)
NEXT = date(2025, 3, 4)
LATER = date(2025, 3, 20)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (lambda today: today >= date(2025, 3, 1), None),
        (lambda today: date(2025, 3, 1) < today, None),
        (lambda today: today >= LATER, LATER),
        (lambda today: today > LATER, LATER),
        (lambda today: today > DAY, NEXT),
        (lambda today: today == LATER, LATER),
        (lambda today: today != DAY, NEXT),
        (lambda today: min(LATER, today), LATER),
        (lambda today: max(date(2024, 1, 1), today), None),
        (lambda today: today >= LATER or today >= date(2025, 3, 10), date(2025, 3, 10)),
        (lambda today: bisect_right([date(2025, 3, n) for n in range(1, 30, 3)], today), NEXT),
        (lambda today: bisect_right([date(2025, 1, 1), LATER], today), LATER),
        (lambda today: today + timedelta(7) >= LATER, date(2025, 3, 13)),
        (lambda today: timedelta(7) + today >= LATER, date(2025, 3, 13)),
        (lambda today: today - timedelta(1) >= LATER, date(2025, 3, 21)),
        (lambda today: today - timedelta(7) + timedelta(3) >= LATER, date(2025, 3, 24)),
        (lambda today: today + timedelta(7) >= date(2025, 3, 10), NEXT),
        (lambda today: today + timedelta(30) >= LATER, None),
        (lambda today: (today + timedelta(7)).month, date(2025, 3, 25)),
        (lambda today: today - DAY, NEXT),
        (lambda today: LATER - today, NEXT),
        (lambda today: today.year, date(2026, 1, 1)),
        (lambda today: today.month, date(2025, 4, 1)),
        (lambda today: today.day, NEXT),
        (lambda today: completed_years(date(1970, 3, 20), today), LATER),
        (lambda today: completed_years(date(1970, 3, 1), today), date(2025, 4, 1)),
        (lambda today: today.replace(day=1), NEXT),
        (lambda today: today.toordinal(), NEXT),
        (lambda today: f"{today:%Y}", NEXT),
        (lambda today: {today: 1}, None),
        (lambda today: min(today, today), None),
        (lambda today: today == "2025-03-03", None),
        (lambda today: today >= date.max, None),
    ],
)
def test_what_is_noted(question: Callable[[date], object], expected: date | None) -> None:
    today = Today.on(DAY)
    answer = question(today)
    assert today.next_change == expected
    assert answer == question(DAY)


def test_it_is_the_day_in_all_else() -> None:
    today = Today.on(DAY)
    assert {DAY: 1}[today] == 1
    assert (str(today), hash(today)) == (str(DAY), hash(DAY))


Sign = Callable[[Any, Any], bool]
SIGNS: Sequence[Sign] = (
    lambda a, b: a < b,
    lambda a, b: a <= b,
    lambda a, b: a > b,
    lambda a, b: a >= b,
    lambda a, b: a == b,
    lambda a, b: b < a,
)
TESTS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(SIGNS), st.booleans()), max_size=6)


@given(TESTS)
def test_an_answer_stays_until_the_day_it_names(
    tests: list[tuple[int, Sign, bool]],
) -> None:
    """Conditions in any combination, each asked only as far as the ones before it let them be."""

    def answer(today: date) -> int:
        for number, (days, sign, stop) in enumerate(tests):
            if sign(today, date(2025, 2, 20) + timedelta(days)) is stop:
                return number
        return -1

    today = Today.on(DAY)
    first = answer(today)
    until = today.next_change or DAY + timedelta(60)
    assert all(answer(DAY + timedelta(n)) == first for n in range((until - DAY).days))
