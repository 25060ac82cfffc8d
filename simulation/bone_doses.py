"""Doses of one bone-modifying drug, each in time for the next, with one departure at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.calendar import add_months
from simulation.chance import Chance
from simulation.chart import Chart
from simulation.weekdays import last_working_day, next_working_day

FOUR_WEEKS, TWELVE_WEEKS = timedelta(28), timedelta(84)


@dataclass(slots=True)
class Doses:
    """`day` is that of the next dose, `given` the number of those before."""

    chart: Chart
    chance: Chance
    way: str
    day: date
    given: int = 0

    def give(self) -> None:
        """Writes the doses down, until the story or the drug ends."""
        drug = self.way.partition("_")[0]
        if drug not in ("zol", "deno"):
            drug = self.chance.pick(("zol", "deno"))
        if drug == "deno":
            self._denosumab()
        else:
            self._zoledronate()

    def _dose(self, drug: str, interval: str) -> None:
        self.chart.add("bma_given", self.day, {"drug": drug, "planned_interval": interval})
        self.given += 1

    def _over(self) -> bool:
        return self.day > self.chart.until

    def _wait(self, due: date, early: int, code: str) -> bool:
        """Goes on to the next dose. False when there is none: stopped after five, or left off after three."""
        if self.given == 5 and self.way.endswith("stopped"):
            self.chart.add("bma_stopped", self.day + timedelta(10), {"reason": "dental surgery"})
            return False
        late, left_off = self.way.endswith("_late"), self.way.endswith("_left_off")
        if self.given == 3 and (late or left_off):
            self.day = next_working_day(due + timedelta(self.chance.whole(3, 25)))
            self.chart.duty(code, due, self.day if late else None)
            return late
        self.day = last_working_day(due - timedelta(self.chance.whole(0, early)))
        return True

    def _denosumab(self) -> None:
        going = True
        while going and not self._over():
            self._dose("denosumab", "4w")
            latest = self.day + FOUR_WEEKS > self.chart.until
            if (self.way == "deno_wide" and latest) or (self.way == "deno_wide_mended" and self.given == 3):
                self._order_wide()
            going = self._wait(self.day + FOUR_WEEKS, 3, "d-deno-late")

    def _order_wide(self) -> None:
        """Ordered every 12 weeks; a next dose ordered every four mends it."""
        self.chart.add("bma_ordered", self.day, {"drug": "denosumab", "planned_interval": "12w"})
        self.chart.plant("d-deno-extended-order", self.day)

    def _zoledronate(self) -> None:
        """Monthly, and every 12 weeks when enough doses were given and the disease is stable."""
        early, unstable = self.way == "zol_spaced_early", self.way == "zol_spaced_unstable"
        monthly = 1 if early else self.chance.whole(3, 6)
        going = True
        while going and self.given < monthly and not self._over():
            self._dose("zoledronate", "monthly")
            going = self._wait(add_months(self.day, 1), 2, "d-zol-overdue")
        if going and not self._over():
            self.chart.add("finding_recorded", self.day, {"disease_stable": not unstable})
            self._space(too_early=early or unstable)

    def _space(self, *, too_early: bool) -> None:
        going = True
        while going and not self._over():
            self._dose("zoledronate", "12w")
            due = self.day + TWELVE_WEEKS
            if too_early:
                self._space_too_early(due)
            else:
                going = self._wait(due, 7, "d-zol-overdue")

    def _space_too_early(self, due: date) -> None:
        """The order counts for nothing, so that the monthly dates stay in force and are missed."""
        given, self.day = self.day, last_working_day(due - timedelta(self.chance.whole(0, 7)))
        self.chart.plant("d-zol-extended-early", given)
        self.chart.duty("d-zol-overdue", add_months(given, 1), self.day)
