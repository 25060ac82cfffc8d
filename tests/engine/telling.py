"""Short words to tell a story with, and to ask an expression about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from engine.evaluate import Evaluation, Program, View
from engine.event import Event, Moment, Story
from engine.history import Ledger
from pathways.graph import Node
from pathways.language import Expression
from pathways.operators import MOST_VARIABLES
from pathways.settings import DEFAULT_SETTINGS, Settings

LAST = date(2030, 1, 1)


def d(text: str) -> date:
    return date.fromisoformat(text)


def told(
    id: str,
    type: str,
    day: str,
    *,
    documented: Moment | str | None = None,
    recorded: Moment | str | None = None,
    clock: time | None = None,
    **fields: Any,
) -> Event:
    """One entry; documented defaults to recorded, recorded to the day."""
    at = _moment(recorded) or d(day)
    return Event(id, type, d(day), _moment(documented) or at, at, fields, clock)


def _moment(value: Moment | str | None) -> Moment | None:
    return d(value) if isinstance(value, str) else value


def correction(id: str, target: str, field: str, new: object, day: str, **times: Any) -> Event:
    return told(id, "correction", day, **times, target=target, field=field, new=new)


def retraction(id: str, target: str, day: str, **times: Any) -> Event:
    return told(id, "retraction", day, **times, target=target, reason="told in error")


def story(*entries: Event, **facts: object) -> Story:
    return Story(facts, entries)


def program(*expressions: Expression | Node, settings: Settings = DEFAULT_SETTINGS) -> Program:
    nodes = [e.node if isinstance(e, Expression) else e for e in expressions]
    return Program(nodes, settings)


def view(
    program: Program, patient: Story, as_of: date | str = LAST, known_at: Moment | str | None = None
) -> View:
    day = d(as_of) if isinstance(as_of, str) else as_of
    return Evaluation(program, Ledger(patient, _moment(known_at) or LAST), day).now()


def value(
    expression: Expression,
    *entries: Event,
    as_of: date | str = LAST,
    known_at: Moment | str | None = None,
    facts: Mapping[str, object] | None = None,
    settings: Settings = DEFAULT_SETTINGS,
) -> Any:
    """What the expression comes to. It is asked twice, plainly and remembered; both must be the same."""
    patient = Story(facts or {}, entries)
    plain = program(expression, settings=settings)
    remembering = Program([expression.node], settings, asked_often=[expression.node, expression.node])
    first = plain[expression.node](view(plain, patient, as_of, known_at))
    again = view(remembering, patient, as_of, known_at)
    assert remembering[expression.node](again) == first
    assert remembering[expression.node](again) == first
    assert again.evaluation.environment == [None] * MOST_VARIABLES, "what binds a variable lets go of it"
    return first


def ids(events: Iterable[Event]) -> list[str]:
    return [event.id for event in events]
