"""Where two expressions differ, in words, as close to the spot as the words allow.

A name that authors gave, and a guard, is one word here: what it stands for is compared once, under itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pathways.differences.order import matched
from pathways.graph import Node
from pathways.operators import OPERATORS
from pathways.texts.conditions import implies, parts_of
from pathways.texts.outline import SHORT
from pathways.texts.values import answer
from pathways.texts.voice import Voice


class Spoken(NamedTuple):
    """An expression with the voice that speaks of it; `holds` is false where its opposite is asked."""

    voice: Voice
    node: Node
    holds: bool = True

    def __str__(self) -> str:
        return answer(self.voice, self.node, self.holds)

    def below(self, number: int) -> Spoken:
        """An argument, spoken of where it stands."""
        binds = OPERATORS[self.node.op].binds and number + 1 == len(self.node.args)
        voice = self.voice.inside(self.node) if binds else self.voice
        return Spoken(voice, self.node.args[number], self.holds is not (self.node.op == "not"))

    def of(self, node: Node) -> Spoken:
        return self._replace(node=node)


Spot = tuple[Spoken | None, Spoken | None]
"""What stood in a place and what stands there now; None where nothing did."""


class Names:
    """The words both versions use: labels of authors, and guards (outcome and title of each)."""

    def __init__(self, first: Mapping[Node, str], second: Mapping[Node, str]) -> None:
        self.guards = first, second
        self._alike: dict[tuple[Node, Node], bool] = {}

    def alike(self, first: Node, second: Node) -> bool:
        """Whether two expressions read the same: they differ, if at all, in what a name stands for."""
        if first is second or self._one_word(first, second):
            return True
        key = first, second
        if key not in self._alike:
            self._alike[key] = _same_but_for_arguments(first, second) and all(
                map(self.alike, first.args, second.args)
            )
        return self._alike[key]

    def through(self, first: Node, second: Node) -> tuple[str, ...]:
        """The names in two expressions that read the same which stand for something else in themselves."""
        return tuple(dict.fromkeys(self._through(first, second, set())))

    def _through(self, first: Node, second: Node, seen: set[tuple[Node, Node]]) -> Iterator[str]:
        if first is second or (first, second) in seen:
            return
        seen.add((first, second))
        if self._one_word(first, second):
            if first.op == "outcome":
                yield self.guards[0][first]
                return
            if not self.alike(first.args[0], second.args[0]):
                yield str(first.param("label"))
                return
        for pair in zip(first.args, second.args, strict=True):
            yield from self._through(*pair, seen)

    def _one_word(self, first: Node, second: Node) -> bool:
        if first.op != second.op:
            return False
        if first.op == "outcome":
            title = self.guards[0].get(first)
            return title is not None and title == self.guards[1].get(second)
        return first.op == "named" and first.params == second.params


def spots(names: Names, first: Spoken, second: Spoken) -> list[Spot]:
    """The places in which two expressions differ; the whole where it is short or cannot be taken apart.

    A place met twice, once asked and once denied, is told once.
    """
    found: dict[tuple[Node | None, ...], Spot] = {}
    for spot in _spots(names, first, second):
        found.setdefault(tuple(part and part.node for part in spot), spot)
    return [*found.values()] or [(first, second)]


def _spots(names: Names, first: Spoken, second: Spoken) -> Iterator[Spot]:
    one, other = first.node, second.node
    if names.alike(one, other):
        return
    if max(len(str(first)), len(str(second))) <= SHORT:
        yield first, second
    elif one.op == other.op and one.op in ("and", "or") and not (implies(one) or implies(other)):
        yield from _of_parts(names, first, second)
    elif _same_but_for_arguments(one, other):
        for number in range(len(one.args)):
            yield from _spots(names, first.below(number), second.below(number))
    else:
        yield first, second


def _of_parts(names: Names, first: Spoken, second: Spoken) -> Iterator[Spot]:
    ones, others = parts_of(first.node), parts_of(second.node)
    left = [part for part in ones if not any(names.alike(part, other) for other in others)]
    right = [part for part in others if not any(names.alike(one, part) for one in ones)]
    gone, new, pairs = matched(left, right)
    if [part.op for part in gone] == [part.op for part in new]:
        pairs, gone, new = [*pairs, *zip(gone, new, strict=True)], [], []
    for one, other in pairs:
        yield from _spots(names, first.of(one), second.of(other))
    was = {str(first.of(part)): first.of(part) for part in gone}
    now = {str(second.of(part)): second.of(part) for part in new}
    yield from ((was.get(text), now.get(text)) for text in was | now)


def _same_but_for_arguments(first: Node, second: Node) -> bool:
    same = (first.op, first.type, first.params) == (second.op, second.type, second.params)
    return same and len(first.args) == len(second.args)


def said(spoken: Spoken | None) -> str:
    """The words; none where nothing stands."""
    return "" if spoken is None else str(spoken)
