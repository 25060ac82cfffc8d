"""Bone health: bone-modifying drugs and orthopaedic evaluation beside the main pathway (pathway-outline.md
8.1).
"""

from __future__ import annotations

from collections.abc import Callable

from pathways.declare import (
    anytime,
    deviation,
    display,
    duty,
    enrols,
    offered_in,
    rule,
    state,
    step,
    timer,
    transition,
)
from pathways.language import (
    Bool,
    OneEvent,
    Row,
    all_of,
    any_of,
    events,
    for_each,
    for_each_lesion,
    setting,
    yes,
)
from pathways.library import course, disease
from pathways.library.bone_drugs import (
    DENO,
    DUTY,
    ZOL,
    deno_doses,
    doses,
    first_bone,
    g_deno_interval,
    g_zol_extend,
    latest_dose,
    latest_is_deno,
    latest_is_zol,
    may_extend,
    monthly_doses,
    orders,
    spaced_at,
    stopped,
    twelve_weekly,
    zol_doses,
)
from pathways.library.recorded import ever_imaged
from pathways.pathway import Pathway

_lead = setting.number("lead_days") * -1

STATES = (
    state("bone_none", "No bone metastasis"),
    state("bma_due", "Bone metastasis, no dose yet"),
    state("zol_monthly", "Zoledronate monthly"),
    state("zol_12w", "Zoledronate every 12 weeks"),
    state("deno_4w", "Denosumab every four weeks"),
    state("bma_stopped", "Bone-modifying drug stopped"),
)
RULES = (
    rule("bma_stopped", latest_dose.there() & stopped.there()),
    rule("deno_4w", latest_is_deno),
    rule("zol_12w", latest_is_zol & twelve_weekly),
    rule("zol_monthly", latest_is_zol),
    rule("bma_due", first_bone.there()),
    rule("bone_none", yes()),
)
_zol_states = ("zol_monthly", "zol_12w")
TRANSITIONS = (
    transition("bone_none", "imaging_done", "bma_due", condition="bone metastasis recorded", statements=DUTY),
    *(
        transition("bma_due", "bma_given", target, order=n, condition=drug, statements=DUTY)
        for n, (target, drug) in enumerate((("zol_monthly", "zoledronate"), ("deno_4w", "denosumab")), 1)
    ),
    *(
        transition(
            "zol_monthly",
            event,
            "zol_12w",
            guards=("g-zol-extend",),
            condition="interval 12 weeks",
            order=1,
            statements=(ZOL,),
        )
        for event in ("bma_ordered", "bma_given")
    ),
    *(
        transition("zol_12w", event, "zol_monthly", condition="another interval", order=1, statements=(ZOL,))
        for event in ("bma_ordered", "bma_given")
    ),
    *(
        transition(s, "bma_given", "deno_4w", condition="change of drug", order=2, statements=(DENO,))
        for s in _zol_states
    ),
    transition("deno_4w", "bma_given", "zol_monthly", condition="change of drug", statements=(ZOL,)),
    *(transition(s, "bma_stopped", "bma_stopped") for s in (*_zol_states, "deno_4w")),
    transition(
        "bma_stopped",
        "bma_given",
        "zol_monthly",
        condition="restart, zoledronate",
        order=1,
        statements=(ZOL,),
    ),
    transition(
        "bma_stopped", "bma_given", "deno_4w", condition="restart, denosumab", order=2, statements=(DENO,)
    ),
)


def _significant(row: Row) -> Bool:
    """A significant lesion of a long bone or vertebra (8.1; what is significant is coded by a clinician)."""
    return all_of(
        row.code("organ").equals("bone"),
        row.flag("significant"),
        row.code("location_detail").one_of("long_bone", "vertebra"),
        ~row.code("status").equals("resolved").sure(),
    )


def _first_mention(row: Row) -> Bool:
    earlier_imagings = disease.imagings.before(row.imaging)
    return ~earlier_imagings.any(
        lambda i: i.just().lesions().any(lambda other: other.id.equals(row.id) & _significant(other)).sure()
    )


significant_lesions = disease.listed_lesions.where(_significant).where(_first_mention)
_each_significant, _lesion = for_each_lesion(significant_lesions)
_evaluated = (
    events("ortho_evaluated")
    .since(_lesion.imaging.day)
    .where(lambda e: ~e.code("lesion").there() | e.code("lesion").equals(_lesion.id))
    .first()
)

STEPS = (
    step(
        "bma_start",
        "First dose of a bone-modifying drug",
        [offered_in("bma_due")],
        taken_by=("bma_given",),
        statements=(*DUTY, "mdtbc-bone-denosumab-superior", "ombc-bone-denosumab-superior"),
    ),
    step(
        "bma_next",
        "Next dose of a bone-modifying drug",
        [offered_in("zol_monthly", "zol_12w", "deno_4w")],
        (g_deno_interval,),
        taken_by=("bma_given",),
        statements=(ZOL, DENO),
    ),
    step(
        "bma_extend",
        "Zoledronate every 12 weeks",
        [offered_in("zol_monthly")],
        (g_zol_extend,),
        taken_by=("bma_ordered", "bma_given"),
        statements=(ZOL,),
    ),
    step(
        "ortho",
        "Orthopaedic evaluation",
        [anytime(significant_lesions.any(lambda _: yes()))],
        taken_by=("ortho_evaluated",),
        statements=("mdtbc-bone-ortho",),
    ),
)

_each_zol, _dose = for_each(zol_doses)
_zol_over = (deno_doses | events("bma_stopped")).after(_dose).first()
_next_zol = zol_doses.after(_dose).before(_zol_over).first()
_each_deno, _deno_dose = for_each(deno_doses)
_deno_over = (zol_doses | events("bma_stopped")).after(_deno_dose).first()
_next_deno = deno_doses.after(_deno_dose).before(_deno_over).first()

