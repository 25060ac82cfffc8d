"""Days in a series, and the events that belong to them."""

from __future__ import annotations

from typing import ClassVar

from pathways.language.event import Events, OneEvent
from pathways.language.expression import Date, Expression, Number, number


class Dates(Expression):
    """A list of days in order."""

    TYPE: ClassVar[str] = "dates"

    def joined(self, other: Dates) -> Dates:
        return Dates.make("join", self, other)

    def last(self) -> Date:
        return Date.make("last_date", self)

    def reach(self, day: Date, anchor: Date) -> Date:
        """The last day on which an event may still belong to `day`: half an interval later (outline R29)."""
        return Date.make("reach", self, day, anchor)

    def assigned(self, events: Events, anchor: Date) -> Matches:
        """Which event belongs to which day (outline R29)."""
        return Matches.make("assigned", self, events, anchor)


class Matches(Expression):
    """Events assigned to the days of a series."""

    TYPE: ClassVar[str] = "matches"

    def of(self, day: Date) -> OneEvent:
        return OneEvent.make("matched", self, day)


def grid(anchor: Date, start: Number | int, step: Number | int, stop: Number | int) -> Dates:
    """Days `start`, `start + step` ... `stop` months after the anchor, each counted from it (outline 1.2)."""
    return Dates.make("grid", anchor, number(start), number(step), number(stop))
