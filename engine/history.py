"""From entries to what is visible: corrections worked in, retracted and duplicate entries left out, all in
order.

`Ledger` prepares one patient's entries for one known_at; `Ledger.known(day)` is what was documented by the
end of a day. Source: pathway-outline.md 11.1 (R2 to R6, R17).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Final

from engine.event import CHANGES, FACTS, Event, Moment, Story, as_entry, day_of, not_after
from engine.path import PathError, with_path
from pathways.vocabulary import Vocabulary

_MIDNIGHT: Final = time.min


class Known:
    """What one state of knowledge holds: events in order, those set aside, and indexes into them.

    `facts` are those known from the beginning, with their corrections.
    """

    __slots__ = (
        "after_death",
        "by_id",
        "by_type",
        "changes",
        "days",
        "duplicates",
        "events",
        "facts",
        "order",
        "stated",
        "vocabulary",
    )

    def __init__(self, facts: Mapping[str, object], entries: Sequence[Event], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        gone = retracted(entries)
        kept = [e for e in entries if e.id not in gone] if gone else list(entries)
        self.changes = [e for e in kept if e.type in CHANGES]
        beginning, *corrected = _corrected(
            [as_entry(facts), *(e for e in kept if e.type not in CHANGES)], self.changes
        )
        self.facts = beginning.fields
        corrected, self.duplicates = _without_duplicates(corrected)
        living, self.after_death = _until_death(corrected)
        self.events: list[Event] = _ordered(living, vocabulary)
        self.order: dict[str, int] = {e.id: n for n, e in enumerate(self.events)}
        self.days: list[date] = [e.day for e in self.events]
        self.by_id: dict[str, Event] = {e.id: e for e in (*corrected, *self.duplicates, *self.changes)}
        self.by_type: dict[str, list[int]] = {}
        self.stated: dict[str, list[int]] = {}
        for n, event in enumerate(self.events):
            self.by_type.setdefault(event.type, []).append(n)
            if event.type == "finding_recorded":
                for name in event.fields:
                    self.stated.setdefault(name, []).append(n)

    def until(self, day: date) -> int:
        """How many events lie on or before `day`: the length of the prefix a view of that day sees."""
        return bisect_right(self.days, day)


class Ledger:
    """One patient's entries as visible at known_at, and what of them was documented by any day."""

    __slots__ = ("_earlier", "_late", "entries", "facts", "now", "vocabulary")

    def __init__(self, story: Story, known_at: Moment) -> None:
        seen = [e for e in story.entries if not_after(e.recorded, known_at)]
        seen.sort(key=recording_order)
        unique: dict[str, Event] = {}
        for entry in seen:
            unique.setdefault(entry.id, entry)
        self.entries = [
            e
            for e in unique.values()
            if e.type not in CHANGES or (target := e.fields.get("target")) in unique or target == FACTS
        ]
        self.facts = story.facts
        self.vocabulary = story.vocabulary
        self.now = Known(self.facts, self.entries, self.vocabulary)
        self._late = sorted({day_of(e.documented) for e in self.entries if _matters_late(e)})
        self._earlier: dict[int, Known] = {len(self._late): self.now}

    def known(self, day: date) -> Known:
        """What had been documented by the end of `day`, as far as events of that day and before are
        concerned.
        """
        count = bisect_right(self._late, day)
        found = self._earlier.get(count)
        if found is None:
            limit = self._late[count]
            entries = [e for e in self.entries if not (_matters_late(e) and day_of(e.documented) >= limit)]
            found = self._earlier[count] = Known(self.facts, entries, self.vocabulary)
        return found


def facts_in_force(story: Story, known_at: Moment) -> Mapping[str, object]:
    """The facts known from the beginning, as corrected by then; the story's own where nothing was."""
    if not any(map(corrects_facts, story.entries)):
        return story.facts
    return Ledger(story, known_at).now.facts


def corrects_facts(event: Event) -> bool:
    """Whether an entry corrects what was known from the beginning."""
    return event.type == "correction" and event.fields.get("target") == FACTS


def recording_order(event: Event) -> tuple[str, str, str]:
    """By documented, then recorded, then id (R2); a bare day comes before a time of that day."""
    return (_sortable(event.documented), _sortable(event.recorded), event.id)


