"""Names and codes against the vocabulary: event types, fields, facts, settings, and what these can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pathways.checks.shapes import Shapes, Words
from pathways.checks.sites import Site
from pathways.checks.types import said
from pathways.graph import Node
from pathways.vocabulary import Field, FieldSet, closest

_RESULTS: Final = ("pass", "fail", "unknown", "replaced", "not_applicable", "overruled")
_READABLE: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text",),
    "date": ("date",),
    "integer": ("number",),
    "decimal": ("number",),
    "boolean3": ("bool",),
    "code": ("code",),
    "codes": ("codes",),
    "id": ("code",),
    "ids": ("codes",),
    "list": (),
    "mapping": ("codes",),
    "any": ("bool", "code", "codes", "date", "number", "text"),
    "span": ("text",),
}
"""As what type of value a field of the vocabulary may be read."""


_HOLDS_NAMES: Final = frozenset({("correction", "field"), ("task_progress", "item")})
"""Texts that hold a name of the vocabulary or of the pathway, and so may be compared."""


def readable(field: Field) -> tuple[str, ...]:
    """The types as which rules may read the field; a text with known spellings also as a code."""
    return (*_READABLE[field.type], *(("code",) if field.codes_known else ()))


def unknown_words(site: Site, shapes: Shapes) -> Iterator[str]:
    """Event types, fields, facts and settings that the vocabulary does not have or that have another type."""
    match site.node.op:
        case "events" | "ledger":
            yield from _types(site, shapes)
        case "field" | "stated":
            yield from _event_field(site, shapes)
        case "row_field" | "row_stated" | "values" | "pairs":
            yield from _lesion_field(site, shapes)
        case "triples":
            yield from _triples(site, shapes)
        case "fact":
            yield from _fact(site, shapes)
        case "setting":
            yield from _setting(site, shapes)
        case "is_outcome" if site.node.param("result") not in _RESULTS:
            result = site.node.param("result")
            yield f"a guard is never {result!r}{closest(result, _RESULTS)}"


def wrong_codes(site: Site, shapes: Shapes) -> Iterator[str]:
    """Comparisons that can never hold: with a code that the other side cannot be."""
    node = site.node
    if node.op in ("one_of", "overlaps", "within"):
        yield from _not_among(_names(node, "codes"), shapes.of(node.args[0], site.scope), node.args[0])
    if node.op in ("equal", "contains") and len(node.args) == 2:
        for one, other in (node.args, node.args[::-1]):
            if one.op == "constant" and one.type == "code":
                yield from _not_among((str(one.param("value")),), shapes.of(other, site.scope), other)


def _not_among(codes: tuple[str, ...], possible: Words, asked: Node) -> Iterator[str]:
    for code in codes:
        if code == "unknown" and asked.op in ("field", "row_field", "fact"):
            yield "the code 'unknown' is read as unknown and never equal to anything; ask for .known()"
        elif possible is not None and code not in possible:
            near = closest(code, sorted(possible))
            yield f"{_called(asked)} is never {code!r}{near}"


def _called(node: Node) -> str:
    name = dict(node.params).get("name")
    return {"kind": "the type of the event"}.get(node.op, f"{name!r}" if name else "it")


def _types(site: Site, shapes: Shapes) -> Iterator[str]:
    events = shapes.vocabulary.events
    for type in _names(site.node, "types"):
        if type not in events:
            yield f"there is no event type {type!r}{closest(type, events)}"


def _event_field(site: Site, shapes: Shapes) -> Iterator[str]:
    fields = shapes.fields(site.node, site.scope)
    found = {type: field for type, field in fields.items() if field is not None}
    name = str(site.node.param("name"))
    if fields and not found and set(fields) <= set(shapes.vocabulary.events):
        own = sorted({n for type in fields for n in shapes.vocabulary.events[type].fields})
        types = " or ".join(fields) if len(fields) < 5 else "event"
        hint = f"; ask fact for {name!r}" if name in own else closest(name, own)
        yield f"{types} has no field {name!r}{hint}"
    for type, field in found.items():
        if (type, name) not in _HOLDS_NAMES or site.node.type != "code":
            yield from _read_as(site.node, field, f"{name!r} of {type}")


def _lesion_field(site: Site, shapes: Shapes) -> Iterator[str]:
    lesion = shapes.vocabulary.lesion
    for name in (*_names(site.node, "names"), *_names(site.node, "name")):
        yield from _not_one_of("a lesion", name, lesion)
        if name in lesion:
            yield from _read_as(site.node, lesion[name], f"{name!r} of a lesion")


def _read_as(node: Node, field: Field, what: str) -> Iterator[str]:
    if node.op in ("field", "row_field", "fact") and node.type not in readable(field):
        wanted = " or ".join(said(type) for type in readable(field)) or "lesions, which .lesions() gives"
        yield f"{what} is {wanted}, not {said(node.type)}"


def _not_one_of(what: str, name: str, fields: FieldSet) -> Iterator[str]:
    """The name must be the canonical one: events keep their fields under no other."""
    if name not in fields:
        yield f"{what} has no field {name!r}{closest(name, fields)}"
    elif fields.canonical(name) != name:
        yield f"{name!r} is another spelling; rules read {fields.canonical(name)!r}"


def _triples(site: Site, shapes: Shapes) -> Iterator[str]:
    types = shapes.of(site.node.args[0], site.scope)
    for name in _names(site.node, "names"):
        if types and not any(shapes.field(type, name) for type in types):
            yield f"{' or '.join(sorted(types))} has no field {name!r}"


def _fact(site: Site, shapes: Shapes) -> Iterator[str]:
    facts, name = shapes.vocabulary.facts, str(site.node.param("name"))
    if name not in facts:
        derived = " (it is derived, never entered)" if name in shapes.vocabulary.derived_facts else ""
        yield f"there is no fact {name!r}{derived or closest(name, facts)}"
        return
    if facts.canonical(name) != name:
        yield f"{name!r} is another spelling; rules read {facts.canonical(name)!r}"
    yield from _read_as(site.node, facts[name], f"the fact {name!r}")


def _setting(site: Site, shapes: Shapes) -> Iterator[str]:
    settings, name = shapes.vocabulary.settings, str(site.node.param("name"))
    if name not in settings:
        yield f"there is no setting {name!r}{closest(name, settings)}"
    elif site.node.type not in readable(settings[name].field):
        types = " or ".join(said(type) for type in readable(settings[name].field))
        yield f"the setting {name!r} is {types}, not {said(site.node.type)}"


def _names(node: Node, name: str) -> tuple[str, ...]:
    value = dict(node.params).get(name)
    return tuple(str(v) for v in (value if isinstance(value, tuple) else (value,))) if value else ()
