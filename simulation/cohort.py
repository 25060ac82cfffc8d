"""A cohort: patients drawn over all kinds of courses, with the departures planted in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.event import Story
from simulation.chance import Chance
from simulation.chart import Planted
from simulation.kinds.bones import BONES
from simulation.kinds.departing import DEPARTING
from simulation.kinds.elsewhere import ELSEWHERE
from simulation.kinds.leaving import LEAVING
from simulation.kinds.recorded import RECORDED
from simulation.kinds.standing import STANDING
from simulation.kinds.watched import WATCHED
from simulation.routes import Route
from simulation.telling import Watch, tell

KINDS: Final[dict[str, tuple[int, Route | Watch]]] = {
    **WATCHED, **STANDING, **DEPARTING, **BONES, **ELSEWHERE, **LEAVING, **RECORDED,
}  # fmt: skip

DECK: Final = tuple(name for name, (share, _) in KINDS.items() for _ in range(share))
"""Every kind as often as its share says; a cohort of this size holds all of them."""


@dataclass(frozen=True, slots=True)
class Patient:
    """`kind` names the course; `planted` is all that is wrong on the reference day."""

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
    chart = tell(kind, KINDS[kind][1], f"{seed}/{id}", as_of)
    return Patient(id, kind, chart.story(), tuple(chart.planted))
