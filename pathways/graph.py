"""The frozen graph a pathway is made of: nodes of plain data, interned, so that equal expressions are one
object.

A node says *what* is asked, never how. The closed list of operators is in `pathways.operators`; the words
authors use to build nodes are in `pathways.language`; `engine.evaluate` gives them their meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakValueDictionary

Param = str | int | bool | None | date | tuple["Param", ...]
Place = tuple[str, int]
"""File and line where an author wrote something; never part of equality, JSON or fingerprint."""


@dataclass(frozen=True, eq=False, repr=False, slots=True, weakref_slot=True)
class Node:
    """One expression: operator, argument nodes, constant parameters, and the type of its value.

    Two nodes are equal when they are the same object; `node()` guarantees that equal content is the same
    object.
    """

    op: str
    type: str
    args: tuple[Node, ...]
    params: tuple[tuple[str, Param], ...]
    free: frozenset[int]
    place: Place | None = field(default=None)

    def param(self, name: str) -> Param:
        for key, value in self.params:
            if key == name:
                return value
        raise KeyError(f"operator {self.op} has no parameter {name}")

    def __repr__(self) -> str:
        shown = ", ".join([*(repr(a) for a in self.args), *(f"{k}={v!r}" for k, v in self.params)])
        return f"{self.op}({shown})"


_interned: WeakValueDictionary[tuple[object, ...], Node] = WeakValueDictionary()


def node(
    op: str,
    type: str,
    args: tuple[Node, ...] = (),
    place: Callable[[], Place | None] | None = None,
    binds: tuple[int, ...] = (),
    **params: Param,
) -> Node:
    """The node with this content.

    `binds` are the variable levels that the operator itself gives values to. `place` is asked for when
    the node is new.
    """
    kept = tuple(sorted(params.items()))
    typed = tuple((key, value.__class__, value) for key, value in kept)
    key = (op, type, args, typed)
    found = _interned.get(key)
    if found is None:
        free = frozenset[int]().union(*(a.free for a in args)) - set(binds)
        level = params.get("level")
        if op == "variable" and isinstance(level, int):
            free = frozenset({level})
        found = Node(op, type, args, kept, free, place() if place else None)
        _interned[key] = found
    return found


def walk(*roots: Node) -> Iterator[Node]:
    """Every node below the roots once, arguments before the nodes that use them."""
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        current, ready = stack.pop()
        if current in seen:
            continue
        if ready:
            seen.add(current)
            yield current
            continue
        stack.append((current, True))
        stack.extend((arg, False) for arg in reversed(current.args) if arg not in seen)
