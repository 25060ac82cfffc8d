"""The pathways that ship: oligometastatic breast cancer and its companions."""

from __future__ import annotations

from functools import cache

from pathways.library.bone_health import BONE_HEALTH
from pathways.library.cns import CNS
from pathways.library.contralateral_axilla import CONTRALATERAL_AXILLA
from pathways.library.effusions import ASCITES, PERICARD
from pathways.library.marrow import MARROW
from pathways.library.oligometastatic_breast import OLIGOMETASTATIC_BREAST
from pathways.library.organ_choice import LIVER, LUNG
from pathways.library.pleura import PLEURA
from pathways.library.primary import PRIMARY
from pathways.library.receptor_discordance import RECEPTORS
from pathways.library.soft_tissue import SOFT_TISSUE
from pathways.library.surveillance import SURVEILLANCE
from pathways.library.symptom_local import SYMPTOM_LOCAL
from pathways.pathway import Pathway
from pathways.vocabulary import load_vocabulary

__all__ = ["all_pathways", "main_pathway"]

_COMPANIONS = (
    BONE_HEALTH,
    PRIMARY,
    CNS,
    PLEURA,
    ASCITES,
    PERICARD,
    MARROW,
    SOFT_TISSUE,
    CONTRALATERAL_AXILLA,
    LIVER,
    LUNG,
    SURVEILLANCE,
    RECEPTORS,
    SYMPTOM_LOCAL,
)


def main_pathway() -> Pathway:
    return OLIGOMETASTATIC_BREAST


@cache
def all_pathways() -> tuple[Pathway, ...]:
    """The main pathway first, then every companion in the order of the vocabulary."""
    known = {p.key: p for p in _COMPANIONS}
    return (OLIGOMETASTATIC_BREAST, *(known[key] for key in load_vocabulary().companions))
