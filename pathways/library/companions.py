"""Companion pathways that are not written yet: each answers with its neutral state (case-files contract, 11.7)."""

from __future__ import annotations

from pathways.declare import final_state, rule
from pathways.language import yes
from pathways.pathway import Pathway

_NEUTRAL = {
    "primary": ("Intact primary", "primary_unknown"),
    "cns": ("CNS oligoprogression", "cns_none"),
    "pleura": ("Malignant pleural effusion", "none"),
    "ascites": ("Malignant ascites", "none"),
    "pericard": ("Malignant pericardial effusion", "none"),
    "marrow": ("Bone-marrow infiltration", "none"),
    "soft_tissue": ("Soft tissue, cord compression, plexus", "none"),
    "contralateral_axilla": ("Contralateral axilla", "none"),
    "liver": ("Liver", "none"),
    "lung": ("Lung", "none"),
    "receptors": ("Receptor re-testing", "primary_only"),
    "symptom_local": ("Symptom-driven local treatment", "none"),
}


def _neutral(key: str, title: str, state: str) -> Pathway:
    return Pathway(
        id=key.replace("_", "-"),
        key=key,
        version="0.0.0",
        title=title,
        states=(final_state(state, "Not evaluated yet", closed=False),),
        rules=(rule(state, yes(), "Neutral until this companion is written"),),
        remarks=("This companion is not written yet; its state says nothing about the patient.",),
    )


NEUTRAL_COMPANIONS = {key: _neutral(key, title, state) for key, (title, state) in _NEUTRAL.items()}
