"""Every number that a declaration compares with: one below it, on it, one above it.

The comparisons are found in the graph. For each one a worked patient is moved across its boundary, by what
the comparison reads: an entry or a day among the facts by days, a size or a count by one. The declaration
must come to something else exactly where the comparison says, and each comparison made on the way is checked
against a distance that was counted without the evaluator (`months.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest

from pathways.graph import Node, walk
from pathways.library import all_pathways
from pathways.pathway import Clause, Pathway
from pathways.settings import DEFAULT_SETTINGS, Settings
from pathways.text import explained, sentence
from pathways.texts.wording import code_name
from pathways.vocabulary import load_vocabulary
from tests.boundaries.comparisons import asked_by, compares_with_a_number
from tests.boundaries.crossings import Crossing, crossing_of
from tests.boundaries.months import ENDS_OF_MONTHS, SOME_ENDS
from tests.boundaries.words import NUMBER, claim, spoken


def named(nodes: list[Node]) -> list[Any]:
    return [pytest.param(node, id=f"{number}-{sentence(node)[:60]}") for number, node in enumerate(nodes)]


COMPARISONS: Final = named(list(asked_by()))
OF_DAYS: Final = named(
    [n for n in asked_by() if n.args[1].type == "date" or any(a.op == "age" for a in n.args)]
)


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_the_outcome_changes_where_the_comparison_says(comparison: Node) -> None:
    assert crossing_of(comparison) is not None, sentence(comparison)


def from_the_end_of_a_month(comparison: Node, day: date) -> None:
    crossing = crossing_of(comparison)
    assert crossing is not None
    assert any(again.crosses() for again in crossing.counted_from(day)), sentence(comparison)


@pytest.mark.parametrize("day", SOME_ENDS[1:3], ids=str)
@pytest.mark.parametrize("comparison", OF_DAYS)
def test_so_it_does_from_the_end_of_a_month(comparison: Node, day: date) -> None:
    from_the_end_of_a_month(comparison, day)


@pytest.mark.soak
@pytest.mark.parametrize("day", ENDS_OF_MONTHS, ids=str)
@pytest.mark.parametrize("comparison", OF_DAYS)
def test_so_it_does_from_the_end_of_every_month(comparison: Node, day: date) -> None:
    from_the_end_of_a_month(comparison, day)


def settings_around(comparison: Node, crossing: Crossing) -> Iterator[Settings]:
    """As they are, and each setting whose number stands in the comparison otherwise."""
    present = crossing.point.settings
    yield present
    for name in sorted({str(n.param("name")) for n in _worked_out(comparison) if n.op == "setting"}):
        spec = load_vocabulary().settings[name]
        others = spec.choices or (int(str(present[name])) + 3,)
        yield from (
            Settings.from_overrides({**dict(present), name: other})
            for other in others
            if other != present[name]
        )


def _worked_out(comparison: Node) -> Iterator[Node]:
    """The sums and choices of its sides, not what is below them."""
    rest = list(comparison.args)
    while rest:
        part = rest.pop()
        yield part
        if part.op in ("named", "case", "equal", "add_months", "add_days", "times", "plus"):
            rest += part.args


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_the_words_say_what_the_evaluator_does(comparison: Node) -> None:
    """The number in the sentence is where the verdict turns; with a changed setting both change."""
    crossing = crossing_of(comparison)
    assert crossing is not None
    told = {settings: spoken(comparison, settings) for settings in settings_around(comparison, crossing)}
    with_number = {settings: text for settings, text in told.items() if re.search(r"\b\d", text)}
    assert with_number, told
    for settings, text in with_number.items():
        claimed = claim(text)
        for again in crossing.under(settings):
            runs = again.runs()
            said = {claimed.holds(one) for _, noted in runs.values() for one in noted}
            assert all(one.result == claimed.holds(one) for _, noted in runs.values() for one in noted)
            if said == {True, False}:
                break
        else:
            pytest.fail(f"never on both sides of: {text}")


CLAUSES: Final = [
    pytest.param(pathway, clause, id=f"{pathway.key}-{guard.id}-{number}")
    for pathway in all_pathways()
    for guard in pathway.guards
    for number, clause in enumerate(guard.clauses, 1)
    if any(compares_with_a_number(node) for node in walk(clause.test))
    or NUMBER.search(explained(clause.test, DEFAULT_SETTINGS, pathway))
]


@pytest.mark.parametrize(("pathway", "clause"), CLAUSES)
def test_a_clause_tells_the_numbers_of_its_comparisons_and_no_others(
    pathway: Pathway, clause: Clause
) -> None:
    told = set(NUMBER.findall(explained(clause.test, DEFAULT_SETTINGS, pathway)))
    compared = {
        number
        for node in walk(clause.test)
        if compares_with_a_number(node)
        for number in NUMBER.findall(spoken(node, DEFAULT_SETTINGS))
    }
    assert compared <= told, compared - told
    assert told <= compared | numbers_in_names(clause), told - compared


def numbers_in_names(clause: Clause) -> set[str]:
    """Numbers that belong to the name of a code, as in `every 12 weeks`, or of the clause itself."""
    codes = [
        str(code)
        for node in walk(clause.test)
        for _, value in node.params
        for code in (value if isinstance(value, tuple) else (value,))
    ]
    names = [clause.text, *clause.statements, *map(code_name, codes)]
    return {number for name in names for number in NUMBER.findall(name)}
