"""Conditions as clauses, and their opposites as clauses too."""

from __future__ import annotations

from pathways.graph import Node
from pathways.texts.comparisons import value_then
from pathways.texts.phrases import DETERMINERS, definite, phrase
from pathways.texts.speech import constant, denies, deny, say, says
from pathways.texts.values import answer
from pathways.texts.voice import Voice, param
from pathways.texts.wording import fact_statement, field_name, listed, predicate
from pathways.vocabulary_values import earliest

_JOINED = ("and", "or", "case", "any", "all")


def told(voice: Voice, node: Node, holds: bool) -> str:
    return say(voice, node) if holds else deny(voice, node)


def _apart(voice: Voice, node: Node, holds: bool) -> str:
    """The clause, in brackets where it would run into its neighbours."""
    asked = node.args[0] if node.op == "not" else node
    text = told(voice, node, holds)
    return f"({text})" if asked.op in _JOINED and not text.startswith("(") else text


def _joined(voice: Voice, node: Node, word: str, holds: bool) -> str:
    return listed([_apart(voice, part, holds) for part in parts_of(node)], word)


def implies(node: Node) -> bool:
    """Whether a disjunction was meant as `if this, then that`."""
    return node.op == "or" and len(node.args) == 2 and node.args[0].op == "not"


def parts_of(node: Node) -> list[Node]:
    """The parts of a conjunction or disjunction, with those of the same kind inside it."""
    return [
        part
        for arg in node.args
        for part in (parts_of(arg) if arg.op == node.op and not implies(arg) else [arg])
    ]


@says("and")
def every_part(voice: Voice, node: Node) -> str:
    return _joined(voice, node, "and", True)


@denies("and")
def not_every_part(voice: Voice, node: Node) -> str:
    return _joined(voice, node, "or", False)


@says("or")
def some_part(voice: Voice, node: Node) -> str:
    first, second = node.args[0], node.args[-1]
    if len(node.args) == 2 and second.op == "not" and second.args[0] is first:
        return f"it is known whether {_apart(voice, first, True)}"
    if implies(node):
        return f"if {_apart(voice, first.args[0], True)}, then {_apart(voice, second, True)}"
    return _joined(voice, node, "or", True)


@denies("or")
def no_part(voice: Voice, node: Node) -> str:
    return _joined(voice, node, "and", False)


@says("not")
def negation(voice: Voice, node: Node) -> str:
    return deny(voice, node.args[0])


@denies("not")
def double_negation(voice: Voice, node: Node) -> str:
    return say(voice, node.args[0])


@denies("named")
def not_named(_voice: Voice, node: Node) -> str:
    return f"not “{param(node, 'label')}”"


@denies("constant")
def opposite_constant(_voice: Voice, node: Node) -> str:
    value = node.param("value")
    return constant(not value if isinstance(value, bool) else None)


@denies("variable")
def not_variable(voice: Voice, node: Node) -> str:
    return f"not {voice.named(node)}"


@denies("case")
def other_choice(voice: Voice, node: Node) -> str:
    pairs = zip(node.args[:-1:2], node.args[1::2], strict=True)
    parts = [f"{answer(voice, value, False)} if {say(voice, condition)}" for condition, value in pairs]
    return f"({', '.join(parts)}, otherwise {answer(voice, node.args[-1], False)})"


@says("sure")
def surely(voice: Voice, node: Node) -> str:
    return _known(voice, node.args[0], True)


@denies("sure")
def not_surely(voice: Voice, node: Node) -> str:
    inner = node.args[0]
    if inner.op == "not":
        return f"it is possible that {say(voice, inner.args[0])}"
    return _known(voice, inner, False)


def _known(voice: Voice, inner: Node, holds: bool) -> str:
    """`its intent is known to be adjuvant`, `it is not known that ...`."""
    word = "known" if holds else "not known"
    if inner.op in ("equal", "one_of"):
        subject, verb, rest = say(voice, inner).partition(" is ")
        if verb and " is " not in rest:
            return f"{subject} is {word} to be {rest}"
    return f"it is {word} that {say(voice, inner)}"


