"""The actionable statements of the source documents, each with its grade exactly as printed.

Source: data/statements.yaml, whose header explains every field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from pathways.guidelines.document import Document, Problem
from pathways.guidelines.row import Row
from pathways.guidelines.seeds import SEEDS, Seed

Kind = Literal[
    "eligibility",
    "sequence",
    "timing",
    "recommendation",
    "contraindication",
    "counselling",
    "definition",
    "prognostic",
    "schedule",
    "data-element",
    "evidence-limit",
]
Obligation = Literal[
    "must", "must_not", "recommend", "consider", "individual", "against", "prefer", "practice", "inform"
]
Confidence = Literal["high", "medium", "low"]
GradeSystem = Literal["oxford+ago", "level-grade-as-printed", "abc7-as-printed", "as-printed"]

kinds: tuple[str, ...] = get_args(Kind)
obligations: tuple[str, ...] = get_args(Obligation)
confidences: tuple[str, ...] = get_args(Confidence)
grade_systems: tuple[str, ...] = get_args(GradeSystem)

printed_loe = ("1a", "1b", "2a", "2b", "2c", "3", "3a", "3b", "4", "5", "II", "V", "Expert opinion/NA")
printed_gr = ("B", "C", "D")
printed_ago = ("++", "+", "+/-", "-")
"""The grades that occur in the source documents. Anything else would be a grade nobody printed."""

obligation_of_ago = {"++": "recommend", "+": "consider", "+/-": "individual", "-": "against"}
"""How this project reads the printed AGO grades; their legend is not in the sources."""

operators = ("=", "<", "<=", ">", ">=", "in", "all", "list", "none", "optional")
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or value of a statement; a month is a calendar month, a week seven days."""

    name: str
    op: str
    value: Value | tuple[Value, ...]
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one source document, paraphrased.

    `seed`, `section` and `lines` say where it stands, `document` is the title of that seed. `obligation` is
    the force of the wording as this project reads it. `loe`, `gr` and `ago` are None where the source prints
    nothing for it or the text lost it (`grade_note`). `confidence` is that in transcription, grade alignment
    and reading. An author's own list need not state lines, topic, site, condition, population, action and
    confidence.
    """

    id: str
    seed: str
    section: str
    lines: tuple[int, ...]
    topic: str
    site: str
    kind: Kind
    obligation: Obligation
    statement: str
    condition: str
    population: str
    action: str
    loe: str | None
    gr: str | None
    ago: str | None
    grade_system: GradeSystem | None
    confidence: Confidence | None
    document: str
    grade_note: str | None = None
    parameters: tuple[Parameter, ...] = ()
    note: str | None = None

    @property
    def sites(self) -> tuple[str, ...]:
        """The body sites it speaks of; `any` for all."""
        return tuple(self.site.split(","))

    @property
    def grade_text(self) -> str:
        """The printed grade in the notation of its source, or that the source has none."""
        if self.grade_system is None:
            return "grade not in source"
        if self.grade_system == "abc7-as-printed":
            return str(self.loe)
        level, grade = ("LoE", "GR") if self.grade_system == "oxford+ago" else ("Level", "Grade")
        parts = ((level, self.loe), (grade, self.gr), ("AGO", self.ago))
        return ", ".join(f"{label} {value}" for label, value in parts if value is not None)

    @property
    def source_text(self) -> str:
        """Document, section and lines, to be shown beside the statement."""
        place = f"{self.document}, {self.section}"
        lines = ", ".join(map(str, self.lines))
        return f"{place}, line{'s' * (len(self.lines) > 1)} {lines}" if lines else place


def read_statements(document: Document, problems: list[Problem]) -> dict[str, Statement]:
    """The statements by id, in the order of the file; what is wrong is added to `problems`."""
    with Row.top(document, problems) as top:
        return _listed(top, SEEDS, shipped=True)


def read_own_statements(document: Document, problems: list[Problem]) -> dict[str, Statement]:
    """The statements of an author's own list, which names its sources itself, under `sources`.

    Grades are any text, as printed.
    """
    with Row.top(document, problems) as top:
        seeds = {name: _seed(name, row) for name, row in top.named_rows("sources")}
        return _listed(top, seeds, shipped=False)


def _seed(name: str, row: Row) -> Seed:
    with row:
        return Seed(name, row.text("title"), row.text("currency"), row.texts("prefixes"))


def _listed(top: Row, seeds: Mapping[str, Seed], shipped: bool) -> dict[str, Statement]:
    statements: dict[str, Statement] = {}
    for row in top.rows("statements"):
        with row:
            statement = _statement(row, seeds, shipped)
        _check(statement, row, seeds, lines_needed=shipped)
        if statement.id in statements:
            row.note(f"the id {statement.id!r} stands twice")
        statements[statement.id] = statement
    return statements


def _statement(row: Row, seeds: Mapping[str, Seed], shipped: bool) -> Statement:
    with row.needed_row("source") as source:
        seed, section, lines = (
            source.choice("seed", seeds),
            source.text("section"),
            source.items("lines", int),
        )
    return Statement(
        id=row.text("id"),
        seed=seed,
        section=section,
        lines=lines,
        topic=_told(row, "topic", shipped),
        site=_told(row, "site", shipped),
        kind=cast(Kind, row.choice("kind", kinds)),
        obligation=cast(Obligation, row.choice("obligation", obligations)),
        statement=row.text("statement"),
        condition=_told(row, "condition", shipped),
        population=_told(row, "population", shipped),
        action=_told(row, "action", shipped),
        loe=_grade(row, "loe", printed_loe, shipped),
        gr=_grade(row, "gr", printed_gr, shipped),
        ago=_grade(row, "ago", printed_ago, shipped),
        grade_system=cast(GradeSystem | None, row.optional_choice("grade_system", grade_systems)),
        confidence=_confidence(row, shipped),
        document=seeds[seed].title if seed in seeds else "",
        grade_note=row.optional_text("grade_note"),
        parameters=tuple(_parameter(entry) for entry in row.rows("parameters")),
        note=row.optional_text("note"),
    )


def _told(row: Row, key: str, needed: bool) -> str:
    return row.text(key) if needed else row.optional_text(key) or ""


def _grade(row: Row, key: str, printed: tuple[str, ...], shipped: bool) -> str | None:
    return row.optional_choice(key, printed) if shipped else row.optional_text(key)


def _confidence(row: Row, needed: bool) -> Confidence | None:
    choose = row.choice if needed else row.optional_choice
    return cast(Confidence | None, choose("confidence", confidences))


def _parameter(row: Row) -> Parameter:
    with row:
        value = row.ask("value")
        return Parameter(
            name=row.text("name"),
            op=row.choice("op", operators),
            value=tuple(value) if isinstance(value, list) else cast(Value, value),
            unit=row.optional_text("unit"),
            note=row.optional_text("note"),
        )


def _check(statement: Statement, row: Row, seeds: Mapping[str, Seed], lines_needed: bool) -> None:
    seed = seeds.get(statement.seed)
    if seed is not None and not statement.id.startswith(seed.prefixes):
        row.note(f"the id {statement.id!r} must start with {' or '.join(seed.prefixes)}", "id")
    rising = sorted({line for line in statement.lines if line > 0})
    if list(statement.lines) != rising or (lines_needed and not rising):
        row.note("the lines of the source must be given, rising from 1", "source", "lines")
    grades = (statement.loe, statement.gr, statement.ago)
    if (statement.grade_system is None) != (grades == (None, None, None)):
        row.note("a grade needs a grade system, and a grade system a grade", "grade_system")
    if statement.grade_system == "oxford+ago":
        if None in grades:
            row.note("an AGO row prints level, grade and AGO grade together", "grade_system")
    elif statement.ago is not None:
        row.note(f"only an AGO row prints an AGO grade, not {statement.grade_system}", "ago")
    if statement.ago is not None and obligation_of_ago.get(statement.ago) != statement.obligation:
        row.note(f"AGO {statement.ago} is read as {obligation_of_ago.get(statement.ago)}", "obligation")
