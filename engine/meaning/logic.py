"""Kleene's three-valued logic, comparison and choice. Unknown is None; what is not there counts as false."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from engine.kleene import ABSENT
from engine.meaning.registry import registry
from pathways.graph import Node

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()


@means("constant")
def constant(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    value = node.param("value")
    return lambda _: value


@means("undetermined")
def undetermined(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return lambda _: None


@means("setting")
def setting(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    value = program.settings[str(node.param("name"))]
    return lambda _: value


@means("variable")
def variable(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    level = int(str(node.param("level")))
    return lambda view: view.evaluation.environment[level]


@means("named")
def named(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return args[0]


@means("and")
def conjunction(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    parts = tuple(args)

    def meaning(view: View) -> bool | None:
        result: bool | None = True
        for part in parts:
            value = part(view)
            if value is None:
                result = None
            elif value is not True:
                return False
        return result

    return meaning


@means("or")
def disjunction(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    parts = tuple(args)

    def meaning(view: View) -> bool | None:
        result: bool | None = False
        for part in parts:
            value = part(view)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return meaning


@means("not")
def negation(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args

    def meaning(view: View) -> bool | None:
        value = inner(view)
        return None if value is None else value is not True

    return meaning


@means("sure")
def sure(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    return lambda view: inner(view) is True


@means("known")
def known(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args

    def meaning(view: View) -> bool:
        value = inner(view)
        return value is not None and value is not ABSENT

    return meaning


@means("there")
def there(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    return lambda view: inner(view) is not ABSENT


@means("case")
def case(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    pairs = tuple(zip(args[:-1:2], args[1::2], strict=True))
    otherwise = args[-1]
    if not pairs:
        return otherwise

    def meaning(view: View) -> Any:
        for condition, value in pairs:
            holds = condition(view)
            if holds is True:
                return value(view)
            if holds is None:
                return None
        return otherwise(view)

    return meaning


def _compared(args: Sequence[Meaning], compare: Callable[[Any, Any], bool]) -> Meaning:
    first, second = args

    def meaning(view: View) -> bool | None:
        a = first(view)
        if a is ABSENT:
            return False
        b = second(view)
        if b is ABSENT:
            return False
        if a is None or b is None:
            return None
        return compare(a, b)

    return meaning


@means("equal")
def equal(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    wanted = node.args[1].param("value") if node.args[1].op == "constant" else None
    if wanted is None:
        return _compared(args, operator.eq)
    first = args[0]

    def meaning(view: View) -> bool | None:
        value = first(view)
        return None if value is None else value == wanted

    return meaning


@means("at_least")
def at_least(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _compared(args, operator.ge)


@means("above")
def above(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _compared(args, operator.gt)


@means("one_of")
def one_of(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    codes = frozenset(_codes(node))

    def meaning(view: View) -> bool | None:
        value = inner(view)
        if value is None:
            return None
        return value in codes

    return meaning


@means("contains")
def contains(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, item = args

    def meaning(view: View) -> bool | None:
        values, wanted = many(view), item(view)
        if values is ABSENT or wanted is ABSENT:
            return False
        if values is None or wanted is None:
            return None
        return wanted in values

    return meaning


@means("overlaps")
def overlaps(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    codes = _codes(node)

    def meaning(view: View) -> bool | None:
        values = inner(view)
        if values is None:
            return None
        return values is not ABSENT and any(c in values for c in codes)

    return meaning


@means("within")
def within(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    codes = frozenset(_codes(node))

    def meaning(view: View) -> bool | None:
        values = inner(view)
        if values is None:
            return None
        return values is not ABSENT and all(v in codes for v in values)

    return meaning


@means("differs")
def differs(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    first, second = args

    def meaning(view: View) -> bool | None:
        a, b = first(view), second(view)
        if a is None or b is None or a is ABSENT or b is ABSENT:
            return None
        if isinstance(a, tuple):
            return set(a) != set(b)
        return bool(a != b)

    return meaning


@means("any")
def any_element(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, test = args
    level = int(str(node.param("level")))

    def meaning(view: View) -> bool | None:
        values = many(view)
        if values is None:
            return None
        result: bool | None = False
        environment = view.evaluation.environment
        outer = environment[level]
        for value in values or ():
            environment[level] = value
            holds = test(view)
            if holds is True:
                result = True
                break
            if holds is None:
                result = None
        environment[level] = outer
        return result

    return meaning


@means("all")
def all_elements(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, test = args
    level = int(str(node.param("level")))

    def meaning(view: View) -> bool | None:
        values = many(view)
        if values is None:
            return None
        result: bool | None = True
        environment = view.evaluation.environment
        outer = environment[level]
        for value in values or ():
            environment[level] = value
            holds = test(view)
            if holds is None:
                result = None
            elif holds is not True:
                result = False
                break
        environment[level] = outer
        return result

    return meaning


@means("outcome")
def outcome(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    """Arguments: not applicable, replaced, overruled by a board, then the clauses."""
    together = conjunction(node, args[3:], program)
    # Most guards are never lifted: what cannot come true is not asked.
    may_hold = [program.constants.get(arg, True) is True for arg in node.args[:3]]
    lifting = [(args[n], result) for n, result in enumerate(("not_applicable", "replaced")) if may_hold[n]]
    overruled = args[2] if may_hold[2] else None

    def meaning(view: View) -> str:
        for lifted, result in lifting:
            if lifted(view) is True:
                return result
        holds = together(view)
        if holds is True:
            return "pass"
        if overruled is not None and overruled(view) is True:
            return "overruled"
        return "unknown" if holds is None else "fail"

    return meaning


_PASSING = {
    "pass": True,
    "replaced": True,
    "not_applicable": True,
    "overruled": True,
    "fail": False,
    "unknown": None,
}


@means("passing")
def passing(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    return lambda view: _PASSING.get(inner(view), False)


@means("is_outcome")
def is_outcome(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (inner,) = args
    result = node.param("result")
    return lambda view: inner(view) == result


def _codes(node: Node) -> tuple[str, ...]:
    codes = node.param("codes")
    assert isinstance(codes, tuple)
    return tuple(str(c) for c in codes)
