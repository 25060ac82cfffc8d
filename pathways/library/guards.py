"""The guards of metastasis-directed therapy (pathway-outline.md section 4, readings in 11.4)."""

from __future__ import annotations

from pathways.declare import clause, guard, outcome_of
from pathways.language import Bool, Outcome, all_of, case, today, yes
from pathways.library import course, plan, profiles, receptors
from pathways.library.eligibility import (
    g_all_lesions_targetable,
    g_excluded_features,
    g_imaging_history,
    g_lesion_count,
    g_pet_preferred,
    g_staging_complete,
    g_tissue,
)
from pathways.library.site_method import (
    g_liver_indication,
    g_liver_resection_selection,
    g_lung_histology,
    g_site_method,
)
from pathways.pathway import Guard

g_systemic_first = guard(
    "g-systemic-first",
    "Systemic therapy first",
    "hard",
    [
        clause(
            "Systemic therapy has started",
            course.systemic_started,
            "ago-2024-gen-systemic-preferred",
            "mdtbc-pitfall-systemic-delay",
            "mdtbc-timing-document-response",
            "ombc-timing-response-first",
        )
    ],
    overruled=course.overruled("g-systemic-first"),
)

_persistent_boarded = all_of(
    course.systemic_started,
    course.last_stop.there(),
    course.persistent,
    course.boards.since(course.last_stop.day).exist(),
)
g_systemic_ongoing = guard(
    "g-systemic-ongoing",
    "Systemic therapy continues",
    "hard",
    [
        clause(
            "Systemic therapy is running, or a board took note of disease persisting after its end",
            course.running | _persistent_boarded,
            "mdtbc-mdt-with-continued-systemic",
            "ago-2024-gen-systemic-after-surgery",
            "ombc-multimodal-tailored",
        )
    ],
    overruled=course.overruled("g-systemic-ongoing"),
)

g_response_window = guard(
    "g-response-window",
    "Response maintained over the minimum span",
    "hard",
    [
        clause(
            "A documented response on or after the boundary",
            course.window_closed,
            "mdtbc-mdt-after-response",
            "mdtbc-elig-response-3-6m",
            "mdtbc-pitfall-no-response",
            "ago-2024-gen-metastasectomy",
        )
    ],
    replaced=course.oligo_branch,
    overruled=course.overruled("g-response-window"),
)

g_no_progression = guard(
    "g-no-progression",
    "No progression",
    "hard",
    [
        clause(
            "No progression, or a new response since",
            (~course.progressed | course.documented_responses.exist()) & course.no_progression_since,
            "mdtbc-mdt-after-response",
            "mdtbc-pitfall-no-response",
        )
    ],
    replaced=course.oligo_branch,
    overruled=course.overruled("g-no-progression"),
)

g_board_initial = guard(
    "g-board-initial",
    "A board before the first treatment",
    "hard",
    [
        clause(
            "A board was held", course.boards.exist(), "mdtbc-board-mandatory", "ombc-board-before-decisions"
        )
    ],
    not_applicable=all_of(
        course.first_treatment.there(),
        ~course.boards.exist(),
        profiles.classified_not_met.seen(course.first_treatment.day).sure(),
    ),
    overruled=course.overruled("g-board-initial"),
)

_mdt_board_stands = all_of(course.mdt_board.there(), plan.board_recommends, plan.board_in_time)
# A board whose question is not recorded may be the board on metastasis-directed therapy.
_may_be_mdt_board = (
    course.course_boards.after(course.mdt_board)
    .where(lambda b: ~b.code("question").known())
    .any(
        lambda b: all_of(b.code("question").equals("mdt"), course.recommends(b), b.day >= course.closing_day)
    )
)
_oligo_board_stands = (course.decided_on_pd.there() & course.keeps_regimen) | course.may_keep_regimen
g_board_mdt = guard(
    "g-board-mdt",
    "A valid board on metastasis-directed therapy",
    "hard",
    [
        clause(
            "A board recommends it after the window closed; for oligoprogression one with unchanged regimen",
            case((course.oligo_branch, _oligo_board_stands), otherwise=_mdt_board_stands | _may_be_mdt_board),
            "mdtbc-board-mandatory",
            "mdtbc-pitfall-board",
            "ombc-board-before-decisions",
        ),
        clause(
            "The facts the board used still hold",
            case((course.oligo_branch, ~plan.oligo_board_broken), otherwise=~plan.mdt_board_broken),
            "mdtbc-board-mandatory",
        ),
    ],
    overruled=course.overruled("g-board-mdt"),
)

_composed_board = course.course_boards.where(question=("mdt", "oligoprogression")).latest()
g_board_disciplines = guard(
    "g-board-disciplines",
    "Disciplines of the board",
    "soft",
    [
        clause(
            "Medical, radiation and surgical oncology took part or wrote",
            course.three_oncologies(_composed_board),
            "mdtbc-board-disciplines",
        )
    ],
    not_applicable=~_composed_board.there(),
    overruled=course.overruled("g-board-disciplines"),
)

