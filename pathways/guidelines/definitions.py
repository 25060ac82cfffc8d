"""Definitions of oligometastatic disease as parameterised profiles. No uniform definition exists.

Source: data/definitions.yaml. None means that the body says nothing about a parameter, and `no_limit` that it
explicitly sets no limit. A text that begins with 'reading' is a project interpretation.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Operator = Literal["<=", "<", ">=", ">", "="]
ProfileKind = Literal["definition", "taxonomy_only", "selection_layer", "no_own_definition"]
Number = int | float

no_limit = "none"

_compare: Mapping[str, Callable[[Number, Number], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound as the body words it. `force` and `note` soften it, `reading` is how the project takes it."""

    op: Operator
    value: Number
    unit: str | None = None
    note: str | None = None
    reading: str | None = None
    force: str | None = None

    def allows(self, number: Number) -> bool:
        """Whether a known number keeps the limit."""
        return _compare[self.op](number, self.value)


@dataclass(frozen=True, slots=True)
class ResponseMonths:
    """A minimum given as a range, in calendar months, and the end of it that is configured."""

    lower: int
    upper: int
    configured: int


@dataclass(frozen=True, slots=True)
class PriorSystemic:
    """What a profile asks of systemic therapy before the local one."""

    min_months: Limit | None = None
    max_months: Limit | None = None
    min_response_months: ResponseMonths | None = None
    without_progression: bool | str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Imaging:
    """What a profile asks of the imaging behind the count."""

    requirement: str | None = None
    preference: str | None = None
    history: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the OligoCare taxonomy; its values are assigned by a clinician, never computed."""

    axis: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Metachronous:
    """Metachronous when the second day lies further than the limit from the first."""

    limit: Limit
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class AnalysisPopulation:
    """Who was analysed in IMET: a flag beside the profile, never part of its result."""

    statements: tuple[str, ...]
    sex: str
    biology: str
    triple_negative: str
    de_novo: str
    metachronous: Metachronous
    diagnosis_period: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DefinitionProfile:
    """One body's definition, or what it offers in place of one (`kind`).

    `excluded_features` are findings that must not be present. `computable` is the rule in words,
    `not_determined` what the body leaves open. `organ_limit` is a Limit, a sentence or `no_limit`.
    """

    id: str
    label: str
    seed: str
    statements: tuple[str, ...]
    computable: str
    kind: ProfileKind = "definition"
    not_determined: tuple[str, ...] = ()
    counting_unit: str | None = None
    min_lesions: Limit | None = None
    max_lesions: Limit | None = None
    max_cerebral: Limit | None = None
    organ_limit: Limit | str | None = None
    allowed_organs: tuple[str, ...] | None = None
    required_organs_any: tuple[str, ...] | None = None
    excluded_features: tuple[str, ...] | None = None
    lesions_must_be_solid: bool | None = None
    local_treatability: str | None = None
    treatment_aim: str | None = None
    controlled_primary: str | None = None
    prior_systemic: PriorSystemic = PriorSystemic()
    imaging: Imaging = Imaging()
    timing_taxonomy: tuple[Axis, ...] | None = None
    analysis_population: AnalysisPopulation | None = None
    boundary: str | None = None
    tissue: str | None = None
    board: str | None = None
    counselling: str | None = None
    breast_cancer_patients: int | None = None

    @property
    def gives_result(self) -> bool:
        """Whether the profile can be met at all."""
        return self.kind in ("definition", "selection_layer")


@dataclass(frozen=True, slots=True)
class IntervalCriterion:
    """A disease-free interval the source names without a number."""

    value: str
    number: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class OrganSelectionProfile:
    """Who is selected for a procedure in one organ. It limits the procedure, not the diagnosis."""

    id: str
    statements: tuple[str, ...]
    kind: str = "selection"
    applies_when: str | None = None
    max_liver_lesions: Limit | None = None
    further_metastases: Limit | None = None
    lesion_diameter_mm: Limit | None = None
    age_years: Limit | None = None
    remnant_function_percent: Limit | None = None
    extrahepatic_disease: bool | None = None
    multi_organ: bool | None = None
    chemo_sensitive: bool | None = None
    progression_on_chemotherapy: bool | None = None
    surgery_possible: bool | None = None
    disease_free_interval: IntervalCriterion | None = None
    overlap_with_hrpos: str | None = None
    connective_of_isolated_and_size: str | None = None


@dataclass(frozen=True, slots=True)
class TimeTerm:
    """A term for an interval, with the anchors its source gives it."""

    term: str
    rule: str
    statements: tuple[str, ...] = ()
    scope: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a profile is evaluated, and which one drives guards unless configured otherwise."""

    results: tuple[str, ...]
    rule: str
    no_active_lesion: str
    always_report: tuple[str, ...]
    evaluate: str
    default_profile: str
    default_selection_layer: str
    default_reason: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """All profiles with what is common to them; `counting` tells what is counted, point by point."""

    evaluation: Evaluation
    counting: Mapping[str, str | bool]
    profiles: Mapping[str, DefinitionProfile]
    organ_selection: Mapping[str, OrganSelectionProfile]
    time_terms: Mapping[str, TimeTerm]
