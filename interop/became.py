"""Entries as they stand, each with what became of it: taken back, moved to another patient, corrected."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.event import FACTS, Event, Moment, Story
from engine.history import Ledger, retracted
from interop.event_words import path_words, value_words


@dataclass(frozen=True, slots=True)
class Became:
    """An entry with its corrections worked in, whether it was taken back, and what to tell of it.

    `changes` are the corrections and retractions of it that stand, in the order in which they were said.
    """

    event: Event
    taken_back: bool
    remarks: tuple[str, ...]
    changes: tuple[Event, ...] = ()


def became(
    story: Story,
    known_at: Moment,
    moved: Container[str] = (),
    come: Mapping[str, str] | None = None,
) -> list[Became]:
    """Every entry by day; `moved` are the retractions by which an entry went to another patient, `come` tells
    of entries, by id, that came from one.
    """
    origins = come or {}
    in_force, gone = Ledger(story, known_at).now.by_id, retracted(story.entries)
    told = (
        Became(
            in_force.get(entry.id, entry),
            entry.id in gone,
            (
                *(f"({told})" for told in (origins.get(entry.id),) if told),
                *_remarks(entry.id, story.entries, gone, moved),
            ),
            tuple(_about(entry.id, story.entries, gone)),
        )
        for entry in story.entries
    )
    return sorted(told, key=lambda one: one.event.day)


def facts_remarks(story: Story) -> tuple[str, ...]:
    """The corrections of what was known from the beginning."""
    return tuple(_remarks(FACTS, story.entries, retracted(story.entries), ()))


def facts_changes(story: Story) -> tuple[Event, ...]:
    """The corrections themselves of what was known from the beginning."""
    return tuple(_about(FACTS, story.entries, retracted(story.entries)))


def _about(target: str, entries: Sequence[Event], gone: set[str]) -> Iterator[Event]:
    return (one for one in entries if one.fields.get("target") == target and one.id not in gone)


def _remarks(target: str, entries: Sequence[Event], gone: set[str], moved: Container[str]) -> Iterator[str]:
    """`overall response PR -> PD (corrected, e13)`, `(taken back, e14)`."""
    about = list(_about(target, entries, gone))
    for one in about:
        if one.type == "correction":
            again = any(other.fields.get("target") == one.id for other in entries if other.id not in gone)
            note = f"(corrected, {one.id}{', itself corrected' if again else ''})"
            yield f"{correction_words(one)} {note}"
    for one in about:
        if one.type == "retraction":
            yield f"({'moved to another patient' if one.id in moved else 'taken back'}, {one.id})"


def correction_words(correction: Event) -> str:
    """`diameter of lesion L1 12 -> 14`; without what it was where the correction does not say."""
    fields = correction.fields
    name = path_words(str(fields["field"]))
    old = f"{_value(fields['old'])} -> " if "old" in fields else ""
    return f"{name} {old}{_value(fields.get('new'))}"


def _value(value: object) -> str:
    return "unknown" if value is None else value_words(value)
