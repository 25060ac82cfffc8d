"""Surveillance after surgery of the primary, by the IMET schedule (pathway-outline.md 8.12, R29; C40:
registry practice).
"""

from __future__ import annotations

from pathways.declare import (
    display,
    duty,
    enrols,
    final_state,
    offered_in,
    rule,
    state,
    step,
    timer,
    transition,
)
from pathways.language import Dates, case, events, fact, for_each_date, grid, nothing, setting, today, yes
from pathways.library import course
from pathways.library.recorded import surgery_dated
from pathways.pathway import Pathway, Timer

_exam = ("imet-surveillance-3m", "imet-surveillance-6m")
_anchor = fact.date("primary.surgery_date").named("the day of primary surgery")
_phase_1_months = setting.number("surveillance_phase1_years") * 12
_end = _anchor.plus_months(60)
_phase_1_end = _anchor.plus_months(_phase_1_months)

first_phase = grid(_anchor, 3, 3, _phase_1_months)
second_phase = grid(_anchor, _phase_1_months + 6, 6, 60)
dates = first_phase.joined(second_phase).named("the surveillance dates")
visits = events("follow_up_visit").named("follow-up visits")
assignment = dates.assigned(visits, _anchor)
_metastasis = course.suspicion.there() | course.mdt_starts.exist()
_runs = _anchor.known() & ~_metastasis

STATES = (
    state("not_applicable", "No primary surgery recorded"),
    state("phase_1", "First phase, every three months"),
    state("phase_2", "Second phase, every six months"),
    final_state("completed", "Five years completed", closed=False),
    final_state("stopped_by_metastasis", "Ended by suspicion of metastasis", closed=False),
)
RULES = (
    rule("not_applicable", ~_anchor.known()),
    rule("stopped_by_metastasis", _metastasis),
    rule("phase_1", today() <= _phase_1_end),
    rule("phase_2", today() <= _end),
    rule("completed", yes()),
)
TRANSITIONS = (
    transition(
        "not_applicable",
        "finding_recorded",
        "phase_1",
        condition="surgery date recorded",
        statements=("imet-surveillance-3m",),
    ),
    transition(
        "phase_1",
        "follow_up_visit",
        "phase_2",
        condition="end of the first phase",
        statements=("imet-surveillance-6m",),
    ),
    transition(
        "phase_2", "follow_up_visit", "completed", condition="60 months", statements=("imet-surveillance-6m",)
    ),
    *(
        transition(
            s, "metastasis_suspected", "stopped_by_metastasis", statements=("ombc-board-before-decisions",)
        )
        for s in ("not_applicable", "phase_1", "phase_2")
    ),
)

_lead = setting.number("lead_days") * -1
# The series ends on the day after 60 months: no timer is left and every unfulfilled date is final.
_over = case((today() > _end, _end.plus_days(1)), otherwise=nothing().day)


def _visits(phase: Dates, statement: str) -> Timer:
    each, date = for_each_date(phase)
    return timer(
        "t-surveillance",
        "Surveillance visit",
        each=each,
        exists=_runs,
        opens=date.plus_days(_lead),
        due=date,
        done=assignment.of(date),
        ends=_over,
        last_day=_end,
        closes=dates.reach(date, _anchor),
        statements=(statement,),
    )


STEPS = (
    step(
        "surveillance_visit",
        "Surveillance visit",
        [offered_in("phase_1", "phase_2")],
        taken_by=("follow_up_visit",),
        statements=(*_exam, "imet-surveillance-exam-triggers-imaging"),
    ),
)

SURVEILLANCE = course.enrolled(
    Pathway(
        id="surveillance",
        key="surveillance",
        version="1.0.0",
        title="Surveillance after primary surgery",
        enrols=(enrols("The day of primary surgery known", surgery_dated),),
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        timers=(_visits(first_phase, "imet-surveillance-3m"), _visits(second_phase, "imet-surveillance-6m")),
        deviations=(
            duty(
                "d-surveillance-overdue",
                "Surveillance visit missed",
                "minor",
                ("t-surveillance",),
                statements=_exam,
            ),
        ),
        displays=(
            display(
                "surveillance-practice",
                "The schedule is registry practice, not a recommendation",
                "evidence",
                "imet-design",
                *_exam,
                steps=("surveillance_visit",),
            ),
        ),
        facts=(("due_dates", dates.node), ("last_due", dates.last().node)),
        open_questions=(
            ("C40 two or three years for the first phase, tolerance around each visit", _runs.node),
        ),
        ticks=(_phase_1_end.plus_days(1).node, _end.plus_days(1).node),
    )
)
