"""Bone-modifying drugs: doses, intervals and the guards on them (pathway-outline.md 8.1, R30; C34)."""

from __future__ import annotations

from pathways.declare import (
    clause,
    guard,
    outcome_of,
)
from pathways.language import (
    Bool,
    OneEvent,
    case,
    events,
    fact,
    later,
    setting,
)
from pathways.library import course, disease

ZOL = "mdtbc-bone-zoledronate-12w"
DENO = "mdtbc-bone-denosumab-4w"
DUTY = ("mdtbc-bone-bma-mandatory", "mdtbc-pitfall-bma", "ombc-bone-bma")

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
        clause("Enough monthly doses", monthly_doses >= setting.number("zoledronate_min_monthly_doses"), ZOL),
        clause("The disease is stable", stable, ZOL),
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
            DENO,
        )
    ],
    not_applicable=~(latest_dose.code("drug").equals("denosumab").sure()),
    overruled=course.overruled("g-deno-interval"),
)

# zol_12w: an order or dose with interval 12w made while g-zol-extend passed, until one with another interval.
_zol_orders = orders.where(drug="zoledronate").where(lambda e: e.code("planned_interval").known())
_other_interval = _zol_orders.where(lambda e: ~e.code("planned_interval").equals("12w")).latest()
_extended = _zol_orders.where(planned_interval="12w").after(_other_interval)


def may_extend(order: OneEvent) -> Bool:
    """Before the first dose only a board spaces the doses, though the condition is not applicable then."""
    passing = zol_doses.exist() & outcome_of(g_zol_extend).passing()
    return (passing | course.overruled("g-zol-extend")).hindsight(order.day).sure()


twelve_weekly = _extended.any(may_extend).named("spacing to 12 weeks is in force")


def spaced_at(dose: OneEvent) -> Bool:
    """Whether the next dose after this one falls due by 12 weeks: the spacing in force until it is given
    (R30).
    """
    following = zol_doses.after(dose).first()
    until = later(dose.day, following.day.plus_days(-1))
    return case((following.there(), twelve_weekly.hindsight(until).sure()), otherwise=twelve_weekly)


latest_is_zol = latest_dose.code("drug").equals("zoledronate").sure()
latest_is_deno = latest_dose.code("drug").equals("denosumab").sure()
