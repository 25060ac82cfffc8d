"""The element that a condition speaks of: variables, numbered by how deep they stand.

Level 0 is the element of a timer or deviation (`for_each`); each filter or quantifier inside takes the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from pathways.language.expression import Bool, Expression

X = TypeVar("X", bound=Expression)
_next_level: Final = [1]


def variable(kind: type[X], level: int) -> X:
    return kind.make("variable", level=level)


@contextmanager
def _levels(count: int) -> Iterator[int]:
    level = _next_level[0]
    _next_level[0] += count
    try:
        yield level
    finally:
        _next_level[0] -= count


def body_of(kind: type[X], test: Callable[[X], Bool]) -> tuple[int, Bool]:
    """What `test` says of an element, and the level of that element."""
    with _levels(1) as level:
        return level, test(variable(kind, level))


def body_of_two(kind: type[X], test: Callable[[X, X], Bool]) -> tuple[int, Bool]:
    """What `test` says of two elements, and the level of the first."""
    with _levels(2) as level:
        return level, test(variable(kind, level), variable(kind, level + 1))


def quantified(op: str, over: Expression, kind: type[X], test: Callable[[X], Bool]) -> Bool:
    level, body = body_of(kind, test)
    return Bool.make(op, over, body, binds=(level,), level=level)
