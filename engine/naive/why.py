"""Why an expression has its value: the events it looks at, and the data it misses."""

from __future__ import annotations

from collections.abc import Iterator

from engine.event import Event
from engine.naive.lists import Row
from engine.naive.meaning import choice, elsewhere, tested, value
from engine.naive.sight import Sight
from pathways.graph import Node

OTHER_DAY = ("seen", "hindsight")


def because(node: Node, sight: Sight) -> tuple[str, ...]:
    """Ids of the events an expression looks at, each with the corrections worked into it."""
    ids = (id for event in _looked_at(node, sight) for id in (event.id, *event.corrected_by))
    return tuple(dict.fromkeys(ids))


def _looked_at(node: Node, sight: Sight) -> Iterator[Event]:
    """The events that its outermost choices give; those inside a filter depend on its variable and say
    nothing by themselves.
    """
    if node.op in OTHER_DAY:
        there = None if node.free else elsewhere(node, sight)
        if there is not None:
            yield from _looked_at(node.args[0], there)
    elif node.type in ("event", "events") and not node.free:
        yield from as_events(value(node, sight))
    else:
        for arg in node.args:
            yield from _looked_at(arg, sight)


def as_events(given: object) -> tuple[Event, ...]:
    """One event, several or none."""
    if isinstance(given, Event):
        return (given,)
    return given if isinstance(given, tuple) else ()


def missing(node: Node, sight: Sight) -> tuple[str, ...]:
    """The unknown data on which an unknown value rests: `event.field`, `event.lesions.id.field` or a fact."""
    return tuple(dict.fromkeys(_missing(node, sight)))


def _missing(node: Node, sight: Sight) -> Iterator[str]:
    if node.op in ("constant", "undetermined") or value(node, sight) is not None:
        return
    match node.op:
        case "fact":
            yield _fact(str(node.param("name")), sight)
        case "field" | "row_field":
            yield _field(value(node.args[0], sight), node.param("name"))
        case "lesions":
            yield from _lists(value(node.args[0], sight))
        case "values" if (rows := value(node.args[0], sight)) is not None:
            unknown = [row for row in rows if row.fields.get(node.param("name")) in (None, "unknown")]
            yield from (_field(row, node.param("name")) for row in unknown)
        case "any" | "all" if (elements := tested(node, sight)) is not None:
            for element, _ in elements:
                yield from _missing(node.args[1], sight.having(int(str(node.param("level"))), element))
        case "any" | "all" | "select" | "sure_count" | "possible_count":
            yield from _missing(node.args[0], sight)
        case "seen" | "hindsight":
            asked, day = node.args
            there = elsewhere(node, sight)
            yield from _missing(day, sight) if there is None else _missing(asked, there)
        case "case":
            yield from _missing(_undecided(node, sight), sight)
        case _:
            for arg in node.args:
                yield from _missing(arg, sight)


def _fact(name: str, sight: Sight) -> str:
    """The finding that says it is not known, else the fact itself."""
    told = [e.id for e in sight.events if e.type == "finding_recorded" and name in e.fields]
    return f"{told[-1]}.{name}" if told else name


def _field(owner: object, name: object) -> str:
    if isinstance(owner, Row):
        return f"{owner.imaging.id}.lesions.{owner.fields.get('id')}.{name}"
    assert isinstance(owner, Event)
    return f"{owner.id}.{name}"


def _lists(imagings: tuple[Event, ...]) -> Iterator[str]:
    if not imagings:
        yield "imaging"
    yield from (f"{e.id}.lesions" for e in imagings if e.fields.get("lesions") is None)


def _undecided(node: Node, sight: Sight) -> Node:
    """Of a case: the value it comes to, else the condition that leaves it open."""
    chosen = choice(node, sight)
    return chosen or next(c for c in node.args[:-1:2] if value(c, sight) is None)
