"""The shipped catalogue is whole, and a broken copy of it is refused with file and line."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pathways.guidelines.catalogue import (
    CatalogueError,
    load_catalogue,
    load_definitions,
    read_catalogue,
    shipped,
    statement_ids,
)
from pathways.guidelines.conflicts import read_conflicts
from pathways.guidelines.definitions import Limit
from pathways.guidelines.definitions_reader import read_definitions
from pathways.guidelines.document import Document, Problem, read_document
from pathways.guidelines.seeds import PREFIXES
from pathways.guidelines.statements import printed_ago, printed_gr, printed_loe, read_statements
from pathways.vocabulary import load_vocabulary

Read = Callable[[Document, list[Problem]], object]

catalogue = load_catalogue()


def test_it_is_read_once() -> None:
    assert load_catalogue() is catalogue


def test_all_statements_are_there() -> None:
    by_seed = Counter(statement.seed[:3] for statement in catalogue.statements.values())
    assert by_seed == {"000": 76, "001": 49, "002": 12, "003": 62, "004": 36}
    assert len(catalogue.statements) == 235


def test_the_quick_list_of_ids_is_that_of_the_catalogue() -> None:
    assert statement_ids() == catalogue.statements.keys()


def test_kinds_obligations_and_confidence() -> None:
    statements = catalogue.statements.values()
    assert Counter(statement.kind for statement in statements) == {
        "recommendation": 64,
        "eligibility": 41,
        "evidence-limit": 36,
        "prognostic": 31,
        "definition": 14,
        "contraindication": 14,
        "sequence": 12,
        "data-element": 12,
        "schedule": 6,
        "counselling": 4,
        "timing": 1,
    }
    assert Counter(statement.obligation for statement in statements)["must_not"] == 5
    assert Counter(statement.confidence for statement in statements) == {"high": 206, "medium": 23, "low": 6}


def test_every_grade_in_the_closed_lists_is_printed_somewhere() -> None:
    statements = catalogue.statements.values()
    assert {statement.loe for statement in statements} == {None, *printed_loe}
    assert {statement.gr for statement in statements} == {None, *printed_gr}
    assert {statement.ago for statement in statements} == {None, *printed_ago}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ago-2024-gen-histology", "LoE 3, GR B, AGO ++"),
        ("ago-2024-liver-ire-litt-hifu", "LoE 5, GR D, AGO -"),
        ("ombc-board-before-decisions", "Level V, Grade B"),
        ("mdtbc-pitfall-primary", "Level II"),
        ("abc7-contralateral-axilla-regional", "Expert opinion/NA"),
        ("ago-2024-lung-resection", "grade not in source"),
        ("mdtbc-board-mandatory", "grade not in source"),
    ],
)
def test_grades_read_as_printed(name: str, text: str) -> None:
    assert catalogue.statements[name].grade_text == text


def test_a_lost_grade_is_explained() -> None:
    note = catalogue.statements["ago-2024-lung-resection"].grade_note
    assert note is not None
    assert "survived recognition" in note


def test_a_statement_says_where_it_stands() -> None:
    assert catalogue.statements["ago-2024-gen-systemic-preferred"].source_text == (
        "AGO Guidelines Breast 2024.1D, treatment by site of metastasis (slide text, German), "
        "Allgemeine Aspekte der Metastasentherapie (general aspects), lines 101, 108"
    )
    assert catalogue.statements["ago-2024-gen-histology"].source_text.endswith("line 99")


def test_sites_and_parameters() -> None:
    assert ("liver", "lung") in {statement.sites for statement in catalogue.statements.values()}
    parameters = catalogue.statements["mdtbc-elig-max-5"].parameters
    assert [(parameter.op, parameter.value) for parameter in parameters] == [("<=", 5)]


def test_all_conflicts_are_there() -> None:
    assert list(catalogue.conflicts) == [f"C{number:02}" for number in range(1, 43)]
    assert all(conflict.statements and conflict.why for conflict in catalogue.conflicts.values())
    assert len({conflict.section for conflict in catalogue.conflicts.values()}) == 5
    assert len(catalogue.precedence.rules) == 5
    assert "ombc-currency" in catalogue.precedence.ranking


def test_conflicts_name_what_is_open_and_what_follows() -> None:
    assert "benign effusion" in catalogue.conflicts["C04"].open[0]
    assert "Urgent symptom treatment" in catalogue.conflicts["C13"].remarks[0]


def test_a_star_stands_for_all_ids_that_begin_so() -> None:
    lung = {name for name in catalogue.statements if name.startswith("ago-2024-lung-")}
    assert len(lung) == 6
    assert lung < set(catalogue.conflicts["C42"].statements)


def test_conflicts_of_a_statement() -> None:
    assert [conflict.id for conflict in catalogue.conflicts_of("mdtbc-board-mandatory")] == ["C13"]
    assert catalogue.conflicts_of("mdtbc-no-such") == ()


def test_profiles() -> None:
    profiles = catalogue.definitions.profiles
    limits = {name: profile.max_lesions for name, profile in profiles.items() if profile.max_lesions}
    assert {name: (limit.op, limit.value) for name, limit in limits.items()} == {
        "abc7": ("<=", 5),
        "esmo": ("<=", 5),
        "estro-astro": ("<=", 5),
        "sabr-comet": ("<=", 5),
        "nrg-br002": ("<=", 4),
        "oligoma": ("<=", 5),
        "imet-limited-metastasis": ("<", 5),
        "mdtbc-selection": ("<=", 5),
        "ombc-2025": ("<=", 5),
    }
    assert [name for name, profile in profiles.items() if not profile.gives_result] == [
        "estro-eortc-oligocare",
        "ago-general",
        "utd-2017",
    ]
    assert profiles["abc7"].organ_limit == "none"
    assert profiles["ombc-2025"].organ_limit == Limit("=", 1, force="usual")
    assert profiles["ombc-2025"].prior_systemic.note == "response first, no duration"
    assert catalogue.definitions.evaluation.default_profile == "abc7"
    assert len(catalogue.definitions.organ_selection) == 4
    assert len(catalogue.definitions.time_terms) == 8


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        ("<=", True, True, False),
        ("<", True, False, False),
        (">=", False, True, True),
        (">", False, False, True),
        ("=", False, True, False),
    ],
)
def test_limits(op: str, below: bool, at: bool, above: bool) -> None:
    limit = Limit(op, 5)  # type: ignore[arg-type]
    assert [limit.allows(number) for number in (4, 5, 6)] == [below, at, above]


def test_definitions_and_vocabulary_use_the_same_words() -> None:
    vocabulary, profiles = load_vocabulary(), catalogue.definitions.profiles
    assert set(vocabulary.settings["definition_profile"].choices) == {
        name for name, profile in profiles.items() if profile.kind == "definition"
    }
    assert (
        catalogue.definitions.evaluation.default_profile == vocabulary.settings["definition_profile"].default
    )
    for profile in profiles.values():
        assert set(profile.excluded_features or ()) <= vocabulary.findings.keys()
        assert set(profile.allowed_organs or ()) <= set(vocabulary.code_lists["organ"])
    axes = profiles["estro-eortc-oligocare"].timing_taxonomy
    dynamics = vocabulary.events["imaging_history_reviewed"].fields["dynamics"].of
    assert axes is not None
    assert dynamics is not None
    assert {axis.axis: axis.values for axis in axes} == {
        name: field.codes for name, field in dynamics.items()
    }


@dataclass(frozen=True)
class Broken:
    """A change to a file, the message it must bring, and a part of the line the message must point to."""

    old: str
    new: str
    message: str
    line: str


def check_broken(broken: Broken, file: str, folder: Path, read: Read, until: str | None = None) -> None:
    """The file up to `until` reads without a problem, the changed one with the expected one."""
    text = (shipped / file).read_text(encoding="utf-8")
    text = text[: text.index(until)] if until else text
    assert problems_of(folder / file, text, read) == []
    assert broken.old in text
    changed = text.replace(broken.old, broken.new, 1)
    problems = problems_of(folder / file, changed, read)
    found = [problem for problem in problems if broken.message in problem.message]
    assert found, problems
    assert all(problem.file == file for problem in problems)
    assert broken.line in changed.splitlines()[found[0].line - 1]


def problems_of(path: Path, text: str, read: Read) -> list[Problem]:
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read(read_document(path), problems)
    return problems


grade = "  loe: '3'\n  gr: B\n  ago: ++\n  grade_system: oxford+ago\n"
first, second = "ago-2024-scope-sites", "ago-2024-gen-histology"
BROKEN_STATEMENTS = [
    Broken(f"- id: {second}", f"- id: {first}", f"the id '{first}' stands twice", f"- id: {first}"),
    Broken(f"- id: {second}", "- id: imet-a", "must start with ago-2024- or abc7-", "- id: imet-a"),
    Broken("kind: evidence-limit", "kind: opinion", "must be one of eligibility", "kind: opinion"),
    Broken("obligation: inform", "obligation: shall", "must be one of must", "obligation: shall"),
    Broken("confidence: high", "confidence: sure", "must be one of high", "confidence: sure"),
    Broken("seed: 000_", "seed: 009_", "must be one of 000_", "seed: 009_"),
    Broken("lines: [99]", "lines: [9, 9]", "rising from 1", "lines: [9, 9]"),
    Broken("lines: [99]", "lines: [-1]", "rising from 1", "lines: [-1]"),
    Broken("lines: [99]", "lines: []", "rising from 1", "lines: []"),
    Broken("lines: [99]", "lines: [true]", "must be of type int, not True", "lines: [true]"),
    Broken("lines: [99]", "lines: 99", "'lines' must be a list, not 99", "lines: 99"),
    Broken("    section: Met", "    title: Met", "unknown key 'title'", "title: Met"),
    Broken("    section: Met", "    title: Met", "'section' is missing", "source:"),
    Broken("  population: all\n", "  population:\n", "'population' is missing", "population:"),
    Broken("  topic: scope\n", "  topic: [scope]\n", "'topic' must be text", "topic: [scope]"),
    Broken("  site: any\n", "  site: any\n  site: all\n", "the key 'site' stands twice", "site: all"),
    Broken(grade, grade.replace("'3'", "3"), "'loe' must be text, not 3", "loe: 3"),
    Broken(grade, grade.replace("'3'", "1c"), "'loe' must be one of 1a, 1b", "loe: 1c"),
    Broken(grade, grade.replace("B", "A"), "'gr' must be one of B, C, D, not 'A'", "gr: A"),
    Broken(grade, grade.replace("++", "--"), "must be one of ++, +, +/-, -, not '--'", "ago: --"),
    Broken(grade, grade.replace("++", "+"), "AGO + is read as consider", "obligation: recommend"),
    Broken(grade, grade.replace("B", "null"), "level, grade and AGO grade together", "grade_system: o"),
    Broken(grade, grade.replace("oxford+ago", "null"), "a grade needs a grade system", "grade_system: null"),
    Broken(grade, grade.replace("oxford+ago", "as-printed"), "only an AGO row prints an AGO", "ago: ++"),
    Broken("op: in", "op: about", "'op' must be one of", "op: about"),
    Broken("statements:\n", "statements: none\nrest:\n", "'statements' must be a list", "statements: none"),
    Broken(f"- id: {first}\n", f"- nothing\n- id: {first}\n", "a mapping is expected here", "- nothing"),
]


@pytest.mark.parametrize("broken", BROKEN_STATEMENTS, ids=lambda broken: broken.message)
def test_broken_statements_are_refused(tmp_path: Path, broken: Broken) -> None:
    check_broken(broken, "statements.yaml", tmp_path, read_statements, until="- id: ago-2024-trial-ecog2108")


at_most_5 = '{op: "<=", value: 5}'
BROKEN_DEFINITIONS = [
    Broken("- id: esmo", "- id: abc7", "'abc7' stands twice", "- id: abc7"),
    Broken("[ago-2024-def-esmo]", "[ago-2024-def-x]", "'ago-2024-def-x', which does not exist", "def-x]"),
    Broken("imet-excl-denovo,", "imet-none,", "'imet-none', which does not exist", "imet-none"),
    Broken("[imet-def-mdfi]", "[imet-mdfi]", "mdfi names the statement 'imet-mdfi'", "[imet-mdfi]"),
    Broken("[imet-ablation-candidates]", "[imet-a]", "names the statement 'imet-a'", "[imet-a]"),
    Broken("[ago-2024-def-esmo]", "[]", "a profile must name its statements", "statements: []"),
    Broken(at_most_5, '{op: "~", value: 5}', "'op' must be one of", '"~"'),
    Broken(at_most_5, '{op: "<="}', "a limit needs a number", 'max_lesions: {op: "<="}'),
    Broken(at_most_5, '{op: "<=", value: five}', "'value' must be a number", "value: five"),
    Broken(at_most_5, '{op: "<=", value: 5, about: 1}', "unknown key 'about'", "about: 1"),
    Broken("_profile: abc7", "_profile: abc8", "'default_profile' names no profile", "_profile: abc8"),
    Broken("kind: taxonomy_only", "kind: taxonomy", "must be one of definition", "kind: taxonomy"),
    Broken("lower: 3", "lower: 3.5", "'lower' must be a whole number", "lower: 3.5"),
    Broken("lower: 3", "lowest: 3", "'lower' is missing", "min_response_months"),
    Broken("must_be_solid: true", "must_be_solid: 1", "must be true or false", "must_be_solid: 1"),
    Broken("counting:\n", "count:\n", "'counting' is missing", "# Definitions"),
    Broken("unit: one entry", "unit: 1 # one entry", "'unit' must be text, true or false", "unit: 1"),
    Broken("'response first, no duration'", "response, no time", "unknown key 'no time'", "no time"),
]


@pytest.mark.parametrize("broken", BROKEN_DEFINITIONS, ids=lambda broken: broken.message)
def test_broken_definitions_are_refused(tmp_path: Path, broken: Broken) -> None:
    def read(document: Document, problems: list[Problem]) -> None:
        read_definitions(document, problems, statement_ids())

    check_broken(broken, "definitions.yaml", tmp_path, read)


BROKEN_CONFLICTS = [
    Broken("- id: C02", "- id: C01", "the id 'C01' stands twice", "- id: C01"),
    Broken("- id: C02", "- id: c2", "C and two digits, not 'c2'", "- id: c2"),
    Broken("`ago-2024-def-esmo`", "`ago-x`", "'ago-x', which does not exist", "- >-"),
    Broken("`ago-2024-lung-*`", "`ago-x-*`", "'ago-x-*', which does not exist", "- >-"),
    Broken("plus `mdtbc-elig-max-5`", "plus `mdtbc-x`", "'mdtbc-x', which is no statement", "default: >-"),
    Broken("  why: >-\n", "  reason: >-\n", "'why' is missing", "- id: C01"),
]


@pytest.mark.parametrize("broken", BROKEN_CONFLICTS, ids=lambda broken: broken.message)
def test_broken_conflicts_are_refused(tmp_path: Path, broken: Broken) -> None:
    def read(document: Document, problems: list[Problem]) -> None:
        read_conflicts(document, problems, statement_ids(), catalogue.definitions.profiles)

    check_broken(broken, "conflicts.yaml", tmp_path, read)


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(shipped, tmp_path / "data")
    (copy / "conflicts.yaml").write_text("conflicts:\n- [\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"^conflicts\.yaml:3: not YAML: "):
        read_catalogue(copy)


def test_all_problems_come_at_once_with_file_and_line(tmp_path: Path) -> None:
    copy = shutil.copytree(shipped, tmp_path / "data")
    for file, old, new in (
        ("statements.yaml", "  kind: evidence-limit", "  kind: opinion"),
        ("definitions.yaml", "default_profile: abc7", "default_profile: abc8"),
        ("conflicts.yaml", "- id: C02", "- id: c2"),
    ):
        text = (copy / file).read_text(encoding="utf-8")
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(copy)
    assert [problem.file for problem in refused.value.problems] == [
        "conflicts.yaml",
        "definitions.yaml",
        "statements.yaml",
    ]
    assert str(refused.value).splitlines()[2].startswith("statements.yaml:45: 'kind' must be one of")


def test_prefixes_are_those_in_use() -> None:
    assert {
        next(prefix for prefix in PREFIXES if name.startswith(prefix)) for name in catalogue.statements
    } == set(PREFIXES)


def test_definitions_alone_are_those_of_the_catalogue() -> None:
    assert load_definitions() == load_catalogue().definitions
