"""States of the main pathway, the rules that derive them in order (3.2) and the by-the-book moves (3.3)."""

from __future__ import annotations

from pathways.declare import final_state, outcome_of, rule, state, transition
from pathways.language import all_of, any_of, case, nothing, yes
from pathways.library import course, disease, plan, profiles, receptors
from pathways.library.eligibility import g_staging_complete
from pathways.library.guards import (
    HARD_GUARDS,
    board_passing,
    counselling_passing,
    others_passing,
)

STATES = (
    state("not_started", "No suspicion recorded"),
    state("suspected", "Metastasis suspected, staging not begun"),
    state("staging", "Staging under way"),
    state("tissue_confirmation", "Biopsy awaited"),
    state("not_oligometastatic", "Not oligometastatic under the chosen profile"),
    state("board_initial", "First board awaited"),
    state("systemic_planned", "Systemic therapy planned"),
    state("systemic_foundation", "Systemic therapy running, no response yet"),
    state("response_window", "Response documented, window still open"),
    state("board_mdt_review", "Board on metastasis-directed therapy awaited"),
    state("counselling", "Counselling awaited"),
    state("mdt_ready", "Ready for metastasis-directed therapy"),
    state("mdt_underway", "Metastasis-directed therapy under way"),
    state("post_mdt_follow_up", "Follow-up after metastasis-directed therapy"),
    state("oligoprogression_review", "Oligoprogression, decision awaited"),
    state("systemic_reassessment", "Progression or end of therapy, new systemic decision awaited"),
    state("mdt_declined_by_board", "Board decided against metastasis-directed therapy"),
    final_state("withdrawn", "Left the pathway"),
    final_state("deceased", "Deceased"),
)

_pd_after_start = course.progressions.after(course.mdt_start).exist()
_pd_after_completion = course.progressions.after(course.mdt_completion).exist()
_underway = all_of(course.mdt_start.there(), ~course.mdt_completion.there(), ~_pd_after_start)
_completed = all_of(course.mdt_completion.there(), ~_pd_after_completion)

_pd_open = course.progressed & ~course.new_line_since_pd
_oligo_undecided = all_of(_pd_open, course.oligo_pd, ~course.decided_on_pd.there())
_oligo_without_local = all_of(course.oligo_branch, course.decided_on_pd.there(), ~course.keeps_regimen)
_stopped = all_of(course.systemic_started, course.last_stop.there(), ~course.persistent)
_reassess = any_of(_pd_open & ~course.oligo_pd, _oligo_without_local, _stopped)

_board_then_changed = all_of(
    course.mdt_board.there(), plan.board_recommends, plan.mdt_board_broken, ~course.oligo_branch
)
_oligo_named = all_of(course.oligo_branch, course.keeps_regimen)

_before_therapy = ~course.systemic_started
_unconfirmed = (
    ~receptors.waiver.there()
    & ~receptors.tissue_results.where(lambda t: t.flag("metastasis_confirmed").possible()).exist()
)
_responded = course.documented_responses.exist()

RULES = (
    rule("deceased", course.deaths.exist()),
    rule("withdrawn", course.departure.there()),
    rule("not_started", ~course.suspicion.there() & ~course.mdt_starts.exist()),
    rule("mdt_underway", _underway),
    rule("post_mdt_follow_up", _completed),
    rule("oligoprogression_review", _oligo_undecided),
    rule("systemic_reassessment", _reassess),
    rule("board_mdt_review", _board_then_changed),
    rule("mdt_declined_by_board", plan.valid_board_declines),
    rule("counselling", _oligo_named & ~counselling_passing.sure()),
    rule("oligoprogression_review", _oligo_named & ~(others_passing & board_passing).sure()),
    rule("mdt_ready", _oligo_named),
    rule("not_oligometastatic", profiles.classified_not_met),
    rule("suspected", _before_therapy & ~disease.stagings.exist()),
    rule("staging", _before_therapy & ~outcome_of(g_staging_complete).passing().sure()),
    rule("tissue_confirmation", _before_therapy & _unconfirmed),
    rule("board_initial", _before_therapy & ~course.boards.exist()),
    rule("systemic_planned", _before_therapy),
    rule("systemic_foundation", ~_responded),
    rule("response_window", ~course.window_met),
    rule("board_mdt_review", ~board_passing.sure()),
    rule("counselling", ~counselling_passing.sure()),
    rule("board_mdt_review", ~others_passing.sure()),
    rule("mdt_ready", yes()),
)

