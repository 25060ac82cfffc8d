"""Comparisons: sides, codes, days and numbers, and what a list includes."""

from __future__ import annotations

from pathways.graph import Node
from pathways.texts.speech import denies, say, says
from pathways.texts.voice import Voice, names, param
from pathways.texts.wording import code_name, event_noun, listed


@says("equal")
def equal(voice: Voice, node: Node) -> str:
    return _equal(voice, node, True)


@denies("equal")
def not_equal(voice: Voice, node: Node) -> str:
    return _equal(voice, node, False)


def _equal(voice: Voice, node: Node, holds: bool) -> str:
    first, second = node.args
    if first.op == "kind" and second.op == "constant":
        return _is_a(voice, first, (param(second, "value"),), holds)
    is_ = "is" if holds else "is not"
    if first.op == "setting" and second.op == "constant":
        return _set_to(voice, first, param(second, "value"), holds)
    return f"{say(voice, first)} {is_} {say(voice, second)}"


def _is_a(voice: Voice, kind: Node, types: tuple[str, ...], holds: bool) -> str:
    is_ = "is a" if holds else "is not a"
    return f"{say(voice, kind.args[0])} {is_} {event_noun(types, False)}"


def _set_to(voice: Voice, setting: Node, value: str, holds: bool) -> str:
    """A setting in words, with its present value when that is known and another one."""
    name = param(setting, "name")
    is_ = "is" if holds else "is not"
    now = "" if voice.settings is None else f" (now {voice.settings[name]})"
    return f"the setting {name}{now} {is_} {value}"


@says("one_of")
def one_of(voice: Voice, node: Node) -> str:
    if node.args[0].op == "kind":
        return _is_a(voice, node.args[0], names(node, "codes"), True)
    return f"{say(voice, node.args[0])} is {_codes(node, 'or')}"


@denies("one_of")
def none_of(voice: Voice, node: Node) -> str:
    if node.args[0].op == "kind":
        return _is_a(voice, node.args[0], names(node, "codes"), False)
    many = len(names(node, "codes")) > 1
    return f"{say(voice, node.args[0])} is {'neither' if many else 'not'} {_codes(node, 'nor')}"


def _codes(node: Node, word: str) -> str:
    return listed([code_name(code) for code in names(node, "codes")], word)


_COMPARED = {
    ("date", True, False): ("on or after", "before"),
    ("date", True, True): ("after", "on or before"),
    ("date", False, False): ("on or before", "after"),
    ("date", False, True): ("before", "on or after"),
    ("number", True, False): ("at least", "less than"),
    ("number", True, True): ("more than", "at most"),
    ("number", False, False): ("at most", "more than"),
    ("number", False, True): ("less than", "at least"),
}
"""By type, whether the first side is the subject, whether strictly: the words and those of the opposite."""


@says("at_least", "above")
def compared(voice: Voice, node: Node) -> str:
    return _compared(voice, node, True)


@denies("at_least", "above")
def not_compared(voice: Voice, node: Node) -> str:
    return _compared(voice, node, False)


def _compared(voice: Voice, node: Node, holds: bool) -> str:
    """The side that is spoken of comes first: today, or what is not a constant."""
    first, second = node.args
    forward = first.op not in ("constant", "setting") and second.op != "today"
    subject, other = (first, second) if forward else (second, first)
    words = _COMPARED.get((first.type, forward, node.op == "above"), (node.op, f"not {node.op}"))
    return f"{say(voice, subject)} is {words[not holds]} {say(voice, other)}"


@says("contains")
def contains(voice: Voice, node: Node) -> str:
    many, one = node.args
    return f"{say(voice, many)} {_include(many, True)} {say(voice, one)}"


@denies("contains")
def lacks(voice: Voice, node: Node) -> str:
    many, one = node.args
    return f"{say(voice, many)} {_include(many, False)} {say(voice, one)}"


@says("overlaps")
def overlaps(voice: Voice, node: Node) -> str:
    return f"{say(voice, node.args[0])} {_include(node.args[0], True)} {_codes(node, 'or')}"


@denies("overlaps")
def overlaps_not(voice: Voice, node: Node) -> str:
    return f"{say(voice, node.args[0])} {_include(node.args[0], False)} {_codes(node, 'or')}"


def _include(many: Node, holds: bool) -> str:
    """The verb, by whether the name of the list is a plural."""
    name = next((str(value) for key, value in many.params if key in ("name", "label")), "s")
    if name.endswith("s") and not name.endswith("ss"):
        return "include" if holds else "do not include"
    return "includes" if holds else "does not include"


@says("differs")
def differs(voice: Voice, node: Node) -> str:
    return " differs from ".join(_compared_value(voice, arg) for arg in node.args)


@denies("differs")
def agrees(voice: Voice, node: Node) -> str:
    return " is the same as ".join(_compared_value(voice, arg) for arg in node.args)


def _compared_value(voice: Voice, node: Node) -> str:
    return value_then(voice, node) if node.op in ("seen", "hindsight") else say(voice, node)


def value_then(voice: Voice, node: Node) -> str:
    inner, on = node.args
    when = "as documented by" if node.op == "seen" else "as known today, on"
    return f"{say(voice, inner)} ({when} {say(voice, on)})"
