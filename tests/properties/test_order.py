"""Law: what `carepath pathway diff` says of an expression holds for every patient on every day.

Expressions are generated and altered in one place; where the graph claims that the altered one is stricter,
earlier or less, the evaluator is asked about patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from hypothesis import assume, given, target
from hypothesis import strategies as st

from engine.evaluate import Evaluation, Program
from engine.event import Story
from engine.history import Ledger
from engine.kleene import ABSENT
from pathways.differences.order import Order, order
from pathways.graph import Node, node
from pathways.operators import OPERATORS
from pathways.settings import DEFAULT_SETTINGS
from tests.pathways.graphs import Author
from tests.properties.asking import LAST
from tests.properties.histories import Told, known_cases

_TOLD_OF: Final = {
    "above", "add_days", "after", "all", "and", "any", "at_least", "before", "case", "constant",
    "count", "day", "earlier", "events", "exist", "fact", "field", "hindsight", "last_date", "latest",
    "named", "not", "one_of", "or", "outcome", "passing", "plus", "seen", "since", "sure", "times",
    "today", "union", "until", "variable", "where",
}  # fmt: skip
"""Operators whose order is handed on, and what they need to speak of something."""
_DAYS: Final = (date(2024, 6, 1), date(2025, 1, 15), date(2026, 3, 1))


class OrderedAuthor(Author):
    """Uses operators of which the order can be told; events are neither chosen nor seen on other days."""

    def fitting(self, type: str) -> list[str]:
        unfit = ("case", "seen", "hindsight") if type in ("event", "events") else ()
        told_of = [op for op in super().fitting(type) if op in _TOLD_OF and op not in unfit]
        return told_of or super().fitting(type)


@dataclass(frozen=True)
class Altered:
    first: Node
    second: Node


@st.composite
def altered(draw: st.DrawFn) -> Altered:
    """A condition, and the same with one node below it written otherwise."""
    author = OrderedAuthor(draw)
    first = author.of("bool")
    places = [path for path in _paths(first) if _alterations(_at(first, path))]
    assume(places)
    path = draw(st.sampled_from(places))
    return Altered(first, _with(first, path, draw(st.sampled_from(_alterations(_at(first, path))))))


def _paths(root: Node, above: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    below = [path for n, arg in enumerate(root.args) for path in _paths(arg, (*above, n))]
    return [above, *below]


def _at(root: Node, path: tuple[int, ...]) -> Node:
    for n in path:
        root = root.args[n]
    return root


def _with(root: Node, path: tuple[int, ...], new: Node) -> Node:
    if not path:
        return new
    args = [_with(arg, path[1:], new) if n == path[0] else arg for n, arg in enumerate(root.args)]
    return rebuilt(root, *args)


def rebuilt(one: Node, *args: Node, **params: Any) -> Node:
    """The node with other arguments or parameters."""
    level, count = dict(one.params).get("level"), OPERATORS[one.op].binds
    binds = range(level, level + count) if isinstance(level, int) else ()
    return node(one.op, one.type, args, None, tuple(binds), **{**dict(one.params), **params})


def _alterations(one: Node) -> list[Node]:
    """The same asking for a little more or less."""
    match one.op:
        case "constant" if one.type == "number":
            return [rebuilt(one, value=int(str(one.param("value"))) + step) for step in (-1, 1, 3)]
        case "constant" if one.type == "bool":
            return [rebuilt(one, value=value) for value in (True, False, None)]
        case "one_of" | "events":
            (name,) = (name for name, value in one.params if isinstance(value, tuple))
            words = one.param(name)
            assert isinstance(words, tuple)
            more = (*words, "death") if one.op == "events" else (*words, "PD")
            return [rebuilt(one, *one.args, **{name: words[1:]}), rebuilt(one, *one.args, **{name: more})]
        case "and" | "or" | "union":
            left = [rebuilt(one, *one.args[1:])] if len(one.args) > 1 else []
            return [*left, rebuilt(one, *one.args, one.args[0])]
        case "where" | "since" | "until" | "after" | "before" | "sure":
            return [one.args[0]]
        case "at_least" | "above":
            return [node("above" if one.op == "at_least" else "at_least", "bool", one.args)]
        case _:
            return []


@cache
def patients() -> tuple[Story, ...]:
    return tuple(Told(facts, events).story for facts, events in known_cases())[:60:3]


def _values(altered: Altered) -> list[tuple[Any, Any]]:
    program = Program([altered.first, altered.second], DEFAULT_SETTINGS)
    found = []
    for story in patients():
        for day in _DAYS:
            view = Evaluation(program, Ledger(story, LAST), day).now()
            found.append((program[altered.first](view), program[altered.second](view)))
    return found


def _rank(value: Any) -> int:
    return {True: 2, None: 1, False: 0}[False if value is ABSENT else value]


@given(altered())
def test_what_is_called_stricter_is_never_truer(asked: Altered) -> None:
    claimed = order(asked.first, asked.second)
    target(float(claimed in (Order.LESS, Order.MORE)))
    assume(claimed is not Order.OTHER)
    for was, now in _values(asked):
        if claimed in (Order.LESS, Order.SAME):
            assert _rank(now) <= _rank(was)
        if claimed in (Order.MORE, Order.SAME):
            assert _rank(now) >= _rank(was)


@given(altered())
def test_what_can_be_told_can_be_told_the_other_way_round(asked: Altered) -> None:
    there, back = order(asked.first, asked.second), order(asked.second, asked.first)
    assert (there is Order.OTHER) is (back is Order.OTHER)
    assert (there is Order.SAME) is (back is Order.SAME)
