"""What the store asks of the engine: which pathways there are, and where a patient stands.

The store knows no clinical rule; tests may hand in other functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from engine.event import Moment, Story
from engine.replay import Enrolment as Enrolled
from engine.resumed import Lately
from engine.snapshot import PathwayRef, PatientSnapshot

if TYPE_CHECKING:
    from store.database import Database
    from store.settle import Answer

Elsewhere = Callable[["Database"], "Derivation"]
"""Makes the same functions in another process: a function of a module, found again by its name."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The pathways a patient is on (the main one first), each pinned to its version, and all settings.

    `before` is what was in force until `since`; neither: this one is the first.
    """

    pathways: tuple[PathwayRef, ...]
    settings: Mapping[str, str | int]
    before: Enrolment | None = None
    since: datetime | None = None

    def in_turn(self) -> list[tuple[Enrolment, datetime | None]]:
        """Every enrolment up to this one, the first first, each with until when it was in force."""
        found: list[tuple[Enrolment, datetime | None]] = [(self, None)]
        while (last := found[-1][0]).before is not None:
            found.append((last.before, last.since))
        return found[::-1]


ANSWERS: Final = 512
"""Patients whose answers a process keeps, about 26 kB each."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """The functions of the engine.

    `enrolment` completes a choice of pathway ids (None: all there are) and settings (the rest by default).
    `definition` is the whole of a pathway version as canonical JSON. `replay` answers for an enrolment, a
    story, as_of and known_at; decisions taken before it was in force are judged by what was. `enrolled` are
    the pathways of an enrolment in full, with their settings. All
    raise UnknownPathway. Without `elsewhere` all work is done in one process.
    """

    enrolment: Callable[[Sequence[str] | None, Mapping[str, object]], Enrolment]
    definition: Callable[[PathwayRef], str]
    replay: Callable[[Enrolment, Story, date, Moment], PatientSnapshot]
    enrolled: Callable[[Enrolment], tuple[Enrolled, ...]]
    elsewhere: Elsewhere | None = None
    answers: Lately[Answer] = field(default_factory=partial(Lately, ANSWERS), init=False, repr=False)
    """The last answers of these functions, by the patient's number; other functions begin without any."""
