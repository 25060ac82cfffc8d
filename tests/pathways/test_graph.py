"""Nodes: equal content is one object, and an author's line is no part of it."""

import pytest
from hypothesis import given

from pathways.graph import Node, node, walk
from pathways.language import events, number, yes
from tests.pathways.graphs import expression


def test_equal_content_is_one_object() -> None:
    assert events("board_held").exist().node is events("board_held").exist().node
    assert events("board_held").exist().node is not events("death").exist().node


def test_constants_of_different_types_differ() -> None:
    assert node("constant", "bool", value=True) is not node("constant", "bool", value=1)
    assert node("constant", "number", value=1) is number(1).node


def test_the_place_is_no_part_of_a_node() -> None:
    here, there = (lambda: ("a.py", 1)), (lambda: ("b.py", 2))
    assert node("today", "date", place=here) is node("today", "date", place=there)


def test_a_parameter_that_is_missing() -> None:
    with pytest.raises(KeyError, match="operator constant has no parameter level"):
        yes().node.param("level")


def test_a_node_shows_its_content() -> None:
    assert repr(events("death").exist().node) == "exist(events(types=('death',)))"


def test_variables_are_free_until_they_are_bound() -> None:
    variable = node("variable", "event", level=3)
    asked = node("touched", "bool", (variable,))
    bound = node("any", "bool", (events("death").node, asked), None, (3,), level=3)
    assert [sorted(one.free) for one in (variable, asked, bound)] == [[3], [3], []]


@given(expression())
def test_arguments_come_before_the_nodes_that_use_them(root: Node) -> None:
    seen: set[Node] = set()
    for one in walk(root):
        assert seen.issuperset(one.args)
        assert one not in seen
        seen.add(one)
    assert one is root


@given(expression())
def test_closed_expressions_have_no_free_variable(root: Node) -> None:
    assert root.free == frozenset()
