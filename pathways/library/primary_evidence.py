"""What is shown at a decision on the primary: the features of an exception, what speaks against, the trials
(pathway-outline.md 8.2; C16 to C21).
"""

from __future__ import annotations

from pathways.declare import display
from pathways.language import Bool, all_of, case, no, undetermined, yes
from pathways.library import features, intact_primary, profiles
from pathways.pathway import Display

_TREAT = ("primary_treat",)
_EXCEPTIONS = ("mdtbc-primary-surgery-exceptions", "ombc-primary-exceptions")


def _named(feature: str) -> Bool:
    """A board on the primary names this feature."""
    return intact_primary.boards.any(lambda b: b.codes("exception_features").contains(feature).sure())


def _left_to_a_board(feature: str) -> Bool:
    """No source says how good is good: a board names it, a progression excludes it (C11)."""
    return case(
        (_named(feature), yes()),
        ((~features.responded_at_first).sure(), no()),
        otherwise=undetermined("C11"),
    )


def _exception(id: str, title: str, feature: Bool, *statements: str, applies: Bool | None = None) -> Display:
    return display(
        f"exception-{id}",
        title,
        "recommendation",
        *statements,
        steps=_TREAT,
        applies=applies,
        feature=feature,
    )


_solitary_bone = features.bone_only & features.at_most(1)
_operated = intact_primary.treatments.where(modality=("breast_conserving", "mastectomy")).exist()
_conserved = intact_primary.treatments.where(modality="breast_conserving").exist()

PRIMARY_EVIDENCE = (
    _exception(
        "bone-only",
        "Exception: bone only",
        features.bone_only,
        *_EXCEPTIONS,
        "ago-2024-primary-surgery-bone-only",
    ),
    _exception(
        "receptors",
        "Exception: hormone receptor positive and HER2 negative",
        features.hrpos_her2neg,
        *_EXCEPTIONS,
    ),
    _exception("age-55", "Exception: below 55 years", features.younger_than(55), *_EXCEPTIONS),
    _exception(
        "oligometastatic",
        "Exception: oligometastatic disease",
        features.met(profiles.classification),
        "ombc-primary-exceptions",
        "ago-2024-primary-surgery-individual",
    ),
    _exception(
        "response",
        "Exception: excellent response to systemic therapy, as a board finds it",
        _left_to_a_board("good_response"),
        *_EXCEPTIONS,
    ),
    _exception(
        "her2-brisk",
        "Exception: HER2 positive with a brisk response, as a board finds it",
        _left_to_a_board("her2_brisk_response"),
        "utd-2017-primary-her2-brisk",
        applies=features.her2_positive,
    ),
    display(
        "exception-factors",
        "Expertise of the institution and preference of the patient are recorded with the decision",
        "data",
        "utd-2017-primary-exception-factors",
        steps=_TREAT,
        applies=intact_primary.last_board.there(),
        feature=all_of(
            intact_primary.last_board.flag("institution_expertise_recorded"),
            intact_primary.last_board.flag("patient_preference_recorded"),
        ),
    ),
    display(
        "palliation",
        "Evaluate local treatment for bleeding, infection or wound care",
        "recommendation",
        "utd-2017-primary-evaluate-complications",
        "utd-2017-primary-role-palliation",
        steps=_TREAT,
        applies=intact_primary.symptomatic,
    ),
    display(
        "against-asymptomatic",
        "Without symptoms no survival gain: not routine",
        "opposing",
        "mdtbc-primary-no-lrt",
        "mdtbc-pitfall-primary",
        "ombc-primary-no-os-benefit",
        "utd-2017-primary-asymptomatic-not-offered",
        steps=(*_TREAT, "axilla_surgery"),
        applies=~intact_primary.symptomatic,
    ),
    display(
        "against-visceral",
        "Visceral metastases",
        "opposing",
        "ago-2024-primary-surgery-visceral",
        steps=_TREAT,
        applies=features.visceral,
    ),
    display(
        "against-triple-negative",
        "No gain in triple-negative disease in the registry on bone-only disease",
        "opposing",
        "ago-2024-registry-bomet",
        steps=_TREAT,
        applies=features.triple_negative,
    ),
    display(
        "trials",
        "Randomised trials: better local control, no survival gain where reported",
        "evidence",
        "ago-2024-trial-ecog2108",
        "ago-2024-trial-tata",
        "ago-2024-trial-abcsg28",
        "ago-2024-trial-jcog1017",
        steps=_TREAT,
    ),
    display(
        "trial-mf0701",
        "MF07-01: HR positive, HER2 negative, below 55, a solitary bone metastasis",
        "evidence",
        "ago-2024-trial-mf0701",
        steps=_TREAT,
        feature=all_of(features.hrpos_her2neg, features.younger_than(55), _solitary_bone),
    ),
    display(
        "registry-bomet",
        "BOMET: a registry on bone-only disease",
        "evidence",
        "ago-2024-registry-bomet",
        steps=_TREAT,
        applies=features.bone_only,
    ),
    display(
        "radiotherapy-instead",
        "Radiotherapy of a primary that is not operated",
        "recommendation",
        "ago-2024-primary-rt-without-surgery",
        steps=_TREAT,
    ),
    display(
        "radiotherapy-after",
        "Radiotherapy after breast conservation or mastectomy",
        "recommendation",
        "ago-2024-primary-rt-after-surgery",
        applies=_operated,
    ),
    display(
        "radiotherapy-against",
        "No radiotherapy after a lumpectomy for local control",
        "opposing",
        "utd-2017-lumpectomy-no-rt",
        applies=_conserved,
    ),
    display(
        "axilla-positive",
        "Axillary surgery with clinically positive nodes",
        "recommendation",
        "ago-2024-axillary-surgery-cn1",
        steps=("axilla_surgery",),
        applies=intact_primary.nodes.equals("cN1") & intact_primary.de_novo,
    ),
    display(
        "axilla-negative",
        "Sentinel node removal with clinically negative nodes",
        "opposing",
        "ago-2024-slnb-cn0",
        steps=("axilla_surgery",),
        applies=intact_primary.nodes.equals("cN0") & intact_primary.de_novo,
    ),
)
