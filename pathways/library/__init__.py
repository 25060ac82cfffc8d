"""The pathways that ship: oligometastatic breast cancer and its companions."""

from __future__ import annotations

from functools import cache

from pathways.library.bone_health import BONE_HEALTH
from pathways.library.companions import NEUTRAL_COMPANIONS
from pathways.library.oligometastatic_breast import OLIGOMETASTATIC_BREAST
from pathways.library.surveillance import SURVEILLANCE
from pathways.pathway import Pathway
from pathways.vocabulary import load_vocabulary

__all__ = ["all_pathways", "main_pathway"]


def main_pathway() -> Pathway:
    return OLIGOMETASTATIC_BREAST


@cache
def all_pathways() -> tuple[Pathway, ...]:
    """The main pathway first, then every companion in the order of the vocabulary."""
    written = {p.key: p for p in (BONE_HEALTH, SURVEILLANCE)}
    known = {**NEUTRAL_COMPANIONS, **written}
    return (OLIGOMETASTATIC_BREAST, *(known[key] for key in load_vocabulary().companions))
