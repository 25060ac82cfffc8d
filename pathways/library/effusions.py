"""Malignant ascites and pericardial effusion (pathway-outline.md 8.5 and 8.6, R37)."""

from __future__ import annotations

from pathways.declare import (
    clause,
    deviation,
    duty,
    enrols,
    guard,
    offered_in,
    rule,
    state,
    step,
    timer,
    transition,
)
from pathways.language import Bool, Code, OneEvent, events, fact, for_each, no, yes
from pathways.library import course, disease
from pathways.library.recorded import OPEN_CAUSES, ever_open, stating, stating_true, treatments
from pathways.pathway import Pathway


def _fluid_in_question(fluid: Code, e: OneEvent) -> Bool:
    """On the day of this record the fluid was neither absent nor benign."""
    return ~fluid.one_of("none", "benign").hindsight(e.day).sure()


def _unreviewed(finding: OneEvent) -> Bool:
    """No systemic therapy was running on the day of the finding."""
    return ~course.running.hindsight(finding.day).sure()


def _review(finding: OneEvent) -> OneEvent:
    """Any board or systemic entry on or after the finding (R37)."""
    return (course.boards | events("systemic_started", "systemic_changed")).since(finding.day).first()


# ---- ascites (8.5) ----
_DRAINED = ("puncture", "drainage")
_INDWELLING = ("indwelling_catheter", "continuous_drainage")
_ascites_open = disease.ascites.one_of(*OPEN_CAUSES).sure().named("ascites, malignant or of unknown cause")
_symptoms = (
    stating_true("ascites_symptomatic")
    .where(lambda e: _fluid_in_question(disease.ascites, e))
    .named("records of symptomatic ascites")
)
_persistence = stating_true("ascites_persistent")
_drains = treatments("peritoneum", *_DRAINED, *_INDWELLING)
_deciding = (_symptoms | _persistence | _drains).latest()


def _says(event: OneEvent, name: str) -> Bool:
    return (event.stated(name) & event.flag(name)).sure() | event.flag(f"findings.{name}").sure()


_ascites_titles = {
    "none": "No ascites to treat",
    "present": "Ascites",
    "symptomatic": "Symptomatic ascites",
    "drained": "Drained",
    "persistent": "Persistent ascites",
    "indwelling_drain": "Indwelling drain",
}
_ascites_rows = (
    "ago-2024-ascites-puncture-symptoms",
    "ago-2024-ascites-continuous-drainage",
    "ago-2024-ascites-systemic",
)
g_ascites_method = guard(
    "g-site-method",
    "No local chemotherapy of ascites",
    "hard",
    [clause("Local chemotherapy is advised against", no(), "ago-2024-ascites-local-chemo")],
    overruled=course.overruled("g-site-method"),
)
_symptomatic_first = _symptoms.first()
_ascites_first = stating("ascites", "malignant").first()
_each_chemo, _chemo = for_each(treatments("peritoneum", "local_chemotherapy"))
_step_states = tuple(s for s in _ascites_titles if s != "none")
ASCITES = course.enrolled(
    Pathway(
        id="ascites",
        key="ascites",
        version="1.0.0",
        title="Malignant ascites",
        enrols=(
            enrols("Ascites, malignant or of unknown cause", ever_open("ascites")),
            enrols("Symptoms of ascites", _symptoms.exist()),
            enrols("A local treatment of the peritoneum", treatments("peritoneum").exist()),
        ),
        states=tuple(state(id, title) for id, title in _ascites_titles.items()),
        rules=(
            rule("indwelling_drain", _ascites_open & _deciding.code("modality").one_of(*_INDWELLING)),
            rule("drained", _ascites_open & _deciding.code("modality").one_of(*_DRAINED)),
            rule("persistent", _ascites_open & _says(_deciding, "ascites_persistent")),
            rule(
                "symptomatic",
                _ascites_open
                & (
                    _says(_deciding, "ascites_symptomatic")
                    | (~_deciding.there() & fact.flag("ascites_symptomatic").sure())
                ),
            ),
            rule("persistent", _ascites_open & ~_deciding.there() & fact.flag("ascites_persistent").sure()),
            rule("present", _ascites_open),
            rule("none", yes()),
        ),
        transitions=tuple(
            transition(source, event, target, condition=condition, order=n, statements=_ascites_rows)
            for source in _ascites_titles
            for n, (event, target, condition) in enumerate(
                (
                    ("imaging_done", "present", "ascites"),
                    ("finding_recorded", "present", "ascites"),
                    ("finding_recorded", "symptomatic", "symptoms"),
                    ("finding_recorded", "persistent", "persistence"),
                    ("local_treatment", "drained", "puncture or drainage"),
                    ("local_treatment", "indwelling_drain", "indwelling or continuous drain"),
                )
            )
            if source != target
        ),
        steps=(
            step(
                "ascites_local",
                "Drain the ascites",
                [offered_in(*_step_states)],
                taken_by=("local_treatment",),
                statements=_ascites_rows,
            ),
            step(
                "ascites_chemo",
                "Local chemotherapy of ascites",
                [offered_in(*_step_states)],
                (g_ascites_method,),
                taken_by=("local_treatment",),
                statements=("ago-2024-ascites-local-chemo",),
            ),
        ),
        guards=(g_ascites_method,),
        timers=(
            timer(
                "t-ascites-drain",
                "Drain symptomatic ascites",
                listed=False,
                exists=_symptomatic_first.there(),
                opens=_symptomatic_first.day,
                due=_symptomatic_first.day,
                done=_drains.since(_symptomatic_first.day).first(),
                anchor=(_symptomatic_first,),
                statements=("ago-2024-ascites-puncture-symptoms",),
            ),
            timer(
                "t-ascites-systemic",
                "Systemic therapy or review for ascites",
                listed=False,
                exists=_ascites_first.there() & _unreviewed(_ascites_first),
                opens=_ascites_first.day,
                due=_ascites_first.day,
                done=_review(_ascites_first),
                anchor=(_ascites_first,),
                statements=("ago-2024-ascites-systemic",),
            ),
        ),
        deviations=(
            duty(
                "d-ascites-symptomatic-untreated",
                "Symptomatic ascites not drained",
                "minor",
                ("t-ascites-drain",),
                statements=("ago-2024-ascites-puncture-symptoms",),
            ),
            duty(
                "d-effusion-no-systemic",
                "Ascites without systemic therapy or review",
                "minor",
                ("t-ascites-systemic",),
                statements=("ago-2024-ascites-systemic",),
            ),
            deviation(
                "d-method-advised-against",
                "Local chemotherapy of ascites",
                "major",
                each=_each_chemo,
                raised=_chemo.there(),
                events=(_chemo,),
                statuses=(("overruled", course.overruled("g-site-method").seen(_chemo.day)),),
                statements=("ago-2024-ascites-local-chemo",),
            ),
        ),
    )
)

