"""Progression in the CNS alone (pathway-outline.md 8.3, R38; C05, C12, C41)."""

from __future__ import annotations

from pathways.declare import display, duty, enrols, offered_in, rule, state, step, timer, transition
from pathways.language import all_of, events, for_each, number, setting, yes
from pathways.library import course, disease, features, plan, receptors
from pathways.library.judged import fact_step
from pathways.library.recorded import ever_imaged
from pathways.pathway import Pathway

_keep = ("mdtbc-cns-maintain-plus-local",)
_switch = ("mdtbc-cns-her2-switch",)
_MOST_COUNTED = 9

cns_progressions = course.progressions.where(course.cns_only).named("progressions in the CNS alone")
last = cns_progressions.latest()
under_regimen = cns_progressions.after(course.present_line).named(
    "CNS-only progressions under the running regimen"
)
count = under_regimen.count()
stereotactic = (
    events("local_treatment").where(site="cns", modality="stereotactic_rt")
    | events("mdt_started")
    .where(modality="stereotactic_rt")
    .where(lambda m: plan.lies_in(m.codes("targets"), "cns"))
).named("stereotactic treatments of the CNS")
_treated = last.there() & stereotactic.after(last).exist()
_planned = (
    last.there() & course.boards.after(last).where(method="stereotactic_rt").where(course.supports).exist()
)

_progression_states = tuple(f"cns_progression_{n}" for n in range(1, _MOST_COUNTED + 1))
STATES = (
    state("cns_none", "No CNS metastasis"),
    state("cns_stable", "CNS metastasis, stable"),
    *(
        state(name, f"Progression in the CNS alone, number {n}")
        for n, name in enumerate(_progression_states, 1)
    ),
    state("cns_local_planned", "Stereotactic treatment of the CNS planned"),
    state("cns_local_done", "Stereotactic treatment of the CNS done"),
)
RULES = (
    rule("cns_local_done", _treated),
    rule("cns_local_planned", _planned),
    *(rule(name, count >= number(n)) for n, name in reversed(list(enumerate(_progression_states, 1)))),
    rule("cns_stable", disease.active_lesions.any(lambda row: row.code("organ").equals("cns"))),
    rule("cns_none", yes()),
)
_waiting = (*_progression_states, "cns_local_planned")
TRANSITIONS = (
    transition(
        "cns_none",
        "imaging_done",
        "cns_stable",
        condition="active CNS lesion",
        statements=("ago-2024-def-oligoma",),
    ),
    *(
        transition(a, "response_assessed", b, condition="PD in the CNS alone", statements=_keep)
        for a, b in zip(("cns_stable", *_progression_states), _progression_states, strict=False)
    ),
    transition(
        "cns_none",
        "response_assessed",
        "cns_progression_1",
        condition="PD in the CNS alone",
        statements=_keep,
    ),
    *(
        transition(
            s, "board_held", "cns_local_planned", condition="names stereotactic treatment", statements=_keep
        )
        for s in _progression_states
    ),
    *(
        transition(s, event, "cns_local_done", condition="stereotactic, CNS", statements=_keep)
        for s in _waiting
        for event in ("local_treatment", "mdt_started")
    ),
    *(
        transition(
            "cns_local_done",
            "response_assessed",
            s,
            condition="PD in the CNS alone",
            order=n,
            statements=_keep,
        )
        for n, s in enumerate(_progression_states)
    ),
)
STEPS = (
    step(
        "cns_local",
        "Stereotactic treatment of the CNS, regimen kept",
        [offered_in(*_waiting)],
        taken_by=("local_treatment",),
        statements=(*_keep, "ago-2024-gen-symptomatic-local"),
    ),
)

