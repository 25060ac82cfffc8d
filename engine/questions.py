"""Open data questions: events that carry a value nobody knows, where a guard needs it (pathway-outline.md
R33).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engine.evaluate import Program, View
from engine.explain import Explainer
from engine.snapshot import Deviation, GuardVerdict
from engine.verdict import asked_guards, guard_verdict, missing_of
from pathways.pathway import DataQuestion, Guard, Pathway
from pathways.worded import worded

Gap = tuple[str, str]
"""An event and the field in it that is unknown."""


def questions(
    program: Program,
    explainer: Explainer,
    view: View,
    unknown: Iterable[GuardVerdict],
    question: DataQuestion,
    settling: Pathway,
) -> Iterator[Deviation]:
    """One deviation per event with a gap: settled by a step that went ahead, or open now.

    `unknown` are the unknown guards of the steps offered now, of all pathways.
    """
    settled = _settled(program, explainer, view, question, settling)
    asked: dict[str, _Asked] = {}
    for guard in unknown:
        for event, field in gaps(missing_of(guard), view):
            asked.setdefault(event, _Asked("open", guard.statements, {})).fields[field] = None
    for event, one in settled.items():
        yield _deviation(question, event, one)
    for event, one in asked.items():
        if event not in settled:
            yield _deviation(question, event, one)


class _Asked(NamedTuple):
    """The question about one event: its status, the statements behind it, the fields it is about."""

    status: str
    statements: tuple[str, ...]
    fields: dict[str, None]


def gaps(missing: Iterable[str], view: View) -> Iterator[Gap]:
    """The missing data that an event carries; facts and events not recorded raise no question."""
    for name in missing:
        event, _, field = name.partition(".")
        if field and event in view.known.order:
            yield event, field


def _settled(
    program: Program, explainer: Explainer, view: View, question: DataQuestion, pathway: Pathway
) -> dict[str, _Asked]:
    """Gaps with which the step went ahead: final, closed once the datum is known."""
    found: dict[str, _Asked] = {}
    step = next(s for s in pathway.steps if s.id == question.step)
    asked = [g for g in pathway.guards if g.id in asked_guards(step, "") and g.force != "info"]
    for taken in program[question.settled_by](view):
        then = view.evaluation.documented(taken.day)
        later = view.evaluation.on(taken.day)
        still = set(_gaps(program, explainer, later, asked))
        for event, field in _gaps(program, explainer, then, asked):
            before = found.get(event, _Asked("closed", (), {}))
            final = (event, field) in still or before.status == "final"
            fields = {**before.fields, field: None}
            found[event] = _Asked("final" if final else "closed", (), fields)
    return found


def _gaps(program: Program, explainer: Explainer, view: View, guards: Iterable[Guard]) -> Iterator[Gap]:
    for guard in guards:
        if program[guard.outcome](view) == "unknown":
            yield from gaps(missing_of(guard_verdict(program, explainer, view, guard)), view)


def _deviation(question: DataQuestion, event: str, asked: _Asked) -> Deviation:
    why = worded("not known: {fields}", fields=", ".join(asked.fields))
    return Deviation(question.code, question.title, "data", asked.status, (event,), asked.statements, why)
