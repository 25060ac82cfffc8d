"""The complete record of one patient as a page to read and print: told in plain words, nothing left out.

What was taken back or corrected is struck through, and is there with who did it, when and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.event import CHANGES, FACTS, Event
from engine.history import retracted
from interop.became import correction_words
from interop.event_words import content, documented, path_words, type_words, value_words, when
from interop.html_page import rendered


@dataclass(frozen=True, slots=True)
class Said:
    """An entry with who recorded it, when and from where."""

    event: Event
    recorder: str
    recorded: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of an entry: what it said before, what it says since, who said so and why."""

    before: str
    after: str
    note: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as the page tells it."""

    day: str
    id: str
    what: str
    said: str
    note: str
    struck: bool
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of one of the other parts, with lines below it that tell more; empty ones are left out."""

    mark: str
    text: str
    note: str = ""
    below: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that the page shows, in its order."""

    title: str
    when: str
    identity: Sequence[Row]
    standing: Sequence[Row]
    known: str
    story: Sequence[Told]
    due: Sequence[Row]
    deviations: Sequence[Row]
    followed: Sequence[Row]
    joined: Sequence[Row]
    desk: Sequence[Row]
    seen: Sequence[Row]
    intended_use: str
    counted: str


def as_html(page: RecordPage) -> str:
    """The page as one HTML file: its style inside, nothing loaded, nothing executed."""
    return rendered("record.html.j2", page)


def story(entries: Sequence[Said]) -> list[Told]:
    """Every entry by day, each with what became of it."""
    events = [one.event for one in entries]
    known, gone = {event.id for event in events}, retracted(events)
    about: dict[str, list[Said]] = {}
    for one in entries:
        if one.event.type in CHANGES:
            about.setdefault(str(one.event.fields.get("target")), []).append(one)
    told = (one for one in entries if not (one.event.type in CHANGES and _target(one) in known))
    return [
        _told(one, one.event.id in gone, about.get(one.event.id, ()), gone)
        for one in sorted(told, key=lambda one: one.event.day)
    ]


def _target(one: Said) -> str:
    return str(one.event.fields.get("target"))


def _told(one: Said, struck: bool, about: Sequence[Said], gone: set[str]) -> Told:
    event = one.event
    late = documented(event)
    by = f"recorded {when(one.recorded)} by {one.recorder}, {one.source}"
    remarks = tuple(_remark(later, later.event.id in gone) for later in about)
    what, said = type_words(event), content(event)
    if event.type == "correction" and _target(one) == FACTS:
        what, said = "correction of what was known from the beginning", _corrected(event)
    return Told(str(event.day), event.id, what, said, f"{by}{f'; {late}' if late else ''}", struck, remarks)


def _corrected(event: Event) -> str:
    return "; ".join(filter(None, (correction_words(event), str(event.fields.get("reason") or ""))))


def _remark(one: Said, void: bool) -> Remark:
    fields = one.event.fields
    by = f"{when(one.recorded)} by {one.recorder} ({one.event.id})"
    why = f": {fields['reason']}" if fields.get("reason") else ""
    undone = "; itself taken back" if void else ""
    if one.event.type == "retraction":
        return Remark("", "", f"taken back {by}{why}{undone}")
    name = path_words(str(fields["field"]))
    before, after = (f"{name} {_value(fields.get(side))}" for side in ("old", "new"))
    return Remark(before, after, f"corrected {by}{why}{undone}")


def _value(value: object) -> str:
    return "not stated" if value is None else value_words(value)
