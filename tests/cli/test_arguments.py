"""Words of the command line read as days."""

from __future__ import annotations

from datetime import date

import pytest

from cli.arguments import day
from cli.status import BadInput
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    "text", ["1700-01-01", "1899-12-31", "0001-01-01", "2200-01-01", " 1810-01-06T09:30"]
)
def test_a_year_that_cannot_be_meant_is_told_as_a_year(text: str) -> None:
    with pytest.raises(BadInput, match=r"^--date: the year \d{4} is a typing error; years are 1900 to 2199$"):
        day("--date", text)


@pytest.mark.parametrize("text", ["1900-01-01", "2199-12-31"])
def test_the_first_day_and_the_last_are_taken(text: str) -> None:
    assert day("--date", text) == date.fromisoformat(text)


def test_nobody_is_told_of_a_day_that_was_not_typed(run: Run) -> None:
    ran = run("list", "--as-of", "1700-01-01")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "carepath: --as-of: the year 1700 is a typing error; years are 1900 to 2199\n"
