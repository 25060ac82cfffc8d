"""Site-specific choice for liver and lung (pathway-outline.md 8.10 and 8.11; C23 to C28, C42)."""

from __future__ import annotations

from pathways.declare import enrols, rule, state, transition
from pathways.language import Bool, OneEvent, all_of, events, for_each, yes
from pathways.library import course, disease, plan
from pathways.library.judged import fact_step, process_step
from pathways.library.liver_lung_evidence import LIVER_EVIDENCE, LUNG_EVIDENCE
from pathways.library.recorded import ever_imaged, treatments
from pathways.library.site_method import (
    LIVER_NEEDS_INDICATION,
    g_liver_resection_selection,
    lung_histology,
    lung_results,
    plan_targets_lung,
)
from pathways.pathway import Pathway, State, Transition

_liver = ("ago-2024-liver-interdisciplinary",)
_lung = ("ago-2024-lung-histology-before-local",)


def _listed(organ: str) -> Bool:
    """An active lesion there; unknown or absent status is active (R9)."""
    return disease.active_lesions.any(lambda row: row.code("organ").equals(organ))


def _treated(organ: str) -> Bool:
    """A course of metastasis-directed therapy with a target in this organ was completed."""
    return course.mdt_starts.any(
        lambda m: plan.lies_in(m.codes("targets"), organ).sure() & course.completion(m).there()
    )


def _chain(
    titles: dict[str, str], events_to: tuple[tuple[str, str], ...], statements: tuple[str, ...]
) -> tuple[tuple[State, ...], tuple[Transition, ...]]:
    states = tuple(state(id, title) for id, title in titles.items())
    moves = tuple(
        transition(source, event, target, order=n, statements=statements)
        for source in titles
        for n, (event, target) in enumerate(events_to)
        if source != target
    )
    return states, moves


_LIVER_STATES, _LIVER_MOVES = _chain(
    {
        "none": "No liver metastasis",
        "liver_candidate": "Liver metastasis",
        "selection_checked": "Board on the method held",
        "board_liver": "Treatment of the liver planned",
        "treated": "Liver treated",
    },
    (
        ("imaging_done", "liver_candidate"),
        ("imaging_done", "none"),
        ("board_held", "selection_checked"),
        ("board_held", "board_liver"),
        ("mdt_planned", "board_liver"),
        ("mdt_started", "board_liver"),
        ("mdt_completed", "treated"),
        ("mdt_target_completed", "treated"),
    ),
    _liver,
)
_liver_boards = course.boards.where(question="liver_modality")
_each_mdt, _mdt = for_each(course.mdt_starts)
_each_indicated, _indicated = for_each(
    (
        course.mdt_starts.where(lambda m: plan.lies_in(m.codes("targets"), "liver"))
        | events("local_treatment").where(site="liver")
    )
    .where(lambda e: e.code("modality").one_of(*LIVER_NEEDS_INDICATION, "rt"))
    .named("procedures of the liver that need an interdisciplinary indication")
)


def _names_it(board: OneEvent) -> Bool:
    return course.names_method(board, _indicated.code("modality"))


_resects_liver = _mdt.code("modality").equals("resection") & plan.lies_in(_mdt.codes("targets"), "liver")
_criterion_missed = (
    ~all_of(*(Bool(c.test) for c in g_liver_resection_selection.clauses if c.force != "info"))
).sure()

LIVER = course.enrolled(
    Pathway(
        id="liver",
        key="liver",
        version="1.0.0",
        title="Liver metastases",
        enrols=(
            enrols("A liver lesion on an imaging", ever_imaged("liver")),
            enrols("A board on the method for the liver", _liver_boards.exist()),
            enrols("A local treatment of the liver", treatments("liver").exist()),
        ),
        states=_LIVER_STATES,
        transitions=_LIVER_MOVES,
        rules=(
            rule("treated", _treated("liver")),
            rule("board_liver", plan.lies_in(plan.targets, "liver")),
            rule("selection_checked", _liver_boards.exist()),
            rule("liver_candidate", _listed("liver")),
            rule("none", yes()),
        ),
        deviations=(
            *process_step(
                "d-liver-indication-missing",
                "Liver procedure without a board naming it",
                "major",
                each=_each_indicated,
                step=_indicated,
                guard="g-liver-indication",
                missed=~course.course_boards.any(_names_it),
                proof=course.course_boards.where(_names_it).latest(),
                fulfilment=course.boards.after(_indicated).first(),
                statements=_liver,
            ),
            fact_step(
                "d-liver-resection-selection",
                "Liver resection with a selection criterion missed",
                "minor",
                each=_each_mdt,
                step=_mdt,
                against=_resects_liver & _criterion_missed,
                events=(_mdt,),
                guard="g-liver-resection-selection",
                statements=("ago-2024-liver-resection-hrpos", "ago-2024-liver-resection-her2pos"),
            ),
        ),
        displays=LIVER_EVIDENCE,
    )
)

_LUNG_STATES, _LUNG_MOVES = _chain(
    {
        "none": "No lung metastasis",
        "histology_pending": "Lung metastasis without histology",
        "lung_candidate": "Lung metastasis",
        "board_lung": "Treatment of the lung planned",
        "treated": "Lung treated",
    },
    (
        ("imaging_done", "histology_pending"),
        ("imaging_done", "lung_candidate"),
        ("imaging_done", "none"),
        ("tissue_result", "lung_candidate"),
        ("board_held", "board_lung"),
        ("mdt_planned", "board_lung"),
        ("mdt_started", "board_lung"),
        ("mdt_completed", "treated"),
        ("mdt_target_completed", "treated"),
    ),
    _lung,
)
_to_lung = (
    course.mdt_starts.where(lambda m: plan.lies_in(m.codes("targets"), "lung"))
    | events("local_treatment").where(site="lung")
).named("local treatments of the lung")
_each_lung, _lung_step = for_each(_to_lung)
LUNG = course.enrolled(
    Pathway(
        id="lung",
        key="lung",
        version="1.0.0",
        title="Lung metastases",
        enrols=(
            enrols("A lung lesion on an imaging", ever_imaged("lung")),
            enrols("A local treatment of the lung", treatments("lung").exist()),
        ),
        states=_LUNG_STATES,
        transitions=_LUNG_MOVES,
        rules=(
            rule("treated", _treated("lung")),
            rule("board_lung", plan_targets_lung),
            rule("histology_pending", _listed("lung") & ~lung_histology.sure()),
            rule("lung_candidate", _listed("lung")),
            rule("none", yes()),
        ),
        deviations=process_step(
            "d-lung-histology-missing",
            "Local therapy to the lung without histology of a lung lesion",
            "major",
            each=_each_lung,
            step=_lung_step,
            guard="g-lung-histology",
            missed=~lung_histology,
            proof=lung_results.latest(),
            fulfilment=events("tissue_result").after(_lung_step).first(),
            statements=_lung,
        ),
        displays=LUNG_EVIDENCE,
        remarks=("Grades of the lung table were lost in the source (C42).",),
    )
)
