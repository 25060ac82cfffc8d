"""Queries over events: by type and test, and by position in time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.event import Event
from engine.kleene import ABSENT
from engine.meaning.registry import registry
from pathways.graph import Node

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()

Events = tuple[Event, ...]


@means("events")
def events(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    types = names_of(node, "types")
    if len(types) == 1:
        return lambda view: _of_type(view, types[0])
    return lambda view: _in_order(view, [_of_type(view, t) for t in types])


def _of_type(view: View, type: str) -> Events:
    positions = view.known.by_type.get(type)
    if not positions:
        return ()
    found = view.known.events
    return tuple(found[n] for n in positions[: bisect_left(positions, view.length)])


def _in_order(view: View, lists: Sequence[Events]) -> Events:
    filled = [part for part in lists if part]
    if len(filled) < 2:
        return filled[0] if filled else ()
    order = view.known.order
    unique = {e.id: e for part in filled for e in part}
    return tuple(sorted(unique.values(), key=lambda e: order.get(e.id, -1)))


@means("ledger")
def ledger(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    types = frozenset(names_of(node, "types"))

    def meaning(view: View) -> Events:
        known = view.known
        return tuple(e for e in (*known.events, *known.changes) if not types or e.type in types)

    return meaning


@means("duplicates")
def duplicates(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return lambda view: view.known.duplicates


@means("after_death")
def after_death(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return lambda view: view.known.after_death


@means("where")
def where(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, test = args
    level = int(str(node.param("level")))

    def meaning(view: View) -> Events:
        found = many(view)
        if not found:
            return ()
        kept = []
        environment = view.evaluation.environment
        outer = environment[level]
        for event in found:
            environment[level] = event
            if test(view) is True:
                kept.append(event)
        environment[level] = outer
        return tuple(kept)

    return meaning


@means("chain")
def chain(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, follows = args
    level = int(str(node.param("level")))

    def meaning(view: View) -> Events:
        kept: list[Event] = []
        environment = view.evaluation.environment
        outer = environment[level : level + 2]
        for event in many(view):
            environment[level : level + 2] = (kept[-1] if kept else ABSENT, event)
            if follows(view) is True:
                kept.append(event)
        environment[level : level + 2] = outer
        return tuple(kept)

    return meaning


@means("first")
def first(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args

    def meaning(view: View) -> Any:
        found = many(view)
        return found[0] if found else ABSENT

    return meaning


@means("latest")
def latest(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args

    def meaning(view: View) -> Any:
        found = many(view)
        return found[-1] if found else ABSENT

    return meaning


@means("just")
def just(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> Events:
        event = one(view)
        return () if event is ABSENT else (event,)

    return meaning


@means("after")
def after(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, one = args

    def meaning(view: View) -> Events:
        found: Events = many(view)
        event = one(view)
        if event is ABSENT or not found:
            return found
        return tuple(e for e in found if _is_earlier(view, event, e))

    return meaning


@means("before")
def before(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, one = args

    def meaning(view: View) -> Events:
        found: Events = many(view)
        event = one(view)
        if event is ABSENT or not found:
            return found
        return tuple(e for e in found if _is_earlier(view, e, event))

    return meaning


def _is_earlier(view: View, a: Event, b: Event) -> bool:
    order = view.known.order
    position, other = order.get(a.id), order.get(b.id)
    if position is None or other is None:
        return a.day < b.day
    return position < other


@means("since")
def since(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, from_day = args

    def meaning(view: View) -> Events:
        found: Events = many(view)
        if not found:
            return found
        day = from_day(view)
        if day is None or day is ABSENT:
            return ()
        return tuple(e for e in found if e.day >= day)

    return meaning


@means("until")
def until(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, to_day = args

    def meaning(view: View) -> Events:
        found: Events = many(view)
        if not found:
            return found
        day = to_day(view)
        if day is None or day is ABSENT:
            return ()
        return tuple(e for e in found if e.day <= day)

    return meaning


@means("union")
def union(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    parts = tuple(args)
    return lambda view: _in_order(view, [part(view) for part in parts])


@means("count")
def count(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args
    return lambda view: len(many(view))


@means("exist")
def exist(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args
    return lambda view: len(many(view)) > 0


def names_of(node: Node, name: str) -> tuple[str, ...]:
    value = node.param(name)
    assert isinstance(value, tuple)
    return tuple(str(v) for v in value)