counselled = case(
    (course.same_day_accepted, course.counsellings.any(course.told)),
    otherwise=course.counsellings.until(today().plus_days(-1)).any(course.told),
).named("counselling is documented")
g_counselling = guard(
    "g-counselling",
    "Counselling",
    "hard",
    [
        clause(
            "The patient was told that the survival benefit is unknown",
            counselled,
            "mdtbc-counsel-os-unknown",
            "mdtbc-os-unproven",
            "ombc-lat-individual-os-unknown",
        ),
        clause(
            "For lung or liver the registry figures may be discussed as well, with the warning on bias",
            course.counsellings.any(lambda c: c.codes("topics").contains("registry_survival_figures")),
            "imet-counsel-pdrs",
            force="info",
        ),
    ],
    overruled=course.overruled("g-counselling"),
    statements=("mdtbc-counsel-os-unknown", "mdtbc-os-unproven", "ombc-lat-individual-os-unknown"),
)

g_systemic_class = guard(
    "g-systemic-class",
    "Regimen matches the subtype",
    "soft",
    [
        clause(
            "The class of the present line matches the subtype",
            receptors.class_fits(course.present_line),
            "mdtbc-systemic-hrpos",
            "ombc-systemic-hrpos",
            "imet-systemic-hr",
            "mdtbc-systemic-her2pos",
            "ombc-systemic-her2pos",
            "imet-systemic-her2",
            "mdtbc-systemic-tnbc",
            "ombc-systemic-pdl1",
            "mdtbc-systemic-brca",
            "ombc-systemic-brca",
        )
    ],
    not_applicable=~course.running,
    overruled=course.overruled("g-systemic-class"),
)


def _shown(id: str, title: str, *statements: str) -> Guard:
    """Displayed at the decision, never evaluated (11.4)."""
    return guard(id, title, "info", [clause(title, yes(), *statements)], not_applicable=yes())


g_evidence_shown = _shown(
    "g-evidence-shown",
    "Limits of the evidence",
    "mdtbc-evid-retrospective",
    "mdtbc-evid-subgroups",
    "mdtbc-evid-sabr-comet",
    "mdtbc-evid-sbrt-local-failure",
    "mdtbc-evid-ongoing-trials",
    "ombc-evid-retrospective",
    "ombc-evid-no-rct",
    "ombc-evid-selection-bias",
    "ombc-benefits",
    "imet-limitations",
    "imet-design",
    "imet-biopsy-rate",
    "imet-guideline-low-level",
    "imet-result-os",
    "imet-result-pdrs",
    "imet-qol-gap",
    "utd-2017-prognosis-baseline",
)
g_prognosis_shown = _shown(
    "g-prognosis-shown",
    "Prognostic features",
    "mdtbc-prog-hrpos-bone-nonvisceral",
    "mdtbc-prog-age-55",
    "mdtbc-prog-max-2",
    "mdtbc-prog-bone-node",
    "mdtbc-prog-durable-pfs",
    "ombc-prog-max-5",
    "ombc-prog-dfi-24",
    "ombc-prog-axilla-limited",
    "ombc-prog-hrpos",
    "ombc-prog-bone-only",
    "ombc-prog-age-55",
    "ombc-prog-good-response",
    "ombc-ideal-candidate",
    "imet-prog-age-55",
    "imet-prog-mdfi-24",
    "imet-prog-liver",
    "imet-prog-receptor-subgroups",
    "imet-prog-other-factors",
    "imet-organ-number-neutral",
    "ombc-epidemiology",
)

GUARDS = (
    g_staging_complete,
    g_pet_preferred,
    g_lesion_count,
    g_excluded_features,
    g_all_lesions_targetable,
    g_tissue,
    g_lung_histology,
    g_imaging_history,
    g_systemic_first,
    g_systemic_ongoing,
    g_response_window,
    g_no_progression,
    g_board_initial,
    g_board_mdt,
    g_board_disciplines,
    g_counselling,
    g_site_method,
    g_liver_indication,
    g_liver_resection_selection,
    g_systemic_class,
    g_evidence_shown,
    g_prognosis_shown,
)
MDT_GUARDS = tuple(g for g in GUARDS if g.force != "info")
HARD_GUARDS = tuple(g for g in MDT_GUARDS if g.force == "hard")


def blocks_not(*guards: Guard) -> Bool:
    """None of these guards holds a step back."""
    return all_of(*(Outcome(g.hard).passing() for g in guards))


others_passing = blocks_not(*(g for g in HARD_GUARDS if g not in (g_board_mdt, g_counselling))).named(
    "every other hard guard passes"
)
board_passing = outcome_of(g_board_mdt).passing()
counselling_passing = outcome_of(g_counselling).passing()
