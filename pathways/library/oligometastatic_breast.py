"""The main pathway: oligometastatic breast cancer, from suspicion to follow-up (pathway-outline.md sections 1
to 7).
"""

from __future__ import annotations

from pathways.declare import clause, profile
from pathways.guidelines.catalogue import load_definitions
from pathways.language import Bool, Outcome, all_of, any_of
from pathways.library import course, disease, profiles
from pathways.library.data_quality import DATA_QUALITY, QUESTION
from pathways.library.deviations import DEVIATIONS
from pathways.library.facts import FACTS
from pathways.library.guards import GUARDS, HARD_GUARDS
from pathways.library.limits import LIMITS
from pathways.library.method_choice import METHOD_CHOICE
from pathways.library.prognosis import PROGNOSIS
from pathways.library.recommendations import RECOMMENDATIONS
from pathways.library.registry import REGISTRY
from pathways.library.site_method import ORGAN_PROFILES
from pathways.library.states import RULES, STATES, TICKS, TRANSITIONS
from pathways.library.steps import STEPS, g_cns_keep_regimen
from pathways.library.timers import TIMERS
from pathways.pathway import Pathway, Profile


def _selection() -> Profile:
    """mdtbc-selection: every hard guard of section 4 (R23); lifted and overruled ones count as passing."""
    declared = load_definitions().profiles["mdtbc-selection"]
    criteria = [clause(g.title, Outcome(g.hard).passing(), *g.statements) for g in HARD_GUARDS]
    return profile(declared.id, declared.label, criteria, *declared.statements)


_clock_runs: Bool = course.documented_responses.exist()
OPEN_QUESTIONS = (
    ("C10 start of the response clock", _clock_runs),
    ("C09 whether three or six months bind", _clock_runs),
    ("C11 whether stable disease is a response", all_of(course.only_stable, ~course.window_met)),
    ("C12 treating oligoprogression rests on reported data, not on a recommendation", course.oligo_branch),
    (
        "C04 effusion or marrow infiltration within the definitions",
        any_of(
            disease.pericardial_open,
            disease.marrow_open,
            *(
                fluid.one_of("benign", "present_cause_unknown").sure()
                for fluid in (disease.pleural_effusion, disease.ascites)
            ),
        ),
    ),
    ("C13 whether one board could serve both decisions", course.boards.exist() & ~course.mdt_board.there()),
    ("C02 what is counted once no lesion is active", disease.no_active_lesion),
    ("C40 where post-treatment follow-up counts from", course.mdt_completion.there()),
)

OLIGOMETASTATIC_BREAST = course.enrolled(
    Pathway(
        id="oligometastatic-breast",
        key="main",
        version="1.0.0",
        title="Oligometastatic breast cancer",
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        guards=(*GUARDS, g_cns_keep_regimen),
        timers=TIMERS,
        deviations=(*DEVIATIONS, *DATA_QUALITY),
        displays=(*PROGNOSIS, *LIMITS, *RECOMMENDATIONS, *METHOD_CHOICE, *REGISTRY),
        facts=tuple((name, value.node) for name, value in FACTS.items()),
        profiles=(*profiles.PROFILES, _selection(), *ORGAN_PROFILES),
        open_questions=tuple((text, when.node) for text, when in OPEN_QUESTIONS),
        ticks=tuple(day.node for day in TICKS),
        question=QUESTION,
        remarks=(
            "MDT means metastasis-directed therapy.",
            "Not clinically reviewed. Men are not addressed by the sources (IMET enrolled women only).",
        ),
    )
)
