"""Choices of what is never unknown, events above all: what may be unknown cannot choose among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pathways.checks.sites import Site
from pathways.graph import Node

_NEVER_UNKNOWN: Final = {
    "event": "events",
    "events": "events",
    "dates": "dates",
    "matches": "matches",
    "outcome": "outcomes",
}
"""Types whose values are never unknown, as they are told."""
_CERTAIN: Final = frozenset({"sure", "known", "there", "exist", "touched", "stated", "is_outcome"})
_MADE_OF_PARTS: Final = frozenset({"not", "and", "or", "named"})
_CERTAIN_DAYS: Final = frozenset({"day", "documented", "today"})


def unsure_choices(site: Site) -> Iterator[str]:
    """An event that depends on a condition, or is seen on a day, which may be unknown."""
    node = site.node
    chosen = _NEVER_UNKNOWN.get(node.type)
    if chosen is None:
        return
    if node.op == "case" and not all(_certain(condition) for condition in node.args[:-1:2]):
        yield f"chooses {chosen} by a condition that may be unknown; say `.sure()` or `.possible()`"
    if node.op in ("seen", "hindsight") and not _certain_day(_meant(node.args[1])):
        yield f"looks at {chosen} on a day that may be unknown; take the day of an event"


def _certain(condition: Node) -> bool:
    if condition.op in _MADE_OF_PARTS:
        return all(_certain(part) for part in condition.args)
    return _stated(condition) or condition.op in _CERTAIN


def _stated(node: Node) -> bool:
    return node.op == "constant" and node.param("value") is not None


def _certain_day(day: Node) -> bool:
    return _stated(day) or day.op in _CERTAIN_DAYS


def _meant(node: Node) -> Node:
    return _meant(node.args[0]) if node.op == "named" else node
