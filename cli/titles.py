"""Codes in the words of the pathways that ship."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from pathways.library import all_pathways
from pathways.pathway import State, Step, Timer


def state_title(state: str) -> str:
    """A state in words; what no pathway knows is told by its code."""
    return _titles("states").get(state, state.replace("_", " "))


def step_title(step: str) -> str:
    """A step in words; what no pathway knows is told by its code."""
    return _titles("steps").get(step, step.replace("_", " "))


def timer_title(item: str) -> str:
    """A due item in words; what no pathway knows is told by its code."""
    return _titles("timers").get(item, item)


def pathway_title(key: str) -> str:
    """A pathway by its key, in words."""
    return next((one.title for one in all_pathways() if one.key == key), key)


def known_states() -> tuple[str, ...]:
    return tuple(_titles("states"))


@cache
def _titles(kind: str) -> Mapping[str, str]:
    """Titles by id; where two pathways share an id, the main one's."""
    titles: dict[str, str] = {}
    for pathway in all_pathways():
        things: Iterable[State | Step | Timer] = getattr(pathway, kind)
        for thing in things:
            titles.setdefault(thing.id, thing.title)
    return titles
