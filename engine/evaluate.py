"""The evaluator that ships: graph nodes compiled once into closures, run over views of one patient's history.

A `Program` belongs to a set of expressions and one choice of settings and is shared by all patients. An
`Evaluation` is one patient at one known_at; a `View` is what it looks like on one day, with every closed
expression remembered. The meaning of each operator is in `engine.meaning`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from engine.constants import LOOKED, relevant, without_looking
from engine.event import Event
from engine.history import Known, Ledger
from pathways.graph import Node, walk
from pathways.operators import MOST_VARIABLES
from pathways.settings import Settings

Value = Any
"""What an operator gives:

None is unknown, ABSENT did not happen; otherwise by type, see pathways.operators.
"""

Meaning = Callable[["View"], Value]
_UNSET: Final = object()
Source = str
"""What a value can depend on: `events <type>`, `fact <name>`, or TODAY."""
TODAY: Final = "today"
_PLAIN: Final = frozenset({"constant", "setting", "today", "variable", "undetermined"})
_OTHER_DAY: Final = frozenset({"seen", "hindsight"})
WHOLE: Final = frozenset({"ledger", "duplicates", "after_death", "target"})
"""Operators that look at all that is known, whenever it happened."""
MOMENTARY: Final = WHOLE | {"today"}
"""Operators whose value may be another as soon as the day is another, or more is recorded of any type."""


class View:
    """One patient on one day with one state of knowledge: the first `length` events of `known`."""

    __slots__ = ("evaluation", "known", "length", "memo", "today")

    def __init__(
        self, evaluation: Evaluation, known: Known, length: int, today: date, memo: list[Value]
    ) -> None:
        self.evaluation = evaluation
        self.known = known
        self.length = length
        self.today = today
        self.memo = memo


class Evaluation:
    """One patient's ledger at one known_at, asked as of one day; keeps the views it makes."""

    __slots__ = ("_views", "as_of", "environment", "furthest", "ledger", "program")

    def __init__(self, program: Program, ledger: Ledger, as_of: date) -> None:
        self.program = program
        self.ledger = ledger
        self.as_of = as_of
        self.environment: list[Value] = [None] * MOST_VARIABLES
        self.furthest = 0
        """The latest day on which anything was asked about a day other than the view's own, as an ordinal."""
        self._views: dict[_Place, View] = {}

    def now(self) -> View:
        known = self.ledger.now
        return self._view(known, known.until(self.as_of), self.as_of)

    def on(self, day: date) -> View:
        """`day` (at the latest as_of) with everything known."""
        return self.with_knowledge(self.ledger.now, day)

    def documented(self, day: date) -> View:
        """`day` with what was documented by its end."""
        self._reached(day)
        day = min(day, self.as_of)
        known = self.ledger.known(day)
        return self._view(known, known.until(day), day)

    def with_knowledge(self, known: Known, day: date) -> View:
        """`day` (at the latest as_of) with this state of knowledge."""
        self._reached(day)
        day = min(day, self.as_of)
        return self._view(known, known.until(day), day)

    def before(self, known: Known, event: Event) -> View:
        """The day of an event up to that event; all of the day where it is not known to be of that day."""
        end = known.until(event.day)
        return self._view(known, min(known.order.get(event.id, end), end), event.day)

    def forget(self) -> None:
        """Lets go of the views, which hold this evaluation: the memory is free at once, not when the garbage
        collector comes to it.
        """
        self._views.clear()

    def resumed(self, length: int, day: date, memo: list[Value]) -> View:
        """A view of the past with what an earlier evaluation had worked out in it."""
        return self._view(self.ledger.now, length, day, memo)

    def _reached(self, day: date) -> None:
        self.furthest = max(self.furthest, ordinal(day))

    def start(self, day: date) -> View:
        """Before the first event."""
        return self._view(self.ledger.now, 0, day)

    def advanced(self, last: View, length: int, day: date) -> View:
        """The view of a longer prefix or a later day: what nothing new can have changed is kept."""
        found = self._views.get(self._place(last.known, length, day))
        return found or self._view(last.known, length, day, self.program.kept(last, length, day))

    def _view(self, known: Known, length: int, day: date, memo: list[Value] | None = None) -> View:
        key = self._place(known, length, day)
        found = self._views.get(key)
        if found is None:
            found = View(self, known, length, day, memo or [_UNSET] * self.program.size)
            self._views[key] = found
        return found

    def _place(self, known: Known, length: int, day: date) -> _Place:
        """What a view is kept by. The day of the question is apart from the same day in the past: what is
        told of the past does not hold it.
        """
        return id(known), length, ordinal(day), day is self.as_of


