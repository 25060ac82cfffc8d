"""What was recorded about a patient: events, their three times, and the story they make together.

Source: pathway-outline.md 11.1 (R2, R3), architecture section 2 ("Three times per entry").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from pathways.vocabulary import Vocabulary, load_vocabulary

Moment = date | datetime
"""A civil day, or a point of time where one is stated. A bare day means all of that day."""


def day_of(moment: Moment) -> date:
    """The civil day printed in a moment (R2)."""
    return moment.date() if isinstance(moment, datetime) else moment


def not_after(first: Moment, second: Moment) -> bool:
    """True when `first` is on or before `second`; a bare day on either side compares whole days."""
    if isinstance(first, datetime) and isinstance(second, datetime):
        if (first.tzinfo is None) == (second.tzinfo is None):
            return first <= second
        return first.replace(tzinfo=None) <= second.replace(tzinfo=None)
    return day_of(first) <= day_of(second)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a patient's ledger, with validated content.

    `day` is the clinical day (occurred), `clock` the time of day where one is stated. `documented` is when
    the care team had it in writing, `recorded` when it entered the ledger. `fields` holds the content by
    vocabulary name with parsed values; a key that is present with None is unknown, a key that is missing was
    not stated. `corrected_by` names the corrections that are already worked into `fields`.
    """

    id: str
    type: str
    day: date
    documented: Moment
    recorded: Moment
    fields: Mapping[str, object]
    clock: time | None = None
    corrected_by: tuple[str, ...] = ()


CHANGES: Final = frozenset({"correction", "retraction"})
"""Types of entries that are about another entry."""

FACTS: Final = "facts"
"""What a correction names in place of an entry, to correct what is said to be known from the beginning."""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything said about one patient: facts known from the beginning (canonical vocabulary names) and all
    entries.

    `facts` are as they were said first; corrections of them are entries, whose target is `facts`.
    `vocabulary` is the one in whose words it is told: the shipped one, or that of an author's own pathway.
    """

    facts: Mapping[str, object]
    entries: tuple[Event, ...]
    vocabulary: Vocabulary = field(default_factory=load_vocabulary, repr=False)


def as_entry(facts: Mapping[str, object]) -> Event:
    """The facts known from the beginning as the entry that corrections of them name."""
    return Event(FACTS, FACTS, date.min, date.min, date.min, facts)
