"""The yardstick: a dictionary from state and event to the moves, each with a list of guards over the facts.

It is the barest state machine one would write by hand: look up, ask each guard, move. Five guarded moves ask
three to six facts each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Facts = Mapping[str, Any]
Guard = Callable[[Facts], bool]
Table = dict[tuple[str, str], list[tuple[list[Guard], str]]]

STORY = (
    "suspect", "stage", "review", "confirm", "board", "start", "visit", "respond", "respond_again", "decide",
    "counsel", "treat", "complete", "visit", "scan", "assess",
)  # fmt: skip
FACTS: Facts = {
    "complete": True, "count": 2, "known": True, "confirmed": True, "method": "histology", "board": True,
    "disciplines": 3, "span": 95, "minimum": 92, "progressed": False, "recommended": True, "topics": 1,
    "targets": 2,
}  # fmt: skip

_GUARDED: dict[str, list[Guard]] = {
    "stage": [lambda f: f["complete"], lambda f: f["count"] <= 5, lambda f: f["known"]],
    "confirm": [lambda f: f["confirmed"], lambda f: f["method"] == "histology", lambda f: f["known"]],
    "respond_again": [
        lambda f: f["span"] >= f["minimum"], lambda f: not f["progressed"], lambda f: f["known"],
    ],
    "decide": [
        lambda f: f["recommended"], lambda f: f["disciplines"] >= 3, lambda f: f["count"] <= 5,
        lambda f: not f["progressed"],
    ],
    "treat": [
        lambda f: f["board"], lambda f: f["topics"] > 0, lambda f: f["targets"] >= f["count"],
        lambda f: f["span"] >= f["minimum"], lambda f: not f["progressed"], lambda f: f["confirmed"],
    ],
}  # fmt: skip


def table() -> Table:
    moves: Table = {}
    for number, event in enumerate(STORY):
        moves[f"s{number}", event] = [(_GUARDED.get(event, []), f"s{number + 1}")]
    return moves


def walk(moves: Table, facts: Facts) -> str:
    """One patient from the first state to the last: 16 events."""
    state = "s0"
    for event in STORY:
        for guards, target in moves.get((state, event), ()):
            for guard in guards:
                if not guard(facts):
                    break
            else:
                state = target
                break
    return state
