"""Codes in the words of the pathways that ship."""

from __future__ import annotations

from functools import cache

from pathways.library import all_pathways


@cache
def _states() -> dict[str, str]:
    """The title of every state; where two pathways share a code, the main one's."""
    return {state.id: state.title for pathway in reversed(all_pathways()) for state in pathway.states}


def state_title(state: str) -> str:
    """A state in words; a state no pathway knows is told by its code."""
    return _states().get(state, state.replace("_", " "))
