"""Law: knowing more never turns what was certain around (Kleene monotonicity).

Logic, comparison, arithmetic and quantifiers are monotone in every value. Pathways also ask on purpose what
is known (`sure`, `known`, filters), so for them the law is: a clause that passed fails only over a fact that
says so, and that fact is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.entries import receptor_faults
from engine.evaluate import Evaluation, Program
from engine.event import Event, Story
from engine.history import Ledger
from engine.snapshot import ClauseVerdict, PatientSnapshot
from pathways.language import (
    Bool,
    Date,
    Number,
    Row,
    age,
    all_of,
    any_of,
    case,
    earlier,
    events,
    fact,
    later,
    no,
    unknown,
    yes,
)
from pathways.settings import DEFAULT_SETTINGS
from pathways.vocabulary import Field
from tests.properties.asking import LAST, Asked, known_later, questions
from tests.properties.values import values, vocabulary

# ---- expressions ----

_FLAGS: Final = ("disease_stable", "paresis", "pancytopenia", "extracranial_stable")
_CODES: Final = {"cN": ("cN0", "cN1"), "pdl1": ("positive", "negative")}
_DATES: Final = ("birth_date", "primary.surgery_date", "primary.diagnosis_date")
_DAYS: Final = (date(1970, 2, 28), date(2020, 2, 29), date(2024, 1, 31))
_ROWS: Final = events("imaging_done").latest().just().lesions()


def active(row: Row) -> Bool:
    return row.code("status").equals("active")


def counted(limit: int) -> Bool:
    """At least so many active lesions: certain only when the lower end reaches it or the upper does not."""
    least, most = _ROWS.sure_count(active), _ROWS.possible_count(active)
    return case((least.least(limit), yes()), (~most.least(limit), no()), otherwise=unknown())


flags = st.sampled_from([*(fact.flag(name) for name in _FLAGS), yes(), no()])
dates = st.recursive(
    st.sampled_from([fact.date(name) for name in _DATES]),
    lambda inner: st.one_of(
        st.builds(Date.plus_months, inner, st.integers(0, 30)),
        st.builds(Date.plus_days, inner, st.integers(-40, 40)),
        st.builds(later, inner, inner),
        st.builds(earlier, inner, inner),
    ),
    max_leaves=4,
)
numbers = st.recursive(
    st.sampled_from([fact.number("performance_status"), fact.number("remnant_liver_function_percent")])
    | st.builds(age, dates, dates),
    lambda inner: st.one_of(
        st.builds(Number.__add__, inner, st.integers(0, 3)),
        st.builds(Number.__mul__, inner, st.integers(0, 3)),
    ),
    max_leaves=3,
)
compared = st.one_of(
    st.builds(Date.__ge__, dates, dates),
    st.builds(Date.__gt__, dates, dates),
    st.builds(Date.equals, dates, dates),
    st.builds(Date.differs, dates, dates),
    st.builds(Number.at_most, numbers, st.integers(0, 60)),
    st.sampled_from([fact.code(name).one_of(code) for name, codes in _CODES.items() for code in codes]),
    st.sampled_from([fact.codes("primary.local_complication").contains("wound"),
                     fact.codes("primary.local_complication").overlaps("wound", "bleeding"),
                     fact.codes("primary.local_complication").within("wound")]),
)  # fmt: skip
of_lesions = st.sampled_from(
    [
        _ROWS.any(lambda r: active(r) & r.flag("solid")),
        _ROWS.all(lambda r: active(r).implies(r.flag("solid"))),
        _ROWS.values("organ").contains("bone"),
        counted(1),
        counted(2),
    ]
)
trees = st.recursive(
    flags | compared | of_lesions,
    lambda inner: st.one_of(
        st.builds(lambda a: ~a, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: all_of(*parts)),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: any_of(*parts)),
        st.builds(Bool.implies, inner, inner),
        st.builds(lambda a, b, c: case((a, b), otherwise=c), inner, inner, inner),
    ),
    max_leaves=8,
)
_of_fact: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    **dict.fromkeys(_FLAGS, st.booleans()),
    **{name: st.sampled_from(codes) for name, codes in _CODES.items()},
    **dict.fromkeys(_DATES, st.sampled_from(_DAYS)),
    "performance_status": st.integers(0, 5),
    "remnant_liver_function_percent": st.sampled_from([20.0, 35.5]),
    "primary.local_complication": st.sampled_from([(), ("wound",), ("bleeding", "wound")]),
}
_of_lesion: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "status": st.sampled_from(["active", "resolved"]),
    "solid": st.booleans(),
    "organ": st.sampled_from(["bone", "lung"]),
}


@st.composite
def known_and_blurred(draw: st.DrawFn) -> tuple[Story, Story]:
    """A story, and the same with some of its values unknown."""
    facts = {name: draw(value) for name, value in _of_fact.items()}
    rows = [
        {"id": f"L{n}", **{name: draw(value) for name, value in _of_lesion.items()}}
        for n in range(draw(st.integers(0, 3)))
    ]
    gone = draw(st.sets(st.sampled_from(sorted(facts))))
    unread = [{name: v for name, v in row.items() if name == "id" or draw(st.booleans())} for row in rows]
    blurred = {name: None if name in gone else value for name, value in facts.items()}
    lists: list[Any] = [tuple(rows), None if draw(st.sampled_from([False, False, True])) else tuple(unread)]
    of_both = zip((facts, blurred), lists, strict=True)
    first, second = (Story(known, (_imaging(listed),)) for known, listed in of_both)
    return first, second


def _imaging(lesions: object) -> Event:
    day = date(2024, 1, 1)
    return Event("i1", "imaging_done", day, day, day, {"lesions": lesions})


def result(program: Program, tree: Bool, story: Story) -> object:
    return program[tree.node](Evaluation(program, Ledger(story, LAST), LAST).now())


@given(trees, known_and_blurred())
def test_an_expression_that_is_certain_stays_so_when_more_is_known(
    tree: Bool, stories: tuple[Story, Story]
) -> None:
    known, blurred = stories
    program = Program([tree.node], DEFAULT_SETTINGS)
    before = result(program, tree, blurred)
    assert before is None or result(program, tree, known) is before


# ---- pathways ----


def clauses(snapshot: PatientSnapshot) -> dict[tuple[str, str, int], ClauseVerdict]:
    return {
        (part.key, guard.guard, number): clause
        for part in snapshot.pathways
        for guard in part.guards.values()
        for number, clause in enumerate(guard.clauses)
    }


@st.composite
def fact_learned(draw: st.DrawFn) -> tuple[Asked, Asked]:
    """A question, and the same once a fact is known that was not."""
    asked = known_later(draw(questions()))
    facts = asked.story.facts
    name = draw(st.sampled_from([n for n in vocabulary.facts if facts.get(n) in (None, "unknown")]))
    learned = {**facts, name: draw(_stated(vocabulary.facts[name]))}
    assume(not receptor_faults(None, learned))
    return asked, replace(asked, story=Story(learned, asked.story.entries))


def _stated(field: Field) -> st.SearchStrategy[object]:
    known = values(field).filter(lambda value: value is not None and value != "unknown")
    return known.map(field.parse)


@given(fact_learned())
def test_a_fact_that_becomes_known_fails_no_clause_that_passed(asked: tuple[Asked, Asked]) -> None:
    before, after = (clauses(one.snapshot()) for one in asked)
    turned = [
        key for key, clause in before.items() if clause.result == "pass" and key in after
        and after[key].result == "fail"
    ]  # fmt: skip
    assert not turned


@st.composite
def value_learned(draw: st.DrawFn) -> tuple[Asked, Asked, str]:
    """A question, the same once an unknown value of an entry is known, and the id of that entry."""
    asked = known_later(draw(questions()))
    gaps = [(entry, path) for entry in asked.story.entries for path in _gaps(entry)]
    assume(gaps)
    entry, path = draw(st.sampled_from(gaps))
    mended = replace(entry, fields=_with(entry.fields, path, draw(_stated(_field(entry, path)))))
    rest = [one for one in asked.story.entries if one.id != entry.id]
    return asked, asked.of([*rest, mended]), entry.id


Path = tuple[str, int | None, str]


def _gaps(entry: Event) -> list[Path]:
    """Values of an entry that are unknown: null, or left out where that means the same."""
    fields = vocabulary.events[entry.type].fields
    found: list[Path] = [
        (name, None, "") for name, field in fields.items() if field.type != "any"
        and (entry.fields.get(name, "") is None or (field.open_field and name not in entry.fields))
    ]  # fmt: skip
    rows = entry.fields.get("lesions")
    for number, row in enumerate(rows if isinstance(rows, tuple) else ()):
        found += [("lesions", number, name) for name in vocabulary.lesion if row.get(name) is None]
    findings = entry.fields.get("findings")
    if isinstance(findings, Mapping):
        found += [("findings", None, name) for name in vocabulary.findings if findings.get(name) is None]
    return found


def _field(entry: Event, path: Path) -> Field:
    head, _, part = path
    if part:
        return (vocabulary.lesion if head == "lesions" else vocabulary.findings)[part]
    return vocabulary.events[entry.type].fields[head]


def _with(fields: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    head, number, part = path
    if number is not None:
        rows = [{**row, part: value} if n == number else row for n, row in enumerate(fields[head])]
        return {**fields, head: tuple(rows)}
    return {**fields, head: {**fields[head], part: value} if part else value}


@given(value_learned())
def test_a_value_that_becomes_known_fails_a_clause_that_passed_only_by_name(
    learned: tuple[Asked, Asked, str],
) -> None:
    before, after = (clauses(asked.snapshot()) for asked in learned[:2])
    for key, clause in before.items():
        if clause.result == "pass" and key in after and after[key].result == "fail":
            assert learned[2] in after[key].because, key
