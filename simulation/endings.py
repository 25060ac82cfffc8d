"""How a course breaks off: death, withdrawal and return, transfer, a pause, no more contact."""

from __future__ import annotations

from datetime import timedelta

from simulation.chance import Chance
from simulation.chart import Chart


def end(chart: Chart, chance: Chance, way: str | None) -> None:
    """Writes down how the story ends, or what interrupts it."""
    if way in ("death", "death_then_entry"):
        chart.leave("death", chart.until, cause="breast cancer" if chance.happens(0.8) else "other")
    if way == "death_then_entry":
        chart.leave("follow_up_visit", chart.until + timedelta(3))
        chart.plant_afterwards("q-event-after-death", chart.until + timedelta(3), "a visit dated after death")
    if way in ("withdrawal", "return"):
        chart.leave("withdrawal", chart.until, reason="wish of the patient")
    if way == "return":
        chart.leave(
            "withdrawal_revoked", chart.until + timedelta(chance.whole(5, 9)), reason="wish of the patient"
        )
    if way == "transferred":
        chart.leave("transferred", chart.until, to="another centre")
    _interrupt(chart, chance, way)


def _interrupt(chart: Chart, chance: Chance, way: str | None) -> None:
    """State, timers and deviations go on."""
    day = chart.as_of - timedelta(chance.whole(6, 20))
    if way == "lost":
        chart.add("lost_to_follow_up", day, last_contact=chart.drafts[-1].day.isoformat())
    if way in ("pause", "pause_and_resume"):
        chart.add("pathway_paused", day, reason="planned stay abroad")
    if way == "pause_and_resume":
        chart.add("pathway_resumed", day + timedelta(5))
