"""New pathway: made up, to start from. Replace every part of it, and say here what it rests on.

In the folder above, after each change:
    carepath pathway check new-pathway
    carepath pathway text new-pathway
    carepath pathway test new-pathway
"""

from pathways.declare import (
    clause,
    deviation,
    duty,
    final_state,
    guard,
    offered_in,
    outcome_of,
    pathway,
    rule,
    state,
    step,
    timer,
    transition,
)
from pathways.language import events, for_each, yes
from pathways.pathway import Pathway

# What was recorded: event types and fields stand in vocabulary.yaml. A name is what sentences show.
assessment = events("assessment").latest().named("the latest assessment")
treatments = events("treatment").after(assessment).named("treatments since")
recovery = events("review").where(lambda review: review.flag("recovered")).first().named("recovery")
death = events("death").first()

# A guard holds a step back until each clause is met. A clause of which a datum is missing is unknown and does
# not let pass either. Each clause names its statements, which stand in statements.yaml.
g_treat = guard(
    "g-treat",
    "Treatment is indicated and agreed",
    "hard",
    [
        clause("The finding is severe", assessment.code("severity").equals("severe"), "example-treat-severe"),
        clause("The patient agrees", assessment.flag("agreed"), "example-agreement-first"),
    ],
)

# Where the patient stands: the first rule that is surely true counts, and the last one always is.
STATES = (
    state("waiting", "Assessment awaited"),
    state("assessed", "Assessed"),
    state("treated", "Under treatment"),
    final_state("recovered", "Recovered"),
    final_state("deceased", "Deceased"),
)
RULES = (
    rule("deceased", death.there()),
    rule("recovered", recovery.there()),
    rule("treated", treatments.exist()),
    rule("assessed", assessment.there()),
    rule("waiting", yes()),
)

# Moves by the book. What happens otherwise is recorded all the same, and the trail says "off the pathway".
TRANSITIONS = (
    transition("waiting", "assessment", "assessed"),
    transition("assessed", "treatment", "treated", guards=("g-treat",)),
    transition("treated", "assessment", "assessed"),
    transition("treated", "review", "recovered", condition="recovered"),
    *(transition(one, "death", "deceased") for one in ("waiting", "assessed", "treated")),
)
STEPS = (
    step("assess", "Assessment", [offered_in("waiting", "treated")], taken_by=("assessment",)),
    step("treat", "Treatment", [offered_in("assessed")], [g_treat], taken_by=("treatment",)),
    step("review", "Review", [offered_in("treated")], taken_by=("review",)),
)

# One date for each treatment. The setting grace_days is added before it counts as overdue.
each_treatment, treatment = for_each(events("treatment"))
TIMERS = (
    timer(
        "t-review",
        "Review after treatment",
        each=each_treatment,
        opens=treatment.day.plus_days(10),
        due=treatment.day.plus_days(14),
        done=events("review").after(treatment).first(),
        anchor=(treatment,),
        statements=("example-review-two-weeks",),
    ),
)

# Departures. `seen` asks what the team had in writing on that day: nobody is blamed for what came later.
DEVIATIONS = (
    deviation(
        "d-treated-unasked",
        "Treated although severity or agreement was not given",
        "major",
        each=each_treatment,
        raised=(~outcome_of(g_treat).passing()).seen(treatment.day).sure(),
        events=(treatment,),
        statements=("example-treat-severe", "example-agreement-first"),
    ),
    duty("d-review-late", "Review late", "minor", ("t-review",), statements=("example-review-two-weeks",)),
)

PATHWAY = pathway(
    Pathway(
        id="new-pathway",
        key="new_pathway",
        version="0.1.0",
        title="New pathway",
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        guards=(g_treat,),
        timers=TIMERS,
        deviations=DEVIATIONS,
        left=death.day.node,
        remarks=("Made up to start from; no clinical content.",),
    )
)