def _sortable(moment: Moment) -> str:
    """Text that sorts by the printed day, then by instant: the same hour may come twice in autumn."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return f"{moment.date().isoformat()}T{moment.astimezone(UTC).isoformat()}"
    return moment.isoformat()


def _matters_late(event: Event) -> bool:
    """An entry whose day alone does not tell when it was known."""
    return event.type in CHANGES or day_of(event.documented) > event.day


def retracted(entries: Iterable[Event]) -> set[str]:
    """Ids taken back by a retraction that is itself in force (R5)."""
    by_target: dict[str, list[str]] = {}
    for entry in entries:
        if entry.type == "retraction":
            by_target.setdefault(str(entry.fields.get("target")), []).append(entry.id)

    def gone(id: str, path: frozenset[str]) -> bool:
        return any(r not in path and not gone(r, path | {r}) for r in by_target.get(id, ()))

    return {id for id in by_target if gone(id, frozenset({id}))}


def _corrected(events: list[Event], changes: Sequence[Event]) -> list[Event]:
    """The events with every correction worked in; corrections of corrections first, the newest recorded wins
    (R4, R5).
    """
    corrections: dict[str, list[Event]] = {}
    for change in changes:
        if change.type == "correction":
            corrections.setdefault(str(change.fields.get("target")), []).append(change)
    if not corrections:
        return events
    return [_with_corrections(e, corrections, frozenset({e.id})) for e in events]


def _with_corrections(event: Event, corrections: Mapping[str, list[Event]], path: frozenset[str]) -> Event:
    for change in corrections.get(event.id, ()):
        if change.id in path:
            continue
        settled = _with_corrections(change, corrections, path | {change.id})
        event = _apply(event, settled)
    return event


def _apply(event: Event, correction: Event) -> Event:
    field, new = str(correction.fields.get("field")), correction.fields.get("new")
    touched = (*event.corrected_by, correction.id)
    if field == "date":
        if not isinstance(new, date):
            return event
        clock = new.time() if isinstance(new, datetime) else None
        return replace(event, day=day_of(new), clock=clock, corrected_by=touched)
    try:
        return replace(event, fields=with_path(event.fields, field, new), corrected_by=touched)
    except PathError:
        return event


def _without_duplicates(events: list[Event]) -> tuple[list[Event], tuple[Event, ...]]:
    """First come, first kept: a later recorded entry of the same type, date and content is set aside (R6)."""
    kept: list[Event] = []
    extra: list[Event] = []
    by_day: dict[tuple[str, date], list[Event]] = {}
    for event in events:
        alike = by_day.setdefault((event.type, event.day), [])
        if any(content(other) == content(event) and other.clock == event.clock for other in alike):
            extra.append(event)
        else:
            alike.append(event)
            kept.append(event)
    return kept, tuple(extra)


def content(event: Event) -> dict[str, object]:
    """What an entry says: all fields but the note."""
    return {name: value for name, value in event.fields.items() if name != "note"}


def _until_death(events: list[Event]) -> tuple[list[Event], tuple[Event, ...]]:
    """Events after death change nothing (R17); they are set aside and flagged."""
    deaths = [e.day for e in events if e.type == "death"]
    if not deaths:
        return events, ()
    last = min(deaths)
    return [e for e in events if e.day <= last], tuple(e for e in events if e.day > last)


def _ordered(events: Iterable[Event], vocabulary: Vocabulary) -> list[Event]:
    """By day; within a day by time if every entry has one, else by class, time (none first), recorded, id
    (R3).
    """
    days: dict[date, list[Event]] = {}
    for event in events:
        days.setdefault(event.day, []).append(event)
    result: list[Event] = []
    for day in sorted(days):
        same = days[day]
        if len(same) > 1:
            timed = all(e.clock is not None for e in same)
            same.sort(key=_by_time if timed else partial(_by_class, vocabulary))
        result.extend(same)
    return result


def _by_time(event: Event) -> tuple[time, tuple[str, str, str]]:
    return ((event.clock or _MIDNIGHT).replace(tzinfo=None), recording_order(event))


def _by_class(vocabulary: Vocabulary, event: Event) -> tuple[int, bool, time, tuple[str, str, str]]:
    clock = (event.clock or _MIDNIGHT).replace(tzinfo=None)
    return (vocabulary.rank(event.type), event.clock is not None, clock, recording_order(event))
