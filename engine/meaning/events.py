"""Queries over events: by type and field, position in time, and the fields themselves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.event import Event, day_of, not_after
from engine.kleene import ABSENT
from engine.meaning.registry import registry
from pathways.graph import Node
from pathways.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()

Events = tuple[Event, ...]


@means("events")
def events(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    types = _names(node, "types")
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
    types = frozenset(_names(node, "types"))

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


@means("day")
def day(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> Any:
        event = one(view)
        return event if event is ABSENT else event.day

    return meaning


@means("documented")
def documented(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> Any:
        event = one(view)
        return event if event is ABSENT else day_of(event.documented)

    return meaning


@means("identity")
def identity(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> Any:
        event = one(view)
        return event if event is ABSENT else event.id

    return meaning


@means("kind")
def kind(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> Any:
        event = one(view)
        return event if event is ABSENT else event.type

    return meaning


@means("touched")
def touched(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> bool:
        event = one(view)
        return event is not ABSENT and bool(event.corrected_by)

    return meaning


@means("target")
def target(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args

    def meaning(view: View) -> Any:
        event = one(view)
        if event is ABSENT:
            return ABSENT
        return view.known.by_id.get(str(event.fields.get("target")), ABSENT)

    return meaning


@means("written_before")
def written_before(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    first_one, second_one = args

    def meaning(view: View) -> bool:
        a, b = first_one(view), second_one(view)
        if a is ABSENT or b is ABSENT:
            return False
        return not not_after(b.documented, a.documented)

    return meaning


@means("field")
def field(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args
    name = str(node.param("name"))
    head, _, key = name.partition(".")
    wanted = node.type

    def meaning(view: View) -> Any:
        event = one(view)
        if event is ABSENT:
            return ABSENT
        value = event.fields.get(head, ABSENT)
        if value is ABSENT:
            return _not_stated(event.type, name)
        if key:
            value = value.get(key) if isinstance(value, Mapping) else None
        return plain(value, wanted)

    return meaning


def variable_level(node: Node) -> int:
    """Where the environment holds this variable. Rows are only ever variables: quantifiers give them."""
    assert node.op == "variable", f"a lesion comes from a quantifier, not from {node.op}"
    return int(str(node.param("level")))


def plain(value: object, wanted: str) -> Any:
    """The value as rules read it: the code `unknown` is unknown, a mapping of reasons is the keys that have
    one.
    """
    if wanted == "code":
        return None if value == "unknown" else value
    if wanted == "codes" and isinstance(value, Mapping):
        return tuple(key for key, reason in value.items() if reason)
    if wanted == "date" and isinstance(value, date):
        return day_of(value)
    return value


@cache
def _not_stated(type: str, name: str) -> Any:
    """What a field that was not stated means: its default, unknown in an open field, else not there."""
    if "." in name:
        return None
    declared = load_vocabulary().events[type].fields.get(name)
    if declared is None:
        return ABSENT
    if declared.default is not None:
        return declared.default
    return None if declared.open_field else ABSENT


@means("stated")
def stated(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args
    head, _, key = str(node.param("name")).partition(".")

    def meaning(view: View) -> bool:
        event = one(view)
        if event is ABSENT or head not in event.fields:
            return False
        value = event.fields[head]
        return not key or (isinstance(value, Mapping) and key in value)

    return meaning


@means("triples")
def triples(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args
    names = _names(node, "names")

    def meaning(view: View) -> frozenset[tuple[object, ...]]:
        return frozenset((e.type, e.day, *(e.fields.get(n) for n in names)) for e in many(view))

    return meaning


@means("fact")
def fact(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    name = str(node.param("name"))
    wanted = node.type
    missing = ABSENT if _closed_fact(name) else None

    def meaning(view: View) -> Any:
        positions = view.known.stated.get(name)
        if positions:
            seen = bisect_left(positions, view.length)
            if seen:
                return plain(view.known.events[positions[seen - 1]].fields[name], wanted)
        return plain(view.evaluation.facts.get(name, missing), wanted)

    return meaning


def _closed_fact(name: str) -> bool:
    declared = load_vocabulary().facts.get(name)
    return declared is not None and declared.world == "closed"


def _names(node: Node, name: str) -> tuple[str, ...]:
    value = node.param(name)
    assert isinstance(value, tuple)
    return tuple(str(v) for v in value)
