"""The way a patient walked: the state after each event and on each day on which time alone can change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from engine.event import Event
from engine.naive.meaning import value
from engine.naive.sight import Patient, Sight
from engine.naive.verdicts import HOLDS_BACK
from engine.snapshot import Move
from pathways.pathway import Pathway, Transition

BEGINNING = date(1800, 1, 1)


def state_of(pathway: Pathway, sight: Sight) -> str:
    """The first state whose rule is surely true (3.2); the last rule of a pathway always is."""
    return next(rule.state for rule in pathway.rules if value(rule.when, sight) is True)


def moves(pathway: Pathway, patient: Patient) -> list[Move]:
    """Each change of state, from what is known from the beginning until the day in question."""
    found: list[Move] = []
    state = state_of(pathway, next(sight for sight, _ in _stations(pathway, patient)))
    for sight, event in _stations(pathway, patient):
        new = state_of(pathway, sight)
        if new != state:
            found.append(_move(pathway, sight, event, state, new, first=not found))
            state = new
    return found


def _stations(pathway: Pathway, patient: Patient) -> Iterator[tuple[Sight, Event | None]]:
    """The beginning, each event, and between them the days on which time alone can move the patient."""
    now = patient.now()
    here = replace(now, events=(), today=BEGINNING)
    yield here, None
    for number, event in enumerate(now.events, 1):
        yield from ((replace(here, today=day), None) for day in _ticks(pathway, here, event.day))
        here = replace(now, events=now.events[:number], today=event.day)
        yield here, event
    yield from ((replace(here, today=day), None) for day in _ticks(pathway, here, now.today))
    yield now, None


def _ticks(pathway: Pathway, sight: Sight, until: date) -> list[date]:
    """The declared days after today, in order."""
    days = {value(tick, sight) for tick in pathway.ticks}
    return sorted(day for day in days if isinstance(day, date) and sight.today < day <= until)


def _move(pathway: Pathway, sight: Sight, event: Event | None, old: str, new: str, first: bool) -> Move:
    """By the book where the pathway declares it, else off the pathway; the first move comes from nowhere."""
    declared = _declared(pathway, event, old, new)
    against = tuple(
        guard.id
        for id in (declared.guards if declared else ())
        for guard in pathway.guards
        if guard.id == id and value(guard.hard, sight) in HOLDS_BACK
    )
    source = None if first else old
    return Move(sight.today, event.id if event else None, source, new, declared is None, against)


def _declared(pathway: Pathway, event: Event | None, old: str, new: str) -> Transition | None:
    fitting = [
        t for t in pathway.transitions if event and (t.source, t.event, t.target) == (old, event.type, new)
    ]
    return fitting[0] if fitting else None
