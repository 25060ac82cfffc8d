"""Surveillance after surgery of the primary, before any suspicion of metastasis: visits kept, late, early, missed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from engine.calendar import add_months
from simulation.chance import Chance
from simulation.chart import ONE_DAY, Chart

MONTHS = (*range(3, 37, 3), 42, 48, 54, 60)


def watch(chart: Chart, chance: Chance, surgery: date, missed: int, missed_late: int) -> None:
    """Visits on or before their dates; the last `missed` due ones are left out, `missed_late` earlier ones come late."""
    dates = [add_months(surgery, months) for months in MONTHS]
    due = [day for day in dates if day <= chart.as_of]
    left_out = set(due[len(due) - missed :]) if missed else set()
    kept = [day for day in due if day not in left_out]
    late = set(kept[:: max(1, len(kept) // missed_late)][:missed_late]) if missed_late else set()
    for before, day in pairwise([surgery, *dates]):
        if day in left_out:
            chart.duty("d-surveillance-overdue", day, None, "visit missed")
        else:
            _visit(chart, chance, before, day, late=day in late)


def _visit(chart: Chart, chance: Chance, before: date, day: date, *, late: bool) -> None:
    """A visit nearer to its date than to any other."""
    reach = (day - before).days // 2 - 5
    held = day + timedelta(chance.whole(3, min(reach, 30))) if late else day - timedelta(chance.whole(0, 12))
    chart.add("follow_up_visit", held)
    chart.duty("d-surveillance-overdue", day, held, "visit late")


def watch_until(chart: Chart, chance: Chance, surgery: date, suspicion: date) -> None:
    """Visits before a suspicion of metastasis; the suspicion ends the series and all its dates."""
    for months in MONTHS:
        held = add_months(surgery, months) - chance.whole(0, 12) * ONE_DAY
        if held < suspicion and chance.happens(0.9):
            chart.add("follow_up_visit", held)