@says("exist")
def exist(voice: Voice, node: Node) -> str:
    found = phrase(voice, node.args[0])
    if found.alone:
        tails = " ".join(one for one, _ in found.tails)
        return f"{found.many} is {tails}" if tails else f"{found.many} is recorded"
    return f"there are {found.plural()}"


@denies("exist")
def none_exist(voice: Voice, node: Node) -> str:
    found = phrase(voice, node.args[0])
    if found.alone:
        tails = " ".join(one for one, _ in found.tails)
        return f"{found.many} is not {tails}" if tails else f"{found.many} is not recorded"
    own = found.plural().startswith(DETERMINERS)
    return f"there are none of {found.plural()}" if own else f"there are no {found.plural()}"


def is_true(node: Node) -> bool:
    return node.op == "constant" and node.param("value") is True


@says("any")
def some_element(voice: Voice, node: Node) -> str:
    if is_true(node.args[1]):
        return exist(voice, node)
    return f"for {phrase(voice, node.args[0]).pick('at least one')}, {say(voice.inside(node), node.args[1])}"


@denies("any")
def no_element(voice: Voice, node: Node) -> str:
    if is_true(node.args[1]):
        return none_exist(voice, node)
    return f"for {phrase(voice, node.args[0]).pick('no')}, {say(voice.inside(node), node.args[1])}"


@says("all")
def every_element(voice: Voice, node: Node) -> str:
    if is_true(node.args[1]):
        return f"{definite(phrase(voice, node.args[0]).plural())} are known"
    return f"for {phrase(voice, node.args[0]).pick('every')}, {say(voice.inside(node), node.args[1])}"


@denies("all")
def not_every_element(voice: Voice, node: Node) -> str:
    return f"for {phrase(voice, node.args[0]).pick('at least one')}, {deny(voice.inside(node), node.args[1])}"


@denies("fact")
def not_fact(_voice: Voice, node: Node) -> str:
    return fact_statement(param(node, "name"), False)


@denies("field", "row_field")
def not_field(voice: Voice, node: Node) -> str:
    return f"{say(voice, node.args[0])} {predicate(param(node, 'name'), False)}"


@says("stated", "row_stated")
def stated(voice: Voice, node: Node) -> str:
    return f"{say(voice, node.args[0])} states the {field_name(param(node, 'name'))}"


@denies("stated", "row_stated")
def not_stated(voice: Voice, node: Node) -> str:
    return f"{say(voice, node.args[0])} does not state the {field_name(param(node, 'name'))}"


@denies("seen", "hindsight")
def not_then(voice: Voice, node: Node) -> str:
    inner, on = node.args
    return then(voice, node.op, deny(voice, inner), on)


def then(voice: Voice, op: str, inner: str, on: Node) -> str:
    if op == "hindsight" and on.op == "constant" and on.param("value") == earliest:
        return f"by what was known from the beginning, {inner}"
    day = say(voice, on)
    return f"as documented by {day}, {inner}" if op == "seen" else f"on {day} as known today, {inner}"


@says("seen", "hindsight")
def as_then(voice: Voice, node: Node) -> str:
    inner, on = node.args
    if node.type == "bool":
        return then(voice, node.op, say(voice, inner), on)
    return value_then(voice, node)


@says("passing")
def passing(voice: Voice, node: Node) -> str:
    return f"{_guard(voice, node)} lets pass"


@denies("passing")
def not_passing(voice: Voice, node: Node) -> str:
    return f"{_guard(voice, node)} does not let pass"


@says("is_outcome")
def is_outcome(voice: Voice, node: Node) -> str:
    return f"{_guard(voice, node)} is “{param(node, 'result').replace('_', ' ')}”"


@denies("is_outcome")
def is_not_outcome(voice: Voice, node: Node) -> str:
    return f"{_guard(voice, node)} is not “{param(node, 'result').replace('_', ' ')}”"


def _guard(voice: Voice, node: Node) -> str:
    outcome = node.args[0]
    while outcome.op == "named":
        outcome = outcome.args[0]
    name = voice.guards.get(outcome)
    return f"the guard “{name}”" if name else f"a guard that asks whether {say(voice, outcome)}"


@says("outcome")
def outcome(voice: Voice, node: Node) -> str:
    """The clauses, without what lifts them."""
    return listed([_apart(voice, clause, True) for clause in node.args[3:]], "and")
