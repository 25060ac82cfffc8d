"""Bone health: bone-modifying drugs and orthopaedic evaluation beside the main pathway (pathway-outline.md
8.1).
"""

from __future__ import annotations

from collections.abc import Callable

from pathways.declare import (
    anytime,
    clause,
    deviation,
    duty,
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
from pathways.language import (
    Bool,
    OneEvent,
    Row,
    all_of,
    any_of,
    case,
    earlier,
    events,
    fact,
    for_each,
    for_each_lesion,
    later,
    setting,
    yes,
)
from pathways.library import course, disease
from pathways.pathway import Pathway

_lead = setting.number("lead_days") * -1
_zol = "mdtbc-bone-zoledronate-12w"
_deno = "mdtbc-bone-denosumab-4w"
_duty = ("mdtbc-bone-bma-mandatory", "mdtbc-pitfall-bma", "ombc-bone-bma")

doses = events("bma_given").named("doses of a bone-modifying drug")
latest_dose = doses.latest().named("the latest dose")
zol_doses = doses.where(drug="zoledronate").named("zoledronate doses")
deno_doses = doses.where(drug="denosumab").named("denosumab doses")
orders = events("bma_ordered", "bma_given").named("orders and doses")

bone_imagings = disease.imagings.where(
    lambda i: (
        i.just()
        .lesions()
        .any(lambda row: row.code("organ").equals("bone") & ~row.code("status").equals("resolved").sure())
    )
).named("imagings that show a bone metastasis")
first_bone = bone_imagings.first().named("the first imaging that shows a bone metastasis")
stopped = events("bma_stopped").after(latest_dose).latest().named("the stop of the bone-modifying drug")


def _counts_as_monthly(dose: OneEvent) -> Bool:
    """21 days to one month plus 14 days after the previous dose; the first dose counts (8.1)."""
    previous = zol_doses.before(dose).latest()
    in_range = (dose.day >= previous.day.plus_days(21)) & (
        dose.day <= previous.day.plus_months(1).plus_days(14)
    )
    return ~previous.there() | in_range


monthly_doses = zol_doses.where(_counts_as_monthly).count().named("monthly zoledronate doses")

_stable_record = (
    events("finding_recorded", "bma_given", "bma_ordered")
    .where(lambda e: e.stated("disease_stable"))
    .latest()
)
_spacing = events("bma_given", "bma_ordered").where(drug="zoledronate", planned_interval="12w").latest()
stable = case(
    (_stable_record.there(), _stable_record.flag("disease_stable")),
    (_spacing.there() & ~fact.flag("disease_stable").known(), _spacing.flag("disease_stable")),
    otherwise=fact.flag("disease_stable"),
).named("the disease is stable")

g_zol_extend = guard(
    "g-zol-extend",
    "Zoledronate may be spaced to 12 weeks",
    "hard",
    [
        clause(
            "Enough monthly doses", monthly_doses >= setting.number("zoledronate_min_monthly_doses"), _zol
        ),
        clause("The disease is stable", stable, _zol),
    ],
    not_applicable=~zol_doses.exist(),
    overruled=course.overruled("g-zol-extend"),
)
_interval_orders = orders.where(drug="denosumab").where(lambda e: e.code("planned_interval").known())
_latest_interval = _interval_orders.latest().code("planned_interval")
g_deno_interval = guard(
    "g-deno-interval",
    "Denosumab every four weeks",
    "soft",
    [
        clause(
            "The planned interval is four weeks",
            case(
                (_interval_orders.exist(), _latest_interval.one_of("4w", "monthly")),
                otherwise=deno_doses.latest().code("planned_interval").equals("4w"),
            ),
            _deno,
        )
    ],
    not_applicable=~(latest_dose.code("drug").equals("denosumab").sure()),
    overruled=course.overruled("g-deno-interval"),
)

# zol_12w: an order or dose with interval 12w made while g-zol-extend passed, until one with another interval.
_zol_orders = orders.where(drug="zoledronate").where(lambda e: e.code("planned_interval").known())
_other_interval = _zol_orders.where(lambda e: ~e.code("planned_interval").equals("12w")).latest()
_extended = _zol_orders.where(planned_interval="12w").after(_other_interval)


def _may_extend(order: OneEvent) -> Bool:
    return outcome_of(g_zol_extend).passing().hindsight(order.day).sure()


twelve_weekly = _extended.any(_may_extend).named("spacing to 12 weeks is in force")


def _spaced_at(dose: OneEvent) -> Bool:
    """Whether the next dose after this one falls due by 12 weeks: the spacing in force until it is given
    (R30).
    """
    following = zol_doses.after(dose).first()
    until = later(dose.day, following.day.plus_days(-1))
    return case((following.there(), twelve_weekly.hindsight(until).sure()), otherwise=twelve_weekly)


_is_latest_zol = latest_dose.code("drug").equals("zoledronate").sure()
_is_latest_deno = latest_dose.code("drug").equals("denosumab").sure()

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
    rule("deno_4w", _is_latest_deno),
    rule("zol_12w", _is_latest_zol & twelve_weekly),
    rule("zol_monthly", _is_latest_zol),
    rule("bma_due", first_bone.there()),
    rule("bone_none", yes()),
)
_zol_states = ("zol_monthly", "zol_12w")
TRANSITIONS = (
    transition(
        "bone_none", "imaging_done", "bma_due", condition="bone metastasis recorded", statements=_duty
    ),
    *(
        transition("bma_due", "bma_given", target, order=n, condition=drug, statements=_duty)
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
            statements=(_zol,),
        )
        for event in ("bma_ordered", "bma_given")
    ),
    *(
        transition("zol_12w", event, "zol_monthly", condition="another interval", order=1, statements=(_zol,))
        for event in ("bma_ordered", "bma_given")
    ),
    *(
        transition(s, "bma_given", "deno_4w", condition="change of drug", order=2, statements=(_deno,))
        for s in _zol_states
    ),
    transition("deno_4w", "bma_given", "zol_monthly", condition="change of drug", statements=(_zol,)),
    *(transition(s, "bma_stopped", "bma_stopped") for s in (*_zol_states, "deno_4w")),
    transition(
        "bma_stopped",
        "bma_given",
        "zol_monthly",
        condition="restart, zoledronate",
        order=1,
        statements=(_zol,),
    ),
    transition(
        "bma_stopped", "bma_given", "deno_4w", condition="restart, denosumab", order=2, statements=(_deno,)
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
        statements=(*_duty, "mdtbc-bone-denosumab-superior", "ombc-bone-denosumab-superior"),
    ),
    step(
        "bma_next",
        "Next dose of a bone-modifying drug",
        [offered_in("zol_monthly", "zol_12w", "deno_4w")],
        (g_deno_interval,),
        taken_by=("bma_given",),
        statements=(_zol, _deno),
    ),
    step(
        "bma_extend",
        "Zoledronate every 12 weeks",
        [offered_in("zol_monthly")],
        (g_zol_extend,),
        taken_by=("bma_ordered", "bma_given"),
        statements=(_zol,),
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
_next_zol = zol_doses.after(_dose).first()
_zol_ends = earlier(deno_doses.after(_dose).first().day, events("bma_stopped").after(_dose).first().day)
_each_deno, _deno_dose = for_each(deno_doses)
_next_deno = deno_doses.after(_deno_dose).first()
_deno_ends = earlier(
    zol_doses.after(_deno_dose).first().day, events("bma_stopped").after(_deno_dose).first().day
)

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
        statements=_duty,
    ),
    timer(
        "t-zol-monthly",
        "Next zoledronate, monthly",
        each=_each_zol,
        exists=~_spaced_at(_dose),
        opens=_dose.day.plus_months(1).plus_days(_lead),
        due=_dose.day.plus_months(1),
        done=_next_zol,
        ends=_zol_ends,
        anchor=(_dose,),
        statements=(_zol,),
    ),
    timer(
        "t-zol-12w",
        "Next zoledronate, every 12 weeks",
        each=_each_zol,
        exists=_spaced_at(_dose),
        opens=_dose.day.plus_weeks(12).plus_days(_lead),
        due=_dose.day.plus_weeks(12),
        done=_next_zol,
        ends=_zol_ends,
        anchor=(_dose,),
        statements=(_zol,),
    ),
    timer(
        "t-deno",
        "Next denosumab",
        each=_each_deno,
        opens=_deno_dose.day.plus_days(28).plus_days(_lead),
        due=_deno_dose.day.plus_days(28),
        done=_next_deno,
        ends=_deno_ends,
        anchor=(_deno_dose,),
        statements=(_deno,),
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
        statements=_duty,
    ),
    duty("d-zol-overdue", "Zoledronate overdue", "minor", ("t-zol-monthly", "t-zol-12w"), statements=(_zol,)),
    duty(
        "d-deno-late", "More than 28 days between denosumab doses", "minor", ("t-deno",), statements=(_deno,)
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
                    lambda e: ~e.code("planned_interval").equals("12w") | _may_extend(e),
                ),
            ),
        ),
        statements=(_zol,),
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
        ),
        statements=(_deno,),
    ),
)

BONE_HEALTH = pathway(
    Pathway(
        id="bone-health",
        key="bone_health",
        version="1.0.0",
        title="Bone health",
        states=STATES,
        rules=RULES,
        transitions=TRANSITIONS,
        steps=STEPS,
        guards=(g_zol_extend, g_deno_interval),
        timers=TIMERS,
        deviations=DEVIATIONS,
        facts=(("zoledronate_monthly_doses", monthly_doses.node),),
        open_questions=(
            ("C34 three or six monthly doses before spacing", zol_doses.exist().node),
            ("C34 when to start the bone-modifying drug", (first_bone.there() & ~doses.exist()).node),
        ),
        left=course.left_on.node,
        returned=course.last_return.day.node,
    )
)
