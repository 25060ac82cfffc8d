"""What is the same for every patient once the settings are chosen: worked out when a program is compiled.

A profile that was not chosen, an anchor that a setting switches off, a day that no event gives: their
conditions are asked by many expressions, and none of them needs a patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pathways.graph import Node


class _Looked(Exception):
    """A value was asked for that only a patient has."""


class _Nobody:
    """Stands where a view would: whatever is asked of it is not to be had."""

    def __getattr__(self, name: str) -> Any:
        raise _Looked(name)


_NOBODY: Final = _Nobody()
LOOKED: Final = object()
"""The answer where a patient must be looked at."""


def without_looking(meaning: Callable[[Any], Any]) -> Any:
    """The value, if it can be worked out without a patient, else LOOKED."""
    try:
        return meaning(_NOBODY)
    except _Looked:
        return LOOKED


def relevant(node: Node, constants: Mapping[Node, Any]) -> tuple[Node, ...]:
    """The arguments that still matter, in a form the operator takes: of `and` and `or` those that are not
    settled, of `case` the branches that can be reached.
    """
    if node.op in _SETTLED_BY:
        return _unsettled(node, constants, _SETTLED_BY[node.op])
    if node.op == "case":
        return tuple(_reachable(node, constants))
    return node.args


_SETTLED_BY: Final = {"and": False, "or": True}
"""The value of one part that decides the whole, whatever the others are."""


def _unsettled(node: Node, constants: Mapping[Node, Any], decides: bool) -> tuple[Node, ...]:
    found: list[Node] = []
    for part in node.args:
        value = constants.get(part, LOOKED)
        if value is not LOOKED and value is not None and (value is True) == decides:
            return (part,)
        if value is LOOKED or value is None:
            found.append(part)
    return tuple(found)


def _reachable(case: Node, constants: Mapping[Node, Any]) -> Iterator[Node]:
    for condition, value in zip(case.args[:-1:2], case.args[1::2], strict=True):
        holds = constants.get(condition, LOOKED)
        if holds is True:
            yield value
            return
        if holds is None:
            yield condition
            return
        if holds is LOOKED:
            yield condition
            yield value
    yield case.args[-1]
