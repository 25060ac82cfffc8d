"""What happens to a record: entries that come late, twice, wrong, without a value, and what is done about it."""

from __future__ import annotations

from datetime import timedelta

from simulation.chance import Chance
from simulation.chart import Chart, Draft

HARMLESS_LATE = (
    "follow_up_visit",
    "bma_given",
    "ortho_evaluated",
    "metastasis_suspected",
    "imaging_history_reviewed",
)


def disturb(chart: Chart, chance: Chance, ways: tuple[str, ...]) -> None:
    for way in ways:
        _WAYS[way](chart, chance)


def _late(chart: Chart, chance: Chance) -> None:
    """Entries that nobody waited for are recorded some days later."""
    for draft in chart.of_type(*HARMLESS_LATE):
        if chance.happens(0.3):
            draft.recorded = min(draft.day + timedelta(chance.whole(1, 6)), chart.as_of)


def _twice(chart: Chart, chance: Chance) -> Draft:
    draft = chance.pick(chart.drafts)
    day = min(draft.known + timedelta(chance.whole(1, 5)), chart.as_of)
    return chart.add(draft.type, draft.day, recorded=day, **draft.fields)


def _duplicate(chart: Chart, chance: Chance) -> None:
    double = _twice(chart, chance)
    chart.plant("q-duplicate", double.known, "entered twice")


def _duplicate_retracted(chart: Chart, chance: Chance) -> None:
    double = _twice(chart, chance)
    chart.add("retraction", double.known, target=double, reason="entered twice")


def _wrong_patient(chart: Chart, chance: Chance) -> None:
    """An entry of another patient, taken back the next day."""
    day = chart.until - timedelta(chance.whole(10, 30))
    wrong = chart.add("finding_recorded", day, spinal_cord_compression=True)
    chart.add("retraction", day + timedelta(1), target=wrong, reason="entry of another patient")


def _mended(chart: Chart, chance: Chance) -> None:
    """A diameter is corrected before any board on metastasis-directed therapy."""
    imaging = chart.of_type("imaging_done")[0]
    row = imaging.fields["lesions"][0]  # type: ignore[index]
    field = f"lesions.{row['id']}.diameter_mm"
    day = imaging.day + timedelta(2)
    chart.add(
        "correction",
        day,
        target=imaging,
        field=field,
        old=row["diameter_mm"],
        new=12.5,
        reason="measured anew",
    )


def _lesion_resolved(chart: Chart, chance: Chance) -> None:
    """After the board on metastasis-directed therapy, a metastasis turns out to be none."""
    imaging = [i for i in chart.of_type("imaging_done") if i.fields["complete"]][-1]
    row = imaging.fields["lesions"][0]  # type: ignore[index]
    day = chart.as_of - timedelta(1)
    field = f"lesions.{row['id']}.status"
    chart.add(
        "correction", day, target=imaging, field=field, old="active", new="resolved", reason="second reading"
    )
    chart.plant("q-correction-after-decision", day, "a lesion corrected after the board")


def _progression_late(chart: Chart, chance: Chance) -> None:
    """A progression before the treatment is recorded only afterwards."""
    start = chart.of_type("mdt_started")[0]
    known = min(start.day + timedelta(20), chart.as_of)
    chart.add("response_assessed", start.day - timedelta(2), recorded=known, overall="PD", pattern="other")
    chart.plant("d-mdt-after-progression", known, "the progression was recorded after the treatment")
    chart.plant("q-late-entry", known, "a progression recorded late")


def _counselling_late(chart: Chart, chance: Chance) -> None:
    """The conversation was held in time and written down after the treatment."""
    draft, start = chart.of_type("counselling_documented")[0], chart.of_type("mdt_started")[0]
    draft.recorded = min(start.day + timedelta(6), chart.as_of)
    chart.plant("d-counselling-missing", start.day, "counselling documented after the start")
    chart.plant("q-late-entry", draft.recorded, "proof documented after the step")


def _modality_unknown(chart: Chart, chance: Chance) -> None:
    imaging = chart.of_type("imaging_done")[0]
    imaging.fields["modality"] = None
    chart.plant("q-missing-fact", imaging.day, "modality not recorded")


def _effusion_unknown(chart: Chart, chance: Chance) -> None:
    for imaging in chart.of_type("imaging_done"):
        imaging.fields["findings"] = {"ascites": "none", "leptomeningeal_disease": False}
    chart.plant("q-missing-fact", chart.of_type("imaging_done")[-1].day, "pleural effusion not recorded")


_WAYS = {
    "late": _late, "duplicate": _duplicate, "duplicate_retracted": _duplicate_retracted, "wrong_patient": _wrong_patient,
    "mended": _mended, "lesion_resolved": _lesion_resolved, "progression_late": _progression_late,
    "counselling_late": _counselling_late, "modality_unknown": _modality_unknown, "effusion_unknown": _effusion_unknown,
}  # fmt: skip
