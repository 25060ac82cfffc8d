"""Bone health beside the main pathway: the drug, and whether an orthopaedic surgeon sees the patient."""

from __future__ import annotations

from datetime import timedelta

from simulation.bone_doses import Doses
from simulation.chance import Chance
from simulation.chart import Chart, Draft
from simulation.person import Lesion
from simulation.weekdays import last_working_day, next_working_day

GRACE = timedelta(28)


def protect_bones(chart: Chart, chance: Chance, way: str | None) -> None:
    """From the first imaging that shows a bone metastasis until the story ends; nothing without one.

    `way` is a drug (`zol`, `deno`), or one departure, most of them of that drug: see `kinds.bones`.
    """
    shown = first_bone_imaging(chart)
    if shown is None:
        return
    _evaluate(chart, chance, shown, way)
    start = last_working_day(shown.day + timedelta(chance.whole(6, 26)))
    if way == "drug_late":
        start = next_working_day(shown.day + GRACE + timedelta(chance.whole(5, 40)))
        chart.duty("d-bma-missing", shown.day + GRACE, start)
    if way == "drug_missing":
        chart.duty("d-bma-missing", shown.day + GRACE, None)
    else:
        Doses(chart, chance, way or "", start).give()


def first_bone_imaging(chart: Chart) -> Draft | None:
    imagings = sorted(chart.of_type("imaging_done"), key=lambda draft: draft.day)
    return next((i for i in imagings if any(row["organ"] == "bone" for row in lesions(i))), None)


def lesions(imaging: Draft) -> list[Lesion]:
    found = imaging.fields.get("lesions")
    return found if isinstance(found, list) else []


def _evaluate(chart: Chart, chance: Chance, shown: Draft, way: str | None) -> None:
    """A significant vertebral metastasis is to be seen by an orthopaedic surgeon within 28 days."""
    departs = way in ("ortho_late", "ortho_missing")
    if not departs and chance.happens(0.75):
        return
    lesion = next(str(row["id"]) for row in lesions(shown) if row["organ"] == "bone")
    for imaging in chart.of_type("imaging_done"):
        _make_significant(imaging, lesion)
    due = shown.day + GRACE
    seen = last_working_day(due - timedelta(chance.whole(2, 22)))
    if departs:
        seen = next_working_day(due + timedelta(chance.whole(4, 50)))
    chart.duty("d-ortho-missing", due, None if way == "ortho_missing" else seen)
    if way != "ortho_missing":
        chart.add("ortho_evaluated", seen, {"lesion": lesion})


def _make_significant(imaging: Draft, id: str) -> None:
    for row in lesions(imaging):
        if row["id"] == id:
            row.update(location_detail="vertebra", significant=True)
