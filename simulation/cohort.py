"""A cohort: patients drawn over all kinds of courses, each with the story and the departures planted in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.event import Story
from simulation.chance import Chance
from simulation.chart import Planted
from simulation.kinds import BONES, ENDINGS, RECORDS, WATCHED
from simulation.routes import DEPARTING, STANDING, Route
from simulation.telling import Watch, tell

KINDS: Final[dict[str, tuple[int, Route | Watch]]] = {
    **WATCHED, **STANDING, **DEPARTING, **BONES, **ENDINGS, **RECORDS,
}  # fmt: skip
DECK: Final = tuple(name for name, (share, _) in KINDS.items() for _ in range(share))
"""Every kind as often as its share says."""


@dataclass(frozen=True, slots=True)
class Patient:
    """`kind` names the course; `planted` is what is wrong on the reference day, and no other departure is there."""

    id: str
    kind: str
    story: Story
    planted: tuple[Planted, ...]


def cohort(number: int, seed: int, as_of: date) -> Iterator[Patient]:
    """Patients P001 and on, as known on a day. The same arguments give the same patients."""
    deck = Chance.seeded(seed, "kinds").shuffled(DECK)
    for place in range(number):
        yield draw_patient(f"P{place + 1:03}", deck[place % len(deck)], seed, as_of)


def draw_patient(id: str, kind: str, seed: int, as_of: date) -> Patient:
    chart = tell(KINDS[kind][1], f"{seed}/{id}", as_of)
    return Patient(id, kind, chart.story(), tuple(chart.planted))
