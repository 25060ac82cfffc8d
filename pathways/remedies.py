"""What can be done or found out to open a step that is held back, and who can provide it.

This table is the project's own choice, not from sources. An action is written as the entry it would be, in
the case most favourable to the patient's way forward: a response assessment that shows a response, a board
that recommends. Whether it would open a step is never taken from here; it is tried (`engine.unblock`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pathways.vocabulary import load_vocabulary

RADIOLOGY: Final = "radiology"
PATHOLOGY: Final = "pathology"
BOARD: Final = "tumour board"
CLINICIAN: Final = "treating clinician"
ONCOLOGY: Final = "medical oncology"
ASSESSORS: Final = "radiology, treating oncologist"
RECORDS: Final = "coordinator, from the records"


class Take(Enum):
    """Content of an action that follows from what is recorded about the patient."""

    LESIONS = "the lesions as listed last, what is not known of them favourable"
    COUNT = "the number of lesions as stated last"
    FINDINGS = "the findings as known, what is not known favourable"
    TARGETS = "every active lesion that can be treated"
    UNCOVERED = "every active lesion that cannot be treated, with a reason"
    METHOD = "the method planned last"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done: the entry it would be, and who can provide it."""

    title: str
    event: str
    who: str
    fields: Mapping[str, object]


_ONCOLOGIES: Final = ("medical_oncology", "radiation_oncology", "surgical_oncology")
_TREATED: Final[Mapping[str, object]] = {"targets": Take.TARGETS, "method": Take.METHOD}


def _board(title: str, question: str, decision: str, **fields: object) -> Action:
    asked = {"question": question, "decision": decision, "disciplines": _ONCOLOGIES}
    return Action(title, "board_held", BOARD, {**asked, **fields})


def _histology(title: str, **fields: object) -> Action:
    proof = {"method": "histology", "metastasis_confirmed": True}
    return Action(title, "tissue_result", PATHOLOGY, {**proof, **fields})


def _plan(title: str, **fields: object) -> Action:
    return Action(title, "mdt_planned", CLINICIAN, {"targets": Take.TARGETS, **fields})


def _mdt_board(title: str, **fields: object) -> Action:
    told = "A board that recommends metastasis-directed therapy"
    return _board(f"{told}{title}", "mdt", "recommended", **fields)


def _oligo_board(title: str, **fields: object) -> Action:
    told = "A board on the oligoprogression: local treatment, regimen unchanged"
    decided = "local_treatment_regimen_unchanged"
    return _board(f"{told}{title}", "oligoprogression", decided, **fields)


def _primary_board(title: str, **fields: object) -> Action:
    told = "A board that supports treating the primary"
    recorded = {"institution_expertise_recorded": True, "patient_preference_recorded": True}
    return _board(f"{told}{title}", "primary", "exception_supported", **recorded, **fields)


ACTIONS: Final[tuple[tuple[Action, ...], ...]] = (
    (
        Action(
            "Complete staging that lists every lesion and finds nothing more",
            "imaging_done",
            RADIOLOGY,
            {
                "purpose": "staging",
                "modality": "pet_ct",
                "complete": True,
                "lesions": Take.LESIONS,
                "lesion_count_total": Take.COUNT,
                "findings": Take.FINDINGS,
            },
        ),
    ),
    (Action("Review of the imaging history", "imaging_history_reviewed", RADIOLOGY, {}),),
    (
        _histology("Histology that confirms the metastasis"),
        _histology("Histology of a lung metastasis", site="lung"),
    ),
    (Action("Waiver of the biopsy with its reason", "biopsy_waived", CLINICIAN, {"reason": "not_feasible"}),),
    (Action("Start of systemic therapy", "systemic_started", ONCOLOGY, {}),),
    (Action("Response assessment that shows a response", "response_assessed", ASSESSORS, {"overall": "PR"}),),
    (
        _plan("A plan for every active lesion", modality=Take.METHOD),
        _plan("A plan for every active lesion, by stereotactic radiotherapy", modality="stereotactic_rt"),
    ),
    (
        _board("A board on the next treatment", "initial", "systemic_first"),
        _mdt_board(""),
        _mdt_board(" and names targets and method", **_TREATED),
        _mdt_board(" and names stereotactic radiotherapy", targets=Take.TARGETS, method="stereotactic_rt"),
        _mdt_board(" and says why lesions stay untreated", **_TREATED, uncovered_lesions=Take.UNCOVERED),
        _oligo_board(""),
        _oligo_board(", with targets and method", **_TREATED),
        _primary_board(""),
        _primary_board(" and names a good response", exception_features=("good_response",)),
    ),
    (
        Action(
            "Counselling that the survival benefit is unknown",
            "counselling_documented",
            CLINICIAN,
            {"topics": ("os_benefit_unknown",)},
        ),
    ),
    (
        Action(
            "A monthly dose of zoledronate",
            "bma_given",
            CLINICIAN,
            {"drug": "zoledronate", "planned_interval": "monthly", "disease_stable": True},
        ),
    ),
)
"""In the order of care. Each entry is one type of event, from the least to the most specific way to do it."""

OVERRULING: Final = _board(
    "A board that overrules it and gives its reason", "exception", "exception_supported"
)

_WHO: Final[Mapping[str, str]] = {
    "imaging_done": RADIOLOGY,
    "imaging_history_reviewed": RADIOLOGY,
    "tissue_result": PATHOLOGY,
    "response_assessed": ASSESSORS,
    "board_held": BOARD,
    "systemic_started": ONCOLOGY,
    "systemic_changed": ONCOLOGY,
    "systemic_stopped": ONCOLOGY,
}
_RECEPTORS: Final = ("primary.er", "primary.pr", "primary.her2", "hr_status", "her2_status", "pdl1")


def who_knows(event: str) -> str:
    """Who can supply a value of such an entry."""
    return _WHO.get(event, CLINICIAN)


def who_knows_fact(name: str) -> str:
    """Who can supply something about the patient that no entry carries."""
    if name in load_vocabulary().findings:
        return RADIOLOGY
    return PATHOLOGY if name in _RECEPTORS else RECORDS
