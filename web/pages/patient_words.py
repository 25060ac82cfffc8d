"""Entries and statements as a page names them: short, with a place to go on to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from interop.event_words import type_words
from pathways.guidelines.statements import Statement
from web.shown.patient_seen import Seen

most_events: Final = 3
"""Entries that a condition names; more are counted."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An entry that a condition looked at."""

    id: str
    what: str
    day: date


def looked_at(ids: Iterable[str], seen: Seen) -> tuple[Looked, ...]:
    """The entries with these ids, as they stand."""
    there = seen.beside.events
    found = (there[id] for id in ids if id in there)
    return tuple(Looked(one.id, type_words(one), one.day) for one in found)


_SOURCES: Final = {
    "ago-2024-": "AGO",
    "abc7-": "ABC-7",
    "mdtbc-": "MDT-BC",
    "utd-2017-": "UpToDate",
    "imet-": "IMET",
    "ombc-": "OMBC",
}
"""What the documents are called on a chip, by how the ids of their statements begin."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A document with grades as it prints them, and the statements that have just these."""

    source: str
    grades: tuple[tuple[str, str], ...]
    told: str


def chips(found: Iterable[Statement]) -> tuple[Chip, ...]:
    """The chips of these statements, each once, those with a printed grade first."""
    return _chips(tuple(found))


@lru_cache(maxsize=2048)
def _chips(found: tuple[Statement, ...]) -> tuple[Chip, ...]:
    """The same statements stand beside the same conditions on every page."""
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for one in found:
        alike.setdefault(chip(one), []).append(f"{one.statement} ({one.source_text})")
    made = [Chip(source, grades, "\n".join(told)) for (source, grades), told in alike.items()]
    return tuple(sorted(made, key=lambda one: not one.grades))


def chip(one: Statement) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The document and the grades exactly as it prints them: label and value; none where it prints none."""
    source = next((name for prefix, name in _SOURCES.items() if one.id.startswith(prefix)), "own")
    if one.grade_system is None:
        return source, ()
    printed = (grade.rpartition(" ") for grade in one.grade_text.split(", "))
    return source, tuple((label, value) for label, _, value in printed)
