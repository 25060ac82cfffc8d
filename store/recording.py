"""What is handed to the write door, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.difference import Difference
from engine.event import Event, Story
from engine.snapshot import PatientSnapshot
from store.derivation import Enrolment
from store.errors import StoreError

if TYPE_CHECKING:
    from store.ledger import Line


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, as it was written or as it was read, and the name its source gave it, if it did."""

    content: Mapping[str, object] | Event
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The pathways (by id, the main one first; None: all there are) and settings to follow a patient by."""

    pathways: tuple[str, ...] | None = None
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Settings by which a patient is followed from now on, the others as they are, and why."""

    settings: Mapping[str, object]
    reason: str


@dataclass(frozen=True, slots=True)
class InForce:
    """A whole enrolment put in force for a patient from now on, and why.

    `change` names the change of many patients it is part of; `undoes` the one it takes back.
    """

    enrolment: Enrolment
    reason: str
    change: str | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """A line about a merge (`merged.py`), by kind and payload; for a merge with the other record's lines."""

    kind: str
    payload: str
    others: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Retelling:
    """A source tells all it knows at each import, among it entries of which it has no name.

    Their ids are made from their content and match `ids`: one that is altered comes under another id, and
    what was recorded before is said no longer. `sources` is how the names of such sources begin; `beside` are
    those that tell of other things.
    """

    ids: re.Pattern[str]
    sources: str
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recording:
    """What somebody or some system says about one patient, to be recorded whole or not at all.

    `reference` is the site's label for the patient; `facts`, known from the beginning, make a new patient (an
    empty mapping will do). `change` alters settings and leaves pathways as they are; `in_force` replaces the
    enrolment. `source` is the form,
    file or system it comes from; `imported` marks history, in which a given `recorded` is the day of writing.
    `day_zero` is the event from which all days are counted, for a patient without calendar days. With
    `retelling` it is refused when it leaves out what its source said earlier.
    `expected` is the sequence the writer has seen: if somebody recorded since, nothing is. `joining` merges
    another record with this one or undoes it. With `registers` the patient must be new, unless all of it was
    said already. `name` and `numbers` identify a new patient and never reach the
    ledger.
    """

    reference: str
    entries: tuple[Entry, ...] = ()
    facts: Mapping[str, object] | None = None
    choice: Choice | None = None
    change: SettingChange | None = None
    in_force: InForce | None = None
    source: str = "entry"
    imported: bool = False
    expected: int | None = None
    name: str | None = None
    numbers: Mapping[str, str] | None = None
    day_zero: str | None = None
    retelling: Retelling | None = None
    joining: Joining | None = None
    registers: bool = False

    @classmethod
    def of_history(cls, reference: str, story: Story, source: str, day_zero: str | None = None) -> Recording:
        """A patient's whole history as an import has read it."""
        entries = tuple(Entry(event) for event in story.entries)
        return cls(reference, entries, story.facts, source=source, imported=True, day_zero=day_zero)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer: which events are new, which were there already, and what that changed.

    `changed` says whether anything was new, be it an enrolment only. `snapshot` and `difference` are None and
    empty when nothing was, and where many patients are recorded at once. `retracted` are the repeated ones
    that stay retracted, told for a retelling.
    """

    reference: str
    patient_id: int
    sequence: int
    added: tuple[str, ...]
    repeated: tuple[str, ...]
    registered: bool
    changed: bool
    difference: Difference = field(default_factory=Difference)
    snapshot: PatientSnapshot | None = None
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """One patient of many of whom nothing was recorded, and why."""

    reference: str
    error: StoreError
