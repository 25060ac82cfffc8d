"""Steps of the main pathway: where each is offered and which guards hold it back (outline 11.8)."""

from __future__ import annotations

from pathways.declare import anytime, clause, guard, offered_in, outcome_of, step
from pathways.language import all_of, events, no
from pathways.library import course, disease
from pathways.library.eligibility import g_pet_preferred, g_tissue
from pathways.library.guards import (
    MDT_GUARDS,
    g_board_disciplines,
    g_board_initial,
    g_no_progression,
    g_response_window,
    g_systemic_class,
)
from pathways.library.site_method import g_lung_histology
from pathways.pathway import Guard

_course = ("systemic_foundation", "response_window", "board_mdt_review", "counselling", "mdt_ready")
_mdt_start_states = (
    "board_initial",
    "systemic_planned",
    "systemic_foundation",
    "response_window",
    "board_mdt_review",
    "counselling",
    "mdt_ready",
    "oligoprogression_review",
    "systemic_reassessment",
    "mdt_declined_by_board",
    "not_oligometastatic",
)

# 8.3: a new line after the first CNS-only progression under a regimen departs from the source; later ones do
# not.
_cns_progressions = course.progressions.where(course.cns_only).after(course.present_line)
g_cns_keep_regimen: Guard = guard(
    "g-cns-keep-regimen",
    "Regimen kept at the first progression in the CNS alone",
    "hard",
    [clause("The regimen is kept", no(), "mdtbc-cns-maintain-plus-local", "mdtbc-cns-her2-switch")],
    not_applicable=~_cns_progressions.count().at_most(1) | ~_cns_progressions.exist() | ~course.cns_pd,
    overruled=course.overruled("g-cns-keep-regimen"),
)

_proof_missing = ~all_of(outcome_of(g_tissue).passing(), outcome_of(g_lung_histology).passing()).sure()
_untreated = disease.lesions.any(
    lambda row: (
        disease.active(row).sure()
        & ~events("mdt_started").any(lambda m: m.codes("targets").contains(row.id).sure())
    )
)


STEPS = (
    step(
        "stage",
        "Complete staging",
        [offered_in("suspected", "staging")],
        taken_by=("imaging_done",),
        statements=("mdtbc-elig-complete-staging", "ombc-staging-pet-preferred"),
    ),
    step(
        "answer_question",
        "Answer an open data question",
        [anytime()],
        on_question=True,
        taken_by=("correction", "finding_recorded"),
        statements=("mdtbc-elig-complete-staging",),
    ),
    step(
        "tissue",
        "Biopsy or waiver",
        [
            offered_in("suspected", "staging", "tissue_confirmation"),
            offered_in(
                "board_initial",
                "systemic_planned",
                *_course,
                "oligoprogression_review",
                "systemic_reassessment",
                "mdt_declined_by_board",
                "not_oligometastatic",
                "mdt_underway",
                "post_mdt_follow_up",
                when=_proof_missing,
            ),
        ],
        taken_by=("tissue_result", "biopsy_waived"),
        statements=(
            "ago-2024-gen-histology",
            "ago-2024-gen-cytology-fallback",
            "mdtbc-elig-biopsy",
            "ombc-staging-biopsy",
        ),
    ),
    step(
        "board_initial",
        "First board",
        [offered_in("staging", "tissue_confirmation", "board_initial")],
        (g_board_disciplines, g_pet_preferred),
        taken_by=("board_held",),
        statements=("mdtbc-board-mandatory", "ombc-board-before-decisions", "mdtbc-board-disciplines"),
    ),
    step(
        "systemic_start",
        "Start systemic therapy",
        [offered_in("tissue_confirmation", "board_initial", "systemic_planned", "not_oligometastatic")],
        (g_board_initial, g_systemic_class),
        lifted={"not_oligometastatic": g_board_initial},
        taken_by=("systemic_started",),
        statements=(
            "ago-2024-gen-systemic-preferred",
            "mdtbc-systemic-by-biology",
            "utd-2017-systemic-mainstay",
        ),
    ),
    step(
        "systemic_continue",
        "Continue systemic therapy",
        [offered_in(*_course, "mdt_underway", "post_mdt_follow_up", "mdt_declined_by_board")],
        statements=(
            "mdtbc-systemic-by-biology",
            "mdtbc-mdt-with-continued-systemic",
            "ago-2024-gen-systemic-after-surgery",
        ),
    ),
    step(
        "assess_response",
        "Assess response",
        [offered_in("systemic_foundation", "response_window", "systemic_reassessment")],
        taken_by=("response_assessed",),
        statements=(
            "mdtbc-elig-response-3-6m",
            "mdtbc-timing-document-response",
            "ombc-timing-response-first",
        ),
    ),
    step(
        "board_mdt",
        "Board on metastasis-directed therapy",
        [offered_in("response_window", "board_mdt_review", "mdt_declined_by_board")],
        (g_response_window, g_no_progression, g_board_disciplines, g_pet_preferred),
        taken_by=("board_held",),
        statements=(
            "mdtbc-board-mandatory",
            "mdtbc-pitfall-board",
            "ombc-board-before-decisions",
            "imet-board-decides",
            "imet-consider-intervention",
        ),
    ),
    step(
        "counsel",
        "Counsel and document",
        [offered_in("board_mdt_review", "counselling", "oligoprogression_review")],
        taken_by=("counselling_documented",),
        statements=("mdtbc-counsel-os-unknown", "mdtbc-os-unproven", "ombc-lat-individual-os-unknown"),
    ),
    step(
        "mdt_start",
        "Start metastasis-directed therapy",
        [offered_in(*_mdt_start_states)],
        MDT_GUARDS,
        taken_by=("mdt_started",),
        blocked_in=("not_oligometastatic",),
        statements=(
            "mdtbc-mdt-all-sites",
            "mdtbc-mdt-with-continued-systemic",
            "mdtbc-oligoprogression-sbrt",
        ),
    ),
    step(
        "mdt_complete",
        "Complete the planned targets",
        [offered_in("mdt_underway"), offered_in("post_mdt_follow_up", when=_untreated)],
        taken_by=("mdt_target_completed", "mdt_completed"),
        statements=("mdtbc-mdt-all-sites", "ombc-multimodal-all-sites"),
    ),
    step(
        "post_mdt_petct",
        "PET-CT after metastasis-directed therapy",
        [offered_in("post_mdt_follow_up")],
        taken_by=("imaging_done",),
        statements=("imet-followup-petct-3m", "imet-followup-petct-3-6m", "imet-followup-additional-scans"),
    ),
    step(
        "board_oligoprogression",
        "Board on oligoprogression",
        [offered_in("oligoprogression_review")],
        (g_board_disciplines,),
        taken_by=("board_held",),
        statements=("mdtbc-board-mandatory", "mdtbc-oligoprogression-sbrt"),
    ),
    step(
        "board_other",
        "Board on another question",
        [anytime()],
        taken_by=("board_held",),
        statements=("mdtbc-board-mandatory",),
    ),
    step(
        "new_systemic_line",
        "Change or new line of systemic therapy",
        [offered_in("systemic_reassessment", "oligoprogression_review", "systemic_foundation")],
        (g_cns_keep_regimen, g_systemic_class),
        taken_by=("systemic_changed", "systemic_started"),
        statements=("mdtbc-systemic-by-biology",),
    ),
    step(
        "restage",
        "Complete restaging",
        [offered_in("not_oligometastatic", *_course, "systemic_reassessment")],
        taken_by=("imaging_done",),
        statements=("ago-2024-def-oligocare", "mdtbc-elig-imaging-history"),
    ),
)