_each_pd, _pd = for_each(cns_progressions)
_pertuzumab = course.lines.where(lambda e: e.code("regimen").equals("trastuzumab_pertuzumab").sure())
_each_line, _line = for_each(_pertuzumab)
_changed = (course.lines | course.stops).after(_line).first()
_third = (
    cns_progressions.after(_line)
    .where(lambda p: cns_progressions.after(_line).before(p).count().equals(number(2)))
    .before(_changed)
    .first()
)
_switch_due = _third.day.plus_days(setting.number("cns_grace_days"))

TIMERS = (
    timer(
        "t-cns-local",
        "Stereotactic treatment of the CNS",
        each=_each_pd,
        own_grace=True,
        opens=_pd.day,
        due=_pd.day.plus_days(setting.number("cns_grace_days")),
        done=stereotactic.since(_pd.day).first(),
        anchor=(_pd,),
        statements=_keep,
    ),
    timer(
        "t-cns-switch",
        "Switch after the third progression in the CNS",
        each=_each_line,
        own_grace=True,
        listed=False,
        exists=_third.there() & receptors.her2_positive.sure(),
        opens=_third.day,
        due=_switch_due,
        done=_changed,
        anchor=(_third,),
        statements=_switch,
    ),
)

_each_change, _change = for_each(course.lines)
_before = course.lines.before(_change).latest()
_cns_before = cns_progressions.after(_before).before(_change)
_others_before = course.progressions.after(_before).before(_change)
DEVIATIONS = (
    fact_step(
        "d-cns-regimen-changed",
        "Regimen changed at the first progression in the CNS alone",
        "major",
        each=_each_change,
        step=_change,
        against=all_of(
            _before.there(), _cns_before.count().equals(number(1)), _others_before.count().equals(number(1))
        ),
        events=(_cns_before.first(), _change),
        guard="g-cns-keep-regimen",
        statements=_keep,
    ),
    duty(
        "d-cns-local-missing",
        "No stereotactic treatment after progression in the CNS alone",
        "major",
        ("t-cns-local",),
        statements=_keep,
    ),
    duty(
        "d-cns-switch-missing",
        "Regimen unchanged after the third progression in the CNS",
        "major",
        ("t-cns-switch",),
        statements=_switch,
    ),
)

_in_cns = features.involves("cns").named("metastases in the CNS")
_on_pertuzumab = course.present_line.code("regimen").equals("trastuzumab_pertuzumab")
DISPLAYS = (
    display(
        "cns-three-lesions",
        "At most three cerebral metastases, as OLIGOMA admits",
        "evidence",
        "ago-2024-def-oligoma",
        applies=_in_cns,
        feature=disease.organ_count_at_most("cns", 3),
    ),
    display(
        "cns-no-ago-grade",
        "AGO treats the CNS in another chapter: no grade of its slides applies",
        "evidence",
        "ago-2024-scope-sites",
        applies=_in_cns,
    ),
    display(
        "cns-switch",
        "Change of regimen from the second progression in the CNS on",
        "recommendation",
        "mdtbc-cns-her2-switch",
        steps=("cns_local",),
        applies=all_of(receptors.her2_positive, _on_pertuzumab, count >= number(2)),
    ),
    display(
        "cns-hydrocephalus",
        "Local treatment of obstructive hydrocephalus",
        "recommendation",
        "ago-2024-gen-symptomatic-local",
        steps=("cns_local",),
        applies=disease.finding_flag("obstructive_hydrocephalus"),
    ),
)

CNS = course.enrolled(
    Pathway(
        id="cns",
        key="cns",
        version="1.0.0",
        title="Progression in the CNS alone",
        enrols=(
            enrols("A CNS lesion on an imaging", ever_imaged("cns")),
            enrols("A progression in the CNS alone", cns_progressions.exist()),
        ),
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        timers=TIMERS,
        deviations=DEVIATIONS,
        displays=DISPLAYS,
        facts=(("intracranial_progression_count", count.node),),
        open_questions=(
            (
                "C41 whether the second or the third intracranial progression calls for the switch",
                (count >= number(2)).node,
            ),
        ),
    )
)