# ---- pericardium (8.6) ----
_RELIEF = ("drainage", "fenestration", "puncture", "continuous_drainage", "indwelling_catheter", "vats")
_pericardial = disease.pericardial_open
_pericardial_relief = treatments("pericardium", *_RELIEF)
_pericardial_symptoms = (
    stating_true("pericardial_symptomatic")
    .where(lambda e: _fluid_in_question(disease.pericardial_effusion, e))
    .named("records of a symptomatic pericardial effusion")
)
_pericardial_symptomatic = disease.finding_flag("pericardial_symptomatic").sure()
_pericardial_first = _pericardial_symptoms.first()
_pericard_titles = {
    "none": "No pericardial effusion to treat",
    "present": "Pericardial effusion",
    "symptomatic": "Symptomatic pericardial effusion",
    "drained_or_fenestrated": "Drained or fenestrated",
}
_pericard_rows = (
    "ago-2024-pericard-drainage-fenestration",
    "ago-2024-pericard-systemic",
    "ago-2024-pericard-vats",
    "ago-2024-pericard-instillation",
)
PERICARD = course.enrolled(
    Pathway(
        id="pericard",
        key="pericard",
        version="1.0.0",
        title="Malignant pericardial effusion",
        enrols=(
            enrols(
                "A pericardial effusion, malignant or of unknown cause", ever_open("pericardial_effusion")
            ),
            enrols("Symptoms of a pericardial effusion", _pericardial_symptoms.exist()),
        ),
        states=tuple(state(id, title) for id, title in _pericard_titles.items()),
        rules=(
            rule("drained_or_fenestrated", _pericardial & treatments("pericardium").exist()),
            rule("symptomatic", _pericardial & _pericardial_symptomatic),
            rule("present", _pericardial),
            rule("none", yes()),
        ),
        transitions=tuple(
            transition(source, event, target, condition=condition, order=n, statements=_pericard_rows[:1])
            for source in _pericard_titles
            for n, (event, target, condition) in enumerate(
                (
                    ("imaging_done", "present", "effusion"),
                    ("finding_recorded", "present", "effusion"),
                    ("finding_recorded", "symptomatic", "symptoms"),
                    ("local_treatment", "drained_or_fenestrated", "drainage or fenestration"),
                )
            )
            if source != target
        ),
        steps=(
            step(
                "pericard_local",
                "Drain or fenestrate the pericardium",
                [offered_in(*(s for s in _pericard_titles if s != "none"))],
                taken_by=("local_treatment",),
                statements=_pericard_rows,
            ),
        ),
        timers=(
            timer(
                "t-pericard-relief",
                "Drain the symptomatic pericardial effusion",
                listed=False,
                exists=_pericardial_first.there(),
                opens=_pericardial_first.day,
                due=_pericardial_first.day,
                done=_pericardial_relief.since(_pericardial_first.day).first(),
                anchor=(_pericardial_first,),
                statements=("ago-2024-pericard-drainage-fenestration",),
            ),
            timer(
                "t-pericard-systemic",
                "Systemic therapy or review for the pericardial effusion",
                listed=False,
                exists=_pericardial_first.there() & _unreviewed(_pericardial_first),
                opens=_pericardial_first.day,
                due=_pericardial_first.day,
                done=_review(_pericardial_first),
                anchor=(_pericardial_first,),
                statements=("ago-2024-pericard-systemic",),
            ),
        ),
        deviations=(
            duty(
                "d-pericard-untreated",
                "Symptomatic pericardial effusion not drained",
                "major",
                ("t-pericard-relief",),
                statements=("ago-2024-pericard-drainage-fenestration",),
            ),
            duty(
                "d-effusion-no-systemic",
                "Symptomatic pericardial effusion without systemic therapy or review",
                "minor",
                ("t-pericard-systemic",),
                statements=("ago-2024-pericard-systemic",),
            ),
        ),
    )
)
