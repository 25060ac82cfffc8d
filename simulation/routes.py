"""Routes: the stages of a patient in their order, and what is planted where a stage is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from simulation import decision, therapy, treatment, workup
from simulation.course import Course, Stage

Stages = tuple[Stage, ...]

BY_THE_BOOK: Final[Stages] = (
    workup.suspect,
    workup.scan,
    workup.review_history,
    workup.sample,
    workup.board_initial,
    workup.start_systemic,
    therapy.respond,
    therapy.respond_again,
    decision.board_mdt,
    decision.counsel,
    treatment.treat,
    treatment.finish,
)


@dataclass(frozen=True, slots=True)
class Route:
    """`since`: how many days ago the last of `stages` was reached, at least and at most; then comes `then`.

    `plants` names the departure that a stage makes because another one did not come before it. `left` is how
    many days ago the patient left in the way `leaves`. `bone` is how bone health departs, or the drug.
    """

    stages: Stages
    since: tuple[int, int]
    then: Stage | None = None
    plants: Mapping[Stage, str] = field(default_factory=dict)
    number: tuple[int, int] = (1, 4)
    organs: tuple[str, ...] = ()
    subtype: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    findings: Mapping[str, object] = field(default_factory=dict)
    intact: bool = False
    method: str = "stereotactic_rt"
    modality: str = "pet_ct"
    bone: str | None = None
    records: tuple[str, ...] = ()
    left: int | None = None
    leaves: str | None = None

    def length(self, course: Course) -> timedelta:
        """How long the stages take, tried on a course that is thrown away."""
        start = course.day
        for stage in self.stages:
            stage(course)
        return course.day - start

    def walk(self, course: Course) -> None:
        for stage in self.stages:
            stage(course)
            if stage in self.plants:
                course.plant(self.plants[stage])
        if self.then is not None:
            self.then(course)


def up_to(last: Stage) -> Stages:
    """By the book, up to this stage."""
    return BY_THE_BOOK[: BY_THE_BOOK.index(last) + 1]


def after(first: Stage) -> Stages:
    """By the book, from the stage after this one."""
    return BY_THE_BOOK[BY_THE_BOOK.index(first) + 1 :]


def without(left_out: Stage, stages: Stages = BY_THE_BOOK) -> Stages:
    return tuple(stage for stage in stages if stage is not left_out)


def instead(old: Stage, *new: Stage, of: Stages = BY_THE_BOOK) -> Stages:
    place = of.index(old)
    return (*of[:place], *new, *of[place + 1 :])
