"""What is shown at a decision beside its verdict: recommendations, opposing statements, limits of the
evidence, prognostic features, data (pathways.pathway.Display). It informs and never blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.evaluate import Program, View
from engine.explain import Explainer
from engine.kleene import ABSENT
from pathways.graph import Node
from pathways.pathway import Display, Pathway


@dataclass(frozen=True, slots=True)
class Shown:
    """One display for one patient on one day.

    `applies` is None where it is not known whether it concerns the patient. `feature` is met, not_met or
    unknown, empty where the display has none. `value` is None where it is unknown or there is none.
    """

    display: str
    title: str
    kind: str
    steps: tuple[str, ...]
    applies: bool | None
    feature: str
    adverse: bool
    value: object
    unit: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    statements: tuple[str, ...]


_FEATURE = {True: "met", None: "unknown"}


def evidence(program: Program, explainer: Explainer, view: View, pathway: Pathway) -> Iterator[Shown]:
    """The displays of a pathway that concern the patient, or may."""
    for display in pathway.displays:
        applies = True if display.applies is None else program[display.applies](view)
        if applies is True or applies is None:
            yield _shown(program, explainer, view, display, applies)


def _shown(
    program: Program, explainer: Explainer, view: View, display: Display, applies: bool | None
) -> Shown:
    asked = [n for n in (display.applies, display.feature, display.value) if n is not None]
    value = _value(program, view, display.value)
    feature = "" if display.feature is None else _FEATURE.get(program[display.feature](view), "not_met")
    return Shown(
        display.id,
        display.title,
        display.kind,
        display.steps,
        applies,
        feature,
        display.adverse,
        value,
        display.unit,
        tuple(dict.fromkeys(id for node in asked for id in explainer.because(view, node))),
        tuple(dict.fromkeys(name for node in asked for name in explainer.missing(view, node))),
        display.statements,
    )


def _value(program: Program, view: View, node: Node | None) -> object:
    value = None if node is None else program[node](view)
    return None if value is ABSENT else value
