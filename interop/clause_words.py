"""Conditions in words: whether one can hold a step back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from pathways.library import all_pathways
from pathways.pathway import Pathway

_BESIDES = {"soft": "only warns", "preference": "only remarks", "info": "for information"}


def besides(guard: str, text: str, of: Pathway | None = None) -> str:
    """What a condition does that holds nothing back by itself: `for information`; else nothing.

    The guard is one of this pathway, or else of those that ship.
    """
    forces = _shipped_forces() if of is None else _own_force([of])
    return _BESIDES.get(forces.get((guard, text), ""), "")


@cache
def _shipped_forces() -> Mapping[tuple[str, str], str]:
    return _own_force(all_pathways())


def _own_force(pathways: Iterable[Pathway]) -> Mapping[tuple[str, str], str]:
    """The conditions that have a force of their own."""
    return {
        (guard.id, clause.text): clause.force
        for pathway in pathways
        for guard in pathway.guards
        for clause in guard.clauses
        if clause.force
    }
