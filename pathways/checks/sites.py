"""Every node of a pathway in every context that matters: where it stands and what its variables stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathways.checks.declarations import Held
from pathways.graph import Node, Place
from pathways.operators import OPERATORS

ELEMENT_TYPES = {"events": "event", "rows": "row", "codes": "code", "dates": "date"}
"""What one element of a list is."""


@dataclass(frozen=True, slots=True)
class Element:
    """What a variable stands for: an element of `over`, itself read where `scope` holds."""

    over: Node
    scope: Scope


Scope = Mapping[int, Element]
"""The variables that have a value, by level."""


@dataclass(frozen=True, slots=True)
class Site:
    """A node in one context. `place` is that of the closed expression around it when the node is not closed.

    Equal nodes are one object, so a node inside a filter carries the line of whoever wrote the like first;
    the filter around it tells better where to look.
    """

    node: Node
    scope: Scope
    where: str
    place: Place | None


def sites(expressions: Iterable[Held]) -> Iterator[Site]:
    """Each node once for each choice of lists its free variables run over."""
    seen: set[tuple[object, ...]] = set()
    for held in expressions:
        scope: Scope = {} if held.each is None else {0: Element(held.each, {})}
        stack = [Site(held.node, scope, held.where, held.node.place or held.place)]
        while stack:
            site = stack.pop()
            key = context(site.node, site.scope)
            if key not in seen:
                seen.add(key)
                yield site
                stack.extend(reversed([*_below(site)]))


def context(node: Node, scope: Scope) -> tuple[object, ...]:
    """What the meaning of a node depends on: itself, and what its free variables stand for."""
    return (
        node,
        *((level, context(e.over, e.scope)) for level in sorted(node.free) if (e := scope.get(level))),
    )


def _below(site: Site) -> Iterator[Site]:
    node = site.node
    for n, arg in enumerate(node.args):
        scope = inner_scope(node, n, site.scope)
        place = site.place if arg.free or arg.place is None else arg.place
        yield Site(arg, scope, site.where, place)


def inner_scope(node: Node, number: int, scope: Scope) -> Scope:
    """The variables of argument `number`: filters and quantifiers give values to those of their last one."""
    operator = OPERATORS.get(node.op)
    level = dict(node.params).get("level")
    if operator is None or not operator.binds or number + 1 < len(node.args) or not isinstance(level, int):
        return scope
    element = Element(node.args[0], scope)
    return {**scope, **dict.fromkeys(range(level, level + operator.binds), element)}
