"""The companions a patient is enrolled in: since when, and because of which entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.answer import plain
from engine.enrolled import Enrolled, enrolled
from engine.event import Event
from engine.snapshot import Snapshot
from interop.event_words import type_words
from pathways.titles import pathway_title, state_title
from pathways.worded import worded
from store.patient_view import PatientView


@dataclass(frozen=True, slots=True)
class Companion:
    """One companion the patient is in."""

    snapshot: Snapshot
    since: Enrolled

    @property
    def title(self) -> str:
        return pathway_title(self.snapshot.key)

    @property
    def state(self) -> str:
        """The state in words."""
        return state_title(self.snapshot.state, self.snapshot.key)


def companions(view: PatientView) -> list[Companion]:
    """Those the patient is in, in the order of the enrolment."""
    _, *others = view.enrolled
    shown = view.snapshot
    found = enrolled(others, view.dossier.story, shown.as_of, shown.known_at)
    parts = {part.key: part for part in shown.pathways}
    return [Companion(parts[key], since) for key, since in found.items()]


def since_words(since: Enrolled, events: Mapping[str, Event]) -> str:
    """By which entry: `2024-07-08, e02 imaging`; else since when."""
    if since.event is None:
        return (
            worded("from the beginning") if since.way else worded("from the beginning, as every patient is")
        )
    told = f"{since.on}, {since.event}"
    there = events.get(since.event)
    return worded("{told} {kind}", told=told, kind=type_words(there)) if there else told


def as_json(view: PatientView) -> list[dict[str, Any]]:
    """The companions for a program."""
    return [
        {
            "id": one.snapshot.pathway.id,
            "key": one.snapshot.key,
            "title": one.title,
            "state": one.snapshot.state,
            "entered_on": plain(one.snapshot.entered_on),
            **since_json(one.since),
        }
        for one in companions(view)
    ]


def since_json(since: Enrolled) -> dict[str, Any]:
    """Since when and why; all null where it is so from the beginning, for every patient."""
    return {
        "enrolled_on": plain(since.on),
        "enrolled_by": since.event,
        "enrolled_because": since.way or None,
    }
