"""Symptom-driven local treatment: never counted as metastasis-directed therapy (pathway-outline.md 8.14;
C14).
"""

from __future__ import annotations

from pathways.declare import anytime, rule, state, step, transition
from pathways.language import any_of, events, yes
from pathways.library import course, disease
from pathways.library.primary import symptomatic
from pathways.pathway import Pathway

_rows = (
    "ago-2024-gen-symptomatic-local",
    "utd-2017-local-may-palliate",
    "utd-2017-primary-evaluate-complications",
)
_treated = events("local_treatment", "primary_treated").where(intent="symptomatic").exist()
_indication = any_of(
    symptomatic,
    *(
        disease.finding_flag(name).sure()
        for name in (
            "spinal_cord_compression",
            "paresis",
            "plexus_infiltration",
            "ascites_symptomatic",
            "pericardial_symptomatic",
        )
    ),
)

SYMPTOM_LOCAL = course.enrolled(
    Pathway(
        id="symptom-local",
        key="symptom_local",
        version="1.0.0",
        title="Symptom-driven local treatment",
        states=(
            state("none", "No indication"),
            state("indication", "Indication"),
            state("treated", "Treated"),
        ),
        rules=(rule("treated", _treated), rule("indication", _indication), rule("none", yes())),
        transitions=(
            *(
                transition("none", event, "indication", statements=_rows)
                for event in ("imaging_done", "finding_recorded")
            ),
            *(
                transition(s, event, "treated", statements=_rows)
                for s in ("none", "indication")
                for event in ("local_treatment", "primary_treated")
            ),
            transition("indication", "finding_recorded", "none", condition="symptoms gone", statements=_rows),
            transition("treated", "retraction", "none", statements=_rows),
        ),
        steps=(
            step(
                "symptom_local",
                "Symptom-driven local treatment",
                [anytime()],
                taken_by=("local_treatment",),
                statements=_rows,
            ),
        ),
    )
)
