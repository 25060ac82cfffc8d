"""Operators that choose events of the story, and what one event or one fact says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.event import Event, day_of, not_after
from engine.kleene import ABSENT
from engine.naive.known import Entries
from engine.naive.sight import Sight, Value
from pathways.graph import Node


def texts(node: Node, name: str) -> tuple[str, ...]:
    """A parameter that is a list of names."""
    found = node.param(name)
    assert isinstance(found, tuple)
    return tuple(map(str, found))


def events(node: Node, sight: Sight) -> Entries:
    types = texts(node, "types")
    return tuple(event for event in sight.events if event.type in types)


def ledger(node: Node, sight: Sight) -> Entries:
    """Whenever dated, changes too; of any type where none is named."""
    types = texts(node, "types")
    return tuple(e for e in (*sight.known.events, *sight.known.changes) if not types or e.type in types)


def duplicates(node: Node, sight: Sight) -> Entries:
    return sight.known.duplicates


def after_death(node: Node, sight: Sight) -> Entries:
    return sight.known.after_death


def first(node: Node, sight: Sight, many: Entries) -> Value:
    return many[0] if many else ABSENT


def latest(node: Node, sight: Sight, many: Entries) -> Value:
    return many[-1] if many else ABSENT


def just(node: Node, sight: Sight, one: Value) -> Entries:
    return () if one is ABSENT else (one,)


def _precedes(sight: Sight, one: Event, other: Event) -> bool:
    """By their places in the story; by their days where one of them is no part of it."""
    places = sight.known.position(one), sight.known.position(other)
    if places[0] is None or places[1] is None:
        return one.day < other.day
    return places[0] < places[1]


def after(node: Node, sight: Sight, many: Entries, one: Value) -> Entries:
    """All of them where there is nothing to come after."""
    return tuple(event for event in many if one is ABSENT or _precedes(sight, one, event))


def before(node: Node, sight: Sight, many: Entries, one: Value) -> Entries:
    return tuple(event for event in many if one is ABSENT or _precedes(sight, event, one))


def since(node: Node, sight: Sight, many: Entries, day: Value) -> Entries:
    """None of them since a day that is unknown or not there."""
    return tuple(event for event in many if isinstance(day, date) and event.day >= day)


def until(node: Node, sight: Sight, many: Entries, day: Value) -> Entries:
    return tuple(event for event in many if isinstance(day, date) and event.day <= day)


def union(node: Node, sight: Sight, *lists: Entries) -> Entries:
    """Each event once, in the order of the story; before it those that are no part of it."""
    once = {event.id: event for many in lists for event in many}

    def place(event: Event) -> int:
        position = sight.known.position(event)
        return -1 if position is None else position

    return tuple(sorted(once.values(), key=place))


def count(node: Node, sight: Sight, many: Entries) -> int:
    return len(many)


def exist(node: Node, sight: Sight, many: Entries) -> bool:
    return len(many) > 0


def day(node: Node, sight: Sight, one: Value) -> Value:
    return ABSENT if one is ABSENT else one.day


def documented(node: Node, sight: Sight, one: Value) -> Value:
    return ABSENT if one is ABSENT else day_of(one.documented)


def identity(node: Node, sight: Sight, one: Value) -> Value:
    return ABSENT if one is ABSENT else one.id


def kind(node: Node, sight: Sight, one: Value) -> Value:
    return ABSENT if one is ABSENT else one.type


def target(node: Node, sight: Sight, one: Value) -> Value:
    found = None if one is ABSENT else sight.known.entry(one.fields.get("target"))
    return ABSENT if found is None else found


def written_before(node: Node, sight: Sight, one: Value, other: Value) -> bool:
    return one is not ABSENT and other is not ABSENT and not not_after(other.documented, one.documented)


def touched(node: Node, sight: Sight, one: Value) -> bool:
    return one is not ABSENT and len(one.corrected_by) > 0


def field(node: Node, sight: Sight, one: Value) -> Value:
    """The value stated; what was not stated is its default, or unknown in an open field, else not there."""
    if one is ABSENT:
        return ABSENT
    name = str(node.param("name"))
    head, _, key = name.partition(".")
    if head in one.fields:
        value = one.fields[head]
        if key:
            value = value.get(key) if isinstance(value, Mapping) else None
        return read(value, node.type)
    if key:
        return None
    declared = sight.patient.story.vocabulary.events[one.type].fields.get(name)
    if declared is None:
        return ABSENT
    if declared.default is not None:
        return declared.default
    return None if declared.open_field else ABSENT


def stated(node: Node, sight: Sight, one: Value) -> bool:
    head, _, key = str(node.param("name")).partition(".")
    if one is ABSENT or head not in one.fields:
        return False
    value = one.fields[head]
    return not key or (isinstance(value, Mapping) and key in value)


def triples(node: Node, sight: Sight, many: Entries) -> frozenset[tuple[object, ...]]:
    names = texts(node, "names")
    return frozenset((e.type, e.day, *(e.fields.get(name) for name in names)) for e in many)


def fact(node: Node, sight: Sight) -> Value:
    """As the latest finding states it, else as known from the beginning."""
    name = str(node.param("name"))
    told = [e.fields for e in sight.events if e.type == "finding_recorded" and name in e.fields]
    facts = sight.known.facts
    if told:
        return read(told[-1][name], node.type)
    if name in facts:
        return read(facts[name], node.type)
    declared = sight.patient.story.vocabulary.facts.get(name)
    return ABSENT if declared is not None and declared.world == "closed" else None


def read(value: object, type: str) -> Value:
    """A value as rules read it: the code `unknown` is unknown, a moment is its day, and of a mapping of
    reasons those keys count that have one.
    """
    if type == "code" and value == "unknown":
        return None
    if type == "codes" and isinstance(value, Mapping):
        return tuple(key for key, reason in value.items() if reason)
    if type == "date" and isinstance(value, date):
        return day_of(value)
    return value
