"""From where a patient is looked at: on a day, with a state of knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.event import Event, Moment, Story
from engine.naive.known import Entries, Known, documented, knowledge, recorded
from pathways.settings import Settings

Value = Any
"""What an expression gives: None is unknown, ABSENT is not there, else by the type of the expression."""


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient as asked about: what was recorded by then, the day in question, the settings."""

    story: Story
    entries: Entries
    as_of: date
    settings: Settings

    @classmethod
    def asked(cls, story: Story, as_of: date, known_at: Moment, settings: Settings) -> Patient:
        return cls(story, recorded(story, known_at), as_of, settings)

    def now(self) -> Sight:
        """The day in question, with all that is known."""
        return self.on(self.as_of, knowledge(self.entries, self.story))

    def on(self, day: date, known: Known) -> Sight:
        """A day with a state of knowledge; a day after the one in question has not come."""
        today = min(day, self.as_of)
        return Sight(self, known, tuple(e for e in known.events if e.day <= today), today)

    def documented_by(self, day: date) -> Sight:
        """A day with what was documented by its end."""
        today = min(day, self.as_of)
        return self.on(today, knowledge(documented(self.entries, today), self.story))


@dataclass(frozen=True, slots=True)
class Sight:
    """A patient on one day: the events up to then, and what the variables stand for."""

    patient: Patient
    known: Known
    events: tuple[Event, ...]
    today: date
    elements: Mapping[int, Value] = field(default_factory=dict)

    def having(self, level: int, *values: Value) -> Sight:
        """The same where the variables from this level on stand for these values."""
        elements = {**self.elements, **dict(enumerate(values, level))}
        return Sight(self.patient, self.known, self.events, self.today, elements)
