"""What became of an expression: whether it holds in fewer cases, falls earlier, counts less.

The order is that of the values on every day of every patient: false before unknown before true, an earlier
day before a later one, a smaller number before a larger one, fewer events before more. It is worked out from
the graph alone: an operator that keeps the order of an argument hands it on, one that turns it round hands on
the opposite, and where neither is certain nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache, reduce
from typing import Final

from pathways.graph import Node, Param


class Order(Enum):
    """How the second of two expressions lies to the first, on every patient and day."""

    SAME = "same"
    LESS = "less"
    MORE = "more"
    OTHER = "other"

    def __invert__(self) -> Order:
        return {Order.LESS: Order.MORE, Order.MORE: Order.LESS}.get(self, self)


@lru_cache(maxsize=65_536)
def order(first: Node, second: Node) -> Order:
    """How the second expression lies to the first; OTHER where that cannot be told from the graph."""
    first, second = _plain(first), _plain(second)
    if first is second:
        return Order.SAME
    if _more_specific(first, second):
        return Order.LESS
    if _more_specific(second, first):
        return Order.MORE
    for op, by_one_more in _PARTED.items():
        if op in (first.op, second.op):
            return _of_parts(_parts(first, op), _parts(second, op), by_one_more)
    if first.op != second.op or first.type != second.type:
        return Order.OTHER
    return _OF_OPERATORS.get(first.op, _by_signs)(first, second)


def together(found: Iterable[Order]) -> Order:
    """What several orders come to: one direction, or none that can be told."""
    return reduce(_both, found, Order.SAME)


def _both(first: Order, second: Order) -> Order:
    if Order.SAME in (first, second):
        return second if first is Order.SAME else first
    return first if first is second else Order.OTHER


def _plain(node: Node) -> Node:
    """What a name stands for."""
    return _plain(node.args[0]) if node.op == "named" else node


_PARTED: Final = {"and": Order.LESS, "or": Order.MORE, "union": Order.MORE}
"""What one more part does to a conjunction, a disjunction, a list put together."""
_NARROWING: Final = ("sure", "where", "since", "until", "after", "before")


def _more_specific(general: Node, special: Node) -> bool:
    """Certainty asks more than truth, a filter leaves fewer events, `more than` asks more than `at least`."""
    if special.op in _NARROWING and general.op != special.op:
        return order(general, special.args[0]) in (Order.SAME, Order.LESS)
    if special.op == "above" and general.op == "at_least":
        return [*map(_plain, special.args)] == [*map(_plain, general.args)]
    return _is(general, True) or _is(special, False)


def _is(node: Node, value: bool) -> bool:
    """True or false for everybody; authors also write it as the negation of the other."""
    if node.op == "not":
        return _is(node.args[0], not value)
    return node.op == "constant" and node.param("value") is value


def _parts(node: Node, op: str) -> list[Node]:
    """What is put together by this operator, names and brackets taken away."""
    node = _plain(node)
    return [part for arg in node.args for part in _parts(arg, op)] if node.op == op else [node]


def _of_parts(first: Sequence[Node], second: Sequence[Node], by_one_more: Order) -> Order:
    gone, new, pairs = matched(first, second)
    found = [order(*pair) for pair in pairs]
    return together([*found, *([~by_one_more] if gone else []), *([by_one_more] if new else [])])


def matched(
    first: Sequence[Node], second: Sequence[Node]
) -> tuple[list[Node], list[Node], list[tuple[Node, Node]]]:
    """Parts that are gone, parts that are new, and pairs of which the second became of the first."""
    gone = [part for part in first if part not in second]
    new = [part for part in second if part not in first]
    pairs: list[tuple[Node, Node]] = []
    for part in list(gone):
        became = next((one for one in new if order(part, one) is not Order.OTHER), None)
        if became is not None:
            pairs.append((part, became))
            gone.remove(part)
            new.remove(became)
    return gone, new, pairs


_KEEPS, _TURNS, _NEITHER = 1, -1, 0
_SIGNS: Final[dict[str, tuple[int, ...]]] = {
    "add_days": (_KEEPS, _KEEPS),
    "add_months": (_KEEPS, _KEEPS),
    "above": (_KEEPS, _TURNS),
    "after": (_KEEPS, _NEITHER),
    "all": (_TURNS, _KEEPS),
    "any": (_KEEPS, _KEEPS),
    "at_least": (_KEEPS, _TURNS),
    "before": (_KEEPS, _NEITHER),
    "count": (_KEEPS,),
    "earlier": (_KEEPS,),
    "exist": (_KEEPS,),
    "hindsight": (_KEEPS, _NEITHER),
    "later": (_KEEPS,),
    "not": (_TURNS,),
    "passing": (_KEEPS,),
    "plus": (_KEEPS, _KEEPS),
    "possible_count": (_NEITHER, _KEEPS),
    "seen": (_KEEPS, _NEITHER),
    "since": (_KEEPS, _TURNS),
    "sure": (_KEEPS,),
    "sure_count": (_NEITHER, _KEEPS),
    "union": (_KEEPS,),
    "until": (_KEEPS, _KEEPS),
    "where": (_KEEPS, _KEEPS),
}
"""What an operator does to the order of each argument; the last sign holds for those that repeat."""


def _by_signs(first: Node, second: Node) -> Order:
    signs = _SIGNS.get(first.op)
    if signs is None or first.params != second.params or len(first.args) != len(second.args):
        return Order.OTHER
    signs = (*signs, *signs[-1:] * (len(first.args) - len(signs)))
    return together(map(_of_argument, signs, first.args, second.args))


def _of_argument(sign: int, first: Node, second: Node) -> Order:
    found = order(first, second)
    if sign == _NEITHER and found is not Order.SAME:
        return Order.OTHER
    return ~found if sign == _TURNS else found


def _constants(first: Node, second: Node) -> Order:
    one, other = first.param("value"), second.param("value")
    if isinstance(one, int) and isinstance(other, int):
        return Order.LESS if other < one else Order.MORE
    if isinstance(one, date) and isinstance(other, date):
        return Order.LESS if other < one else Order.MORE
    return Order.OTHER


def _choices(name: str) -> Callable[[Node, Node], Order]:
    """Operators that ask for one of several words: fewer words are met less often."""

    def of_words(first: Node, second: Node) -> Order:
        if [*map(_plain, first.args)] != [*map(_plain, second.args)]:
            return Order.OTHER
        one, other = _words(first.param(name)), _words(second.param(name))
        return Order.LESS if other < one else Order.MORE if one < other else Order.OTHER

    return of_words


def _words(value: Param) -> frozenset[Param]:
    return frozenset(value) if isinstance(value, tuple) else frozenset()


def _times(first: Node, second: Node) -> Order:
    """Multiplied by the same number: a negative one turns the order round."""
    (one, factor), (other, same) = first.args, second.args
    if factor is not same or factor.op != "constant":
        return Order.OTHER
    value = factor.param("value")
    return order(one, other) if isinstance(value, int) and value >= 0 else ~order(one, other)


def _case(first: Node, second: Node) -> Order:
    """Where the same conditions choose, the order is that of the values.

    A condition that chooses true, or false, may itself ask for another number: what comes after it is never
    truer than true.
    """
    if len(first.args) != len(second.args):
        return Order.OTHER
    chosen = zip(first.args[:-1:2], second.args[:-1:2], first.args[1::2], second.args[1::2], strict=True)
    return together([*(_choice(*one) for one in chosen), order(first.args[-1], second.args[-1])])


def _choice(first: Node, second: Node, value: Node, other: Node) -> Order:
    if first is second:
        return order(value, other)
    if value is not other or not _equally_known(first, second):
        return Order.OTHER
    if _is(value, True):
        return order(first, second)
    return ~order(first, second) if _is(value, False) else Order.OTHER


_NEVER_UNKNOWN_ALONE: Final = frozenset(
    {"above", "add_days", "add_months", "at_least", "not", "plus", "times"}
)


def _equally_known(first: Node, second: Node) -> bool:
    """Whether the one is unknown exactly when the other is: they differ in constants only."""
    first, second = _plain(first), _plain(second)
    if first is second or first.op == second.op == "constant":
        return True
    alike = first.op == second.op and first.op in _NEVER_UNKNOWN_ALONE
    return alike and all(map(_equally_known, first.args, second.args))


def _outcome(first: Node, second: Node) -> Order:
    """What lifts a guard lets more pass; its clauses are a conjunction."""
    lifted = map(order, first.args[:3], second.args[:3])
    one, other = ([p for arg in node.args[3:] for p in _parts(arg, "and")] for node in (first, second))
    return together([*lifted, _of_parts(one, other, Order.LESS)])


_OF_OPERATORS: Final[dict[str, Callable[[Node, Node], Order]]] = {
    "case": _case,
    "constant": _constants,
    "events": _choices("types"),
    "one_of": _choices("codes"),
    "outcome": _outcome,
    "overlaps": _choices("codes"),
    "times": _times,
    "within": _choices("codes"),
}
