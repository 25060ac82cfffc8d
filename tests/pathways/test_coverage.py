"""Every statement of the catalogue is at work somewhere, and taking away its use is noticed."""

from dataclasses import replace
from typing import Any

import pytest

from pathways.coverage import Use, uses
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from tests.pathways.sample import PATHWAY

PARTS = {
    "guards": "guard",
    "timers": "timer",
    "deviations": "deviation",
    "steps": "step",
    "transitions": "move",
    "displays": "display",
}


def test_each_kind_of_use_is_told() -> None:
    used = uses([PATHWAY])
    assert used["board-first"] == (
        Use("sample", "guard", "g-board"),
        Use("sample", "deviation", "d-no-board"),
        Use("sample", "step", "treat"),
        Use("sample", "move", "waiting -> treated"),
        Use("sample", "display", "shown-boards"),
    )
    assert Use("sample", "timer", "t-scan") in used["response-first"]


def test_no_statement_is_used_that_the_catalogue_does_not_have() -> None:
    assert set(uses(all_pathways())) <= set(load_catalogue().statements)


@pytest.mark.parametrize(("part", "kind"), PARTS.items())
def test_without_a_part_its_uses_are_gone(part: str, kind: str) -> None:
    """A use counts only while the declaration that names the statement is there."""
    nothing: dict[str, Any] = {part: ()}
    left = uses([replace(pathway, **nothing) for pathway in all_pathways()])
    assert kind not in {use.kind for found in left.values() for use in found}
