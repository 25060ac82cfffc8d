"""How a course ends or is interrupted: death, withdrawal and return, transfer, a pause, no more contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from simulation.chance import Chance
from simulation.chart import Chart


def end(chart: Chart, chance: Chance, way: str | None) -> None:
    """Writes down how the story ends on its last day, or what interrupts it."""
    if way is not None:
        WAYS[way](chart, chance)


def _death(chart: Chart, chance: Chance) -> None:
    chart.append("death", chart.until, cause="breast cancer" if chance.happens(0.8) else "other")


def _death_then_entry(chart: Chart, chance: Chance) -> None:
    _death(chart, chance)
    day = chart.until + timedelta(3)
    chart.append("follow_up_visit", day)
    chart.plant("q-event-after-death", day, last=chart.as_of)


def _withdrawal(chart: Chart, _: Chance) -> None:
    chart.append("withdrawal", chart.until, reason="wish of the patient")


def _return(chart: Chart, chance: Chance) -> None:
    _come_back(chart, chart.until + timedelta(chance.whole(5, 9)))


def _return_overdue(chart: Chart, chance: Chance) -> None:
    """What fell due during the absence is overdue from the day of return."""
    back = chart.until + timedelta(chance.whole(20, 24))
    _come_back(chart, back)
    chart.plant("d-petct-1-overdue", back, last=chart.as_of)


def _come_back(chart: Chart, day: date) -> None:
    chart.append("withdrawal", chart.until, reason="wish of the patient")
    chart.append("withdrawal_revoked", day, reason="wish of the patient")


def _transfer(chart: Chart, _: Chance) -> None:
    chart.append("transferred", chart.until, to="another centre")


def _lost(chart: Chart, chance: Chance) -> None:
    """State, timers and deviations go on."""
    last = max(draft.day for draft in chart.drafts)
    chart.append("lost_to_follow_up", _lately(chart, chance), last_contact=last.isoformat())


def _pause(chart: Chart, chance: Chance) -> None:
    """State, timers and deviations go on."""
    chart.append("pathway_paused", _lately(chart, chance), reason="planned stay abroad")


def _pause_and_resume(chart: Chart, chance: Chance) -> None:
    day = _lately(chart, chance)
    chart.append("pathway_paused", day, reason="planned stay abroad")
    chart.append("pathway_resumed", day + timedelta(5))


def _lately(chart: Chart, chance: Chance) -> date:
    return chart.as_of - timedelta(chance.whole(6, 20))


WAYS: Final[dict[str, Callable[[Chart, Chance], None]]] = {
    "death": _death,
    "death_then_entry": _death_then_entry,
    "withdrawal": _withdrawal,
    "return": _return,
    "return_overdue": _return_overdue,
    "transfer": _transfer,
    "lost": _lost,
    "pause": _pause,
    "pause_and_resume": _pause_and_resume,
}
