"""Each node against the operator table: arguments, parameters, types of values, variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from pathways.canonical_nodes import fits, is_of_kind
from pathways.checks.declarations import Held
from pathways.checks.problem import Problem
from pathways.checks.sites import ELEMENT_TYPES, Site
from pathways.graph import Node
from pathways.operators import ANY, MOST_VARIABLES, OPERATORS, SAME

_SAID: Final = {"bool": "a condition", "event": "an event", "outcome": "an outcome", "codes": "codes"}


def wrong_signatures(site: Site) -> Iterator[str]:
    """Unknown operators, wrong numbers of arguments, parameters that are missing or of the wrong kind."""
    node = site.node
    operator = OPERATORS.get(node.op)
    if operator is None:
        yield f"there is no operator {node.op!r}"
        return
    if not fits(operator, len(node.args)):
        yield f"{node.op!r} does not take {len(node.args)} arguments"
    kinds, params = dict(operator.params), dict(node.params)
    if kinds.keys() != params.keys():
        given = ", ".join(params) or "none"
        yield f"{node.op!r} has the parameters {', '.join(kinds) or 'none'}, not {given}"
    for name in kinds.keys() & params.keys():
        if not is_of_kind(params[name], kinds[name]):
            yield f"{name!r} of {node.op!r} must be a {kinds[name]}, not {params[name]!r}"


def wrong_types(site: Site) -> Iterator[str]:
    """Arguments and results of other types than the operator takes and gives."""
    node = site.node
    operator = OPERATORS.get(node.op)
    if operator is None or not fits(operator, len(node.args)):
        return
    for n, arg in enumerate(node.args):
        wanted = operator.takes[min(n, len(operator.takes) - 1)]
        if wanted not in (ANY, arg.type):
            yield f"{node.op!r} takes {said(wanted)}, not {said(arg.type)}, as argument {n + 1}"
    if operator.gives not in (ANY, SAME, node.type):
        yield f"{node.op!r} gives {said(operator.gives)}, not {said(node.type)}"
    if node.op in _AGREEMENT:
        yield from _AGREEMENT[node.op](node)


def said(type: str) -> str:
    """A type in words: a date, codes, a condition."""
    return _SAID.get(type, type if type.endswith("s") else f"a {type}")


def _ordered(node: Node) -> Iterator[str]:
    yield from _alike(node)
    yield from _among(node, node.args[0], ("date", "number"), "compares dates or numbers")


def _equal(node: Node) -> Iterator[str]:
    yield from _alike(node)
    yield from _among(
        node, node.args[0], ("bool", "code", "date", "number", "text"), "compares single values"
    )


def _alike(node: Node) -> Iterator[str]:
    first, second = node.args
    if first.type != second.type:
        yield f"{said(first.type)} is compared with {said(second.type)} ({node.op})"


def _contains(node: Node) -> Iterator[str]:
    many, one = node.args
    yield from _among(node, many, ("codes",), "looks into codes")
    yield from _among(node, one, ("code",), "looks for a code")


def _quantified(node: Node) -> Iterator[str]:
    yield from _among(node, node.args[0], tuple(ELEMENT_TYPES), "goes through a list")


def _among(node: Node, arg: Node, types: tuple[str, ...], does: str) -> Iterator[str]:
    if arg.type not in types:
        yield f"{node.op!r} {does}, not {said(arg.type)}"


def _same_as_first(node: Node) -> Iterator[str]:
    inner = node.args[0].type
    if node.type != inner:
        yield f"{node.op!r} of {said(inner)} gives {said(inner)}, not {said(node.type)}"


def _case(node: Node) -> Iterator[str]:
    if len(node.args) % 2 == 0:
        yield "'case' needs a condition for each value and one value otherwise"
        return
    for condition in node.args[:-1:2]:
        yield from _among(node, condition, ("bool",), "chooses by conditions")
    for value in (*node.args[1::2], node.args[-1]):
        if value.type != node.type:
            yield f"the values of 'case' must all be {said(node.type)}, not {said(value.type)}"


def _outcome(node: Node) -> Iterator[str]:
    if len(node.args) < 4:
        yield "'outcome' needs three conditions that lift the guard and at least one clause"


_CONSTANTS: Final[dict[str, tuple[type, ...]]] = {
    "bool": (bool, type(None)),
    "number": (int,),
    "code": (str,),
    "text": (str,),
    "date": (date,),
}


def _constant(node: Node) -> Iterator[str]:
    value = dict(node.params).get("value")
    if type(value) not in _CONSTANTS.get(node.type, ()):
        yield f"{value!r} is not {said(node.type)}"


_AGREEMENT: Final[dict[str, Callable[[Node], Iterator[str]]]] = {
    "at_least": _ordered,
    "above": _ordered,
    "equal": _equal,
    "differs": _alike,
    "contains": _contains,
    "any": _quantified,
    "all": _quantified,
    "named": _same_as_first,
    "seen": _same_as_first,
    "hindsight": _same_as_first,
    "case": _case,
    "outcome": _outcome,
    "constant": _constant,
}


def wrong_variables(site: Site) -> Iterator[str]:
    """Variables outside their filter or quantifier, of another type than its elements, or nested too deep."""
    level = dict(site.node.params).get("level")
    if isinstance(level, int) and level >= MOST_VARIABLES:
        yield f"more than {MOST_VARIABLES} filters and quantifiers are nested"
    if site.node.op != "variable" or not isinstance(level, int):
        return
    element = site.scope.get(level)
    if element is None:
        yield "a variable is used outside the filter, quantifier or for_each it belongs to"
    elif ELEMENT_TYPES.get(element.over.type) != site.node.type:
        yield f"an element of {said(element.over.type)} is read as {said(site.node.type)}"


def misplaced(held: Held) -> Iterator[Problem]:
    """An expression whose type does not fit where it is held."""
    if held.types and held.node.type not in held.types:
        wanted = " or ".join(said(type) for type in held.types)
        yield Problem(held.where, f"must be {wanted}, not {said(held.node.type)}", held.place)
