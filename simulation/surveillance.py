"""Surveillance after surgery of the primary, without metastasis: visits kept, late or missed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from engine.calendar import add_months
from simulation.chance import Chance
from simulation.chart import Chart
from simulation.weekdays import last_working_day, next_working_day

MONTHS: Final = (*range(3, 37, 3), 42, 48, 54, 60)


def watch(chart: Chart, chance: Chance, surgery: date, missed: int, late: int) -> None:
    """Visits shortly before their dates; the latest `missed` are left out, `late` early ones held late."""
    dates = [add_months(surgery, months) for months in MONTHS]
    due = [day for day in dates if day < chart.as_of]
    left_out, delayed = due[len(due) - missed :], due[1 : 1 + late]
    for before, day in pairwise([surgery, *dates]):
        if day in left_out:
            chart.duty("d-surveillance-overdue", day, None)
        else:
            _visit(chart, chance, before, day, late=day in delayed)


def _visit(chart: Chart, chance: Chance, before: date, day: date, *, late: bool) -> None:
    """A visit nearer to its date than to any other."""
    reach = (day - before).days // 2
    held = last_working_day(day - timedelta(chance.whole(0, 12)))
    if late:
        held = next_working_day(day + timedelta(chance.whole(3, reach - 10)))
    chart.add("follow_up_visit", held, {})
    chart.duty("d-surveillance-overdue", day, held)


def watch_until(chart: Chart, chance: Chance, surgery: date, suspicion: date) -> None:
    """Visits before a suspicion of metastasis, which ends the series and all its dates."""
    for months in MONTHS:
        held = last_working_day(add_months(surgery, months) - timedelta(chance.whole(0, 12)))
        if held < suspicion and chance.happens(0.9):
            chart.add("follow_up_visit", held, {})


def month_end_before(day: date) -> date:
    return day.replace(day=1) - timedelta(1)
