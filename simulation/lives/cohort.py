"""Patients composed at random, any number of them, with all that is planted in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.event import Story
from pathways.settings import Settings
from simulation.chart import Planted
from simulation.lives.numbers import Numbers
from simulation.lives.patient import compose


@dataclass(frozen=True, slots=True)
class Simulated:
    """A patient and the truth: every departure (d-*) and every trace in the record (q-*) on the day."""

    id: str
    story: Story
    planted: tuple[Planted, ...]


def simulate(number: int, seed: int, as_of: date, numbers: Numbers, rules: Settings) -> Iterator[Simulated]:
    """Patients P0001 and on, as known on a day. The same arguments give the same patients."""
    for place in range(1, number + 1):
        id = f"P{place:04}"
        chart = compose(f"{seed}/{id}/composed", as_of, numbers, rules)
        yield Simulated(id, chart.story(), tuple(sorted(chart.planted, key=lambda one: (one.code, one.on))))
