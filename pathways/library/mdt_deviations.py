"""Departures at the start of metastasis-directed therapy and before it (outline section 7, 11.6)."""

from __future__ import annotations

from pathways.declare import deviation
from pathways.language import (
    Bool,
    all_of,
    any_of,
    case,
    events,
    for_each,
)
from pathways.library import course, disease, plan, profiles, receptors
from pathways.library.eligibility import g_imaging_history, g_pet_preferred, g_staging_complete
from pathways.library.guards import (
    g_counselling,
)
from pathways.library.judged import fact_based, process_step
from pathways.pathway import Guard

_each_start, _start = for_each(course.mdt_starts)
_BOARDS = ("mdtbc-pitfall-board", "mdtbc-board-mandatory", "ombc-board-before-decisions")


def _fails(guard: Guard) -> Bool:
    """A clause of the guard is surely not met, overruled or not."""
    return ~all_of(*(Bool(c.test) for c in guard.clauses if c.force != "info"))


_ON_MDT = ("mdt", "oligoprogression")
_mdt_or_oligo = course.course_boards.where(question=_ON_MDT)
_each_first, _treatment = for_each(course.first_treatment.just())
_any_board = course.boards.exist()
_not_met_then = profiles.classified_not_met.seen(_treatment.day).sure()
_after_progression = all_of(
    course.progressed,
    course.responses.where(course.responded).before(course.last_pd).exist(),
    ~course.oligo_boarded,
    ~course.window_met,
)
_before_window = all_of(
    course.systemic_started,
    ~course.window,
    ~course.decisions_on_pd.where(question="oligoprogression").exist(),
    ~course.oligo_boarded,
    ~_after_progression,
)
# A board on an oligoprogression opened the way then; it does not cover the window that closed after it.
_board = case((course.mdt_board.there(), course.mdt_board), otherwise=_mdt_or_oligo.latest())
_outdated = all_of(
    ~course.oligo_branch,
    course.window_met,
    case(
        (course.mdt_board.there(), ~plan.board_in_time | plan.mdt_board_broken),
        otherwise=_board.there() & ~_mdt_or_oligo.after(course.closing_response).exist(),
    ),
)
_tissue_proofs = receptors.tissue_results.where(lambda t: t.flag("metastasis_confirmed")) | receptors.waivers
_confirmed_or_waived = receptors.waiver.there() | receptors.tissue_results.any(
    lambda t: t.flag("metastasis_confirmed")
)
_excluded = disease.profile_setting.equals("abc7") & any_of(
    disease.pleural_effusion.equals("malignant").sure(),
    disease.ascites.equals("malignant").sure(),
    disease.leptomeningeal.sure(),
)

AT_THE_START = (
    *process_step(
        "d-board-missing-initial",
        "First treatment without a board",
        "major",
        missed=~_any_board & ~_not_met_then,
        each=_each_first,
        step=_treatment,
        guard="g-board-initial",
        fulfilment=course.boards.first(),
        proof=course.boards.first(),
        statements=("mdtbc-board-mandatory", "ombc-board-before-decisions"),
    ),
    *process_step(
        "d-board-missing-mdt",
        "Metastasis-directed therapy without a board on it",
        "critical",
        missed=~course.course_boards.any(lambda b: b.code("question").one_of(*_ON_MDT)),
        guard="g-board-mdt",
        statements=_BOARDS,
        fulfilment=events("board_held").where(question=_ON_MDT).after(_start).first(),
        proof=_mdt_or_oligo.latest(),
    ),
    *process_step(
        "d-board-outdated",
        "Board before the window closed or on facts that changed",
        "major",
        missed=_outdated,
        met=all_of(course.mdt_board.there(), plan.board_in_time, ~plan.mdt_board_broken),
        guard="g-board-mdt",
        shown=(_board.seen(_start.day), _start),
        proof=course.mdt_board,
        statements=("mdtbc-board-mandatory",),
    ),
    *process_step(
        "d-counselling-missing",
        "Start without counselling that the survival benefit is unknown",
        "major",
        missed=_fails(g_counselling),
        guard="g-counselling",
        fulfilment=events("counselling_documented").after(_start).first(),
        proof=course.counselling.latest(),
        statements=("mdtbc-counsel-os-unknown", "mdtbc-os-unproven", "ombc-lat-individual-os-unknown"),
    ),
    *process_step(
        "d-mdt-before-systemic",
        "Metastasis-directed therapy before systemic therapy",
        "critical",
        missed=~course.systemic_started,
        guard="g-systemic-first",
        dated=True,
        fulfilment=course.lines.after(_start).first(),
        proof=course.first_line,
        statements=(
            "mdtbc-pitfall-systemic-delay",
            "mdtbc-timing-document-response",
            "ombc-timing-response-first",
            "ago-2024-gen-systemic-preferred",
        ),
    ),
    *process_step(
        "d-mdt-before-window",
        "Metastasis-directed therapy before the response window closed",
        "critical",
        missed=_before_window,
        guard="g-response-window",
        dated=True,
        proof=course.closing_response,
        statements=("mdtbc-pitfall-no-response", "mdtbc-elig-response-3-6m", "mdtbc-mdt-after-response"),
    ),
    fact_based(
        "d-mdt-after-progression",
        "Metastasis-directed therapy after progression",
        "critical",
        against=_after_progression,
        guard="g-no-progression",
        shown=course.last_pd,
        statements=("mdtbc-pitfall-no-response", "mdtbc-mdt-after-response"),
    ),
    fact_based(
        "d-lesion-limit",
        "More than five active lesions",
        "critical",
        against=~disease.count_least.at_most(profiles.GUARD_LIMIT),
        guard="g-lesion-count",
        shown=disease.imaging,
        statements=("mdtbc-elig-max-5", "ago-2024-def-abc7"),
    ),
    fact_based(
        "d-excluded-feature",
        "Malignant fluid or leptomeningeal disease",
        "major",
        against=_excluded,
        guard="g-excluded-features",
        shown=disease.imaging,
        statements=("ago-2024-def-abc7",),
    ),
    *process_step(
        "d-staging-incomplete",
        "Start without complete staging",
        "major",
        missed=_fails(g_staging_complete),
        guard="g-staging-complete",
        proof=disease.staging,
        fulfilment=disease.stagings.where(lambda i: i.flag("complete")).after(_start).first(),
        statements=("mdtbc-elig-complete-staging",),
    ),
    deviation(
        "d-pet-not-used",
        "PET-CT not used",
        "info",
        each=_each_start,
        raised=disease.restagings.exist().seen(_start.day) & _fails(g_pet_preferred).seen(_start.day).sure(),
        events=(disease.restagings.seen(_start.day), _start),
        statements=("mdtbc-elig-pet-preferred", "ombc-staging-pet-preferred"),
    ),
    *process_step(
        "d-tissue-missing",
        "Start without tissue proof or waiver",
        "major",
        missed=~_confirmed_or_waived,
        guard="g-tissue",
        proof=_tissue_proofs.latest(),
        fulfilment=_tissue_proofs.after(_start).first(),
        statements=("ago-2024-gen-histology", "mdtbc-elig-biopsy", "ombc-staging-biopsy"),
    ),
    *process_step(
        "d-imaging-history-missing",
        "Start without review of the imaging history",
        "major",
        missed=_fails(g_imaging_history),
        guard="g-imaging-history",
        fulfilment=events("imaging_history_reviewed").after(_start).first(),
        proof=events("imaging_history_reviewed").latest(),
        statements=("mdtbc-elig-imaging-history", "ombc-staging-imaging-history"),
    ),
)
