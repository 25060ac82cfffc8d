"""The generated expressions are what they promise: all operators, without a problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.graph import Node, walk
from pathways.operators import OPERATORS
from pathways.vocabulary import load_vocabulary
from tests.pathways.graphs import GENERATORS, expression, fewer, holding
from tests.pathways.sample import messages


def problems_of(root: Node) -> list[str]:
    """Its problems, when the pathway declares every setting."""
    return messages(facts=(("asked", root),), settings=tuple(load_vocabulary().settings))


def test_every_operator_is_generated() -> None:
    assert set(GENERATORS) == set(OPERATORS)


@pytest.mark.parametrize("op", OPERATORS)
@fewer()
@given(data=st.data())
def test_an_operator_can_be_held(op: str, data: st.DataObject) -> None:
    root = data.draw(holding(op))
    assert op in {node.op for node in walk(root)}
    assert problems_of(root) == []


@given(expression())
def test_expressions_have_no_problem(root: Node) -> None:
    assert problems_of(root) == []
