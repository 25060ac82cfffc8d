"""Deviations of the main pathway (pathway-outline.md section 7, readings in 11.6)."""

from __future__ import annotations

from pathways.declare import deviation, duty
from pathways.language import (
    Bool,
    Each,
    Events,
    OneEvent,
    Row,
    all_of,
    any_of,
    events,
    for_each,
)
from pathways.library import course, disease, plan, profiles, receptors
from pathways.library.guards import (
    g_counselling,
    g_imaging_history,
    g_pet_preferred,
    g_staging_complete,
)
from pathways.pathway import DeviationRule, Guard

_each_start, _start = for_each(course.mdt_starts)
_BOARDS = ("mdtbc-pitfall-board", "mdtbc-board-mandatory", "ombc-board-before-decisions")


def process_step(
    code: str,
    title: str,
    severity: str,
    *,
    missed: Bool,
    statements: tuple[str, ...],
    guard: str,
    each: Each = _each_start,
    step: OneEvent = _start,
    proof: OneEvent,
    fulfilment: OneEvent | Events | None = None,
    dated: bool = False,
) -> tuple[DeviationRule, DeviationRule]:
    """A process duty missed at a step, judged by what was documented that day (R31).

    Proof documented later that the duty was met by that day closes it; the proof itself then is a closed late
    entry. `dated` duties rest on a date that is a fact too: when only later knowledge shows the miss, it is
    retrospective.
    """
    then = missed.seen(step.day).sure()
    afterwards = missed.hindsight(step.day)
    disproved = ~afterwards.possible()
    shown = () if fulfilment is None else (fulfilment,)
    rule = deviation(
        code,
        title,
        severity,
        each=each,
        raised=then | afterwards.sure() if dated else then,
        events=(step, *shown),
        statuses=(
            ("overruled", course.overruled(guard).seen(step.day)),
            ("closed", disproved),
            ("retrospective", ~then),
        ),
        statements=statements,
    )
    late = deviation(
        "q-late-entry",
        "Proof documented after the step",
        "data",
        each=each,
        raised=then & disproved,
        otherwise="closed",
        events=(proof.hindsight(step.day),),
    )
    return (rule, late)


def fact_based(
    code: str,
    title: str,
    severity: str,
    *,
    against: Bool,
    statements: tuple[str, ...],
    guard: str,
    shown: OneEvent,
) -> DeviationRule:
    """A fact that spoke against the start; known only afterwards it is retrospective and not charged (1.4)."""
    then = against.seen(_start.day).sure()
    later = against.hindsight(_start.day).sure()
    return deviation(
        code,
        title,
        severity,
        each=_each_start,
        raised=then | later,
        events=(shown.hindsight(_start.day), _start),
        statuses=(("overruled", course.overruled(guard).seen(_start.day)), ("retrospective", ~then)),
        statements=statements,
    )


def _fails(guard: Guard) -> Bool:
    """A clause of the guard is surely not met, overruled or not."""
    return ~all_of(*(Bool(c.test) for c in guard.clauses if c.force != "info"))


_mdt_or_oligo = course.course_boards.where(question=("mdt", "oligoprogression"))
_each_first, _treatment = for_each(course.first_treatment.just())
_any_board = course.boards.exist()
_not_met_then = profiles.classified_not_met.seen(_treatment.day).sure()
_oligo_boarded = (
    course.course_boards.where(question=("mdt", "oligoprogression"))
    .where(decision=("local_treatment_regimen_unchanged", "local_treatment_with_new_line"))
    .exist()
)
_after_progression = all_of(
    course.progressed,
    course.responses.where(course.responded).before(course.last_pd).exist(),
    ~_oligo_boarded,
    ~course.window_met,
)
_before_window = all_of(
    course.systemic_started,
    ~course.window_met,
    ~course.course_boards.where(question="oligoprogression").exist(),
    ~_oligo_boarded,
    ~_after_progression,
)
_outdated = all_of(
    ~course.oligo_branch,
    course.window_met,
    course.mdt_board.there(),
    ~plan.board_in_time | plan.mdt_board_broken,
)
_confirmed_or_waived = receptors.waiver.there() | receptors.tissue_results.any(
    lambda t: t.flag("metastasis_confirmed")
)
_excluded = disease.profile_setting.equals("abc7") & any_of(
    disease.pleural_effusion.equals("malignant").sure(),
    disease.ascites.equals("malignant").sure(),
    disease.leptomeningeal.sure(),
)

