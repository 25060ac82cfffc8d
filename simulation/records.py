"""What happens to a record: entries late, twice, wrong or without a value, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from simulation.bone import lesions
from simulation.chance import Chance
from simulation.chart import ONE_DAY, Chart, Draft

Way = Callable[[Chart, Chance], None]

UNHURRIED: Final = ("follow_up_visit", "bma_given", "ortho_evaluated", "imaging_history_reviewed")
"""Types of entries whose late recording departs from nothing."""


def disturb(chart: Chart, chance: Chance, ways: tuple[str, ...]) -> None:
    """Changes a finished chart in the ways named."""
    for way in ways:
        WAYS[way](chart, chance)


def _days_after(chart: Chart, day: date, days: int) -> date:
    return min(day + timedelta(days), chart.as_of)


def _late(chart: Chart, chance: Chance) -> None:
    """Some entries are recorded a few days later."""
    for draft in chart.of_type(*UNHURRIED):
        if chance.happens(0.3):
            draft.recorded = _days_after(chart, draft.day, chance.whole(1, 6))


def _twice(chart: Chart, chance: Chance) -> Draft:
    draft = chance.pick(chart.drafts)
    day = _days_after(chart, draft.known, chance.whole(1, 5))
    return chart.add(draft.type, draft.day, draft.fields, recorded=day)


def _duplicate(chart: Chart, chance: Chance) -> None:
    chart.plant("q-duplicate", _twice(chart, chance).known)


def _duplicate_retracted(chart: Chart, chance: Chance) -> None:
    double = _twice(chart, chance)
    chart.add("retraction", double.known, {"target": double, "reason": "entered twice"})


def _wrong_patient(chart: Chart, chance: Chance) -> None:
    """A grave finding of another patient, taken back the next day."""
    day = chart.until - timedelta(chance.whole(5, 30))
    wrong = chart.add("finding_recorded", day, {"spinal_cord_compression": True})
    chart.add("retraction", day + ONE_DAY, {"target": wrong, "reason": "entry of another patient"})


def _mended(chart: Chart, chance: Chance) -> None:
    """A diameter is corrected before any board on metastasis-directed therapy."""
    imaging = chart.of_type("imaging_done")[0]
    row = lesions(imaging)[0]
    changed = {
        "field": f"lesions.{row['id']}.diameter_mm",
        "old": row["diameter_mm"],
        "new": 7.5 + chance.whole(0, 9),
    }
    chart.add(
        "correction", imaging.day + 2 * ONE_DAY, {"target": imaging, **changed, "reason": "measured anew"}
    )


def _lesion_resolved(chart: Chart, chance: Chance) -> None:
    """After the board on metastasis-directed therapy, a metastasis turns out to be none."""
    imaging, day = chart.of_type("imaging_done")[-1], chart.as_of
    row = chance.pick(lesions(imaging))
    changed = {"field": f"lesions.{row['id']}.status", "old": "active", "new": "resolved"}
    chart.add("correction", day, {"target": imaging, **changed, "reason": "second reading"})
    chart.plant("q-correction-after-decision", day)


def _resolved_before_start(chart: Chart, _: Chance) -> None:
    """The same, between the board and a start that no new board precedes."""
    start = chart.of_type("mdt_started")[0].day
    shown = [imaging for imaging in chart.of_type("imaging_done") if imaging.day < start][-1]
    changed = {"field": f"lesions.{lesions(shown)[0]['id']}.status", "old": "active", "new": "resolved"}
    chart.add("correction", start - ONE_DAY, {"target": shown, **changed, "reason": "second reading"})
    chart.plant("q-correction-after-decision", start - ONE_DAY)
    chart.plant("d-board-outdated", start)


def _progression_late(chart: Chart, chance: Chance) -> None:
    """A progression before the treatment is recorded only afterwards."""
    start = chart.of_type("mdt_started")[0].day
    known = _days_after(chart, start, chance.whole(10, 14))
    progression = {"overall": "PD", "pattern": "other"}
    chart.add("response_assessed", start - 2 * ONE_DAY, progression, recorded=known)
    chart.plant("d-mdt-after-progression", start, known=known)
    chart.plant("q-late-entry", known)


def _proof_late(type: str, question: str | None, step: str, *codes: str) -> Way:
    """A duty met in time and written down after the step: each code, and with it a late entry."""

    def way(chart: Chart, chance: Chance) -> None:
        proof = next(draft for draft in chart.of_type(type) if draft.fields.get("question") == question)
        start = chart.of_type(step)[0].day
        proof.recorded = _days_after(chart, start, chance.whole(3, 9))
        for code in codes:
            chart.plant(code, start)
            chart.plant("q-late-entry", proof.recorded)

    return way


def _modality_unknown(chart: Chart, _: Chance) -> None:
    imaging = chart.of_type("imaging_done")[0]
    imaging.fields["modality"] = None
    chart.plant("q-missing-fact", imaging.day)


def _modality_told(chart: Chart, chance: Chance) -> None:
    """Unknown at first, and supplied by a correction."""
    imaging = chart.of_type("imaging_done")[0]
    imaging.fields["modality"] = None
    told = {"field": "modality", "old": None, "new": "pet_ct", "reason": "report found"}
    chart.add("correction", imaging.day + timedelta(chance.whole(1, 4)), {"target": imaging, **told})


def _effusion_unknown(chart: Chart, _: Chance) -> None:
    """No imaging speaks of the pleura."""
    imagings = chart.of_type("imaging_done")
    for imaging in imagings:
        imaging.fields["findings"] = {"ascites": "none", "leptomeningeal_disease": False}
    chart.plant("q-missing-fact", imagings[-1].day)


WAYS: Final[dict[str, Way]] = {
    "late": _late,
    "duplicate": _duplicate,
    "duplicate_retracted": _duplicate_retracted,
    "wrong_patient": _wrong_patient,
    "mended": _mended,
    "lesion_resolved": _lesion_resolved,
    "resolved_before_start": _resolved_before_start,
    "progression_late": _progression_late,
    "counselling_late": _proof_late("counselling_documented", None, "mdt_started", "d-counselling-missing"),
    "lung_histology_late": _proof_late(
        "tissue_result", None, "mdt_started", "d-tissue-missing", "d-lung-histology-missing"
    ),
    "liver_board_late": _proof_late(
        "board_held", "mdt", "mdt_started", "d-board-missing-mdt", "d-liver-indication-missing"
    ),
    "primary_board_late": _proof_late(
        "board_held", "primary", "primary_treated", "d-primary-exception-unboarded"
    ),
    "axilla_board_late": _proof_late(
        "board_held", "other", "local_treatment", "d-contralateral-axilla-unboarded"
    ),
    "modality_unknown": _modality_unknown,
    "modality_told": _modality_told,
    "effusion_unknown": _effusion_unknown,
}
