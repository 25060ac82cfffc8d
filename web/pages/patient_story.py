"""The story of a patient as a page tells it: every entry with who said it when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coordination.reasons import pause_words
from engine.event import FACTS, Event, day_of
from interop.became import became, facts_changes
from interop.event_words import facts_words, field_words, path_words, type_words, value_words
from interop.plain_text import day_words
from pathways.vocabulary import load_vocabulary
from pathways.worded import data, joined, worded
from store.ledger import Line
from store.move import MOVE
from store.origins import moved_here
from web.shown.patient_seen import Seen


@dataclass(frozen=True, slots=True)
class Change:
    """A correction or retraction of an entry: of which field, from what to what, by whom, when and why."""

    id: str
    kind: str
    field: str
    old: str | None
    new: str
    day: date
    reason: str
    recorder: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the story. `parts` are its fields in words; `kind` is correction, retraction or entry."""

    id: str
    kind: str
    day: date
    what: str
    parts: tuple[tuple[str, str], ...]
    gone: str
    changes: tuple[Change, ...]
    documented: date | None
    recorder: str
    source: str
    recorded: datetime | None
    arrived: datetime | None
    origin: str

    @property
    def before(self) -> str:
        """The moment before it was recorded, as an address has it."""
        return (self.recorded - timedelta(microseconds=1)).isoformat() if self.recorded else ""


def story(seen: Seen) -> list[Told]:
    """Every entry, the newest first."""
    lines = {line.event_id: line for line in seen.view.lines if line.kind == "event"}
    moved = {str(line.event_id) for line in seen.view.lines if line.source == MOVE}
    told = [
        _told(seen, one.event, lines, "", one.changes, taken_back=one.taken_back, moved=moved)
        for one in became(seen.view.dossier.story, seen.view.snapshot.known_at, moved)
    ]
    return told[::-1]


def beginning(seen: Seen) -> tuple[str, tuple[Change, ...]]:
    """What was known from the beginning, with its corrections."""
    lines = {line.event_id: line for line in seen.view.lines if line.kind == "event"}
    changes = tuple(_change(one, lines) for one in facts_changes(seen.view.dossier.story))
    return facts_words(seen.view.dossier.facts_in_force, day_words), changes


def _told(
    seen: Seen,
    event: Event,
    lines: Mapping[str | None, Line],
    origin: str,
    changes: tuple[Event, ...],
    *,
    taken_back: bool,
    moved: set[str],
) -> Told:
    line = lines.get(event.id)
    gone = next((one for one in changes if one.type == "retraction"), None)
    written = day_of(event.documented)
    return Told(
        id=event.id,
        kind=event.type if event.type in ("correction", "retraction") else "entry",
        day=event.day,
        what=_about(event, seen) if event.type in ("correction", "retraction") else type_words(event),
        parts=tuple(_parts(event)),
        gone="" if not taken_back else "moved" if gone and gone.id in moved else "taken back",
        changes=tuple(_change(one, lines) for one in changes),
        documented=written if written != event.day else None,
        recorder=line.recorder if line else "",
        source=line.source if line else "",
        recorded=seen.view.first_recorded.get(event.id, line.recorded_there) if line else None,
        arrived=line.recorded_there if line and event.id in seen.view.first_recorded else None,
        origin=origin or (moved_here(line) or "" if line else ""),
    )


def _about(event: Event, seen: Seen) -> str:
    """`response assessment of e07`: the entry that is corrected or taken back."""
    target = str(event.fields.get("target", ""))
    if target == FACTS:
        return "known from the beginning"
    there = seen.events.get(target)
    return worded("{kind}, {entry}", kind=type_words(there), entry=target) if there else data(target)


def entry_words(event: Event, seen: Seen) -> str:
    """What an entry says, in one line; of a correction also of which entry."""
    told = [worded("{field} {value}", field=field, value=value) for field, value in _parts(event)]
    about = [_about(event, seen)] if event.type in ("correction", "retraction") else []
    return joined("; ", (*about, *told))


def _parts(event: Event) -> Iterator[tuple[str, str]]:
    """The fields of an entry with their values; of a correction the field, from what to what."""
    if event.type == "correction":
        change = _change(event, {})
        yield change.field, _step(change)
        if change.reason:
            yield "reason", data(change.reason)
        return
    if event.type == "retraction":
        if reason := str(event.fields.get("reason") or ""):
            yield "reason", data(reason)
        return
    if event.type == "pathway_paused":
        yield "reason", pause_words(str(event.fields.get("reason") or ""))
        return
    order = list(load_vocabulary().events[event.type].fields)
    names = sorted(event.fields, key=lambda name: order.index(name) if name in order else len(order))
    for name in names:
        value = event.fields[name]
        if name == "lesions" and isinstance(value, (tuple, list)):
            yield from (("lesion", value_words(one, day_words)) for one in value)
        elif name == "findings" and isinstance(value, Mapping):
            yield from ((field_words(one), value_words(told, day_words)) for one, told in value.items())
        else:
            yield field_words(name), value_words(value, day_words)


def _step(change: Change) -> str:
    """From what to what; without what it was where the correction does not say."""
    return change.new if change.old is None else worded("{old} → {new}", old=change.old, new=change.new)


def _change(event: Event, lines: Mapping[str | None, Line]) -> Change:
    fields = event.fields
    line = lines.get(event.id)
    old = value_words(fields["old"], day_words) if "old" in fields else None
    return Change(
        id=event.id,
        kind=event.type,
        field=path_words(str(fields.get("field", ""))) if event.type == "correction" else "",
        old=old,
        new=value_words(fields.get("new"), day_words) if event.type == "correction" else "",
        day=event.day,
        reason=str(fields.get("reason") or ""),
        recorder=line.recorder if line else "",
    )
