"""What one event says: its days, its identity, its fields; and the facts about the patient."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.event import day_of, not_after
from engine.kleene import ABSENT
from engine.meaning.events import names_of
from engine.meaning.registry import registry
from pathways.graph import Node
from pathways.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()


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
    wanted, coded = node.type, node.type == "code"

    def meaning(view: View) -> Any:
        event = one(view)
        if event is ABSENT:
            return ABSENT
        value = event.fields.get(head, ABSENT)
        if value is ABSENT:
            return _not_stated(view.known.vocabulary, event.type, name)
        if key:
            value = value.get(key) if isinstance(value, Mapping) else None
        if coded:
            return None if value == "unknown" else value
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
    if isinstance(value, datetime):
        return value.date()  # a day, as it is printed (R2)
    return value


@cache
def _not_stated(vocabulary: Vocabulary, type: str, name: str) -> Any:
    """What a field that was not stated means: its default, unknown in an open field, else not there."""
    if "." in name:
        return None
    declared = vocabulary.events[type].fields.get(name)
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
    names = names_of(node, "names")

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
        return plain(view.known.facts.get(name, missing), wanted)

    return meaning


def _closed_fact(name: str) -> bool:
    declared = load_vocabulary().facts.get(name)
    return declared is not None and declared.world == "closed"
