"""The law of a worker that was away holds nobody harmless: what it allows, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.notifications.travel import Journey, with_what_still_holds

BEFORE = datetime(2027, 3, 14, 8, tzinfo=UTC)
AWAY, BACK = datetime(2027, 3, 25, 8, tzinfo=UTC), datetime(2027, 4, 1, 10, tzinfo=UTC)
DURING, AFTER = datetime(2027, 3, 26, 8, tzinfo=UTC), datetime(2027, 4, 1, 11, tzinfo=UTC)
ANNA, BEN = ("n", "anna", "inbox"), ("n", "ben", "inbox")
WHOLE = Journey(
    {"n": "said"},
    {"n": date(2027, 3, 26)},
    {ANNA: [("a", DURING)], BEN: [("b", AFTER)]},
    {ANNA: frozenset({"anna"}), BEN: frozenset({"ben"})},
    [],
    frozenset(),
)
OTHER = replace(WHOLE, told={BEN: [("b", AFTER)]}, reached={BEN: frozenset({"ben"})})
"""Anna was to be told while the worker was away; by its return it was Ben's, who was told."""


def test_who_is_in_charge_by_then_is_told_instead() -> None:
    with_what_still_holds(WHOLE, OTHER, AWAY, BACK)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(OTHER, reached={BEN: frozenset({"lena"})}),
        replace(OTHER, reached={BEN: frozenset({"anna", "ben"})}),
        replace(OTHER, told={BEN: [("b", DURING)]}),
        replace(OTHER, told={BEN: [("b", BACK.replace(day=20))]}),
        replace(OTHER, told={}, reached={}),
    ],
    ids=[
        "told to somebody whom it is not for",
        "it is still for the one who was not told",
        "told while nobody was there",
        "told too late",
        "told to nobody",
    ],
)
def test_nothing_else_is_taken_for_it(wrong: Journey) -> None:
    with pytest.raises(AssertionError):
        with_what_still_holds(WHOLE, wrong, AWAY, BACK)


def test_who_was_to_be_told_at_the_same_time_is_nobody_instead() -> None:
    both = replace(WHOLE, told={ANNA: [("a", DURING)], BEN: [("b", DURING)]})
    with pytest.raises(AssertionError):
        with_what_still_holds(both, OTHER, AWAY, BACK)


BOTH = replace(WHOLE, told={ANNA: [("a", BEFORE)], BEN: [("b", DURING)]})
"""Anna was told; while the worker was away it was to be told to Ben, who stood in for her."""
NOT_BEN = replace(BOTH, told={ANNA: [("a", BEFORE)]}, reached={ANNA: frozenset({"anna"})})


def test_who_comes_instead_need_not_be_told_of_what_is_over() -> None:
    with_what_still_holds(BOTH, replace(NOT_BEN, over=frozenset({"n"})), AWAY, BACK)


def test_who_comes_instead_is_told_of_what_is_not() -> None:
    with pytest.raises(AssertionError):
        with_what_still_holds(BOTH, NOT_BEN, AWAY, BACK)


def test_what_is_over_was_told_to_somebody() -> None:
    nobody = replace(OTHER, told={}, reached={}, over=frozenset({"n"}))
    with pytest.raises(AssertionError):
        with_what_still_holds(WHOLE, nobody, AWAY, BACK)
