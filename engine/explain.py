"""Why an expression has its value: the events it looked at, the data it misses, the questions left open."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from typing import Final

from engine.evaluate import Program, View
from engine.event import Event
from engine.kleene import ABSENT
from engine.meaning.lesions import Lesion
from pathways.graph import Node

_EVENTS: Final = frozenset({"event", "events"})
_OTHER_DAY: Final = frozenset({"seen", "hindsight"})
_COUNTED: Final = frozenset({"select", "sure_count", "possible_count"})
_ELEMENTS: Final = frozenset({"any", "all"})


def sources(root: Node) -> tuple[Node, ...]:
    """The topmost event-valued expressions below `root`, and the other-day views that hold more of them."""
    found: dict[Node, None] = {}
    visited: set[Node] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node in visited:
            continue
        visited.add(node)
        if node.op in _OTHER_DAY or (node.type in _EVENTS and not node.free):
            found[node] = None
        else:
            stack.extend(reversed(node.args))
    return tuple(found)


class Explainer:
    """Explains expressions of one program; what can be known without a patient is worked out once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._sources: dict[Node, tuple[Node, ...]] = {}

    def because(self, view: View, root: Node) -> tuple[str, ...]:
        """Ids of the events that `root` looks at in this view, in order, with the corrections worked into
        them.
        """
        found: dict[str, None] = {}
        for event in self._looked_at(view, root):
            found[event.id] = None
            for id in event.corrected_by:
                found[id] = None
        return tuple(found)

    def _looked_at(self, view: View, root: Node) -> Iterator[Event]:
        known = self._sources.get(root)
        if known is None:
            known = self._sources[root] = sources(root)
        for node in known:
            if node.op in _OTHER_DAY:
                if not node.free:
                    yield from self._elsewhere(view, node)
                continue
            value = self.program.meanings[node](view)
            yield from (value,) if isinstance(value, Event) else value or ()

    def _elsewhere(self, view: View, node: Node) -> Iterator[Event]:
        other = self.view_of(view, node)
        if other is not None:
            yield from self._looked_at(other, node.args[0])

    def view_of(self, view: View, node: Node) -> View | None:
        """The view in which a `seen` or `hindsight` asks its question."""
        day = self.program[node.args[1]](view)
        if not isinstance(day, date):
            return None
        evaluation = view.evaluation
        return evaluation.documented(day) if node.op == "seen" else evaluation.with_knowledge(view.known, day)

    def missing(self, view: View, root: Node) -> tuple[str, ...]:
        """The unknown data on which an unknown value rests:

        `event.field`, `event.lesions.id.field` or a fact's name.
        """
        return tuple(dict.fromkeys(self._missing(view, root)))

    def _missing(self, view: View, node: Node) -> Iterator[str]:
        if node.op in ("constant", "undetermined") or self.program[node](view) is not None:
            return
        if node.op == "fact":
            yield self._missing_fact(view, str(node.param("name")))
        elif node.op in ("field", "row_field"):
            yield from self._missing_field(view, node)
        elif node.op in _ELEMENTS:
            yield from self._missing_elements(view, node)
        elif node.op == "lesions":
            yield from self._missing_lesions(view, node)
        elif node.op == "values":
            yield from self._missing_values(view, node)
        elif node.op in _OTHER_DAY:
            asked, day = node.args
            other = self.view_of(view, node)
            yield from self._missing(view, day) if other is None else self._missing(other, asked)
        elif node.op == "case":
            yield from self._missing_case(view, node)
        elif node.op in _COUNTED:
            yield from self._missing(view, node.args[0])
        else:
            for arg in node.args:
                yield from self._missing(view, arg)

    def _missing_fact(self, view: View, name: str) -> str:
        """The entry that says the fact is not known, else the fact's name."""
        seen = bisect_left(view.known.stated.get(name, ()), view.length)
        return f"{view.known.events[view.known.stated[name][seen - 1]].id}.{name}" if seen else name

    def _missing_field(self, view: View, node: Node) -> Iterator[str]:
        owner = self.program[node.args[0]](view)
        name = node.param("name")
        if isinstance(owner, Event):
            yield f"{owner.id}.{name}"
        elif isinstance(owner, Lesion):
            yield f"{owner.imaging.id}.lesions.{owner.fields.get('id')}.{name}"

    def _missing_elements(self, view: View, node: Node) -> Iterator[str]:
        many = self.program[node.args[0]](view)
        if many is None:
            yield from self._missing(view, node.args[0])
            return
        level = int(str(node.param("level")))
        environment = view.evaluation.environment
        outer = environment[level]
        for element in () if many is ABSENT else many:
            environment[level] = element
            yield from list(self._missing(view, node.args[1]))
        environment[level] = outer

    def _missing_lesions(self, view: View, node: Node) -> Iterator[str]:
        imagings = self.program[node.args[0]](view)
        if not imagings:
            yield "imaging"
        for imaging in imagings:
            if imaging.fields.get("lesions") is None:
                yield f"{imaging.id}.lesions"

    def _missing_values(self, view: View, node: Node) -> Iterator[str]:
        rows = self.program[node.args[0]](view)
        if rows is None:
            yield from self._missing(view, node.args[0])
            return
        name = str(node.param("name"))
        for row in rows:
            if row.fields.get(name) is None:
                yield f"{row.imaging.id}.lesions.{row.fields.get('id')}.{name}"

    def _missing_case(self, view: View, node: Node) -> Iterator[str]:
        for condition, value in zip(node.args[:-1:2], node.args[1::2], strict=True):
            holds = self.program[condition](view)
            if holds is None:
                yield from self._missing(view, condition)
                return
            if holds is True:
                yield from self._missing(view, value)
                return
        yield from self._missing(view, node.args[-1])

    def conflicts(self, view: View, root: Node) -> tuple[str, ...]:
        """The conflicts of the sources that leave the value of `root` open."""
        found: dict[str, None] = {}
        stack = [root]
        while stack:
            node = stack.pop()
            if node.free or self.program[node](view) is not None:
                continue
            if node.op == "undetermined":
                found[str(node.param("conflict"))] = None
            stack.extend(reversed(node.args))
        return tuple(found)
