"""Saying a node and saying its opposite: in a way of its own or by the operator's sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from pathways.graph import Node, Param
from pathways.operators import OPERATORS
from pathways.texts.voice import Voice, names
from pathways.texts.wording import code_name, listed, plain

Saying = Callable[[Voice, Node], str]

_SAID: Final[dict[str, Saying]] = {}
_DENIED: Final[dict[str, Saying]] = {}


def says(*ops: str) -> Callable[[Saying], Saying]:
    """The way of its own in which these operators are said."""
    return _entering(_SAID, ops)


def denies(*ops: str) -> Callable[[Saying], Saying]:
    """The way of its own in which the opposite is said."""
    return _entering(_DENIED, ops)


def _entering(table: dict[str, Saying], ops: tuple[str, ...]) -> Callable[[Saying], Saying]:
    def enter(function: Saying) -> Saying:
        table.update(dict.fromkeys(ops, function))
        return function

    return enter


def say(voice: Voice, node: Node) -> str:
    """A clause for a condition, a noun phrase for everything else."""
    own = _SAID.get(node.op)
    return own(voice, node) if own else _filled(OPERATORS[node.op].sentence, voice, node)


def deny(voice: Voice, node: Node) -> str:
    """The clause that is true when the condition is false."""
    own = _DENIED.get(node.op)
    if own:
        return own(voice, node)
    negated = OPERATORS[node.op].negated
    return _filled(negated, voice, node) if negated else f"not “{say(voice, node)}”"


def _filled(sentence: str, voice: Voice, node: Node) -> str:
    parts = [say(voice, arg) for arg in node.args]
    params = {name: constant(value) for name, value in node.params}
    if "codes" in params:
        params["codes"] = listed([code_name(code) for code in names(node, "codes")], "or")
    sentence = sentence.replace("{*and}", "{all_and}").replace("{*or}", "{all_or}")
    together = {"all_and": listed(parts, "and"), "all_or": listed(parts, "or")} if parts else {}
    return sentence.format(*parts, **params, **together)


def constant(value: Param) -> str:
    """A constant in words."""
    if value is None or isinstance(value, bool):
        return {True: "this holds", False: "this does not hold", None: "this is not known"}[value]
    if isinstance(value, tuple):
        return listed([constant(v) for v in value], "and") if value else "nothing"
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, str) else str(value)
