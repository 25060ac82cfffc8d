"""Definitions of oligometastatic disease, side by side, built from the parameters in definitions.yaml (R15,
R24; C01 to C08).
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.declare import clause, profile
from pathways.guidelines.catalogue import load_definitions
from pathways.guidelines.definitions import DefinitionProfile
from pathways.language import (
    Bool,
    Code,
    Date,
    all_of,
    case,
    fact,
    nothing,
    number,
    today,
    undetermined,
    yes,
)
from pathways.library import course, disease
from pathways.pathway import Clause, Profile

DEFINITIONS = (
    "abc7",
    "esmo",
    "estro-astro",
    "sabr-comet",
    "nrg-br002",
    "oligoma",
    "imet-limited-metastasis",
    "ombc-2025",
)
GUARD_LIMIT = 5


def _declared(id: str) -> DefinitionProfile:
    return load_definitions().profiles[id]


def upper_limit(declared: DefinitionProfile) -> int:
    """The greatest number of lesions the profile admits: `< 5` is 4."""
    limit = declared.max_lesions
    assert limit is not None, f"{declared.id} has no count"
    return int(limit.value) - (limit.op == "<")


def guard_limit(id: str) -> int:
    """The limit of g-lesion-count: the smaller of five and the total of the profile (11.4)."""
    return min(GUARD_LIMIT, upper_limit(_declared(id)))


def _criteria(declared: DefinitionProfile) -> Iterator[Clause]:
    """Each computable criterion of a profile, with the conflict whose default or reading it follows."""
    limit = upper_limit(declared)
    yield _criterion(declared, f"At most {limit} active lesions", disease.at_most(limit), "C01")
    if declared.min_lesions is not None:
        least = int(declared.min_lesions.value)
        yield _criterion(declared, "At least one active lesion", disease.at_least(least), "C01")
    if declared.max_cerebral is not None:
        most = int(declared.max_cerebral.value)
        brain = disease.organ_count_at_most("cns", most)
        yield _criterion(declared, f"At most {most} lesions in the brain", brain, "C05")
    if declared.excluded_features:
        yield from _excluded(declared)
    if declared.lesions_must_be_solid:
        yield _criterion(declared, "Every active lesion is solid", disease.every_active("solid"), "C04")
    yield from _treatability(declared)
    yield from _organs(declared)
    if declared.controlled_primary == "required":
        controlled = fact.flag("locoregional_controlled")
        yield _criterion(declared, "Locoregional disease is controlled", controlled, "C06")
    yield from _time(declared)


def _criterion(declared: DefinitionProfile, text: str, test: Bool, conflict: str = "") -> Clause:
    return clause(text, test, *declared.statements, conflict=conflict)


def effusion_free(fluid: Code) -> Bool:
    """None passes, malignant fails, benign or unexplained is left open by the sources (C04)."""
    return case(
        (fluid.equals("none"), yes()), (fluid.equals("malignant"), ~yes()), otherwise=undetermined("C04")
    )


def _excluded(declared: DefinitionProfile) -> Iterator[Clause]:
    yield _criterion(declared, "No pleural effusion", effusion_free(disease.pleural_effusion), "C04")
    yield _criterion(declared, "No ascites", effusion_free(disease.ascites), "C04")
    yield _criterion(declared, "No leptomeningeal disease", ~disease.leptomeningeal, "C04")


def _treatability(declared: DefinitionProfile) -> Iterator[Clause]:
    if declared.id in ("abc7", "esmo"):
        treatable = disease.every_active("local_treatable")
        yield _criterion(declared, "Every active lesion can be treated locally", treatable)
    if declared.id == "estro-astro":
        safely = disease.every_active("safely_treatable")
        yield _criterion(declared, "Every active lesion can be treated safely", safely)
    if declared.id == "imet-limited-metastasis":
        resectable = disease.every_active_in("r0_resectable", "lung", "liver")
        yield _criterion(declared, "Lesions of lung and liver can be resected", resectable)


def _organs(declared: DefinitionProfile) -> Iterator[Clause]:
    if declared.required_organs_any:
        involved = disease.any_active(*declared.required_organs_any)
        yield _criterion(declared, "Lung or liver is involved", involved, "C03")
    if declared.allowed_organs:
        allowed = declared.allowed_organs
        inside = disease.lesions.all(
            lambda row: disease.active(row).implies(row.code("organ").one_of(*allowed))
        )
        yield _criterion(declared, "No other organ is involved", inside & disease.list_complete, "C03")


def last_day(declared: DefinitionProfile) -> Date | None:
    """The last day on which the time since systemic start still fits, where a profile limits it."""
    months = declared.prior_systemic.max_months
    return None if months is None else course.first_line.day.plus_months(int(months.value))


def _time(declared: DefinitionProfile) -> Iterator[Clause]:
    last, limit = last_day(declared), declared.prior_systemic.max_months
    if last is None or limit is None:
        return
    in_time = ~course.systemic_started | (today() <= last)
    yield _criterion(declared, f"At most {int(limit.value)} months of systemic therapy", in_time, "C09")
    worse = course.responses.after(course.first_line).any(lambda e: e.code("overall").equals("PD"))
    steady = ~(course.systemic_started & worse)
    yield _criterion(declared, "No progression since systemic therapy began", steady)


def meets(id: str) -> Bool:
    """Every computable criterion of a profile is met."""
    return all_of(*(Bool(criterion.test) for criterion in _criteria(_declared(id))))


def _for_the_board(declared: DefinitionProfile) -> Iterator[Clause]:
    """What no source decides: a board has to look where it is so; met becomes undetermined (R15, R24)."""
    yield _left_open(declared, "No bone-marrow infiltration", disease.marrow_open, "C04")
    if declared.id == "abc7":
        fluid = "No pericardial effusion that may be malignant"
        yield _left_open(declared, fluid, disease.pericardial_open, "C04")
    if declared.min_lesions is None:
        yield _left_open(declared, "A lesion is active", disease.no_active_lesion, "C02")


def _left_open(declared: DefinitionProfile, text: str, there: Bool, conflict: str) -> Clause:
    return _criterion(declared, text, case((there, undetermined(conflict)), otherwise=yes()), conflict)


def _profile(id: str) -> Profile:
    """met, not_met or undetermined on the latest complete imaging (definitions.yaml, evaluation)."""
    declared = _declared(id)
    criteria = [*_criteria(declared), *_for_the_board(declared)]
    return profile(id, declared.label, criteria, *declared.statements)


PROFILES = tuple(_profile(id) for id in DEFINITIONS)
results = {one.id: Code(one.result) for one in PROFILES}


def _chosen() -> Code:
    pairs = [(disease.profile_setting.equals(id), results[id]) for id in DEFINITIONS[1:]]
    return case(*pairs, otherwise=results[DEFINITIONS[0]]).named(
        "the classification under the chosen profile"
    )


def _lapse() -> Date:
    lasting = [(id, last) for id in DEFINITIONS if (last := last_day(_declared(id))) is not None]
    pairs = [(disease.profile_setting.equals(id), last.plus_days(1)) for id, last in lasting]
    return case(*pairs, otherwise=nothing().day).named("the day on which time alone ends the chosen profile")


classification = _chosen()
lapses_on = _lapse()
classified_not_met = classification.equals("not_met").named("not oligometastatic under the chosen profile")
chosen_limit = case(
    *((disease.profile_setting.equals(id), number(guard_limit(id))) for id in DEFINITIONS[1:]),
    otherwise=number(guard_limit(DEFINITIONS[0])),
).named("the limit of the chosen profile")
definition_statements = {id: _declared(id).statements for id in DEFINITIONS}
