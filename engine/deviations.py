"""Departures from the guideline, with the statuses of pathway-outline.md 1.4 and 11.6.

A step or order is judged by its own rule; a dated duty follows from its timer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from engine.evaluate import Program, View
from engine.event import Event, Moment, day_of
from engine.snapshot import Deviation
from engine.timers import Instance
from pathways.pathway import DeviationRule, Pathway


def deviations(
    program: Program, view: View, pathway: Pathway, instances: Iterable[Instance]
) -> Iterator[Deviation]:
    by_timer: dict[str, list[Instance]] = {}
    for instance in instances:
        by_timer.setdefault(instance.timer.id, []).append(instance)
    for rule in pathway.deviations:
        if rule.timers:
            for timer in rule.timers:
                yield from _duties(rule, by_timer.get(timer, ()), view)
        else:
            yield from _raised(program, view, rule)


def _duties(rule: DeviationRule, instances: Iterable[Instance], view: View) -> Iterator[Deviation]:
    """Raised on overdue_from; closed when fulfilled late, final when it can no longer be (R31)."""
    for instance in instances:
        status = _duty_status(instance, view)
        if status is not None:
            events = [*instance.anchor, *([instance.done] if instance.done else [])]
            yield _deviation(rule, status, events, instance.overdue_from)


def _duty_status(instance: Instance, view: View) -> str | None:
    if instance.overdue_from is None or view.today < instance.overdue_from:
        return None
    if instance.done is not None:
        return "closed" if instance.late else None
    if instance.ended is not None:
        return "final" if instance.overdue_when_ended else None
    over = instance.closes is not None and view.today > instance.closes
    return "final" if over else "open"


def _raised(program: Program, view: View, rule: DeviationRule) -> Iterator[Deviation]:
    assert rule.raised is not None, f"{rule.code} is neither raised by a condition nor by a timer"
    meanings = program.meanings
    raised = meanings[rule.raised]
    environment = view.evaluation.environment
    for element in (meanings[rule.each](view) or ()) if rule.each else (None,):
        environment[0] = element
        if raised(view) is True:
            status = next((s for s, when in rule.statuses if meanings[when](view) is True), rule.otherwise)
            events = list(_events(meanings[node](view) for node in rule.events))
            if isinstance(element, Event):
                yield _deviation(rule, status, events, element.day, element.documented)
            else:
                yield _deviation(rule, status, events, None, _latest_documented(events))


def _latest_documented(events: Iterable[Event]) -> Moment | None:
    """The latest moment at which one of these was documented."""
    return max((event.documented for event in events), key=day_of, default=None)


def _events(values: Iterable[Any]) -> Iterator[Event]:
    for value in values:
        yield from (value,) if isinstance(value, Event) else value or ()


def _deviation(
    rule: DeviationRule,
    status: str,
    events: Iterable[Event],
    on: date | None,
    decided: Moment | None = None,
) -> Deviation:
    ids: list[str] = []
    for event in events:
        ids.append(event.id)
        if event.type == "imaging_done":
            ids += event.corrected_by
    named = tuple(dict.fromkeys(ids))
    about = (rule.code, rule.title, rule.severity, status, named, rule.statements, rule.why)
    return Deviation(*about, on, decided=decided)
