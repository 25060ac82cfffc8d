"""What every operator means, row by row; and that no operator is without rows."""

from __future__ import annotations

import pytest

from pathways.graph import walk
from pathways.operators import OPERATORS
from tests.engine.meaning import dates, events, lesions, logic, views
from tests.engine.meaning.rows import Row

ROWS = (*logic.ROWS, *events.ROWS, *lesions.ROWS, *dates.ROWS, *views.ROWS)
NEVER_UNKNOWN = {
    "after",
    "assigned",
    "before",
    "chain",
    "count",
    "day",
    "documented",
    "exist",
    "first",
    "identity",
    "imaging_of",
    "join",
    "just",
    "kind",
    "last_date",
    "latest",
    "matched",
    "named",
    "target",
    "touched",
    "triples",
    "union",
    "written_before",
    "is_outcome",
    "passing",
    "lesions",
}
"""They take events, days of a series or results of guards, of which none is unknown."""
ALWAYS_THERE = {"named", "imaging_of", "row_field", "row_stated", "is_outcome", "passing"}
"""They take an element of a list, or the result of a guard."""


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_meaning(row: Row) -> None:
    assert row.got == row.expected


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_means_the_same_where_nothing_is_worked_out_without_a_patient(row: Row) -> None:
    assert row.got_from_the_patient == row.expected


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_naive_evaluator_means_the_same(row: Row) -> None:
    assert row.got_naively == row.expected


def test_every_operator_has_rows() -> None:
    tested = {row.op for row in ROWS}
    assert tested == set(OPERATORS)


def test_rows_are_about_the_operator_they_name() -> None:
    """Its node is in the expression asked; most often at the top."""
    for row in ROWS:
        assert row.op in {node.op for node in walk(row.asked.node)}, row


def test_every_operator_says_what_unknown_and_not_there_come_to() -> None:
    for op, declared in OPERATORS.items():
        situations = [row.what for row in ROWS if row.op == op]
        if declared.takes and op not in NEVER_UNKNOWN:
            assert any("unknown" in what for what in situations), f"{op}: with something unknown"
        if declared.takes and op not in ALWAYS_THERE:
            assert any("not there" in what for what in situations), f"{op}: with something not there"
