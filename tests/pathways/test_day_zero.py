"""Days that are counted from a day zero tell by themselves what they are, and show as numbers."""

from __future__ import annotations

from datetime import date

import pytest

from pathways.day_zero import counted_day, day_words, in_days, is_counted
from pathways.vocabulary import ValueFault, load_vocabulary


@pytest.mark.parametrize("number", [-40_000, -1, 0, 1, 153, 32_000])
def test_a_number_of_days_comes_back_as_it_was(number: int) -> None:
    day = counted_day(number)
    assert is_counted(day)
    assert day_words(day) == f"day {number}"
    assert in_days(f"since {day}, or {day}: 2024-01-01") == f"since day {number}, or day {number}: 2024-01-01"


@pytest.mark.parametrize("number", [-40_178, 32_872, 10**8])
def test_what_is_too_far_away_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="too far from day zero"):
        counted_day(number)


def test_what_only_looks_like_a_day_stays() -> None:
    assert in_days("1810-13-45 1650-01-01 11810-01-01") == "1810-13-45 1650-01-01 11810-01-01"


def test_a_day_before_1800_is_read_when_it_is_counted_and_not_when_it_is_typed() -> None:
    field = load_vocabulary().facts["birth_date"]
    assert field.parse(counted_day(-30_000)) == counted_day(-30_000)
    with pytest.raises(ValueFault, match="years from 1800 to 2199"):
        field.parse("1750-01-01")
    with pytest.raises(ValueFault, match="years from 1800 to 2199"):
        field.parse(date(1650, 1, 1))
