"""Symptom-driven local treatment: never counted as metastasis-directed therapy (pathway-outline.md 8.14;
C14).
"""

from __future__ import annotations

from pathways.declare import anytime, display, rule, state, step, transition
from pathways.language import all_of, any_of, events, yes
from pathways.library import course, disease
from pathways.library.intact_primary import symptomatic
from pathways.pathway import Pathway

_rows = (
    "ago-2024-gen-symptomatic-local",
    "utd-2017-local-may-palliate",
    "utd-2017-primary-evaluate-complications",
)
_treated = events("local_treatment", "primary_treated").where(intent="symptomatic").exist()
indication = any_of(
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
).named("an indication for symptom-driven local treatment")

_uncomplicated_bone = disease.lesions.any(
    lambda row: all_of(row.code("organ").equals("bone"), disease.active(row), row.flag("uncomplicated"))
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
        rules=(rule("treated", _treated), rule("indication", indication), rule("none", yes())),
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
        displays=(
            display(
                "bone-single-fraction",
                "Uncomplicated bone metastasis: one fraction of 8 Gy equals several fractions",
                "recommendation",
                "mdtbc-bone-8gy",
                steps=("symptom_local",),
                applies=_uncomplicated_bone,
            ),
            display(
                "systemic-therapy-leads",
                "Without such symptoms systemic therapy leads",
                "opposing",
                "ago-2024-gen-systemic-preferred",
                "mdtbc-pitfall-systemic-delay",
                "utd-2017-systemic-mainstay",
                steps=("symptom_local",),
                applies=~indication,
            ),
        ),
    )
)
