"""How a story ends or is interrupted: death, withdrawal, transfer, a return, a pause, no more contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from simulation.chance import Chance
from simulation.chart import Chart
from simulation.lives.numbers import Numbers

_ENDS: Final = {"death": 6, "withdrawal": 3, "transferred": 2}


@dataclass(frozen=True, slots=True)
class Leaving:
    """`type` is the entry by which the patient left on `day`; `back` the day of return, if there was one."""

    type: str
    day: date
    back: date | None = None


def draw_leaving(chance: Chance, numbers: Numbers, first: date, as_of: date) -> Leaving | None:
    """After the first days of a story, if at all."""
    days = (as_of - first).days
    if days < 30:
        return None
    if chance.happens(numbers.share("left")):
        return Leaving(chance.weighted(_ENDS), first + timedelta(chance.whole(20, days - 1)))
    if chance.happens(numbers.share("returned")):
        day = first + timedelta(chance.whole(10, days - 12))
        return Leaving("withdrawal", day, day + timedelta(chance.whole(3, 10)))
    return None


def write_leaving(chart: Chart, chance: Chance, numbers: Numbers, leaving: Leaving | None) -> None:
    """The entries of leaving, and sometimes one that should not be there."""
    if leaving is None:
        _interrupt(chart, chance, numbers)
        return
    fields = {"death": {"cause": "breast cancer"}, "transferred": {"to": "another centre"}}
    reason = {"reason": "wish of the patient"}
    chart.append(leaving.type, leaving.day, **fields.get(leaving.type, reason))
    if leaving.back:
        chart.append("withdrawal_revoked", leaving.back, **reason)
    if leaving.type == "death" and chance.happens(numbers.share("after_death")):
        day = leaving.day + timedelta(chance.whole(2, 30))
        chart.append("follow_up_visit", day)
        chart.plant("q-event-after-death", day, last=chart.as_of)


def _interrupt(chart: Chart, chance: Chance, numbers: Numbers) -> None:
    """State, timers and departures go on."""
    if not chart.drafts or not chance.happens(numbers.share("interrupted")):
        return
    day = max(draft.day for draft in chart.drafts)
    if chance.happens(0.5):
        chart.append("lost_to_follow_up", day, last_contact=day.isoformat())
    else:
        chart.append("pathway_paused", day, reason="planned stay abroad")
        chart.append("pathway_resumed", day + timedelta(chance.whole(1, 9)))
