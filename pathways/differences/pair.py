"""One declaration in two versions: what each of its fields became, in words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from pathways.differences.change import ADDED, CHANGED, REMOVED, REORDERED, Change
from pathways.differences.order import Order, order
from pathways.differences.wording import Names, Spoken, said, spots
from pathways.graph import Node
from pathways.pathway import Offer
from pathways.texts.voice import Voice

T = TypeVar("T")
Effects = tuple[str, str]
"""What less and more come to."""

STRICTER: Final = ("stricter", "looser")
_OF_TYPES: Final[Mapping[str, Effects]] = {
    "bool": ("in fewer cases", "in more cases"),
    "outcome": STRICTER,
    "date": ("earlier", "later"),
    "number": ("less", "more"),
    "events": ("fewer", "more"),
}
_HOLDING_BACK: Final = frozenset({"guards", "blocked_in"})
"""Fields of a step or move in which one more name is one more obstacle."""
_RANKS: Final[Mapping[str, tuple[tuple[str, ...], Effects]]] = {
    "force": (("hard", "soft", "preference", "info"), STRICTER),
    "severity": (("critical", "major", "minor", "info", "data"), ("graver", "milder")),
}
"""Words in order, the gravest first, and what a move up and a move down come to."""

_NAMES: Final = {
    "anchor": "counted from",
    "applies": "shown if",
    "blocked_in": "never allowed in",
    "closed": "without duties",
    "closes": "late fulfilment counts until",
    "done": "done by",
    "each": "for each of",
    "ends": "no longer asked from",
    "events": "entries named",
    "exists": "asked if",
    "feature": "met when",
    "guards": "held back by",
    "left": "the day the patient left",
    "on_question": "offered while a guard is unknown",
    "otherwise": "status otherwise",
    "raised": "raised if",
    "returned": "the day of return",
    "settings": "settings read",
    "taken_by": "taken by",
    "ticks": "days on which time changes a state",
    "when": "holds if",
}
"""What a field is called, where its own name does not say it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Which declaration it is, the words both versions use, and the voice of each."""

    kind: str
    id: str
    title: str
    names: Names
    voices: tuple[Voice, Voice]

    def change(self, what: str, effect: str, was: str = "", now: str = "") -> Change:
        return Change(self.kind, self.id, self.title, what, effect, was, now)

    def fields(self, first: Any, second: Any, *left_out: str) -> Iterator[Change]:
        """Every field of two declarations of one class, but for those left out."""
        for name in (f.name for f in fields(first) if f.name not in ("place", *left_out)):
            one, other = getattr(first, name), getattr(second, name)
            if one != other:
                yield from self._field(name, _NAMES.get(name, name.replace("_", " ")), one, other)

    def _field(self, name: str, what: str, first: Any, second: Any) -> Iterator[Change]:
        """Two values that differ, by what they are."""
        if isinstance(first, Node) or isinstance(second, Node):
            yield from self.expression(what, first, second)
        elif name in _RANKS:
            yield self.change(what, _moved(name, first, second), first, second)
        elif _holds(str, first, second):
            added, removed = STRICTER if name in _HOLDING_BACK else (ADDED, REMOVED)
            yield from self._names(what, first, second, added, removed)
        elif _holds(Node, first, second):
            yield from self._expressions(what, first, second)
        elif _holds(Offer, first, second):
            yield from self._offers(first, second)
        elif name == "statuses":
            yield from self.named("status", first, second)
        else:
            yield self.change(what, CHANGED, _shown(first), _shown(second))

    def expression(
        self, what: str, first: Node | None, second: Node | None, effects: Effects | None = None
    ) -> Iterator[Change]:
        """An expression that is new, gone or another one; `effects` say what less and more come to."""
        if first is second:
            return
        if first is None or second is None:
            was, now = said(self._spoken(first, 0)), said(self._spoken(second, 1))
            yield self.change(what, ADDED if first is None else REMOVED, was, now)
            return
        effect = _effect(first, second, effects)
        if self.names.alike(first, second):
            yield self.change(what, effect)._replace(through=self.names.through(first, second))
            return
        for one, other in spots(self.names, Spoken(self.voices[0], first), Spoken(self.voices[1], second)):
            yield self.change(what, effect, said(one), said(other))

    def _spoken(self, node: Node | None, version: int) -> Spoken | None:
        return None if node is None else Spoken(self.voices[version], node)

    def _names(
        self, what: str, first: Sequence[str], second: Sequence[str], added: str, removed: str
    ) -> Iterator[Change]:
        yield from (self.change(what, removed, name, "") for name in first if name not in second)
        yield from (self.change(what, added, "", name) for name in second if name not in first)
        yield from self.order(what, first, second)

    def order(self, what: str, first: Sequence[str], second: Sequence[str]) -> Iterator[Change]:
        """The same names in another order."""
        if list(first) != list(second) and sorted(first) == sorted(second):
            yield self.change(what, REORDERED, ", ".join(first), ", ".join(second))

    def _expressions(self, what: str, first: Sequence[Node], second: Sequence[Node]) -> Iterator[Change]:
        for one, other in matched_by(lambda _: "", first, second):
            yield from self.expression(what, one, other)

    def _offers(self, first: Sequence[Offer], second: Sequence[Offer]) -> Iterator[Change]:
        """Conditions of the same states, and states that are new or gone."""
        for one, other in matched_by(lambda offer: offer.states, first, second):
            states = (one or other or Offer()).states
            what = f"offered in {', '.join(states) or 'any state'}"
            if one is None or other is None:
                yield self.change(what, ADDED if one is None else REMOVED)
            else:
                yield from self.expression(f"{what} if", one.when, other.when)

    def named(
        self, what: str, first: Sequence[tuple[str, Node]], second: Sequence[tuple[str, Node]]
    ) -> Iterator[Change]:
        """Expressions that have a name each."""
        ones, others = dict(first), dict(second)
        for name in ones | others:
            yield from self.expression(f"{what} {name}", ones.get(name), others.get(name))
        yield from self.order(what, list(ones), list(others))


def matched_by(
    key: Callable[[T], Hashable], first: Iterable[T], second: Iterable[T]
) -> Iterator[tuple[T | None, T | None]]:
    """The elements of two lists by their key (the first of a key with the first, the next with the next)."""
    ones, others = _numbered(key, first), _numbered(key, second)
    for name in ones | others:
        yield ones.get(name), others.get(name)


def _numbered(key: Callable[[T], Hashable], elements: Iterable[T]) -> dict[Hashable, T]:
    found: dict[Hashable, T] = {}
    times: dict[Hashable, int] = {}
    for one in elements:
        name = key(one)
        times[name] = times.get(name, 0) + 1
        found[name, times[name]] = one
    return found


def _effect(first: Node, second: Node, effects: Effects | None) -> str:
    less, more = effects or _OF_TYPES.get(first.type, (CHANGED, CHANGED))
    return {Order.LESS: less, Order.MORE: more}.get(order(first, second), CHANGED)


def _moved(name: str, first: str, second: str) -> str:
    """Up or down among the words of this field; a clause without a force of its own has that of its guard."""
    words, (up, down) = _RANKS[name]
    if first not in words or second not in words:
        return CHANGED
    return up if words.index(second) < words.index(first) else down


def _holds(kind: type, *values: object) -> bool:
    """Tuples of such elements; an empty one counts as such."""
    return all(isinstance(value, tuple) and all(isinstance(e, kind) for e in value) for value in values)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_shown(part) for part in value)
    return str(value)
