"""What the sources recommend at a step beyond its own rules, by what is known of the patient, and what speaks
against it (pathway-outline.md 3 to 5; C01, C03, C07, C09, C12, C14, C15, C28, C32, C37).
"""

from __future__ import annotations

from pathways.declare import display
from pathways.language import all_of, case, fact, no, undetermined, unknown, yes
from pathways.library import course, disease, features, receptors
from pathways.library.symptom_local import indication

_BOARDS = ("board_initial", "board_mdt", "board_oligoprogression")
_DECIDING = (*_BOARDS, "mdt_start")
_STAGING = ("stage", "restage")
_LINES = ("systemic_start", "new_systemic_line")

DEFINITION = (
    display(
        "definition-none-agreed",
        "There is no agreed definition; each result holds for its profile and imaging only",
        "evidence",
        "ago-2024-gen-no-uniform-definition",
        steps=(*_STAGING, *_DECIDING),
    ),
    display(
        "definition-imaging",
        "The definitions ask for different imaging",
        "evidence",
        "ago-2024-def-abc7",
        "ago-2024-def-nrg-br002",
        "ago-2024-def-oligoma",
        steps=_STAGING,
        value=disease.imaging.code("modality"),
        unit="of the latest complete imaging",
    ),
    display(
        "staging-pet",
        "PET-CT is preferred",
        "recommendation",
        "mdtbc-elig-pet-preferred",
        "ombc-staging-pet-preferred",
        steps=_STAGING,
        feature=case((disease.restagings.exist(), disease.pet_done), otherwise=unknown()),
    ),
    display(
        "definition-five",
        "Five metastases are outside NRG-BR002 and IMET",
        "opposing",
        "ago-2024-def-nrg-br002",
        "imet-def-limited-metastasis",
        steps=_DECIDING,
        applies=disease.at_least(5) & disease.at_most(5),
    ),
    display(
        "definition-several-organs",
        "Usually a single organ is involved",
        "opposing",
        "ombc-def-single-organ",
        steps=_DECIDING,
        applies=features.several_organs,
    ),
    display(
        "definition-no-organ-limit",
        "No limit on the number of organs",
        "recommendation",
        "ago-2024-def-esmo",
        "ago-2024-def-abc7",
        "imet-organ-number-neutral",
        steps=_DECIDING,
        applies=features.several_organs,
    ),
)

# The window closes at the lower end of the range; its upper end is shown (C09).
_upper_end = course.clock_start.plus_months(6).named("the upper end of the response window")
_held_to_upper_end = case(
    (course.documented_responses.since(_upper_end).exist(), yes()),
    (course.course_responses.where(overall="SD").since(_upper_end).exist(), undetermined("C11")),
    otherwise=no(),
)
_after_end = all_of(course.systemic_started, course.last_stop.there(), course.persistent)

SEQUENCE = (
    display(
        "response-six-months",
        "Response documented over six months, the upper end of the range",
        "recommendation",
        "mdtbc-mdt-after-response",
        "mdtbc-elig-response-3-6m",
        steps=("assess_response", "board_mdt", "mdt_start"),
        applies=course.documented_responses.exist(),
        feature=_held_to_upper_end,
    ),
    display(
        "response-no-duration",
        "Other sources ask for a response without saying how long",
        "recommendation",
        "ombc-timing-response-first",
        "mdtbc-timing-document-response",
        "ago-2024-gen-metastasectomy",
        steps=("assess_response", "board_mdt", "mdt_start"),
    ),
    display(
        "oligoprogression-reported",
        "Stereotactic treatment of oligoprogression under the same regimen: reported, not recommended",
        "evidence",
        "mdtbc-oligoprogression-sbrt",
        steps=("counsel", "mdt_start"),
        applies=course.oligo_branch,
    ),
    display(
        "oligoprogression-no-response",
        "Local treatment is not for disease without a response",
        "opposing",
        "mdtbc-pitfall-no-response",
        "mdtbc-pitfall-systemic-delay",
        steps=("board_oligoprogression", "mdt_start"),
        applies=course.oligo_branch,
    ),
    display(
        "symptoms-first",
        "Local treatment of symptoms does not wait for systemic therapy",
        "recommendation",
        "ago-2024-gen-symptomatic-local",
        "utd-2017-primary-evaluate-complications",
        steps=_LINES,
        applies=indication,
    ),
    display(
        "persistent-after-systemic",
        "Local treatment of what persists after the end of systemic therapy",
        "recommendation",
        "ago-2024-gen-symptomatic-local",
        steps=("board_mdt", "mdt_start"),
        applies=_after_end,
    ),
    display(
        "lung-histology",
        "Histology of the lung lesion before any local treatment of it",
        "recommendation",
        "ago-2024-lung-histology-before-local",
        steps=("tissue",),
        applies=features.involves("lung"),
    ),
    display(
        "registry-advice",
        "Registry: lung or liver, limited, HR or HER2 positive, below 55 or more than 24 months of interval",
        "recommendation",
        "imet-consider-intervention",
        steps=_DECIDING,
        applies=features.lung_or_liver,
        feature=features.selected_by_registry,
    ),
)

SUBTYPE = (
    display(
        "subtype-hrpos",
        "HR positive, HER2 negative: endocrine therapy, with or without CDK4/6 inhibition",
        "recommendation",
        "mdtbc-systemic-hrpos",
        "ombc-systemic-hrpos",
        steps=_LINES,
        applies=features.hrpos_her2neg,
    ),
    display(
        "subtype-cdk46",
        "A CDK4/6 inhibitor is part of the present line",
        "recommendation",
        "mdtbc-systemic-hrpos",
        steps=("systemic_continue", "new_systemic_line"),
        applies=features.hrpos_her2neg & course.running,
        feature=course.present_line.codes("regimen_class").contains("endocrine_cdk46"),
    ),
    display(
        "subtype-her2pos",
        "HER2 positive: anti-HER2 therapy",
        "recommendation",
        "mdtbc-systemic-her2pos",
        "ombc-systemic-her2pos",
        steps=_LINES,
        applies=features.her2_positive,
    ),
    display(
        "subtype-triple-negative",
        "Triple-negative: chemotherapy, with immunotherapy when PD-L1 is positive",
        "recommendation",
        "mdtbc-systemic-tnbc",
        "ombc-systemic-pdl1",
        steps=_LINES,
        applies=features.triple_negative,
        feature=fact.code("pdl1").equals("positive"),
    ),
    display(
        "subtype-brca",
        "BRCA mutation: PARP inhibitor",
        "recommendation",
        "mdtbc-systemic-brca",
        "ombc-systemic-brca",
        steps=_LINES,
        applies=receptors.brca_mutated,
    ),
    display(
        "subtype-practice-hr",
        "Registry practice: endocrine therapy alone",
        "evidence",
        "imet-systemic-hr",
        steps=_LINES,
        applies=features.hr_positive,
    ),
    display(
        "subtype-practice-her2",
        "Registry practice: anti-HER2 therapy with chemotherapy",
        "evidence",
        "imet-systemic-her2",
        steps=_LINES,
        applies=features.her2_positive,
    ),
)

RECOMMENDATIONS = (*DEFINITION, *SEQUENCE, *SUBTYPE)
