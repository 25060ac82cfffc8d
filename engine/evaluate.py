"""The evaluator that ships: graph nodes compiled once into closures, run over views of one patient's history.

A `Program` belongs to a set of expressions and one choice of settings and is shared by all patients. An `Evaluation`
is one patient at one known_at; a `View` is what it looks like on one day, with every closed expression remembered.
The meaning of each operator is in `engine.meaning`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from engine.event import Event, day_of
from engine.history import Known, Ledger
from pathways.graph import Node, walk
from pathways.settings import Settings

Value = Any
"""What an operator gives: None is unknown, ABSENT did not happen; otherwise by type, see pathways.operators."""

Meaning = Callable[["View"], Value]
_UNSET: Final = object()


class View:
    """One patient on one day with one state of knowledge: the first `length` events of `known`."""

    __slots__ = ("evaluation", "known", "length", "memo", "today")

    def __init__(self, evaluation: Evaluation, known: Known, length: int, today: date) -> None:
        self.evaluation = evaluation
        self.known = known
        self.length = length
        self.today = today
        self.memo: list[Value] = [_UNSET] * evaluation.program.size

    def has(self, event: Event) -> bool:
        position = self.known.order.get(event.id)
        return position is not None and position < self.length


class Evaluation:
    """One patient's ledger at one known_at, asked as of one day; keeps the views it makes."""

    __slots__ = ("as_of", "environment", "facts", "ledger", "program", "_views")

    def __init__(self, program: Program, facts: Mapping[str, object], ledger: Ledger, as_of: date) -> None:
        self.program = program
        self.facts = facts
        self.ledger = ledger
        self.as_of = as_of
        self.environment: list[Value] = [None] * 16
        self._views: dict[tuple[int, int, date], View] = {}

    def now(self) -> View:
        return self.on(self.as_of)

    def on(self, day: date) -> View:
        """`day` (at the latest as_of) with everything known."""
        return self.with_knowledge(self.ledger.now, day)

    def with_knowledge(self, known: Known, day: date) -> View:
        """`day` (at the latest as_of) with this state of knowledge."""
        return self._view(known, min(day, self.as_of))

    def documented(self, day: date) -> View:
        """`day` with what was documented by its end."""
        day = min(day, self.as_of)
        return self._view(self.ledger.known(day), day)

    def prefix(self, length: int, day: date) -> View:
        """The first `length` events, on `day`: one step of the trail."""
        return View(self, self.ledger.now, length, day)

    def _view(self, known: Known, day: date) -> View:
        length = known.until(day)
        key = (id(known), length, day)
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = View(self, known, length, day)
        return found


class Program:
    """Expressions compiled for one choice of settings."""

    def __init__(self, roots: Iterable[Node], settings: Settings) -> None:
        self.settings = settings
        self.size = 0
        self.meanings: dict[Node, Meaning] = {}
        uses: dict[Node, int] = {}
        nodes = list(walk(*roots))
        for n in nodes:
            for arg in n.args:
                uses[arg] = uses.get(arg, 0) + 1
        for root in roots:
            uses[root] = uses.get(root, 0) + 1
        for n in nodes:
            self.meanings[n] = self._compiled(n, uses.get(n, 0))

    def __getitem__(self, node: Node) -> Meaning:
        return self.meanings[node]

    def _compiled(self, node: Node, uses: int) -> Meaning:
        from engine.meaning import MEANINGS

        meaning = MEANINGS[node.op](node, [self.meanings[a] for a in node.args], self)
        if node.free or uses < 2 or node.op in _PLAIN:
            return meaning
        return self._remembered(meaning)

    def _remembered(self, meaning: Meaning) -> Meaning:
        slot = self.size
        self.size += 1

        def remembered(view: View) -> Value:
            memo = view.memo
            value = memo[slot]
            if value is _UNSET:
                value = memo[slot] = meaning(view)
            return value

        return remembered


_PLAIN: Final = frozenset({"constant", "setting", "today", "variable", "named", "undetermined"})


def documented_day(event: Event) -> date:
    return day_of(event.documented)
