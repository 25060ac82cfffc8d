"""Another day's view of the same patient (architecture section 3: `seen`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from engine.kleene import ABSENT
from engine.meaning.registry import registry
from pathways.graph import Node

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()


_NONE: Final[Mapping[str, Any]] = {"events": (), "rows": (), "dates": (), "matches": {}}


def _never(node: Node) -> Any:
    """What is seen on a day that did not come: of what comes in lists, none."""
    return _NONE.get(node.type, ABSENT)


@means("seen")
def seen(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    inner, on = args
    never = _never(node)

    def meaning(view: View) -> Any:
        day = on(view)
        if day is None or day is ABSENT:
            return day if day is None else never
        return inner(view.evaluation.documented(day))

    return meaning


@means("hindsight")
def hindsight(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    inner, on = args
    never = _never(node)

    def meaning(view: View) -> Any:
        day = on(view)
        if day is None or day is ABSENT:
            return day if day is None else never
        return inner(view.evaluation.with_knowledge(view.known, day))

    return meaning
