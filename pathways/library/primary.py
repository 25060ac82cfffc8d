"""The intact primary in metastatic disease (pathway-outline.md 8.2, R21, R37; C16 to C21)."""

from __future__ import annotations

from pathways.declare import (
    clause,
    enrols,
    final_state,
    guard,
    offered_in,
    rule,
    state,
    step,
    transition,
)
from pathways.language import (
    Bool,
    OneEvent,
    age,
    all_of,
    any_of,
    case,
    fact,
    for_each,
    number,
    today,
    yes,
)
from pathways.library import course, disease, profiles, receptors
from pathways.library.intact_primary import (
    boards,
    intact,
    last_board,
    sentinel_negative,
    status,
    symptomatic,
    treatments,
)
from pathways.library.judged import fact_step, process_step
from pathways.library.primary_evidence import PRIMARY_EVIDENCE
from pathways.library.recorded import primary_described, surgery_dated
from pathways.pathway import Pathway

_ban = (
    "mdtbc-primary-no-lrt",
    "ombc-primary-no-os-benefit",
    "utd-2017-primary-asymptomatic-not-offered",
    "mdtbc-pitfall-primary",
)
_RADIOTHERAPY = ("rt", "stereotactic_rt", "other_rt")

# C17: features that can be computed are; those without a measure (brisk or good response) only a board can
# name.
_bone_only = disease.any_active("bone") & disease.lesions.all(
    lambda row: disease.active(row).implies(row.code("organ").equals("bone"))
)
features = any_of(
    _bone_only,
    receptors.hr_positive & ~receptors.her2_positive,
    age(fact.date("birth_date"), today()) < number(55),
    profiles.classification.equals("met"),
    boards.any(
        lambda b: (
            b.codes("exception_features")
            .overlaps(
                "bone_only",
                "hrpos_her2neg",
                "her2_brisk_response",
                "age_below_55",
                "good_response",
                "oligometastatic",
            )
            .sure()
        )
    ),
).named("a listed exception feature is present")
_supported = last_board.code("decision").equals("exception_supported")

g_primary_exception = guard(
    "g-primary-exception",
    "Exception for treating the primary",
    "hard",
    [
        clause(
            "Symptoms, or a listed feature is present",
            symptomatic | features,
            "mdtbc-primary-no-lrt",
            "mdtbc-primary-surgery-exceptions",
        ),
        clause("Symptoms, or no visceral disease", symptomatic | ~disease.visceral, "mdtbc-primary-no-lrt"),
        clause(
            "Symptoms, or a board supports the exception",
            symptomatic | _supported,
            "utd-2017-primary-exception-board",
        ),
    ],
    overruled=course.overruled("g-primary-exception"),
)
_told = (
    treatments.where(lambda t: t.flag("large_wound_closure").known())
    .latest()
    .named("the latest treatment that tells of the wound")
)
_closes_wound = case(
    (_told.there(), _told.flag("large_wound_closure")), otherwise=fact.flag("primary.large_wound_closure")
)
g_reconstruction = guard(
    "g-reconstruction",
    "Reconstruction for wound closure only",
    "hard",
    [
        clause(
            "Needed to close a large wound",
            _closes_wound,
            "utd-2017-mastectomy-no-reconstruction",
        )
    ],
    overruled=course.overruled("g-reconstruction"),
)
g_axilla_method = guard(
    "g-site-method",
    "Axillary surgery by nodal status",
    "hard",
    [
        clause(
            "Not the sentinel node of a clinically negative axilla in de novo disease",
            ~sentinel_negative,
            "ago-2024-slnb-cn0",
            "ago-2024-axillary-surgery-cn1",
        )
    ],
    overruled=course.overruled("g-site-method"),
)

STATES = (
    state("primary_unknown", "Primary not described"),
    state("intact_asymptomatic", "Intact primary without symptoms"),
    state("intact_symptomatic", "Intact primary with symptoms"),
    state("exception_review", "Exception under review"),
    final_state("primary_treated", "Primary treated in metastatic disease", closed=False),
    state("primary_resected", "Primary resected"),
)
RULES = (
    rule("primary_treated", treatments.exist()),
    rule("intact_symptomatic", intact & symptomatic),
    rule(
        "exception_review",
        all_of(
            intact,
            last_board.there(),
            ~last_board.code("decision").equals("exception_not_supported").sure(),
        ),
    ),
    rule("intact_asymptomatic", intact),
    rule("primary_resected", status.equals("resected") | fact.date("primary.surgery_date").known()),
    rule("primary_unknown", yes()),
)
_intact = ("intact_asymptomatic", "intact_symptomatic", "exception_review")
TRANSITIONS = (
    *(
        transition("primary_unknown", "finding_recorded", t, condition=c, order=n, statements=_ban)
        for n, (t, c) in enumerate((("intact_asymptomatic", "intact"), ("primary_resected", "resected")), 1)
    ),
    transition(
        "intact_asymptomatic", "board_held", "exception_review", condition="question primary", statements=_ban
    ),
    transition(
        "exception_review",
        "board_held",
        "intact_asymptomatic",
        condition="exception not supported",
        statements=_ban,
    ),
    *(
        transition(
            s,
            "finding_recorded",
            "intact_symptomatic",
            condition="bleeding, infection, wound problem",
            statements=("utd-2017-primary-evaluate-complications", "utd-2017-primary-role-palliation"),
        )
        for s in ("intact_asymptomatic", "exception_review")
    ),
    *(
        transition(
            s,
            "primary_treated",
            "primary_treated",
            guards=("g-primary-exception",),
            statements=("mdtbc-primary-surgery-exceptions", "ombc-primary-exceptions"),
        )
        for s in _intact
    ),
    transition(
        "primary_resected",
        "primary_treated",
        "primary_treated",
        statements=("ago-2024-primary-rt-after-surgery",),
    ),
)
STEPS = (
    step(
        "primary_treat",
        "Treat the primary",
        [offered_in(*_intact)],
        (g_primary_exception,),
        taken_by=("primary_treated",),
        statements=(
            "mdtbc-primary-no-lrt",
            "mdtbc-primary-surgery-exceptions",
            "ombc-primary-exceptions",
            "utd-2017-primary-exception-board",
            "utd-2017-primary-exception-factors",
            "utd-2017-primary-her2-brisk",
            "ago-2024-primary-surgery-individual",
            "ago-2024-primary-surgery-bone-only",
            "ago-2024-primary-surgery-visceral",
        ),
    ),
    step(
        "axilla_surgery",
        "Axillary surgery",
        [offered_in(*_intact)],
        (g_axilla_method,),
        taken_by=("primary_treated",),
        statements=("ago-2024-axillary-surgery-cn1", "ago-2024-slnb-cn0"),
    ),
    step(
        "reconstruction",
        "Reconstruction",
        [offered_in(*_intact, "primary_treated")],
        (g_reconstruction,),
        taken_by=("primary_treated",),
        statements=("utd-2017-mastectomy-no-reconstruction",),
    ),
)