TIMERS = (
    timer(
        "t-bma-start",
        "First dose of a bone-modifying drug",
        exists=first_bone.there(),
        own_grace=True,
        opens=first_bone.day,
        due=first_bone.day.plus_days(setting.number("bma_start_grace_days")),
        done=doses.first(),
        anchor=(first_bone,),
        statements=DUTY,
    ),
    timer(
        "t-zol-monthly",
        "Next zoledronate, monthly",
        each=_each_zol,
        exists=~spaced_at(_dose),
        opens=_dose.day.plus_months(1).plus_days(_lead),
        due=_dose.day.plus_months(1),
        done=_next_zol,
        ends=_zol_over.day,
        anchor=(_dose,),
        statements=(ZOL,),
    ),
    timer(
        "t-zol-12w",
        "Next zoledronate, every 12 weeks",
        each=_each_zol,
        exists=spaced_at(_dose),
        opens=_dose.day.plus_weeks(12).plus_days(_lead),
        due=_dose.day.plus_weeks(12),
        done=_next_zol,
        ends=_zol_over.day,
        anchor=(_dose,),
        statements=(ZOL,),
    ),
    timer(
        "t-deno",
        "Next denosumab",
        each=_each_deno,
        opens=_deno_dose.day.plus_days(28).plus_days(_lead),
        due=_deno_dose.day.plus_days(28),
        done=_next_deno,
        ends=_deno_over.day,
        anchor=(_deno_dose,),
        statements=(DENO,),
    ),
    timer(
        "t-ortho",
        "Orthopaedic evaluation",
        each=_each_significant,
        own_grace=True,
        opens=_lesion.imaging.day,
        due=_lesion.imaging.day.plus_days(setting.number("ortho_grace_days")),
        done=_evaluated,
        anchor=(_lesion.imaging,),
        statements=("mdtbc-bone-ortho",),
    ),
)

_twelve = orders.where(planned_interval="12w")
_each_spaced, _spaced = for_each(_twelve.where(drug="zoledronate"))
_each_wide, _wide = for_each(_twelve.where(drug="denosumab"))
_too_early = (~all_of(*(Bool(c.test) for c in g_zol_extend.clauses))).sure()


def _replaced(order: OneEvent, drug: str, proper: Callable[[OneEvent], Bool]) -> Bool:
    """The order was withdrawn by a stop or a change of drug, or a proper one followed (R31)."""
    following = orders.after(order)
    return any_of(
        events("bma_stopped").after(order).exist(),
        following.where(lambda e: ~e.code("drug").equals(drug)).exist(),
        following.where(lambda e: e.code("planned_interval").known() & proper(e)).exist(),
    )


DEVIATIONS = (
    duty(
        "d-bma-missing",
        "Bone metastasis without a bone-modifying drug",
        "major",
        ("t-bma-start",),
        statements=DUTY,
    ),
    duty("d-zol-overdue", "Zoledronate overdue", "minor", ("t-zol-monthly", "t-zol-12w"), statements=(ZOL,)),
    duty(
        "d-deno-late", "More than 28 days between denosumab doses", "minor", ("t-deno",), statements=(DENO,)
    ),
    duty(
        "d-ortho-missing",
        "Significant bone lesion without orthopaedic evaluation",
        "major",
        ("t-ortho",),
        statements=("mdtbc-bone-ortho",),
    ),
    deviation(
        "d-zol-extended-early",
        "Zoledronate spaced to 12 weeks too early",
        "major",
        each=_each_spaced,
        raised=_too_early.seen(_spaced.day),
        otherwise="open",
        events=(_spaced,),
        statuses=(
            ("overruled", course.overruled("g-zol-extend").seen(_spaced.day)),
            (
                "closed",
                _replaced(
                    _spaced,
                    "zoledronate",
                    lambda e: ~e.code("planned_interval").equals("12w") | may_extend(e),
                ),
            ),
            ("final", course.gone),
        ),
        statements=(ZOL,),
    ),
    deviation(
        "d-deno-extended-order",
        "Denosumab ordered at more than four weeks",
        "major",
        each=_each_wide,
        raised=_wide.there(),
        otherwise="open",
        events=(_wide,),
        statuses=(
            ("overruled", course.overruled("g-deno-interval").seen(_wide.day)),
            ("closed", _replaced(_wide, "denosumab", lambda e: ~e.code("planned_interval").equals("12w"))),
            ("final", course.gone),
        ),
        statements=(DENO,),
    ),
)

BONE_HEALTH = course.enrolled(
    Pathway(
        id="bone-health",
        key="bone_health",
        version="1.0.0",
        title="Bone health",
        enrols=(
            enrols("A bone lesion on an imaging", ever_imaged("bone")),
            enrols("A bone-modifying drug ordered or given", orders.exist()),
        ),
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        guards=(g_zol_extend, g_deno_interval),
        timers=TIMERS,
        deviations=DEVIATIONS,
        displays=(
            display(
                "bone-distinct",
                "Bone metastases follow strategies of their own, beside the main pathway",
                "evidence",
                "imet-bone-distinct",
                applies=first_bone.there(),
            ),
            display(
                "bone-no-ago-grade",
                "AGO treats bone-modifying drugs in another chapter: no grade of its slides applies",
                "evidence",
                "ago-2024-scope-sites",
                applies=first_bone.there(),
            ),
        ),
        facts=(("zoledronate_monthly_doses", monthly_doses.node),),
        open_questions=(
            ("C34 three or six monthly doses before spacing", zol_doses.exist().node),
            ("C34 when to start the bone-modifying drug", (first_bone.there() & ~doses.exist()).node),
        ),
    )
)