# Time alone can close the window (response_end: elapsed), ripen counselling (counselling_same_day:
# not_accepted) and end a definition (definition_profile: nrg-br002).
_never = nothing().day
TICKS = (
    case((course.by_elapsed_time, course.boundary), otherwise=_never),
    case((course.same_day_accepted, _never), otherwise=course.counselling.first().day.plus_days(1)),
    profiles.lapses_on,
)

_course_states = ("systemic_foundation", "response_window", "board_mdt_review", "counselling", "mdt_ready")
_hard = tuple(g.id for g in HARD_GUARDS)

TRANSITIONS = (
    transition(
        "not_started", "metastasis_suspected", "suspected", statements=("ombc-board-before-decisions",)
    ),
    transition(
        "suspected",
        "imaging_done",
        "staging",
        condition="purpose staging",
        order=1,
        statements=("mdtbc-elig-complete-staging", "ombc-staging-pet-preferred"),
    ),
    transition(
        "suspected",
        "imaging_done",
        "tissue_confirmation",
        order=2,
        guards=("g-staging-complete",),
        condition="staging complete and count known",
        statements=("mdtbc-elig-max-5", "mdtbc-elig-imaging-history", "ombc-staging-imaging-history"),
    ),
    transition(
        "staging",
        "imaging_done",
        "tissue_confirmation",
        guards=("g-staging-complete",),
        condition="staging complete and count known",
        statements=("mdtbc-elig-max-5", "mdtbc-elig-imaging-history", "ombc-staging-imaging-history"),
    ),
    *(
        transition(
            source,
            "imaging_done",
            "not_oligometastatic",
            order=3,
            condition="classification not met",
            statements=("mdtbc-elig-max-5",),
        )
        for source in ("suspected", "staging")
    ),
    *(
        transition(
            "tissue_confirmation",
            event,
            "board_initial",
            guards=("g-tissue",),
            order=1,
            statements=(
                "ago-2024-gen-histology",
                "ago-2024-gen-cytology-fallback",
                "mdtbc-elig-biopsy",
                "ombc-staging-biopsy",
            ),
        )
        for event in ("tissue_result", "biopsy_waived")
    ),
    *(
        transition(
            "tissue_confirmation",
            event,
            "not_oligometastatic",
            guards=("g-tissue",),
            order=2,
            condition="classification not met",
            statements=("ago-2024-gen-histology", "mdtbc-elig-biopsy"),
        )
        for event in ("tissue_result", "biopsy_waived")
    ),
    transition(
        "board_initial",
        "board_held",
        "systemic_planned",
        condition="question initial",
        statements=("mdtbc-board-mandatory", "ombc-board-before-decisions", "mdtbc-board-disciplines"),
    ),
    transition(
        "systemic_planned",
        "systemic_started",
        "systemic_foundation",
        guards=("g-board-initial",),
        statements=(
            "ago-2024-gen-systemic-preferred",
            "mdtbc-systemic-by-biology",
            "utd-2017-systemic-mainstay",
        ),
    ),
    transition(
        "systemic_foundation",
        "response_assessed",
        "response_window",
        condition="CR or PR",
        order=1,
        statements=("mdtbc-timing-document-response", "ombc-timing-response-first"),
    ),
    transition(
        "response_window",
        "response_assessed",
        "board_mdt_review",
        order=1,
        guards=("g-response-window", "g-no-progression"),
        condition="CR or PR on or after the boundary",
        statements=("mdtbc-mdt-after-response", "mdtbc-elig-response-3-6m"),
    ),
    *(
        transition(
            source,
            "response_assessed",
            "systemic_reassessment",
            order=2,
            condition="PD, not oligoprogression",
            statements=("mdtbc-pitfall-no-response",),
        )
        for source in _course_states
    ),
    *(
        transition(
            source,
            "response_assessed",
            "oligoprogression_review",
            order=3,
            condition="PD, oligoprogression",
            statements=("mdtbc-oligoprogression-sbrt", "mdtbc-prog-durable-pfs"),
        )
        for source in _course_states
    ),
    transition(
        "oligoprogression_review",
        "board_held",
        "counselling",
        order=1,
        condition="local treatment, regimen unchanged",
        statements=("mdtbc-board-mandatory", "mdtbc-oligoprogression-sbrt"),
    ),
    transition(
        "oligoprogression_review",
        "board_held",
        "systemic_reassessment",
        order=2,
        condition="a new line",
        statements=("mdtbc-board-mandatory", "mdtbc-oligoprogression-sbrt"),
    ),
    *(
        transition(
            "systemic_reassessment", event, "systemic_foundation", statements=("mdtbc-systemic-by-biology",)
        )
        for event in ("systemic_changed", "systemic_started")
    ),
    transition(
        "board_mdt_review",
        "board_held",
        "counselling",
        guards=("g-board-mdt",),
        condition="recommended",
        order=1,
        statements=("mdtbc-board-mandatory", "imet-board-decides", "imet-consider-intervention"),
    ),
    transition(
        "board_mdt_review",
        "board_held",
        "mdt_ready",
        guards=("g-board-mdt",),
        order=2,
        condition="recommended, counselling given",
        statements=("mdtbc-board-mandatory", "imet-board-decides", "imet-consider-intervention"),
    ),
    transition(
        "board_mdt_review",
        "board_held",
        "mdt_declined_by_board",
        condition="not recommended",
        order=3,
        statements=("mdtbc-board-mandatory",),
    ),
    transition(
        "counselling",
        "counselling_documented",
        "mdt_ready",
        guards=("g-counselling",),
        statements=("mdtbc-counsel-os-unknown", "mdtbc-os-unproven", "ombc-lat-individual-os-unknown"),
    ),
    transition(
        "mdt_ready",
        "mdt_started",
        "mdt_underway",
        guards=_hard,
        statements=("mdtbc-mdt-all-sites", "mdtbc-mdt-with-continued-systemic"),
    ),
    *(
        transition(
            "mdt_underway",
            event,
            "post_mdt_follow_up",
            condition="last target",
            statements=("imet-followup-petct-3m",),
        )
        for event in ("mdt_target_completed", "mdt_completed")
    ),
    transition(
        "post_mdt_follow_up",
        "response_assessed",
        "systemic_reassessment",
        order=1,
        condition="PD, not oligoprogression",
        statements=("imet-def-pfi",),
    ),
    transition(
        "post_mdt_follow_up",
        "response_assessed",
        "oligoprogression_review",
        order=2,
        condition="PD, oligoprogression",
        statements=("imet-def-pfi",),
    ),
    *(
        transition(
            "not_oligometastatic",
            "imaging_done",
            target,
            order=n,
            condition="complete restaging, classification met",
            statements=("ago-2024-def-oligocare", "mdtbc-elig-imaging-history"),
        )
        for n, target in enumerate(("systemic_foundation", "response_window"), 1)
    ),
    *(
        transition(
            s.id,
            "correction",
            "board_mdt_review",
            condition="a fact of the board's snapshot",
            statements=("mdtbc-board-mandatory",),
        )
        for s in STATES
        if s.id in ("counselling", "mdt_ready", "mdt_declined_by_board")
    ),
    *(
        transition(s.id, event, "withdrawn")
        for s in STATES
        if not s.final
        for event in ("withdrawal", "transferred")
    ),
    *(transition(s.id, "death", "deceased") for s in STATES if s.id != "deceased"),
)
