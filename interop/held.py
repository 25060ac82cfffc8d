"""Why a patient stays where he is although nothing speaks against going on: a value that nobody knows.

Unknown opens no step and no state. Where all that holds a step back is unknown, what is missing is the cause;
likewise where the event that leads on has happened, and the state stayed because its guard is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.event import Event
from engine.snapshot import GuardVerdict, Snapshot
from engine.verdict import missing_of
from interop.event_words import datum_words
from pathways.titles import state_title
from pathways.worded import joined, worded
from store.patient_view import PatientView


@dataclass(frozen=True, slots=True)
class Held:
    """What cannot be decided, a step or a state that would come next, and what is not known.

    `step` is the step's id, None for a state. `missing` names data as a verdict does.
    """

    title: str
    step: str | None
    guards: tuple[GuardVerdict, ...]
    missing: tuple[str, ...]


def held_by_unknowns(view: PatientView) -> list[Held]:
    """What waits on the main pathway only because something is not known."""
    main = view.snapshot.main
    found = [*_steps(main), *_moves(main, view)]
    first: dict[tuple[str, ...], Held] = {}
    for held in found:
        first.setdefault(held.missing, held)
    return list(first.values())


def _steps(main: Snapshot) -> Iterator[Held]:
    for step in main.steps:
        if not step.allowed:
            yield from _held(main, step.title, step.step, step.guards)


def _moves(main: Snapshot, view: PatientView) -> Iterator[Held]:
    """Moves by the book whose event has happened and that did not come about."""
    happened = {event.type for event in view.dossier.entries if event.day <= view.snapshot.as_of}
    for move in view.enrolled[0].pathway.transitions:
        if move.source == main.state and move.event in happened:
            yield from _held(main, state_title(move.target, main.key), None, move.guards)


def _held(main: Snapshot, title: str, step: str | None, guards: Iterable[str]) -> Iterator[Held]:
    asked = [main.guards[guard] for guard in guards if guard in main.guards]
    unknown = tuple(one for one in asked if one.result == "unknown")
    missing = tuple(dict.fromkeys(name for one in unknown for name in missing_of(one)))
    if missing and not any(one.result == "fail" for one in asked):
        yield Held(title, step, unknown, missing)


def held_words(held: Held, events: Mapping[str, Event]) -> str:
    """`Start ... cannot be decided (No excluded features). Unknown: ascites, in e02 (imaging done, ...)`."""
    return worded(
        '"{title}" cannot be decided ({guards}). Unknown: {missing}',
        title=worded(held.title),
        guards=joined("; ", (worded(one.title) for one in held.guards)),
        missing=joined("; ", (datum_words(name, events) for name in held.missing)),
    )


def as_json(held: Held) -> dict[str, Any]:
    """What waits, as `show --json` has it."""
    return {
        "title": held.title,
        "step": held.step,
        "guards": [one.guard for one in held.guards],
        "missing": list(held.missing),
    }