_STEPS = (
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
        missed=~_mdt_or_oligo.exist(),
        guard="g-board-mdt",
        statements=_BOARDS,
        fulfilment=events("board_held").where(question=("mdt", "oligoprogression")).after(_start).first(),
        proof=_mdt_or_oligo.latest(),
    ),
    deviation(
        "d-board-outdated",
        "Board before the window closed or on facts that changed",
        "major",
        each=_each_start,
        raised=_outdated.seen(_start.day).sure(),
        events=(course.mdt_board.hindsight(_start.day), _start),
        statuses=(("overruled", course.overruled("g-board-mdt").seen(_start.day)),),
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
        proof=receptors.latest_tissue,
        fulfilment=receptors.tissue_results.after(_start).first(),
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

# Orders: open until made good (R31).
_each_board, _board = for_each(course.boards.where(question=("mdt", "oligoprogression")))
_composed = (
    course.boards.where(question=("mdt", "oligoprogression"))
    .after(_board)
    .where(course.three_oncologies)
    .first()
)
_started_since = course.mdt_starts.since(_board.day).first()
_each_line, _line = for_each(
    course.lines.where(lambda e: ~e.stated("line") | (e.number("line").at_most(1)).sure())
)
_class_reasoned = events("board_held").any(lambda b: b.text("class_reason").known())
_fitting_line = course.lines.after(_line).where(receptors.class_fits).first()
_each_stop, _stop = for_each(
    course.stops.where(lambda s: ~s.code("reason").equals("persistent_after_systemic").sure())
)
_stop_course = course.progressions.before(_stop).latest()
_mdt_boards_then = (
    events("board_held")
    .where(question=("mdt", "oligoprogression"))
    .where(course.recommends)
    .after(_stop_course)
)
_mdt_then = any_of(
    _mdt_boards_then.until(_stop.day).exist(),
    ~_mdt_boards_then.exist() & course.mdt_starts.after(_stop_course).until(_stop.day).exist(),
)
_line_after_stop = course.lines.since(_stop.day.plus_days(1)).first()
_switched_that_day = course.lines.since(_stop.day).until(_stop.day).exist()

_finished = course.completion(_start)


def _uncovered(row: Row) -> Bool:
    reasoned = (
        events("board_held")
        .until(_finished.day)
        .any(lambda b: b.codes("uncovered_lesions").contains(row.id).sure())
    )
    return disease.active(row).sure() & ~_start.codes("targets").contains(row.id).sure() & ~reasoned


def _made_good(row: Row) -> Bool:
    """The lesion was treated later, or a board gave the reason."""
    return any_of(
        events("mdt_started").any(lambda e: e.codes("targets").contains(row.id).sure()),
        events("mdt_target_completed").any(lambda e: e.code("target").equals(row.id).sure()),
        events("local_treatment").any(lambda e: e.code("lesion").equals(row.id).sure()),
        events("board_held").any(lambda b: b.codes("uncovered_lesions").contains(row.id).sure()),
    )


_lesions_then = disease.lesions.hindsight(_start.day)

_ORDERS = (
    deviation(
        "d-board-composition",
        "Board without all three oncologies",
        "major",
        each=_each_board,
        raised=(~course.three_oncologies(_board)).sure(),
        otherwise="open",
        events=(_board,),
        statuses=(
            ("overruled", course.overruled("g-board-disciplines")),
            ("closed", _composed.there() & (~_started_since.there() | (_started_since.day >= _composed.day))),
            ("final", _started_since.there()),
        ),
        statements=("mdtbc-board-disciplines",),
    ),
    deviation(
        "d-incomplete-coverage",
        "An active lesion was left without target and reason",
        "major",
        each=_each_start,
        raised=_finished.there() & _lesions_then.any(_uncovered),
        otherwise="open",
        events=(_finished,),
        statuses=(
            ("overruled", course.overruled("g-all-lesions-targetable").seen(_start.day)),
            ("closed", _lesions_then.all(lambda row: ~_uncovered(row) | _made_good(row))),
        ),
        statements=("mdtbc-mdt-all-sites", "ombc-multimodal-all-sites"),
    ),
    deviation(
        "d-systemic-stopped-at-mdt",
        "Systemic therapy stopped at metastasis-directed therapy",
        "major",
        each=_each_stop,
        raised=_mdt_then & ~_switched_that_day,
        otherwise="open",
        events=(_stop, _line_after_stop),
        statuses=(
            ("overruled", course.overruled("g-systemic-ongoing").seen(_stop.day)),
            ("closed", _line_after_stop.there()),
        ),
        statements=("mdtbc-mdt-with-continued-systemic", "ago-2024-gen-systemic-after-surgery"),
    ),
    deviation(
        "d-systemic-class",
        "First line does not match the subtype",
        "minor",
        each=_each_line,
        raised=(~receptors.class_fits(_line)).seen(_line.day).sure() & ~_class_reasoned.seen(_line.day),
        otherwise="open",
        events=(_line, _fitting_line),
        statuses=(
            ("overruled", course.overruled("g-systemic-class").seen(_line.day)),
            ("closed", _fitting_line.there() | _class_reasoned),
        ),
        statements=(
            "mdtbc-systemic-by-biology",
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
        ),
    ),
)

# Method and site at the step itself (section 5).
_each_local, _local = for_each(events("mdt_started", "local_treatment"))
_method = _local.code("modality")
_to_liver = plan.lies_in(_local.codes("targets"), "liver").sure() | _local.code("site").equals("liver").sure()
_outside_liver = plan.lies_outside(_local.codes("targets"), "liver").sure() | (
    _local.code("site").known() & ~_local.code("site").equals("liver").sure()
)
_METHODS = (
    deviation(
        "d-sirt-outside-liver",
        "Radioembolisation outside the liver",
        "critical",
        each=_each_local,
        raised=_method.equals("sirt") & _outside_liver,
        events=(_local,),
        statuses=(("overruled", course.overruled("g-site-method").seen(_local.day)),),
        statements=("mdtbc-local-sirt-liver", "ombc-local-sirt-liver"),
    ),
    deviation(
        "d-method-advised-against",
        "A method the sources advise against in the liver",
        "major",
        each=_each_local,
        raised=_method.one_of("cryo", "ire", "litt", "hifu") & _to_liver,
        events=(_local,),
        statuses=(("overruled", course.overruled("g-site-method").seen(_local.day)),),
        statements=("ago-2024-liver-cryoablation", "ago-2024-liver-ire-litt-hifu"),
    ),
)

_DUTIES = (
    duty(
        "d-petct-1-overdue",
        "No PET-CT three months after metastasis-directed therapy",
        "minor",
        ("t-postmdt-petct-1",),
        statements=("imet-followup-petct-3m",),
    ),
    duty(
        "d-petct-n-overdue",
        "More than six months between PET-CTs",
        "minor",
        ("t-postmdt-petct-n",),
        statements=("imet-followup-petct-3-6m",),
    ),
)

DEVIATIONS = (*_STEPS, *_ORDERS, *_METHODS, *_DUTIES)
