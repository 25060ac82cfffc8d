"""Limits of the evidence that the patient has to be told before metastasis-directed therapy, and the figures
behind the decision (pathway-outline.md 4, g-evidence-shown; C27, C38, C39).
"""

from __future__ import annotations

from pathways.declare import display
from pathways.language import Bool
from pathways.library import features
from pathways.library.site_matrix import STEREOTACTIC
from pathways.pathway import Display

_BEFORE = ("board_mdt", "board_oligoprogression", "counsel", "mdt_start")


def _limit(
    id: str, title: str, *statements: str, applies: Bool | None = None, told: Bool | None = None
) -> Display:
    """To be told before treatment; `told` is met when it is documented that the patient was."""
    return display(f"limit-{id}", title, "limit", *statements, steps=_BEFORE, applies=applies, feature=told)


def _evidence(
    id: str,
    title: str,
    *statements: str,
    steps: tuple[str, ...] = _BEFORE,
    applies: Bool | None = None,
) -> Display:
    return display(f"evidence-{id}", title, "evidence", *statements, steps=steps, applies=applies)


LIMITS = (
    _limit(
        "survival",
        "Whether ablating every metastasis prolongs life is not known",
        "mdtbc-counsel-os-unknown",
        "mdtbc-os-unproven",
        "ombc-lat-individual-os-unknown",
        told=features.told("os_benefit_unknown"),
    ),
    _limit(
        "no-randomised-trial",
        "No randomised trial has shown a gain; results of pending trials are not in the sources",
        "ombc-evid-no-rct",
        "mdtbc-evid-ongoing-trials",
    ),
    _limit(
        "selection-bias",
        "Retrospective series, patients selected",
        "mdtbc-evid-retrospective",
        "ombc-evid-retrospective",
        "ombc-evid-selection-bias",
    ),
    _limit("subgroups", "Subgroups of trials, not trials of their own", "mdtbc-evid-subgroups"),
    _limit("guideline-level", "Low levels of recommendation in guidelines", "imet-guideline-low-level"),
    _limit(
        "quality-of-life",
        "Quality of life was not measured",
        "imet-qol-gap",
        told=features.told("quality_of_life_unmeasured"),
    ),
    _limit("claimed-benefits", "Advantages are claimed without Level I proof", "ombc-benefits"),
    _limit(
        "local-failure",
        "Irradiated metastases can progress",
        "mdtbc-evid-sbrt-local-failure",
        applies=features.planned(STEREOTACTIC, "other_rt"),
    ),
    _limit(
        "registry",
        "The registry was not randomised; its groups are small and mixed",
        "imet-design",
        "imet-limitations",
        applies=features.lung_or_liver,
    ),
    _evidence(
        "sabr-comet",
        "SABR-COMET: promising, all histologies, few breast cancers",
        "mdtbc-evid-sabr-comet",
        "ago-2024-def-sabr-comet",
    ),
    _limit(
        "registry-figures",
        "The registry's figures may be discussed, with the warning on bias",
        "imet-counsel-pdrs",
        applies=features.registry_patient,
        told=features.told("registry_survival_figures"),
    ),
    _evidence(
        "registry-survival",
        "Registry figures on survival: associated with intervention, not proven by it",
        "imet-result-os",
        "imet-result-pdrs",
        applies=features.registry_patient,
    ),
    _evidence(
        "claims-of-survival",
        "Long remission and longer survival are described as possible",
        "ombc-multimodal-all-sites",
    ),
    _evidence(
        "metastatic-disease",
        "Prognosis of metastatic disease as quoted in 2017",
        "utd-2017-prognosis-baseline",
        steps=("counsel",),
    ),
    _evidence(
        "epidemiology", "How often disease is oligometastatic", "ombc-epidemiology", steps=("board_initial",)
    ),
    _evidence(
        "biopsy-practice",
        "Registry practice: biopsy proof in a part of the patients",
        "imet-biopsy-rate",
        steps=("tissue",),
    ),
    _evidence(
        "follow-up-practice",
        "The examinations after treatment are registry practice, not a recommendation",
        "imet-design",
        "imet-followup-petct-3m",
        "imet-followup-petct-3-6m",
        steps=("post_mdt_petct",),
    ),
)
