"""Decorators below their functions mean what they mean above them; what is explained has a reason."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tests.mutation.run import FILES, ROOT, explained
from tests.mutation.unrolled import unrolled

DECORATED = dedent(
    """
    entered = {}

    def means(name):
        return lambda function: entered.setdefault(name, function)

    def doubled(function):
        return lambda: function() * 2

    @means("first")
    @doubled
    def first():
        return 3

    class Thing:
        @property
        def late(self):
            return "late"

        @staticmethod
        def plain():
            return "plain"
    """
)


def test_the_program_means_the_same() -> None:
    text = unrolled(DECORATED)
    assert "@means" not in text
    assert "@property" not in text
    assert "@staticmethod" in text
    found: dict[str, object] = {}
    exec(text, found)
    first, thing = found["first"], found["Thing"]
    assert callable(first)
    assert callable(thing)
    assert first() == 6
    assert found["entered"] == {"first": first}
    assert thing().late == "late"
    assert thing().plain() == "plain"


@pytest.mark.parametrize("file", FILES)
def test_every_file_stays_a_program_without_decorated_functions(file: str) -> None:
    tree = ast.parse(unrolled((ROOT / file).read_text(encoding="utf-8")))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.decorator_list] == []


def test_what_is_explained_is_about_files_that_are_tried() -> None:
    assert {one.file for one in explained()} <= set(FILES)
