"""What the store asks of the engine: which pathways there are, where a patient stands, when that changes by
itself.

The store knows no clinical rule; tests may hand in other functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.event import Moment, Story
from engine.snapshot import PathwayRef, PatientSnapshot


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The pathways a patient is on (the main one first), each pinned to its version, and all settings."""

    pathways: tuple[PathwayRef, ...]
    settings: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The functions of the engine.

    `enrolment` completes a choice of pathway ids (None: all there are) and settings (the rest by default).
    `replay` answers for an enrolment, a story, as_of and known_at. `next_change` is the first day after the
    snapshot's on which time alone changes the answer, None when it never does. The first two raise
    UnknownPathway.
    """

    enrolment: Callable[[Sequence[str] | None, Mapping[str, object]], Enrolment]
    replay: Callable[[Enrolment, Story, date, Moment], PatientSnapshot]
    next_change: Callable[[PatientSnapshot, Story], date | None]