_Place = tuple[int, int, int, bool]
ordinal: Final = date.toordinal
"""The number of a day, read past whoever watches what a day is used for (`store.horizon`)."""


class Program:
    """Expressions compiled for one choice of settings.

    `asked_often` are remembered however seldom others use them. `constants` has the expressions whose value
    needs no patient.
    """

    def __init__(self, roots: Iterable[Node], settings: Settings, asked_often: Iterable[Node] = ()) -> None:
        self.settings = settings
        self.size = 0
        self.meanings: dict[Node, Meaning] = {}
        self.constants: dict[Node, Value] = {}
        self._reads: dict[Node, frozenset[Source]] = {}
        self._slots: dict[Source, list[int]] = {}
        self._momentary: set[Node] = set()
        self._momentary_slots: list[int] = []
        roots = list(roots)
        nodes = list(walk(*roots))
        asked = (arg for n in nodes for arg in n.args)
        # What stands inside a filter or quantifier is asked for every element, though it is used once.
        for_each = (arg for n in nodes if n.free for arg in n.args if not arg.free)
        uses = Counter((*asked, *for_each, *roots, *asked_often))
        for node in nodes:
            self.meanings[node] = self._compiled(node, uses[node])

    def __getitem__(self, node: Node) -> Meaning:
        return self.meanings[node]

    def reads(self, node: Node) -> frozenset[Source]:
        """What the value depends on."""
        return self._reads[node]

    def kept(self, last: View, length: int, day: date) -> list[Value]:
        """What was worked out in `last` and does not read what is new, nor today when the day is another."""
        memo = last.memo.copy()
        for position in range(last.length, length):
            self._forget(memo, touched(last.known, position))
        if day is not last.today:
            self._forget(memo, (TODAY,))
        return memo

    def lasting(self, memo: Sequence[Value], known: Known, since: int) -> list[Value]:
        """What was worked out when there were no events but the first `since`, and reads neither one that
        follows, nor the day, nor all that is known; those that follow are later than any day asked about.
        """
        lasting = list(memo)
        for slot in self._momentary_slots:
            lasting[slot] = _UNSET
        for position in range(since, len(known.events)):
            self._forget(lasting, touched(known, position))
        return lasting

    def _forget(self, memo: list[Value], sources: Iterable[Source]) -> None:
        for source in sources:
            for slot in self._slots.get(source, ()):
                memo[slot] = _UNSET

    def _compiled(self, node: Node, uses: int) -> Meaning:
        asked = relevant(node, self.constants)
        meaning = MEANINGS[node.op](node, [self.meanings[a] for a in asked], self)
        found = without_looking(meaning)
        if found is not LOOKED:
            self._reads[node] = frozenset()
            self.constants[node] = found
            return lambda _: found
        self._reads[node] = reads(node, asked, self._reads)
        if node.op in MOMENTARY or not self._momentary.isdisjoint(asked):
            self._momentary.add(node)
        if node.free or uses < 2 or node.op in _PLAIN:
            return meaning
        return self._remembered(meaning, node)

    def _remembered(self, meaning: Meaning, node: Node) -> Meaning:
        slot = self.size
        self.size += 1
        for name in self._reads[node]:
            self._slots.setdefault(name, []).append(slot)
        if node in self._momentary:
            self._momentary_slots.append(slot)

        def remembered(view: View) -> Value:
            value = view.memo[slot]
            if value is _UNSET:
                value = view.memo[slot] = meaning(view)
            return value

        return remembered


def reads(node: Node, asked: Sequence[Node], below: Mapping[Node, frozenset[Source]]) -> frozenset[Source]:
    """What a node's value depends on, given the arguments it asks and what they depend on.

    Another day's view is fixed by its day; the whole ledger is fixed by known_at.
    """
    if node.op == "fact":
        return frozenset({f"fact {node.param('name')}"})
    if node.op == "today":
        return frozenset({TODAY})
    if node.op == "events":
        return frozenset(f"events {name}" for name in names_of(node, "types"))
    args = asked[1:] if node.op in _OTHER_DAY else asked
    return frozenset[Source]().union(*(below[a] for a in args))


def touched(known: Known, position: int) -> Iterator[Source]:
    """What reads the event at this position: the choices of its type, and the facts it states."""
    event = known.events[position]
    yield f"events {event.type}"
    if event.type == "finding_recorded":
        yield from (f"fact {name}" for name in event.fields)


from engine.meaning import MEANINGS  # noqa: E402  the meanings name this module's types
from engine.meaning.events import names_of  # noqa: E402  as above
