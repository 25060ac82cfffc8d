"""What would open a step that is held back: asked for a patient, in a line of words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.answer import plain
from engine.decision import Decision
from engine.event import Event
from engine.remedy import Remedy
from engine.unblock import Opening, Unblocking, unblock
from interop.event_words import datum_words, value_words
from pathways.titles import state_title
from pathways.worded import joined, worded
from store.patient_view import PatientView

most_parts: Final = 2
"""Facts and things to do that a line names."""


def openings_of(view: PatientView, pathway: str, step: str) -> Unblocking:
    """What would open a step of that pathway for this patient on the day of the view."""
    snapshot = view.snapshot
    return unblock(view.enrolled, view.dossier.story, snapshot.as_of, snapshot.known_at, pathway, step)


def openings_for(view: PatientView, found: Decision) -> Unblocking | None:
    """The same for a decision; None for a step that nothing holds back or that is closed to who has left."""
    held = found.verdict in ("blocked", "undetermined") and found.held
    return openings_of(view, found.pathway, found.name) if held else None


def held_openings(view: PatientView) -> Mapping[str, str]:
    """A line for every step that a guard holds back, by the step."""
    return {
        step.step: brief(openings_of(view, part.key, step.step), view)
        for part in view.snapshot.pathways
        for step in part.steps
        if step.guards
    }


def brief(found: Unblocking, view: PatientView) -> str:
    """`not before 2025-02-28: Response assessment that shows a response (radiology ...), and 2 more`."""
    if not found.openings:
        return nothing(found, view)
    first = found.openings[0]
    parts = [f"{what(one, view)} ({one.who})" for one in first.remedies]
    more = len(parts) - most_parts
    told = "; ".join(parts[:most_parts]) + (f"; and {more} more" if more > 0 else "")
    if not told:
        return f"opens by itself on {first.on}"
    if first.overrules:
        told = f"as a departure that stays visible: {told}"
    return f"opens with: {told}" if first.on == view.snapshot.as_of else f"not before {first.on}: {told}"


def nothing(found: Unblocking, view: PatientView) -> str:
    """Why nothing is offered."""
    if found.by_state:
        told = 'in the state "{state}" it is open to nobody; nothing to find out or do today changes that'
        return worded(told, state=worded(_state(found, view)))
    if not found.complete:
        return worded("too much is still open for a short list: the conditions tell what is missing")
    if not found.held:
        return worded("nothing to find out or do opens it")
    held = joined(", ", map(worded, held_titles(found, view)))
    return worded("nothing to find out or do opens it; held by {held}", held=held)


def _state(found: Unblocking, view: PatientView) -> str:
    """The state of the pathway the step belongs to, in words."""
    parts = view.snapshot.pathways
    part = next(one for one in parts if any(step.step == found.step for step in one.steps))
    return state_title(part.state, part.key)


def held_titles(found: Unblocking, view: PatientView) -> list[str]:
    """The guards that nothing opens today, in words."""
    titles = {id: guard.title for part in view.snapshot.pathways for id, guard in part.guards.items()}
    return [titles[id] for id in found.held]


def what(one: Remedy, view: PatientView) -> str:
    """A fact or a thing to do, in words."""
    if one.kind == "find_out":
        datum = datum_words(one.name, _events(view))
        return worded("{datum}: if {value}", datum=datum, value=_value(one.value))
    if one.kind == "overrule":
        titles = {id: guard.title for part in view.snapshot.pathways for id, guard in part.guards.items()}
        title = worded(titles[one.name])
        return worded('A board that overrules "{title}" and gives its reason', title=title)
    return one.title


def _events(view: PatientView) -> dict[str, Event]:
    return {event.id: event for event in view.dossier.entries}


def _value(value: object) -> str:
    lesions = isinstance(value, tuple) and any(isinstance(one, Mapping) for one in value)
    return worded("they are listed and can be treated") if lesions else value_words(value)


def as_json(found: Unblocking, view: PatientView) -> dict[str, Any]:
    """Everything that is told of it, and what was assumed."""
    return {
        "openings": [_opening(one, view) for one in found.openings],
        "held": list(found.held),
        "by_state": found.by_state,
        "complete": found.complete,
    }


def _opening(one: Opening, view: PatientView) -> dict[str, Any]:
    return {
        "from": plain(one.on),
        "departs": one.overrules > 0,
        "needs": list(_needs(one, view)),
    }


def _needs(opening: Opening, view: PatientView) -> Iterator[dict[str, Any]]:
    for one in opening.remedies:
        yield {
            "kind": one.kind,
            "name": one.name,
            "what": what(one, view),
            "who": one.who,
            "from": plain(one.entry.day),
            "assumed": {"type": one.entry.type, **plain(one.entry.fields)},
        }
