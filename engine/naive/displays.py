"""What is shown at a decision beside its verdict: it informs and never blocks (pathways.pathway.Display)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.kleene import ABSENT
from engine.naive.meaning import value
from engine.naive.sight import Sight
from engine.naive.why import because, missing
from pathways.pathway import Display, Pathway


def shown(pathway: Pathway, sight: Sight) -> Iterator[dict[str, Any]]:
    """The displays that concern the patient, or may; the keys are the fields of `engine.evidence.Shown`."""
    for display in pathway.displays:
        applies = True if display.applies is None else value(display.applies, sight)
        if applies is True or applies is None:
            yield _shown(display, applies, sight)


def _shown(display: Display, applies: bool | None, sight: Sight) -> dict[str, Any]:
    asked = [node for node in (display.applies, display.feature, display.value) if node is not None]
    worked_out = value(display.value, sight) if display.value else None
    return {
        "display": display.id,
        "title": display.title,
        "kind": display.kind,
        "steps": display.steps,
        "applies": applies,
        "feature": _feature(display, sight),
        "adverse": display.adverse,
        "value": None if worked_out is ABSENT else worked_out,
        "unit": display.unit,
        "because": tuple(dict.fromkeys(id for node in asked for id in because(node, sight))),
        "missing": tuple(dict.fromkeys(name for node in asked for name in missing(node, sight))),
        "statements": display.statements,
    }


def _feature(display: Display, sight: Sight) -> str:
    if display.feature is None:
        return ""
    holds = value(display.feature, sight)
    return "unknown" if holds is None else "met" if holds is True else "not_met"
