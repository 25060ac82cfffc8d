"""How often each dated duty was done in time, and how long it took to make good what was not: from the kept
answers, patient by patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from statistics import median
from typing import Final

from sqlalchemy import Connection, select

from engine.snapshot import TimerItem
from engine.timers import LATE
from pathways.day_zero import is_counted
from pathways.library import all_pathways
from store import summary
from store.register import Wanted, about_patients
from store.tables import snapshot, tracking

SOON: Final = 30
"""Days within which what is overdue is to be done."""
_without = '"timers":[]'


@dataclass
class Duty:
    """What became of a dated duty, over all patients: done in time, late after so many days, and not done
    though it is overdue, or can no longer be.
    """

    code: str
    title: str
    in_time: int = 0
    late: list[int] = field(default_factory=list)
    undone: int = 0

    @property
    def due(self) -> int:
        """How many came due and were not called off."""
        return self.in_time + len(self.late) + self.undone

    @property
    def closed_soon(self) -> int:
        """How many of those that were late were done within thirty days."""
        return sum(days <= SOON for days in self.late)

    @property
    def to_close(self) -> float | None:
        """The median of days from overdue to done; None where nothing was done late."""
        return median(self.late) if self.late else None

    def add(self, timer: TimerItem) -> None:
        """Count one instance; what is still running or was called off is none."""
        if timer.status == "done":
            self.in_time += 1
        elif timer.status == "done_late" and timer.overdue_from and timer.done_on:
            self.late.append((timer.done_on - timer.overdue_from).days)
        elif timer.status in LATE or timer.missed:
            self.undone += 1


def duties(connection: Connection, wanted: Wanted) -> list[Duty]:
    """Every duty that came due within the period that is asked for, in the order of its title."""
    query = select(snapshot.c.body).join(tracking, tracking.c.patient_id == snapshot.c.patient_id)
    rows = connection.execute(
        query.where(*about_patients(wanted)).execution_options(yield_per=1000)
    ).scalars()
    return tallied(_timers(rows), wanted.since, wanted.until)


def tallied(timers: Iterable[TimerItem], since: date | None = None, until: date | None = None) -> list[Duty]:
    """The same of these timers. What is due on days that are counted is due in no period."""
    found = {code: Duty(code, title) for code, title in set(_rules().values())}
    for one in timers:
        if one.item in _rules() and _within(one.due, since, until):
            found[_rules()[one.item][0]].add(one)
    return sorted((one for one in found.values() if one.due), key=lambda one: one.title.casefold())


def _within(day: date, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    return not is_counted(day) and (since or day) <= day <= (until or day)


def _timers(bodies: Iterable[str]) -> Iterator[TimerItem]:
    for body in bodies:
        lines = (line for line in body.split("\n") if _without not in line and '"timers"' in line)
        for one in summary.read(lines):
            yield from one.timers


@cache
def _rules() -> dict[str, tuple[str, str]]:
    """The timers whose being overdue is a deviation, with its code and title."""
    return {
        timer: (rule.code, rule.title)
        for one in all_pathways()
        for rule in one.deviations
        for timer in rule.timers
    }
