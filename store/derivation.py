"""What the store asks of the engine: which pathways there are, and where a patient stands.

The store knows no clinical rule; tests may hand in other functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.event import Moment, Story
from engine.replay import Enrolment as Enrolled
from engine.snapshot import PathwayRef, PatientSnapshot

if TYPE_CHECKING:
    from store.database import Database

Elsewhere = Callable[["Database"], "Derivation"]
"""Makes the same functions in another process: a function of a module, found again by its name."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The pathways a patient is on (the main one first), each pinned to its version, and all settings."""

    pathways: tuple[PathwayRef, ...]
    settings: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The functions of the engine.

    `enrolment` completes a choice of pathway ids (None: all there are) and settings (the rest by default).
    `definition` is the whole of a pathway version as canonical JSON. `replay` answers for an enrolment, a
    story, as_of and known_at. `enrolled` are the pathways of an enrolment in full, with their settings. All
    raise UnknownPathway. Without `elsewhere` all work is done in one process.
    """

    enrolment: Callable[[Sequence[str] | None, Mapping[str, object]], Enrolment]
    definition: Callable[[PathwayRef], str]
    replay: Callable[[Enrolment, Story, date, Moment], PatientSnapshot]
    enrolled: Callable[[Enrolment], tuple[Enrolled, ...]]
    elsewhere: Elsewhere | None = None
