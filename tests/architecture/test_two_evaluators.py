"""The naive evaluator and the one that ships share definitions and values, and no code that gives meaning."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, imported, name, python_files

SHARED = {"engine.event", "engine.kleene", "engine.snapshot"}
"""Plain values: what goes in, what comes out, and the word for what is not there."""


def outside(modules: Iterable[str]) -> set[str]:
    """The modules of this room that are neither shared nor part of the naive evaluator."""
    ours = {module for module in modules if module.split(".")[0] == "engine"}
    return {m for m in ours if not m.startswith("engine.naive") and m not in SHARED}


@pytest.mark.parametrize("path", sorted((ROOT / "engine" / "naive").glob("*.py")), ids=name)
def test_the_naive_evaluator_uses_nothing_of_the_other(path: Path) -> None:
    assert outside(imported(path)) == set()


def test_what_it_would_find() -> None:
    assert outside(["engine.calendar", "engine.event", "engine.naive.days", "pathways.graph"]) == {
        "engine.calendar"
    }


def test_nothing_that_ships_asks_the_naive_evaluator() -> None:
    askers = {
        name(path)
        for path in python_files()
        if any(module.startswith("engine.naive") for module in imported(path))
    }
    assert {path for path in askers if not path.startswith(("engine/naive/", "tests/", "bench/"))} == set()
