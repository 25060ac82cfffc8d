"""Surveillance after surgery of the primary: each visit on time, late or missed, until metastasis ends it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from engine.calendar import add_months
from pathways.settings import Settings
from simulation.chance import Chance
from simulation.chart import Chart
from simulation.lives.numbers import Numbers
from simulation.weekdays import last_working_day, next_working_day


def watch(
    chart: Chart, chance: Chance, numbers: Numbers, rules: Settings, surgery: date, ended: date | None = None
) -> None:
    """The visits; `ended` is the day on which metastasis is suspected, from which no date counts any more."""
    quarterly = 12 * rules.surveillance_phase1_years
    months = (*range(3, quarterly + 1, 3), *range(quarterly + 6, 61, 6))
    for before, due in pairwise([surgery, *(add_months(surgery, number) for number in months)]):
        held = _held(chance, numbers, before, due)
        if held is not None and (ended is None or held < ended):
            chart.add("follow_up_visit", held, {})
        if ended is None or due < ended:
            chart.duty("d-surveillance-overdue", due, held, grace=rules.grace_days, gone=ended)


def _held(chance: Chance, numbers: Numbers, before: date, due: date) -> date | None:
    """A day nearer to its date than to any other."""
    if chance.happens(numbers.share("visit_missed")):
        return None
    if chance.happens(numbers.share("visit_late")):
        reach = (due - before).days // 2
        return next_working_day(due + timedelta(chance.whole(3, reach - 10)))
    return last_working_day(due - timedelta(chance.whole(0, 12)))
