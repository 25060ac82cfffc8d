"""Definitions of oligometastatic disease, side by side, built from the parameters in definitions.yaml (R15,
R24; C01 to C08).
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.guidelines.catalogue import load_definitions
from pathways.guidelines.definitions import DefinitionProfile
from pathways.language import (
    Bool,
    Code,
    Date,
    all_of,
    case,
    code,
    fact,
    nothing,
    number,
    today,
    undetermined,
    yes,
)
from pathways.library import course, disease

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


def upper_limit(profile: DefinitionProfile) -> int:
    """The greatest number of lesions the profile admits: `< 5` is 4."""
    limit = profile.max_lesions
    assert limit is not None, f"{profile.id} has no count"
    return int(limit.value) - (limit.op == "<")


def guard_limit(id: str) -> int:
    """The limit of g-lesion-count: the smaller of five and the total of the profile (11.4)."""
    return min(GUARD_LIMIT, upper_limit(_declared(id)))


def criteria(profile: DefinitionProfile) -> Iterator[tuple[str, Bool]]:
    """Each computable criterion of a profile with its name."""
    yield "number of lesions", disease.at_most(upper_limit(profile))
    if profile.min_lesions is not None:
        yield "at least one lesion", disease.at_least(int(profile.min_lesions.value))
    if profile.max_cerebral is not None:
        yield "cerebral lesions", disease.organ_count_at_most("cns", int(profile.max_cerebral.value))
    if profile.excluded_features:
        yield from _excluded()
    if profile.lesions_must_be_solid:
        yield "solid lesions", disease.every_active("solid")
    yield from _treatability(profile)
    yield from _organs(profile)
    if profile.controlled_primary == "required":
        yield "controlled locoregional disease", fact.flag("locoregional_controlled")
    yield from _time(profile)


def effusion_free(fluid: Code) -> Bool:
    """None passes, malignant fails, benign or unexplained is left open by the sources (C04)."""
    return case(
        (fluid.equals("none"), yes()), (fluid.equals("malignant"), ~yes()), otherwise=undetermined("C04")
    )


def _excluded() -> Iterator[tuple[str, Bool]]:
    yield "no pleural effusion", effusion_free(disease.pleural_effusion)
    yield "no ascites", effusion_free(disease.ascites)
    yield "no leptomeningeal disease", ~disease.leptomeningeal


def _treatability(profile: DefinitionProfile) -> Iterator[tuple[str, Bool]]:
    if profile.id in ("abc7", "esmo"):
        yield "every lesion locally treatable", disease.every_active("local_treatable")
    if profile.id == "estro-astro":
        yield "every site safely treatable", disease.every_active("safely_treatable")
    if profile.id == "imet-limited-metastasis":
        yield "lung and liver lesions resectable", disease.every_active_in("r0_resectable", "lung", "liver")


def _organs(profile: DefinitionProfile) -> Iterator[tuple[str, Bool]]:
    if profile.required_organs_any:
        yield "lung or liver involved", disease.any_active(*profile.required_organs_any)
    if profile.allowed_organs:
        allowed = profile.allowed_organs
        inside = disease.lesions.all(
            lambda row: disease.active(row).implies(row.code("organ").one_of(*allowed))
        )
        yield "no other organ", inside & disease.list_complete


def last_day(profile: DefinitionProfile) -> Date | None:
    """The last day on which the time since systemic start still fits, where a profile limits it."""
    months = profile.prior_systemic.max_months
    return None if months is None else course.first_line.day.plus_months(int(months.value))


def _time(profile: DefinitionProfile) -> Iterator[tuple[str, Bool]]:
    last = last_day(profile)
    if last is None:
        return
    yield "time since systemic start", ~course.systemic_started | (today() <= last)
    since = course.progressions.after(course.first_line).exist()
    yield "no progression since systemic start", ~(course.systemic_started & since)


def meets(id: str) -> Bool:
    """Every computable criterion of a profile is met."""
    return all_of(*(test for _, test in criteria(_declared(id))))


def _result(profile: DefinitionProfile) -> Code:
    """met, not_met or undetermined on the latest complete imaging (definitions.yaml, evaluation)."""
    fits = meets(profile.id)
    held_back = disease.marrow_open
    if profile.id == "abc7":
        held_back = held_back | disease.pericardial_open
    if profile.min_lesions is None:
        held_back = held_back | disease.no_active_lesion
    return case(
        ((~fits).sure(), code("not_met")),
        (fits.sure() & ~held_back, code("met")),
        otherwise=code("undetermined"),
    ).named(f"profile {profile.id}")


results = {id: _result(_declared(id)) for id in DEFINITIONS}


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
