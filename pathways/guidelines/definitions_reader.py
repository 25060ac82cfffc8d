"""From definitions.yaml to Definitions; what is wrong is collected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from types import MappingProxyType
from typing import TypeVar, cast, get_args

from pathways.guidelines.definitions import (
    AnalysisPopulation,
    Axis,
    DefinitionProfile,
    Definitions,
    Evaluation,
    Imaging,
    IntervalCriterion,
    Limit,
    Metachronous,
    Operator,
    OrganSelectionProfile,
    PriorSystemic,
    ProfileKind,
    ResponseMonths,
    TimeTerm,
)
from pathways.guidelines.document import Document, Problem
from pathways.guidelines.row import Row
from pathways.guidelines.seeds import SEEDS

Part = TypeVar("Part")

_operators = get_args(Operator)
_kinds = get_args(ProfileKind)


def read_definitions(document: Document, problems: list[Problem], statements: Collection[str]) -> Definitions:
    """The definitions of one document; what is wrong, unknown statement ids too, is added to `problems`."""
    with Row.top(document, problems) as top:
        evaluation = _evaluation(top.needed_row("evaluation"))
        definitions = Definitions(
            evaluation=evaluation,
            counting=MappingProxyType(_counting(top.needed_row("counting"))),
            profiles=_by_id("id", top.rows("profiles"), _profile, statements),
            organ_selection=_by_id("id", top.rows("organ_selection_profiles"), _organ_selection, statements),
            time_terms=_by_id("term", top.rows("time_terms"), _time_term, statements),
        )
        for key in ("default_profile", "default_selection_layer"):
            if getattr(evaluation, key) not in definitions.profiles:
                top.note(f"{key!r} names no profile", "evaluation", key)
    return definitions


def _by_id(
    key: str, rows: Iterable[Row], read: Callable[[Row], Part], statements: Collection[str]
) -> MappingProxyType[str, Part]:
    """Reads each row once, by its id, and checks the statements it names."""
    found: dict[str, Part] = {}
    for row in rows:
        with row:
            part = read(row)
            name = row.text(key)
            _check_statements(row, name, statements)
            if population := row.row("analysis_population"):
                _check_statements(population, name, statements)
        if name in found:
            row.note(f"{name!r} stands twice", key)
        found[name] = part
    return MappingProxyType(found)


def _check_statements(row: Row, name: str, statements: Collection[str]) -> None:
    for place, statement in enumerate(row.texts("statements")):
        if statement not in statements:
            row.note(f"{name} names the statement {statement!r}, which does not exist", "statements", place)


def _evaluation(row: Row) -> Evaluation:
    with row:
        return Evaluation(
            results=row.texts("results"),
            rule=row.text("rule"),
            no_active_lesion=row.text("no_active_lesion"),
            always_report=row.texts("always_report"),
            evaluate=row.text("evaluate"),
            default_profile=row.text("default_profile"),
            default_selection_layer=row.text("default_selection_layer"),
            default_reason=row.text("default_reason"),
        )


def _counting(row: Row) -> dict[str, str | bool]:
    points: dict[str, str | bool] = {}
    for key, value in row.data.items():
        if isinstance(value, (str, bool)):
            points[key] = value
        else:
            row.note(f"{key!r} must be text, true or false, not {value!r}", key)
    return points


def _profile(row: Row) -> DefinitionProfile:
    if not row.texts("statements"):
        row.note("a profile must name its statements", "statements")
    return DefinitionProfile(
        id=row.text("id"),
        label=row.text("label"),
        seed=row.choice("seed", SEEDS),
        statements=row.texts("statements"),
        computable=row.text("computable"),
        kind=cast(ProfileKind, row.optional_choice("kind", _kinds) or "definition"),
        not_determined=row.texts("not_determined"),
        counting_unit=row.optional_text("counting_unit"),
        min_lesions=_limit(row, "min_lesions"),
        max_lesions=_limit(row, "max_lesions"),
        max_cerebral=_limit(row, "max_cerebral"),
        organ_limit=_organ_limit(row),
        allowed_organs=row.optional_items("allowed_organs", str),
        required_organs_any=row.optional_items("required_organs_any", str),
        excluded_features=row.optional_items("excluded_features", str),
        lesions_must_be_solid=row.optional_flag("lesions_must_be_solid"),
        local_treatability=row.optional_text("local_treatability"),
        treatment_aim=row.optional_text("treatment_aim"),
        controlled_primary=row.optional_text("controlled_primary"),
        prior_systemic=_prior_systemic(row.row("prior_systemic")),
        imaging=_imaging(row.row("imaging")),
        timing_taxonomy=_axes(row),
        analysis_population=_population(row.row("analysis_population")),
        boundary=row.optional_text("boundary"),
        tissue=row.optional_text("tissue"),
        board=row.optional_text("board"),
        counselling=row.optional_text("counselling"),
        breast_cancer_patients=row.optional_whole("breast_cancer_patients"),
    )


def _limit(row: Row, key: str) -> Limit | None:
    part = row.row(key)
    if part is None:
        return None
    with part:
        return _bound(part)


def _bound(part: Row) -> Limit:
    value = part.optional_number("value")
    if value is None:
        part.note("a limit needs a number", "value")
    return Limit(
        op=cast(Operator, part.choice("op", _operators)),
        value=value or 0,
        unit=part.optional_text("unit"),
        note=part.optional_text("note"),
        reading=part.optional_text("reading"),
        force=part.optional_text("force"),
    )


def _organ_limit(row: Row) -> Limit | str | None:
    if isinstance(row.ask("organ_limit"), dict):
        return _limit(row, "organ_limit")
    return row.optional_text("organ_limit")


def _prior_systemic(row: Row | None) -> PriorSystemic:
    if row is None:
        return PriorSystemic()
    with row:
        without = row.ask("without_progression")
        return PriorSystemic(
            min_months=_limit(row, "min_months"),
            max_months=_limit(row, "max_months"),
            min_response_months=_response_months(row.row("min_response_months")),
            without_progression=without
            if isinstance(without, bool)
            else row.optional_text("without_progression"),
            note=row.optional_text("note"),
        )


def _response_months(row: Row | None) -> ResponseMonths | None:
    if row is None:
        return None
    with row:
        return ResponseMonths(row.whole("lower"), row.whole("upper"), row.whole("configured"))


def _imaging(row: Row | None) -> Imaging:
    if row is None:
        return Imaging()
    with row:
        return Imaging(
            requirement=row.optional_text("requirement"),
            preference=row.optional_text("preference"),
            history=row.optional_text("history"),
            note=row.optional_text("note"),
        )


def _axes(row: Row) -> tuple[Axis, ...] | None:
    if row.ask("timing_taxonomy") is None:
        return None
    axes = []
    for part in row.rows("timing_taxonomy"):
        with part:
            axes.append(Axis(part.text("axis"), part.texts("values")))
    return tuple(axes)


def _population(row: Row | None) -> AnalysisPopulation | None:
    if row is None:
        return None
    with row, row.needed_row("metachronous") as span, row.needed_row("diagnosis_period") as period:
        return AnalysisPopulation(
            statements=row.texts("statements"),
            sex=row.text("sex"),
            biology=row.text("biology"),
            triple_negative=row.text("triple_negative"),
            de_novo=row.text("de_novo"),
            metachronous=Metachronous(_bound(span), span.text("from"), span.text("to")),
            diagnosis_period=(period.text("from"), period.text("to")),
        )


def _organ_selection(row: Row) -> OrganSelectionProfile:
    interval = row.row("disease_free_interval")
    return OrganSelectionProfile(
        id=row.text("id"),
        statements=row.texts("statements"),
        kind=row.optional_text("kind") or "selection",
        applies_when=row.optional_text("applies_when"),
        max_liver_lesions=_limit(row, "max_liver_lesions"),
        further_metastases=_limit(row, "further_metastases"),
        lesion_diameter_mm=_limit(row, "lesion_diameter_mm"),
        age_years=_limit(row, "age_years"),
        remnant_function_percent=_limit(row, "remnant_function_percent"),
        extrahepatic_disease=row.optional_flag("extrahepatic_disease"),
        multi_organ=row.optional_flag("multi_organ"),
        chemo_sensitive=row.optional_flag("chemo_sensitive"),
        progression_on_chemotherapy=row.optional_flag("progression_on_chemotherapy"),
        surgery_possible=row.optional_flag("surgery_possible"),
        disease_free_interval=None if interval is None else _interval(interval),
        overlap_with_hrpos=row.optional_text("overlap_with_hrpos"),
        connective_of_isolated_and_size=row.optional_text("connective_of_isolated_and_size"),
    )


def _interval(row: Row) -> IntervalCriterion:
    with row:
        return IntervalCriterion(row.text("value"), row.text("number"), row.optional_text("hint"))


def _time_term(row: Row) -> TimeTerm:
    return TimeTerm(
        term=row.text("term"),
        rule=row.text("rule"),
        statements=row.texts("statements"),
        scope=row.optional_text("scope"),
        note=row.optional_text("note"),
    )
