"""Where each statement of the catalogue is at work: the guard, timer, deviation, step, move or display that
uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pathways.pathway import Pathway


class Use(NamedTuple):
    """One declaration of a pathway that names a statement. `kind` is guard, timer, deviation, step, move or
    display.
    """

    pathway: str
    kind: str
    id: str


def uses(pathways: Iterable[Pathway]) -> dict[str, tuple[Use, ...]]:
    """The uses of every statement that has one, in the order of the declarations."""
    found: dict[str, dict[Use, None]] = {}
    for pathway in pathways:
        for kind, id, statements in _sourced(pathway):
            for statement in statements:
                found.setdefault(statement, {})[Use(pathway.key, kind, id)] = None
    return {statement: tuple(where) for statement, where in found.items()}


def _sourced(pathway: Pathway) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for guard in pathway.guards:
        yield "guard", guard.id, guard.statements
        yield from (("guard", guard.id, clause.statements) for clause in guard.clauses)
    yield from (("timer", t.id, t.statements) for t in pathway.timers)
    yield from (("deviation", d.code, d.statements) for d in pathway.deviations)
    yield from (("step", s.id, s.statements) for s in pathway.steps)
    yield from (("move", f"{t.source} -> {t.target}", t.statements) for t in pathway.transitions)
    yield from (("display", d.id, d.statements) for d in pathway.displays)
