"""Kleene's truth tables, exhaustively: true, false, unknown, and what is not there, which counts as false."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from engine.kleene import ABSENT, Absent
from pathways.language import Bool, all_of, any_of, case, no, nothing, unknown, yes
from tests.engine.telling import value

VALUES: dict[Any, Bool] = {True: yes(), False: no(), None: unknown(), ABSENT: nothing().flag("complete")}
RANKS = {True: 2, None: 1, False: 0, ABSENT: 0}
"""Logic as arithmetic: and is the least, or the greatest, not turns around."""
OF_RANK = {2: True, 1: None, 0: False}


@pytest.mark.parametrize("given", list(product(VALUES, repeat=2)), ids=repr)
def test_two(given: tuple[Any, Any]) -> None:
    first, second = (VALUES[v] for v in given)
    ranks = [RANKS[v] for v in given]
    assert value(first & second) is OF_RANK[min(ranks)]
    assert value(first | second) is OF_RANK[max(ranks)]
    assert value(first.implies(second)) is OF_RANK[max(2 - ranks[0], ranks[1])]


@pytest.mark.parametrize("given", list(product(VALUES, repeat=3)), ids=repr)
def test_three(given: tuple[Any, ...]) -> None:
    ranks = [RANKS[v] for v in given]
    assert value(all_of(*(VALUES[v] for v in given))) is OF_RANK[min(ranks)]
    assert value(any_of(*(VALUES[v] for v in given))) is OF_RANK[max(ranks)]


@pytest.mark.parametrize(
    ("given", "opposite", "sure", "possible", "known", "there"),
    [
        (True, False, True, True, True, True),
        (False, True, False, False, True, True),
        (None, None, False, True, False, True),
        (ABSENT, True, False, False, False, False),
    ],
    ids=repr,
)
def test_one(given: Any, opposite: Any, sure: bool, possible: bool, known: bool, there: bool) -> None:
    asked = VALUES[given]
    assert value(~asked) is opposite
    assert value(asked.sure()) is sure
    assert value(asked.possible()) is possible
    assert value(asked.known()) is known
    assert value(asked.there()) is there


@pytest.mark.parametrize("given", list(product(VALUES, repeat=3)), ids=repr)
def test_choice(given: tuple[Any, Any, Any]) -> None:
    """The first condition that is true decides; an unknown one before it leaves the choice unknown."""
    condition, then, otherwise = given
    expected = then if condition is True else None if condition is None else otherwise
    assert value(case((VALUES[condition], VALUES[then]), otherwise=VALUES[otherwise])) is expected


def test_what_is_not_there_is_false_and_says_so() -> None:
    assert not ABSENT
    assert repr(ABSENT) == "ABSENT"
    assert isinstance(ABSENT, Absent)