_each, _step = for_each(treatments)


def _board_on_radiotherapy() -> Bool:
    return course.boards.where(question=("primary", "exception", "other")).any(
        lambda b: course.names_method(b, *_RADIOTHERAPY)
    )


def _elective(e: OneEvent) -> Bool:
    """Neither for symptoms nor after an earlier operation."""
    silent = ~e.code("intent").one_of("symptomatic", "postoperative").sure() & ~e.code("indication").known()
    unasked = any_of((~symptomatic).sure(), e.code("intent").equals("other").sure() & ~symptomatic.sure())
    return all_of(silent, unasked, ~status.equals("resected").sure())


def _exceptional(e: OneEvent) -> Bool:
    """By what was documented that day nothing but a board was missing."""
    return all_of(_elective(e), features.sure(), ~disease.visceral.sure()).seen(e.day)


_each_exception, _exception = for_each(treatments.where(_exceptional))


def _for_symptoms(e: OneEvent) -> Bool:
    """Said to be for symptoms, or nothing said while the primary caused some."""
    unsaid = ~e.code("intent").one_of("postoperative", "other").sure()
    return e.code("intent").equals("symptomatic").sure() | (unsaid & symptomatic.seen(e.day).sure())


_each_rt, _rt = for_each(treatments.where(modality="radiotherapy").where(lambda e: ~_for_symptoms(e)))

DEVIATIONS = (
    fact_step(
        "d-primary-asymptomatic",
        "Primary treated without symptoms",
        "critical",
        each=_each,
        step=_step,
        against=_elective(_step) & (disease.visceral.sure() | (~features).sure()),
        events=(_step,),
        guard="g-primary-exception",
        statements=(
            "mdtbc-primary-no-lrt",
            "mdtbc-pitfall-primary",
            "ombc-primary-no-os-benefit",
            "utd-2017-primary-asymptomatic-not-offered",
            "ago-2024-primary-surgery-visceral",
        ),
    ),
    *process_step(
        "d-primary-exception-unboarded",
        "Exception for the primary without a board",
        "major",
        each=_each_exception,
        step=_exception,
        guard="g-primary-exception",
        missed=~_supported,
        proof=last_board,
        fulfilment=boards.after(_exception).first(),
        statements=("mdtbc-primary-no-lrt", "utd-2017-primary-exception-board"),
    ),
    *process_step(
        "d-primary-rt-unboarded",
        "Radiotherapy of the breast without a board",
        "minor",
        each=_each_rt,
        step=_rt,
        guard="g-primary-exception",
        missed=~_board_on_radiotherapy(),
        proof=course.boards.latest(),
        fulfilment=course.boards.after(_rt).first(),
        statements=(
            "ago-2024-primary-rt-after-surgery",
            "ago-2024-primary-rt-without-surgery",
            "utd-2017-lumpectomy-no-rt",
        ),
    ),
    fact_step(
        "d-reconstruction",
        "Reconstruction not needed for wound closure",
        "minor",
        each=_each,
        step=_step,
        against=all_of(
            _step.flag("reconstruction"),
            _step.code("modality").equals("mastectomy"),
            ~case(
                (_step.flag("large_wound_closure").known(), _step.flag("large_wound_closure")),
                otherwise=fact.flag("primary.large_wound_closure"),
            ),
        ),
        events=(_step,),
        guard="g-reconstruction",
        statements=("utd-2017-mastectomy-no-reconstruction",),
    ),
    fact_step(
        "d-method-advised-against",
        "Sentinel node removed from a clinically negative axilla",
        "major",
        each=_each,
        step=_step,
        against=_step.code("axilla").equals("sentinel_node_biopsy") & sentinel_negative.sure(),
        events=(_step,),
        guard="g-site-method",
        statements=("ago-2024-slnb-cn0",),
    ),
)

PRIMARY = course.enrolled(
    Pathway(
        id="primary",
        key="primary",
        version="1.0.0",
        title="Intact primary",
        enrols=(
            enrols("The primary described as intact or resected", primary_described),
            enrols("The day of primary surgery known", surgery_dated),
            enrols("The primary treated after suspicion of metastasis", treatments.exist()),
        ),
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        guards=(g_primary_exception, g_reconstruction, g_axilla_method),
        deviations=DEVIATIONS,
        displays=PRIMARY_EVIDENCE,
        open_questions=(("C17 how the exception features combine", intact.node),),
    )
)
