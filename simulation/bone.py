"""Bone health beside the main pathway: bone-modifying drugs and orthopaedic evaluation, well done or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from engine.calendar import add_months
from simulation.chance import Chance
from simulation.chart import Chart, Draft

BONE_FLAWS: Final = (
    "bma_late", "bma_never", "zol_late", "zol_left_off", "zol_spaced_early", "zol_spaced_unstable",
    "deno_late", "deno_left_off", "deno_wide", "deno_wide_mended", "ortho_late", "ortho_never",
)  # fmt: skip


def protect_bones(chart: Chart, chance: Chance, flaw: str | None, stop: bool = False) -> None:
    """Doses from the first imaging that shows a bone metastasis until the story ends; nothing without one."""
    shown = first_bone_imaging(chart)
    if shown is None:
        return
    _evaluate(chart, chance, shown, flaw)
    due = shown.day + timedelta(28)
    start = shown.day + timedelta(chance.whole(6, 26))
    if flaw == "bma_late":
        start = due + timedelta(chance.whole(5, 40))
        chart.duty("d-bma-missing", due, start, "first dose late")
    if flaw == "bma_never":
        chart.duty("d-bma-missing", due, None, "no dose")
        return
    _Doses(chart, chance, flaw, start, stop).give()


def first_bone_imaging(chart: Chart) -> Draft | None:
    imagings = sorted(chart.of_type("imaging_done"), key=lambda draft: draft.day)
    return next((i for i in imagings if any(row["organ"] == "bone" for row in _lesions(i))), None)


def _lesions(imaging: Draft) -> list[dict[str, object]]:
    found = imaging.fields.get("lesions")
    return found if isinstance(found, list) else []


def _evaluate(chart: Chart, chance: Chance, shown: Draft, flaw: str | None) -> None:
    """A significant vertebral metastasis is seen by an orthopaedic surgeon within 28 days."""
    wanted = flaw in ("ortho_late", "ortho_never")
    if not (wanted or chance.happens(0.25)):
        return
    lesion = next(str(row["id"]) for row in _lesions(shown) if row["organ"] == "bone")
    for imaging in chart.of_type("imaging_done"):
        _make_significant(imaging, lesion)
    due = shown.day + timedelta(28)
    done = (
        due + timedelta(chance.whole(4, 50)) if flaw == "ortho_late" else due - timedelta(chance.whole(2, 22))
    )
    if wanted:
        chart.duty(
            "d-ortho-missing", due, done if flaw == "ortho_late" else None, "orthopaedic evaluation missed"
        )
    if flaw != "ortho_never":
        chart.add("ortho_evaluated", done, lesion=lesion)


def _make_significant(imaging: Draft, id: str) -> None:
    for row in _lesions(imaging):
        if row["id"] == id:
            row.update(location_detail="vertebra", significant=True)


class _Doses:
    """Doses of one drug, each in time for the next, with one flaw at most."""

    def __init__(self, chart: Chart, chance: Chance, flaw: str | None, start: date, stop: bool) -> None:
        self.chart, self.chance, self.flaw, self.day, self.stop = chart, chance, flaw, start, stop
        self.given = 0
        self.last = start

    def give(self) -> None:
        """Writes the doses down."""
        kind = (self.flaw or "").partition("_")[0]
        drug = kind if kind in ("zol", "deno") else self.chance.pick(("zol", "deno"))
        if drug == "deno":
            self._denosumab()
        else:
            self._zoledronate()

    def _dose(self, drug: str, interval: str) -> None:
        self.chart.add("bma_given", self.day, drug=drug, planned_interval=interval)
        self.given, self.last = self.given + 1, self.day

    def _ends(self) -> bool:
        """The drug is stopped after some doses, or the story ends."""
        if self.stop and self.given >= 5:
            self.chart.add("bma_stopped", self.last + timedelta(10), reason="dental surgery")
            return True
        return self.day > self.chart.until

    def _wait(self, due: date, early: int, code: str) -> bool:
        """Goes on to the next dose; after the third one the flaw shows. False when the drug is left off."""
        late, never = self.flaw in ("zol_late", "deno_late"), self.flaw in ("zol_left_off", "deno_left_off")
        if self.given == 3 and (late or never):
            self.day = due + timedelta(self.chance.whole(3, 25))
            self.chart.duty(code, due, self.day if late else None, "dose late" if late else "doses left off")
            return not never
        self.day = due - timedelta(self.chance.whole(0, early))
        return True

    def _denosumab(self) -> None:
        going = True
        while going and not self._ends():
            self._dose("denosumab", "4w")
            if self.flaw == "deno_wide_mended" and self.given == 3:
                self._order_wide()
            if self.flaw == "deno_wide" and self.day + timedelta(26) > self.chart.until:
                self._order_wide()
            going = self._wait(self.day + timedelta(28), 3, "d-deno-late")

    def _order_wide(self) -> None:
        """Ordered every 12 weeks; the next dose, ordered every four, mends it."""
        self.chart.add("bma_ordered", self.day, drug="denosumab", planned_interval="12w")
        self.chart.plant("d-deno-extended-order", self.day, "denosumab ordered every 12 weeks")

    def _zoledronate(self) -> None:
        early, unstable = self.flaw == "zol_spaced_early", self.flaw == "zol_spaced_unstable"
        monthly = 1 if early else self.chance.whole(3, 6)
        while not self._ends() and self.given < monthly:
            self._dose("zoledronate", "monthly")
            if not self._wait(add_months(self.day, 1), 2, "d-zol-overdue"):
                return
        if not self._ends():
            self.chart.add("finding_recorded", self.day, disease_stable=not unstable)
            self._space(too_early=early or unstable)

    def _space(self, *, too_early: bool) -> None:
        """Every 12 weeks; spaced too early, the monthly dates stay in force."""
        while not self._ends():
            given = self.day
            self._dose("zoledronate", "12w")
            if too_early:
                self.chart.plant("d-zol-extended-early", given, "zoledronate every 12 weeks too early")
                self.day = given + timedelta(self.chance.whole(77, 84))
                self.chart.duty("d-zol-overdue", add_months(given, 1), self.day, "monthly dose left out")
            elif not self._wait(given + timedelta(84), 7, "d-zol-overdue"):
                return
