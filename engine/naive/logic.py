"""Three-valued logic, comparison and arithmetic: operators whose value follows from those of their arguments.

Unknown is None. What is not there is ABSENT: logic treats it as false, and no comparison with it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any

from engine.kleene import ABSENT
from engine.naive import days
from engine.naive.sight import Sight, Value
from pathways.graph import Node


def truth(value: Value) -> bool | None:
    """A condition as logic reads it."""
    return None if value is None else value is True


def conjunction(node: Node, sight: Sight, *values: Value) -> bool | None:
    """False where one is false, else unknown where one is unknown."""
    truths = [truth(value) for value in values]
    if False in truths:
        return False
    return None if None in truths else True


def disjunction(node: Node, sight: Sight, *values: Value) -> bool | None:
    """True where one is true, else unknown where one is unknown."""
    truths = [truth(value) for value in values]
    if True in truths:
        return True
    return None if None in truths else False


def negation(node: Node, sight: Sight, value: Value) -> bool | None:
    return None if value is None else not truth(value)


def sure(node: Node, sight: Sight, value: Value) -> bool:
    return value is True


def known(node: Node, sight: Sight, value: Value) -> bool:
    return is_known(value)


def is_known(*values: Value) -> bool:
    """All of them are there and known."""
    return not any(value is None or value is ABSENT for value in values)


def there(node: Node, sight: Sight, value: Value) -> bool:
    return value is not ABSENT


def _holds(test: Callable[[Any, Any], bool]) -> Callable[..., bool | None]:
    """A comparison: false with what is not there, else unknown with what is unknown."""

    def compared(node: Node, sight: Sight, first: Value, second: Value) -> bool | None:
        if first is ABSENT or second is ABSENT:
            return False
        return None if first is None or second is None else test(first, second)

    return compared


equal = _holds(lambda first, second: bool(first == second))
at_least = _holds(lambda first, second: bool(first >= second))
above = _holds(lambda first, second: bool(first > second))
contains = _holds(lambda codes, code: code in codes)


def _of_codes(test: Callable[[Any, Collection[object]], bool]) -> Callable[..., bool | None]:
    """A comparison with the codes that the node names."""

    def compared(node: Node, sight: Sight, value: Value) -> bool | None:
        codes = node.param("codes")
        assert isinstance(codes, tuple)
        if value is ABSENT:
            return False
        return None if value is None else test(value, codes)

    return compared


one_of = _of_codes(lambda code, codes: code in codes)
overlaps = _of_codes(lambda values, codes: any(value in codes for value in values))
within = _of_codes(lambda values, codes: all(value in codes for value in values))


def differs(node: Node, sight: Sight, first: Value, second: Value) -> bool | None:
    """Two records compared: nothing can be said where one of them is missing. The order of codes is none."""
    if not is_known(first, second):
        return None
    if isinstance(first, tuple):
        return set(first) != set(second)
    return bool(first != second)


def outcome(node: Node, sight: Sight, *values: Value) -> str:
    """What lifts a guard (not applicable, replaced, overruled by a board), then its clauses.

    A board overrules only what does not pass.
    """
    not_applicable, replaced, overruled, *clauses = values
    if not_applicable is True:
        return "not_applicable"
    if replaced is True:
        return "replaced"
    result = conjunction(node, sight, *clauses)
    if result is True:
        return "pass"
    if overruled is True:
        return "overruled"
    return "unknown" if result is None else "fail"


def passing(node: Node, sight: Sight, result: Value) -> bool | None:
    return None if result == "unknown" else result not in ("fail", ABSENT)


def is_outcome(node: Node, sight: Sight, result: Value) -> bool:
    return bool(result == node.param("result"))


def _worked_out(how: Callable[[Any, Any], Any]) -> Callable[..., Value]:
    """Arithmetic: not there with what is not there, else unknown with what is unknown. A day that no
    calendar has is not there either.
    """

    def result(node: Node, sight: Sight, first: Value, second: Value) -> Value:
        if is_known(first, second):
            try:
                return how(first, second)
            except OverflowError:
                return ABSENT
        return ABSENT if first is ABSENT or second is ABSENT else None

    return result


add_months = _worked_out(days.add_months)
add_days = _worked_out(lambda day, number: day + timedelta(number))
age = _worked_out(days.completed_years)
span = _worked_out(days.span)
plus = _worked_out(lambda first, second: first + second)
times = _worked_out(lambda first, second: first * second)


def _chosen(choose: Callable[[Sequence[date]], date]) -> Callable[..., Value]:
    """One of several days: unknown where one is unknown, else one of those that are there."""

    def result(node: Node, sight: Sight, *values: Value) -> Value:
        if any(value is None for value in values):
            return None
        present = [value for value in values if value is not ABSENT]
        return choose(present) if present else ABSENT

    return result


later = _chosen(max)
earlier = _chosen(min)
