"""Every statement of the catalogue is at work somewhere, and taking away its use is noticed."""

from dataclasses import replace
from typing import Any

import pytest

from pathways.coverage import Use, uses
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.pathway import DeviationRule, Pathway, Transition
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


def test_every_statement_of_the_catalogue_is_used_and_no_other() -> None:
    assert set(uses(all_pathways())) == set(load_catalogue().statements)


def only_uses() -> list[tuple[str, Use]]:
    """The statements that a single declaration uses, each with this declaration."""
    return [(statement, where[0]) for statement, where in uses(all_pathways()).items() if len(where) == 1]


def without(pathway: Pathway, use: Use) -> Pathway:
    """The pathway less this declaration."""
    part = next(part for part, kind in PARTS.items() if kind == use.kind)
    kept = tuple(one for one in getattr(pathway, part) if use.id not in names(one))
    assert kept != getattr(pathway, part)
    left: dict[str, Any] = {part: kept}
    return replace(pathway, **left)


def names(one: object) -> list[str]:
    """What a use calls this declaration."""
    if isinstance(one, Transition):
        return [f"{one.source} -> {one.target}"]
    return [one.code if isinstance(one, DeviationRule) else str(getattr(one, "id", ""))]


def test_some_statements_rest_on_a_single_declaration() -> None:
    assert {use.kind for _, use in only_uses()} >= {"step", "display"}


@pytest.mark.parametrize(("statement", "use"), only_uses(), ids=lambda value: str(value))
def test_removing_the_only_use_of_a_statement_is_noticed(statement: str, use: Use) -> None:
    left = [without(p, use) if p.key == use.pathway else p for p in all_pathways()]
    assert statement in set(load_catalogue().statements) - set(uses(left))


@pytest.mark.parametrize(("part", "kind"), PARTS.items())
def test_without_a_part_its_uses_are_gone(part: str, kind: str) -> None:
    """A use counts only while the declaration that names the statement is there."""
    nothing: dict[str, Any] = {part: ()}
    left = uses([replace(pathway, **nothing) for pathway in all_pathways()])
    assert kind not in {use.kind for found in left.values() for use in found}
