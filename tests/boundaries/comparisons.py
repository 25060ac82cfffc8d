"""Every comparison of the library that holds a number, the declarations that ask it, and what it compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from engine.evaluate import Meaning, Program, View
from engine.event import Event, Story
from engine.kleene import ABSENT
from pathways.graph import Node, walk
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.settings import Settings
from tests.boundaries.dated import Leaf, below_sums, counted
from tests.boundaries.months import months_after
from tests.boundaries.stories import points, viewed

_ARITHMETIC: Final = ("setting", "add_months", "add_days", "age", "times", "plus")
_THROUGH: Final = ("named", "case", "later", "earlier")


@dataclass(frozen=True)
class Owner:
    """A declaration that asks a comparison. What it comes to is the list of values of its `asked` nodes."""

    pathway: str
    kind: str
    id: str
    asked: tuple[Node, ...]
    each: Node | None = None

    @property
    def roots(self) -> tuple[Node, ...]:
        return self.asked if self.each is None else (*self.asked, self.each)


def _owners(pathway: Pathway) -> Iterator[tuple[str, str, tuple[Node | None, ...], Node | None]]:
    for rule in pathway.rules:
        yield "state", rule.state, (rule.when,), None
    for guard in pathway.guards:
        yield "guard", guard.id, (guard.outcome,), None
        for number, clause in enumerate(guard.clauses, 1):
            yield "clause", f"{guard.id} {number}", (clause.test,), None
    for profile in pathway.profiles:
        yield "profile", profile.id, (profile.result,), None
    for name, node in pathway.facts:
        yield "fact", name, (node,) if node.type == "bool" else (), None
    for display in pathway.displays:
        yield "display", display.id, (display.applies, display.feature, display.value), None
    for timer in pathway.timers:
        yield "timer", timer.id, (timer.exists, timer.done, timer.ends), timer.each
    for deviation in pathway.deviations:
        conditions = (deviation.raised, *(when for _, when in deviation.statuses))
        yield "deviation", deviation.code, conditions, deviation.each


@cache
def asked_by() -> Mapping[Node, tuple[Owner, ...]]:
    """For each comparison with a number the declarations that ask it, the smallest first."""
    found: dict[Node, list[tuple[int, Owner]]] = {}
    for pathway in all_pathways():
        for kind, id, nodes, each in _owners(pathway):
            owner = Owner(pathway.key, kind, id, tuple(n for n in nodes if n is not None), each)
            below = list(walk(*owner.roots))
            for node in below:
                if compares_with_a_number(node):
                    found.setdefault(node, []).append((len(below), owner))
    for owners in found.values():
        owners.sort(key=lambda sized: sized[0])
    return {node: tuple(owner for _, owner in owners) for node, owners in found.items()}


def compares_with_a_number(node: Node) -> bool:
    """`at least 3 doses`, `before the 50th birthday`, `responses on or after three months from the first`.

    Not `on or after the imaging`: where only days of entries are compared there is no number.
    """
    if node.op in ("since", "until"):
        return numbered(node.args[1])
    plain = node.op in ("at_least", "above") or (
        node.op == "equal" and unnamed(node.args[0]).type in ("number", "date")
    )
    return plain and any(numbered(arg) for arg in node.args)


def numbered(side: Node) -> bool:
    """Whether a side of a comparison is worked out with a number."""
    value = side.param("value") if side.op == "constant" else None
    if side.op in _ARITHMETIC or (isinstance(value, int | float | date) and not isinstance(value, bool)):
        return True
    return side.op in _THROUGH and any(numbered(arg) for arg in side.args)


def unnamed(node: Node) -> Node:
    return unnamed(node.args[0]) if node.op == "named" else node


@dataclass(frozen=True)
class Compared:
    """One comparison as it was made: how far the first side lay above the second, and what came out.

    Numbers differ by numbers, days by days, and an age by the days since the birthday that decides. `subject`
    is the value of the side without a number, `base` the day from which the other side counts, if it counts.
    """

    node: Node
    unit: str
    distance: float
    result: bool
    subject: Any
    base: Any


def holds(node: Node, unit: str, distance: float) -> bool:
    """What a comparison at this distance says."""
    if unit == "age":
        return distance < 0
    if node.op == "equal":
        return distance == 0
    if node.op == "until":
        return distance <= 0
    return distance > 0 if node.op == "above" else distance >= 0


class Noting(Program):
    """A program that notes each comparison it makes, measured without the evaluator's arithmetic."""

    def __init__(self, owner: Owner, settings: Settings) -> None:
        self.noted: list[Compared] = []
        super().__init__(owner.roots, settings)

    def _compiled(self, node: Node, uses: int) -> Meaning:
        meaning = super()._compiled(node, uses)
        if not compares_with_a_number(node):
            return meaning

        def noting(view: View) -> Any:
            result = meaning(view)

            def leaf(part: Node) -> Any:
                return self.meanings[part](view)

            self.noted += self._compared(node, leaf, result)
            return result

        return noting

    def _compared(self, node: Node, leaf: Leaf, result: object) -> Iterator[Compared]:
        first, second = (unnamed(arg) for arg in node.args)
        if node.op in ("since", "until"):
            yield from self._chosen(node, leaf, result)
        elif not isinstance(result, bool):
            return
        elif second.op == "age":
            yield from self._aged(node, leaf, result)
        else:
            a, b = (counted(arg, leaf, self.settings) for arg in (first, second))
            unit = "day" if isinstance(a, date) else "number"
            if isinstance(a, date) and isinstance(b, date):
                distance: float = (a - b).days
            elif isinstance(a, int | float) and isinstance(b, int | float):
                distance = a - b
            else:
                return
            side, other = (first, second) if numbered(first) else (second, first)
            yield Compared(node, unit, distance, result, leaf(other), below_sums(side, leaf))

    def _chosen(self, node: Node, leaf: Leaf, result: object) -> Iterator[Compared]:
        """Which events a bound lets through, event by event."""
        bound = counted(node.args[1], leaf, self.settings)
        passed = [event.id for event in result] if isinstance(result, tuple) else []
        for event in leaf(node.args[0]) if isinstance(bound, date) else ():
            distance = (event.day - bound).days
            base = below_sums(node.args[1], leaf)
            yield Compared(node, "day", distance, event.id in passed, event.day, base)

    def _aged(self, node: Node, leaf: Leaf, result: bool) -> Iterator[Compared]:
        """`less than 50 years`: today is before the 50th birthday."""
        number, age = (unnamed(arg) for arg in node.args)
        birth, on = (leaf(arg) for arg in age.args)
        if isinstance(birth, date) and isinstance(on, date):
            years = counted(number, leaf, self.settings) + (node.op == "at_least")
            distance = (on - months_after(birth, 12 * years)).days
            yield Compared(node, "age", distance, result, on, birth)


@cache
def _program(owner: Owner, settings: Settings) -> Noting:
    return Noting(owner, settings)


def came_to(
    owner: Owner, story: Story, as_of: date, settings: Settings
) -> tuple[list[tuple[object, ...]], list[Compared]]:
    """What a declaration comes to for a patient, and the comparisons made on the way."""
    program = _program(owner, settings)
    program.noted = []
    view = viewed(program, story, as_of)
    found: list[tuple[object, ...]] = []
    for element in (program.meanings[owner.each](view) or ()) if owner.each is not None else (None,):
        view.evaluation.environment[0] = element
        found.append(tuple(_brief(program.meanings[node](view)) for node in owner.asked))
    return found, program.noted


@cache
def noted_at(owner: Owner, number: int) -> tuple[Compared, ...]:
    """The comparisons made at one of the points."""
    point = points()[number]
    return tuple(came_to(owner, point.story, point.as_of, point.settings)[1])


def _brief(value: object) -> object:
    """An event by its id; of a day or a span only that it is there, since moving a story moves them."""
    if isinstance(value, Event):
        return value.id
    if value is ABSENT:
        return "absent"
    return "a day" if isinstance(value, date | Mapping) else value
