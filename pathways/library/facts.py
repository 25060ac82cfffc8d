"""Derived facts shown beside the state (vocabulary.yaml, derived_facts; definitions.yaml; C36)."""

from __future__ import annotations

from pathways.language import (
    Bool,
    Date,
    Expression,
    age,
    all_of,
    any_of,
    case,
    events,
    fact,
    later,
    number,
    span,
    today,
    unknown,
)
from pathways.library import course, disease, receptors

surgery = fact.date("primary.surgery_date")
diagnosis = fact.date("primary.diagnosis_date")
_stated_first = fact.date("metastasis.first_diagnosis_date")
_shows_metastasis = disease.imagings.where(
    lambda i: (
        i.just().lesions().any(lambda row: row.id.known())
        | (i.number("lesion_count_total") >= number(1)).sure()
    )
)
first_metastasis = case(
    (_stated_first.known(), _stated_first), otherwise=_shows_metastasis.first().day
).named("the first metastasis")
_last_visit = later(
    events("follow_up_visit").latest().day,
    case(
        (fact.date("last_followup_date").known(), fact.date("last_followup_date")),
        otherwise=events().first().day,
    ),
)
_end = case((course.deaths.exist(), course.deaths.first().day), otherwise=_last_visit)


def metachronous(first: Date) -> Bool:
    """More than three months after surgery of the primary: the only limit in the sources (C08)."""
    return first > surgery.plus_months(3)


def registry_population(first: Date) -> Bool:
    """Whom the IMET registry analysed: women, HR or HER2 positive, not de novo, metachronous.

    What was found more than three months after surgery was not there at diagnosis: where nothing else does,
    metachronous tells that it is not de novo.
    """
    return all_of(
        fact.code("sex").equals("female"),
        any_of(receptors.hr_positive, receptors.her2_positive),
        ~fact.flag("de_novo_metastatic").sure(),
        metachronous(first),
    )


_total = case(
    (disease.count_least.equals(disease.count_most), disease.count_most),
    otherwise=disease.stated_count,
)


def organ_count(*organs: str) -> Expression:
    """The number of active lesions there; unknown where it could be another."""
    rows = disease.in_organ(*organs)
    least, most = rows.sure_count(disease.active), rows.possible_count(disease.active)
    return case((least.equals(most) & disease.list_complete, most), otherwise=disease.stated_count)


FACTS: dict[str, Expression] = {
    "lesion_count_total": _total,
    "lesion_count_cerebral": organ_count("cns"),
    "liver_lesion_count": organ_count("liver"),
    "organs_involved": disease.organs_involved,
    "visceral_metastasis": disease.visceral | ~disease.list_complete,
    "imaging.pet_done": case((disease.restagings.exist(), disease.pet_done), otherwise=unknown()),
    "systemic_start": course.first_line.day,
    "response_clock_start": course.clock_start,
    "response_boundary": course.boundary,
    "response_window_closed": course.window_closed,
    "age_years": age(fact.date("birth_date"), today()),
    "mdfi": span(surgery, first_metastasis),
    "dfi": span(diagnosis, first_metastasis),
    "pfi": span(first_metastasis, course.progressions.first().day),
    "pdrs": span(first_metastasis, _end),
    "os": span(diagnosis, _end),
    "mdfi_more_than_24_months": first_metastasis > surgery.plus_months(24),
    "metachronous_imet": metachronous(first_metastasis),
    "imet_analysis_population": registry_population(first_metastasis),
    "first_metachronous_day": surgery.plus_months(3).plus_days(1),
}
