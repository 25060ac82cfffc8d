"""Bone-marrow infiltration with pancytopenia (pathway-outline.md 8.7; C42)."""

from __future__ import annotations

from pathways.declare import display, duty, enrols, offered_in, rule, state, step, timer, transition
from pathways.language import fact, yes
from pathways.library import course, disease, receptors
from pathways.library.recorded import known_from_beginning, stating_true
from pathways.pathway import Pathway

_rows = (
    "ago-2024-marrow-pretreatment",
    "ago-2024-marrow-weekly-chemo",
    "ago-2024-marrow-capecitabine",
    "ago-2024-marrow-anti-her2",
    "ago-2024-marrow-endocrine",
)
_first = stating_true("bone_marrow_infiltration").first().named("the first record of marrow infiltration")
_boards = course.boards.since(_first.day)
_infiltrated = disease.marrow.sure()
_from_start = fact.flag("bone_marrow_infiltration").sure()
_ever_infiltrated = known_from_beginning(fact.flag("bone_marrow_infiltration")) | _first.there()
_line_since = course.lines.since(_first.day)
_matching = course.lines.where(lambda e: e.codes("regimen_class").contains("anti_her2"))
_running_match = (
    course.running & course.present_line.codes("regimen_class").contains("anti_her2")
).hindsight(_first.day)

MARROW = course.enrolled(
    Pathway(
        id="marrow",
        key="marrow",
        version="1.0.0",
        title="Bone-marrow infiltration",
        enrols=(enrols("Marrow infiltration recorded", _ever_infiltrated),),
        states=(
            state("none", "No marrow infiltration"),
            state("infiltration", "Marrow infiltration"),
            state("treatment_chosen", "Systemic therapy chosen"),
        ),
        rules=(
            rule(
                "treatment_chosen",
                _infiltrated & (_line_since.exist() | (~_first.there() & _from_start & course.lines.exist())),
            ),
            rule("infiltration", _infiltrated),
            rule("none", yes()),
        ),
        transitions=(
            *(
                transition("none", event, "infiltration", condition="infiltration", statements=_rows[:1])
                for event in ("imaging_done", "finding_recorded")
            ),
            *(
                transition("infiltration", event, "treatment_chosen", statements=_rows)
                for event in ("systemic_started", "systemic_changed")
            ),
            *(
                transition(
                    "treatment_chosen", event, "none", condition="infiltration gone", statements=_rows[:1]
                )
                for event in ("imaging_done", "finding_recorded")
            ),
        ),
        steps=(
            step(
                "marrow_treat",
                "Systemic therapy for marrow infiltration",
                [offered_in("infiltration", "treatment_chosen")],
                taken_by=("systemic_started", "systemic_changed"),
                statements=_rows,
            ),
        ),
        timers=(
            timer(
                "t-marrow-anti-her2",
                "Anti-HER2 therapy for marrow infiltration",
                listed=False,
                exists=_first.there() & receptors.her2_positive.sure() & ~_running_match.sure(),
                opens=_first.day,
                due=_first.day,
                done=_matching.since(_first.day).first(),
                anchor=(_first, course.lines.until(_first.day).latest()),
                statements=("ago-2024-marrow-anti-her2",),
            ),
        ),
        deviations=(
            duty(
                "d-marrow-her2-untreated",
                "Marrow infiltration, HER2 positive, no anti-HER2 therapy",
                "minor",
                ("t-marrow-anti-her2",),
                statements=("ago-2024-marrow-anti-her2",),
            ),
        ),
        displays=(
            display(
                "marrow-treatment-so-far",
                "Treatment so far is shown to the board; the class of the present line",
                "data",
                "ago-2024-marrow-pretreatment",
                steps=("marrow_treat",),
                feature=_boards.any(lambda b: b.flag("prior_treatment_shown")),
                value=course.present_line.codes("regimen_class"),
            ),
            display(
                "marrow-her2",
                "HER2 positive: anti-HER2 therapy",
                "recommendation",
                "ago-2024-marrow-anti-her2",
                steps=("marrow_treat",),
                applies=receptors.her2_positive,
            ),
            display(
                "marrow-endocrine",
                "Hormone receptor positive: endocrine-based therapy is possible",
                "recommendation",
                "ago-2024-marrow-endocrine",
                steps=("marrow_treat",),
                applies=receptors.hr_positive,
            ),
        ),
        remarks=("Blood counts are a display duty; grades of the marrow table: alignment assumed (C42).",),
    )
)
