"""What became of one version of a pathway in another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pathways.difference import Change, differences
from pathways.pathway import Pathway


@lru_cache(maxsize=16)
def compared(one: Pathway, other: Pathway) -> tuple[Change, ...]:
    """What became of a version, worked out once."""
    return tuple(differences(one, other))


Behind = Mapping[tuple[str, str], tuple[str, ...]]


def statements_of(pathway: Pathway) -> Behind:
    """The statements of each declaration, by its kind and id as differences name them."""
    found = {("step", one.id): one.statements for one in pathway.steps}
    found |= {("move", f"{one.source} -> {one.target}"): one.statements for one in pathway.transitions}
    found |= {("display", one.id): one.statements for one in pathway.displays}
    found |= {("guard", one.id): one.statements for one in pathway.guards}
    found |= {("timer", one.id): one.statements for one in pathway.timers}
    found |= {("deviation", one.code): one.statements for one in pathway.deviations}
    found |= {("profile", one.id): one.statements for one in pathway.profiles}
    return found
