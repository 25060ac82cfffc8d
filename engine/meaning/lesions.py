"""Lesions of imagings: lists that may be unknown, counts with a lower and an upper end (outline R9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.event import Event
from engine.meaning.one_event import plain, variable_level
from engine.meaning.registry import registry
from pathways.graph import Node

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()


class Lesion(NamedTuple):
    """One row of an imaging's list, with the imaging it stands in."""

    imaging: Event
    fields: Mapping[str, object]


@means("lesions")
def lesions(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args

    def meaning(view: View) -> tuple[Lesion, ...] | None:
        found = many(view)
        if not found:
            return None
        rows: list[Lesion] = []
        for imaging in found:
            listed = imaging.fields.get("lesions")
            if not isinstance(listed, Sequence):
                return None
            rows.extend(Lesion(imaging, fields) for fields in listed)
        return tuple(rows)

    return meaning


@means("select")
def select(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, test = args
    level = int(str(node.param("level")))

    def meaning(view: View) -> tuple[Lesion, ...] | None:
        rows = many(view)
        if not rows:
            return None if rows is None else ()
        environment = view.evaluation.environment
        outer = environment[level]
        kept = []
        for row in rows:
            environment[level] = row
            if test(view) is True:
                kept.append(row)
        environment[level] = outer
        return tuple(kept)

    return meaning


def _counted(args: Sequence[Meaning], node: Node, maybe: bool) -> Meaning:
    many, test = args
    level = int(str(node.param("level")))

    def meaning(view: View) -> int | None:
        rows = many(view)
        if rows is None:
            return None
        environment = view.evaluation.environment
        outer = environment[level]
        count = 0
        for row in rows:
            environment[level] = row
            holds = test(view)
            count += holds is True or (maybe and holds is None)
        environment[level] = outer
        return count

    return meaning


@means("sure_count")
def sure_count(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _counted(args, node, maybe=False)


@means("possible_count")
def possible_count(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _counted(args, node, maybe=True)


@means("row_field")
def row_field(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    name = str(node.param("name"))
    wanted = node.type
    level = variable_level(node.args[0])

    return lambda view: plain(view.evaluation.environment[level].fields.get(name), wanted)


@means("imaging_of")
def imaging_of(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args
    return lambda view: one(view).imaging


@means("row_stated")
def row_stated(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (one,) = args
    name = str(node.param("name"))
    return lambda view: name in one(view).fields


@means("values")
def values(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args
    name = str(node.param("name"))

    def meaning(view: View) -> tuple[str, ...] | None:
        rows = many(view)
        if rows is None:
            return None
        found = {row.fields.get(name) for row in rows}
        return None if None in found else tuple(sorted(str(value) for value in found))

    return meaning


@means("pairs")
def pairs(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args
    names = node.param("names")
    assert isinstance(names, tuple)

    def meaning(view: View) -> frozenset[tuple[object, ...]] | None:
        rows = many(view)
        if rows is None:
            return None
        return frozenset(tuple(row.fields.get(str(name)) for name in names) for row in rows)

    return meaning
