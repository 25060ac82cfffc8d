"""Bone health: the first dose, every dose after it, the orthopaedic surgeon; in time, late or never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.calendar import add_months
from pathways.settings import Settings
from simulation.bone import first_bone_imaging, lesions
from simulation.chance import Chance
from simulation.chart import Chart, Draft
from simulation.lives.numbers import Numbers
from simulation.weekdays import last_working_day, next_working_day

FOUR_WEEKS, TWELVE_WEEKS = timedelta(28), timedelta(84)


@dataclass(slots=True, kw_only=True)
class Bones:
    """`day` is that of the latest dose, `monthly` the number of doses that count as monthly ones."""

    chart: Chart
    chance: Chance
    numbers: Numbers
    rules: Settings
    day: date = date.min
    drug: str = ""
    previous_zoledronate: date | None = None
    monthly: int = 0
    given: int = 0
    spaced: bool = False
    wants_spacing: bool = False
    stable: bool | None = None

    def protect(self) -> None:
        """From the first imaging that shows a bone metastasis until the story ends; nothing without one."""
        shown = first_bone_imaging(self.chart)
        if shown is None:
            return
        self._evaluate(shown)
        due = shown.day + timedelta(self.rules.bma_start_grace_days)
        first = next_working_day(shown.day + timedelta(self.chance.whole(3, 24)))
        if self._draws("drug_missing"):
            self.chart.duty("d-bma-missing", due, None)
            return
        if self._draws("drug_late"):
            first = self._late(due)
        self.chart.duty("d-bma-missing", due, first)
        self._give(first)

    def _draws(self, name: str) -> bool:
        return self.chance.happens(self.numbers.share(name))

    def _late(self, due: date) -> date:
        return next_working_day(due + timedelta(self.chance.whole(*self.numbers.days("days_late"))))

    def _give(self, first: date) -> None:
        """Dose after dose, with a change of drug, a stop with a reason, or no further dose in between."""
        self.drug, next_dose = self.chance.pick(("zoledronate", "denosumab")), first
        while next_dose <= self.chart.until:
            self.day = next_dose
            due = self._dose()
            fate = self._fate()
            if fate in ("drug_stopped", "drug_changed"):
                ended = self.day + timedelta(self.chance.whole(5, 40))
                self._owe(due, None, ended)
                if fate == "drug_stopped":
                    self.chart.add("bma_stopped", ended, {"reason": "dental surgery"})
                    return
                self._change()
                next_dose = ended
            elif fate == "doses_end":
                self._owe(due, None)
                return
            else:
                next_dose = self._next(due, late=fate == "dose_late")
                self._owe(due, next_dose)

    def _fate(self) -> str:
        fates = ("drug_stopped", "drug_changed", "doses_end", "dose_late")
        changed = self.previous_zoledronate is not None and self.drug == "denosumab"
        return next(
            (name for name in fates if self._draws(name) and not (name == "drug_changed" and changed)), ""
        )

    def _next(self, due: date, *, late: bool) -> date:
        if late:
            return self._late(due)
        early = 7 if self.drug == "zoledronate" and self.spaced else 2
        return max(last_working_day(due - timedelta(self.chance.whole(0, early))), self.day + timedelta(1))

    def _owe(self, due: date, done: date | None, ended: date | None = None) -> None:
        code = "d-zol-overdue" if self.drug == "zoledronate" else "d-deno-late"
        self.chart.duty(code, due, done, grace=self.rules.grace_days, ended=ended)

    def _change(self) -> None:
        self.drug = "denosumab" if self.drug == "zoledronate" else "zoledronate"

    def _dose(self) -> date:
        """One dose; answers when the next is due."""
        self.given += 1
        return self._denosumab() if self.drug == "denosumab" else self._zoledronate()

    def _denosumab(self) -> date:
        wide = self._draws("wide_order")
        interval = "12w" if wide else "4w"
        self.chart.add("bma_given", self.day, {"drug": "denosumab", "planned_interval": interval})
        if wide:
            self.chart.plant("d-deno-extended-order", self.day)
        return self.day + FOUR_WEEKS

    def _zoledronate(self) -> date:
        """Every 12 weeks after enough monthly doses in stable disease; before that it changes no date."""
        self._count()
        if not self.wants_spacing:
            self._consider_spacing()
        interval = "12w" if self.wants_spacing else "monthly"
        self.chart.add("bma_given", self.day, {"drug": "zoledronate", "planned_interval": interval})
        if self.wants_spacing:
            if self.monthly >= self.rules.zoledronate_min_monthly_doses and self.stable:
                self.spaced = True
            else:
                self.chart.plant("d-zol-extended-early", self.day)
        return self.day + TWELVE_WEEKS if self.spaced else add_months(self.day, 1)

    def _count(self) -> None:
        """A dose counts as monthly 21 days to one month and 14 days after the one before."""
        before = self.previous_zoledronate
        latest = None if before is None else add_months(before, 1) + timedelta(14)
        if before is None or (latest is not None and before + timedelta(21) <= self.day <= latest):
            self.monthly += 1
        self.previous_zoledronate = self.day

    def _consider_spacing(self) -> None:
        enough = self.monthly >= self.rules.zoledronate_min_monthly_doses
        early = not enough and self.given > 1 and self._draws("spaced_early")
        if not early and not (enough and self.chance.happens(0.4)):
            return
        self.stable = early or not self._draws("spaced_early")
        self.chart.add("finding_recorded", self.day, {"disease_stable": self.stable})
        self.wants_spacing = True

    def _evaluate(self, shown: Draft) -> None:
        """Significant metastases of a vertebra or long bone are to be seen by an orthopaedic surgeon."""
        for row in lesions(shown):
            if row["organ"] == "bone" and self._draws("significant"):
                self._see(shown, str(row["id"]))

    def _see(self, shown: Draft, lesion: str) -> None:
        place = self.chance.pick(("vertebra", "long_bone"))
        for imaging in self.chart.of_type("imaging_done"):
            for row in lesions(imaging):
                if row["id"] == lesion:
                    row.update(location_detail=place, significant=True)
        due = shown.day + timedelta(self.rules.ortho_grace_days)
        if self._draws("orthopaedics_missing"):
            self.chart.duty("d-ortho-missing", due, None)
            return
        seen = next_working_day(shown.day + timedelta(self.chance.whole(2, 24)))
        if self._draws("orthopaedics_late"):
            seen = self._late(due)
        self.chart.duty("d-ortho-missing", due, seen)
        self.chart.add("ortho_evaluated", seen, {"lesion": lesion})
