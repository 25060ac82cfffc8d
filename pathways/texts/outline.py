"""A condition as a sentence when that is short, else as an outline: one line for each part, indented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pathways.graph import Node
from pathways.texts.conditions import implies, is_true, parts_of, then
from pathways.texts.phrases import phrase
from pathways.texts.values import answer
from pathways.texts.voice import Voice

SHORT: Final = 120

Line = tuple[int, str]
"""How deep a line is indented, and what it says."""


def outline(voice: Voice, node: Node, holds: bool = True) -> list[Line]:
    """The lines of a condition or of a value; a line that has others below it ends in a colon."""
    if node.op == "not":
        return outline(voice, node.args[0], not holds)
    text = answer(voice, node, holds)
    if len(text) <= SHORT and node.op != "case":
        return [(0, text)]
    return _parts(voice, node, holds) or [(0, text)]


def _parts(voice: Voice, node: Node, holds: bool) -> list[Line]:
    match node.op:
        case "or" if holds and implies(node):
            first, second = node.args
            return _chosen("if", outline(voice, first.args[0]), outline(voice, second))
        case "and" | "or":
            head = "all of these:" if (node.op == "and") is holds else "at least one of these:"
            return [(0, head), *_below(line for p in parts_of(node) for line in _one(voice, p, holds))]
        case "case":
            return _case(voice, node, holds)
        case "any" | "all" if not is_true(node.args[1]):
            which = "every" if (node.op == "all") is holds else "at least one"
            head = f"for {phrase(voice, node.args[0]).pick(which)}"
            return _headed(head, outline(voice.inside(node), node.args[1], holds))
        case "sure":
            return _headed(
                "it is known that" if holds else "it is not known that", outline(voice, node.args[0])
            )
        case "seen" | "hindsight" if node.type == "bool":
            return _headed(
                then(voice, node.op, "", node.args[1]).strip(", "), outline(voice, node.args[0], holds)
            )
        case _:
            return []


def _one(voice: Voice, part: Node, holds: bool) -> list[Line]:
    """One part among others: what takes several lines on the first level gets a line above."""
    lines = outline(voice, part, holds)
    if sum(depth == 0 for depth, _ in lines) == 1:
        return lines
    head = "this rule:" if lines[-1][1].startswith("then") else "the first that applies:"
    return [(0, head), *_below(iter(lines))]


def _case(voice: Voice, node: Node, holds: bool) -> list[Line]:
    found: list[Line] = []
    for condition, value in zip(node.args[:-1:2], node.args[1::2], strict=True):
        found += _chosen("if", outline(voice, condition), outline(voice, value, holds))
    return found + _headed("otherwise", outline(voice, node.args[-1], holds))


def _chosen(word: str, condition: list[Line], value: list[Line]) -> list[Line]:
    """`if this: that`, or `if all of these:` with its parts, then `then: that`."""
    if len(condition) == 1:
        return _headed(f"{word} {condition[0][1]}", value)
    return [*_headed(word, condition), *_headed("then", value)]


def _headed(head: str, lines: list[Line]) -> list[Line]:
    """The head and the lines below it; on one line what fits there."""
    (_, first), *rest = lines
    if len(head) + len(first) <= SHORT and all(depth for depth, _ in rest):
        joint = " " if head.split(" ")[-1] in ("if", "that") else ": "
        return [(0, f"{head}{joint}{first}"), *rest]
    return [(0, f"{head}:"), *_below(iter(lines))]


def _below(lines: Iterator[Line]) -> Iterator[Line]:
    return ((depth + 1, text) for depth, text in lines)
