"""Law: what the evaluator remembers, shares and leaves out is invisible.

Beside it runs one that remembers nothing: every expression is worked out anew wherever it stands, and
every pathway is asked for its state after every event.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from hypothesis import given

from engine import replay, trail
from engine.evaluate import Meaning, Program
from engine.meaning import MEANINGS
from engine.snapshot import PatientSnapshot
from pathways.graph import Node
from pathways.library import main_pathway
from pathways.settings import DEFAULT_SETTINGS
from tests.properties.asking import Asked, questions

_plans: Final[dict[Any, replay.Plan]] = {}
"""Plans compiled without memory, apart from the shared ones."""


def compiled_plainly(program: Program, node: Node, uses: int) -> Meaning:
    return MEANINGS[node.op](node, [program.meanings[arg] for arg in node.args], program)


@contextmanager
def without_memory() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "_plans", _plans)
        patch.setattr(Program, "_compiled", compiled_plainly)
        patch.setattr(Program, "kept", lambda *_: [])
        patch.setattr(Program, "reads", lambda *_: frozenset({"anything"}))
        patch.setattr(trail, "touched", lambda *_: ["anything"])
        yield


def told_plainly(asked: Asked) -> PatientSnapshot:
    with without_memory():
        return asked.snapshot()


@given(questions())
def test_an_evaluator_without_memory_comes_to_the_same(asked: Asked) -> None:
    assert told_plainly(asked) == asked.snapshot()


def test_the_plain_evaluator_remembers_nothing() -> None:
    with without_memory():
        plan = replay._plan([main_pathway()], DEFAULT_SETTINGS)
    assert plan.program.size == 0
    assert replay._plan([main_pathway()], DEFAULT_SETTINGS).program.size > 100
