"""Features of the patient that recommendations, prognosis and evidence look at, each met, not met or unknown.

They are shown and never block. What no imaging lists may lie anywhere, and without an active lesion there is
nothing to judge (C02).
"""

from __future__ import annotations

from pathways.language import (
    Bool,
    Code,
    Date,
    age,
    all_of,
    case,
    events,
    fact,
    no,
    number,
    today,
    undetermined,
    unknown,
    yes,
)
from pathways.library import course, disease, plan, profiles, receptors
from pathways.library.facts import first_metastasis, registry_population, surgery

hr_positive, her2_positive = receptors.hr_positive, receptors.her2_positive
hrpos_her2neg = hr_positive & ~her2_positive
triple_negative = (~hr_positive & ~her2_positive).named("triple-negative disease")


def younger_than(years: int) -> Bool:
    return age(fact.date("birth_date"), today()) < number(years)


# ---- burden and organs ----
def _judged(test: Bool) -> Bool:
    return case((disease.no_active_lesion, undetermined("C02")), otherwise=test)


def at_most(lesions: int) -> Bool:
    return _judged(disease.at_most(lesions)).named(f"active metastases, at most {lesions}")


def involves(*organs: str) -> Bool:
    """An active lesion lies there; unknown where the imaging counts more lesions than it lists."""
    return disease.any_active(*organs) | ~disease.list_complete


def only_in(*organs: str) -> Bool:
    """Every active lesion lies there."""
    inside = disease.lesions.all(lambda row: disease.active(row).implies(row.code("organ").one_of(*organs)))
    return _judged(inside & disease.list_complete)


bone_only = only_in("bone").named("metastases in the bone only")
visceral = (disease.visceral | ~disease.list_complete).named("visceral metastases")
lung_or_liver = involves("lung", "liver").named("metastases in lung or liver")
several_organs = (
    disease.lesions.any(
        lambda one: (
            disease.active(one)
            & disease.lesions.any(
                lambda other: disease.active(other) & ~other.code("organ").equals(one.code("organ"))
            )
        )
    )
    | ~disease.list_complete
).named("metastases in several organs")


# ---- time ----
first_seen: Date = case(
    (first_metastasis.there(), first_metastasis), otherwise=fact.date("metastasis.first_diagnosis_date")
).named("the first diagnosis of metastasis")
intact_primary = fact.code("primary.status").equals("intact")


def later_than(months: int, start: Date) -> Bool:
    """The first metastasis came more than so many calendar months after that day."""
    return first_seen > start.plus_months(months)


# ---- response to the first systemic therapy (C11: CR and PR count, SD is left open) ----
_first_pd = course.progressions.after(course.first_line).first()
_initial = (
    course.responses.after(course.first_line)
    .where(lambda _: course.systemic_started)
    .before(_first_pd)
    .named("responses to the first systemic therapy")
)
responded_at_first = case(
    (_initial.where(course.responded).exist(), yes()),
    (_initial.where(overall="SD").exist(), undetermined("C11")),
    (course.systemic_started & _first_pd.there(), no()),
    otherwise=unknown(),
).named("a response to the first systemic therapy")


# ---- the registry ----
registry_patient = all_of(lung_or_liver, ~intact_primary, registry_population(first_seen)).named(
    "a patient as the IMET registry analysed them"
)


selected_by_registry = all_of(
    hr_positive | her2_positive,
    profiles.meets("imet-limited-metastasis"),
    younger_than(55) | later_than(24, surgery),
).named("a patient for whom the registry advises to consider intervention")


# ---- what was planned, and what was told ----
def planned(*methods: str) -> Bool:
    """One of these methods is planned, or none is chosen yet."""
    return case(
        (plan.method.known(), plan.method.one_of(*methods)), (plan.present, unknown()), otherwise=yes()
    )


def aimed_at(*organs: str) -> Bool:
    """A target lies there; before there are targets, an active lesion."""
    return case((plan.targets.there(), plan.lies_in(plan.targets, *organs)), otherwise=involves(*organs))


def told(topic: str) -> Bool:
    """The patient was counselled on this since the last progression (R7)."""
    return (
        events("counselling_documented")
        .after(course.last_pd)
        .any(lambda c: c.codes("topics").contains(topic))
    )


def met(classification: Code) -> Bool:
    """A definition is met; undetermined is unknown."""
    return case((classification.equals("undetermined"), unknown()), otherwise=classification.equals("met"))
