"""A lesion in the contralateral axilla: stage IV or regional (pathway-outline.md 8.9; C22)."""

from __future__ import annotations

from pathways.declare import clause, display, enrols, guard, offered_in, rule, state, step, transition
from pathways.language import Bool, Row, all_of, any_of, events, fact, for_each, yes
from pathways.library import course, disease
from pathways.library.facts import first_metastasis
from pathways.library.judged import process_step
from pathways.library.recorded import ever_imaged
from pathways.pathway import Pathway

_rows = ("abc7-contralateral-axilla-regional", "abc7-contralateral-axilla-stage4")


def _there(row: Row) -> Bool:
    return row.code("organ").equals("contralateral_axilla")


_lesion = (
    disease.lesions.any(lambda row: _there(row) & row.code("status").equals("active").possible())
    .sure()
    .named("an active lesion in the contralateral axilla")
)
_no_primary = (~fact.flag("contralateral_primary")).named("no contralateral primary")
_prior_therapy = fact.flag("prior_ipsilateral_axilla_local_therapy").named(
    "earlier local therapy of the ipsilateral axilla"
)
_metachronous = (first_metastasis > fact.date("primary.surgery_date").plus_months(3)).named(
    "metachronous by the IMET rule"
)
_others = disease.any_active("bone", "lung", "liver", "lymph_node", "cns", "soft_tissue", "pleura", "other")
_isolated = disease.lesions.any(lambda row: _there(row) & row.flag("isolated"))
_alone = any_of(~_others, _isolated).named("alone, or isolated")
_criteria = (_no_primary, _prior_therapy, _metachronous, _alone)
_first_imaging = disease.imagings.where(lambda i: i.just().lesions().any(_there)).first()
_boarded = course.boards.since(_first_imaging.day).exist().named("a board was held on or after the finding")

g_axilla_regional = guard(
    "g-axilla-regional",
    "Contralateral axilla as regional disease",
    "hard",
    [
        clause("No contralateral primary", _no_primary, *_rows),
        clause("Earlier local therapy of the ipsilateral axilla", _prior_therapy, *_rows),
        clause("Metachronous", _metachronous, *_rows),
        clause("Alone, or with ipsilateral relapse only", _alone, *_rows),
        clause("A board was held", _boarded, _rows[0]),
    ],
    not_applicable=~disease.lesions.any(_there).sure(),
    overruled=course.overruled("g-axilla-regional"),
)
_treated = events("local_treatment").where(site="contralateral_axilla", intent="regional_curative")
_each, _step = for_each(_treated)
_TITLES = {
    "none": "No lesion in the contralateral axilla",
    "suspected": "Lesion, contralateral primary not excluded",
    "contralateral_primary_excluded": "Contralateral primary excluded",
    "classified_stage_iv": "Classified as stage IV",
    "regional_option_review": "Regional treatment may be considered",
    "treated_regional": "Treated as regional",
}
_asked = tuple(s for s in _TITLES if s != "none")

CONTRALATERAL_AXILLA = course.enrolled(
    Pathway(
        id="contralateral-axilla",
        key="contralateral_axilla",
        version="1.0.0",
        title="Contralateral axilla",
        enrols=(
            enrols("A lesion in the contralateral axilla on an imaging", ever_imaged("contralateral_axilla")),
            enrols("The contralateral axilla treated as regional", _treated.exist()),
        ),
        states=tuple(state(id, title) for id, title in _TITLES.items()),
        rules=(
            rule("treated_regional", _treated.exist()),
            rule("suspected", _lesion & ~_no_primary.sure()),
            rule("regional_option_review", _lesion & all_of(*_criteria)),
            rule("classified_stage_iv", _lesion & (~all_of(*_criteria)).sure()),
            rule("contralateral_primary_excluded", _lesion),
            rule("none", yes()),
        ),
        transitions=tuple(
            transition(source, event, target, order=n, statements=_rows)
            for source in _TITLES
            for n, (event, target) in enumerate(
                (
                    ("imaging_done", "suspected"),
                    ("imaging_done", "contralateral_primary_excluded"),
                    ("imaging_done", "classified_stage_iv"),
                    ("imaging_done", "regional_option_review"),
                    ("finding_recorded", "contralateral_primary_excluded"),
                    ("finding_recorded", "classified_stage_iv"),
                    ("finding_recorded", "regional_option_review"),
                    ("local_treatment", "treated_regional"),
                )
            )
            if source != target
        ),
        steps=(
            step(
                "axilla_decision",
                "Treat the contralateral axilla as regional",
                [offered_in(*_asked)],
                (g_axilla_regional,),
                taken_by=("local_treatment",),
                statements=_rows,
            ),
        ),
        guards=(g_axilla_regional,),
        displays=(
            display(
                "axilla-stage-iv",
                "Without earlier local therapy of the ipsilateral axilla it counts as stage IV",
                "opposing",
                "abc7-contralateral-axilla-stage4",
                steps=("axilla_decision",),
                applies=~_prior_therapy,
            ),
        ),
        deviations=process_step(
            "d-contralateral-axilla-unboarded",
            "Contralateral axilla treated as regional without a board",
            "minor",
            each=_each,
            step=_step,
            guard="g-axilla-regional",
            missed=~_boarded,
            proof=course.boards.latest(),
            fulfilment=course.boards.after(_step).first(),
            statements=_rows[:1],
        ),
    )
)
