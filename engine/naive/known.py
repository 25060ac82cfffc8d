"""What is known about a patient: entries that can be seen, with corrections and retractions worked in, in
clinical order (pathway-outline.md R2 to R6, R17).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from engine.event import FACTS, Event, Moment, Story, as_entry, day_of, not_after
from pathways.vocabulary import Vocabulary

MAPPINGS = ("findings", "snapshot", "uncovered_lesions", "dynamics")
"""Fields that hold a mapping: a path into them goes on after the dot."""

Entries = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """One state of knowledge: what was known from the beginning, the story in order, and the entries that are
    no part of it.
    """

    facts: Mapping[str, object]
    events: Entries
    changes: Entries
    duplicates: Entries
    after_death: Entries

    def position(self, event: Event) -> int | None:
        """Where an event stands in the story; None for one that does not belong to it."""
        return next((n for n, other in enumerate(self.events) if other.id == event.id), None)

    def entry(self, id: object) -> Event | None:
        """The entry of this id as it stands, whether it belongs to the story or was set aside."""
        everything = (*self.events, *self.after_death, *self.duplicates, *self.changes)
        return next((entry for entry in everything if entry.id == id), None)


def recorded(story: Story, known_at: Moment) -> Entries:
    """What had been recorded by then, in the order of recording; an id counts once."""
    seen: dict[str, Event] = {}
    for entry in sorted(story.entries, key=recording_order):
        if not_after(entry.recorded, known_at):
            seen.setdefault(entry.id, entry)
    return tuple(seen.values())


def documented(entries: Iterable[Event], day: date) -> Entries:
    """What had been documented by the end of a day."""
    return tuple(entry for entry in entries if day_of(entry.documented) <= day)


def knowledge(entries: Entries, story: Story) -> Known:
    """What these of a patient's entries make together."""
    standing = [entry for entry in entries if _visible(entry, entries) and not _taken_back(entry, entries)]
    changes = tuple(entry for entry in standing if is_change(entry))
    said = [_corrected(entry, changes) for entry in standing if not is_change(entry)]
    firsts = [entry for n, entry in enumerate(said) if not _repeats(entry, said[:n])]
    deaths = [entry.day for entry in firsts if entry.type == "death"]
    end = min(deaths, default=date.max)
    return Known(
        facts=_corrected(as_entry(story.facts), changes).fields,
        events=tuple(_in_order([entry for entry in firsts if entry.day <= end], story.vocabulary)),
        changes=changes,
        duplicates=tuple(entry for n, entry in enumerate(said) if _repeats(entry, said[:n])),
        after_death=tuple(entry for entry in firsts if entry.day > end),
    )


def is_change(entry: Event) -> bool:
    return entry.type in ("correction", "retraction")


def recording_order(entry: Event) -> tuple[object, ...]:
    """By documented, then recorded, then id."""
    return (*_moment(entry.documented), *_moment(entry.recorded), entry.id)


def _moment(moment: Moment) -> tuple[date, datetime]:
    """By the printed day; within it a bare day first, then by instant. Without a zone it counts as UTC."""
    if not isinstance(moment, datetime):
        return moment, datetime.min.replace(tzinfo=UTC)
    return moment.date(), moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _visible(entry: Event, entries: Entries) -> bool:
    """A correction or retraction can be seen where its target can (R4)."""
    target = entry.fields.get("target")
    targets = [other for other in entries if other.id == target]
    return not is_change(entry) or target == FACTS or any(_visible(target, entries) for target in targets)


def _taken_back(entry: Event, entries: Entries) -> bool:
    """By a retraction that is not taken back itself (R5)."""
    return any(
        other.type == "retraction" and other.fields["target"] == entry.id and not _taken_back(other, entries)
        for other in entries
    )


def _corrected(entry: Event, changes: Entries) -> Event:
    """The entry with its corrections worked in, the newest last; each of them corrected itself before."""
    for change in changes:
        if change.type == "correction" and change.fields["target"] == entry.id:
            entry = _put_right(entry, _corrected(change, changes))
    return entry


def _put_right(entry: Event, correction: Event) -> Event:
    """What does not fit the entry leaves it as it is."""
    path, new = str(correction.fields["field"]), correction.fields.get("new")
    by = (*entry.corrected_by, correction.id)
    if path == "date":
        clock = new.time() if isinstance(new, datetime) else None
        if not isinstance(new, date):
            return entry
        return replace(entry, day=day_of(new), clock=clock, corrected_by=by)
    head, _, rest = path.partition(".")
    if head == "lesions" and rest:
        lesion, _, name = rest.rpartition(".")
        rows = entry.fields.get("lesions") or ()
        assert isinstance(rows, Sequence)
        if lesion not in [row["id"] for row in rows]:
            return entry
        value: object = tuple({**row, name: new} if row["id"] == lesion else row for row in rows)
    elif head in MAPPINGS and rest:
        stated = entry.fields.get(head)
        value = {**(stated if isinstance(stated, Mapping) else {}), rest: new}
    else:
        head, value = path, new
    return replace(entry, fields={**entry.fields, head: value}, corrected_by=by)


def _repeats(entry: Event, earlier: Iterable[Event]) -> bool:
    """The same type, date and content as an entry before it (R6); a note is no content."""
    return any(_what(entry) == _what(other) for other in earlier)


def _what(entry: Event) -> object:
    content = {name: value for name, value in entry.fields.items() if name != "note"}
    return entry.type, entry.day, entry.clock, content


def _in_order(entries: list[Event], vocabulary: Vocabulary) -> list[Event]:
    """By day; within a day by time if every entry has one, else by class, then time, none first (R3)."""
    untimed = {entry.day for entry in entries if entry.clock is None}

    def key(entry: Event) -> tuple[object, ...]:
        clock = (entry.clock or time.min).replace(tzinfo=None)
        by_class = (vocabulary.rank(entry.type), entry.clock is not None) if entry.day in untimed else ()
        return (entry.day, *by_class, clock, *recording_order(entry))

    return sorted(entries, key=key)
