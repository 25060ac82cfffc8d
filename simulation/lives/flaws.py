"""What is wrong with a record as such: entries late, twice, of another patient, mistyped and corrected."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from simulation.bone import lesions
from simulation.chance import Chance
from simulation.chart import ONE_DAY, Chart, Draft
from simulation.lives.numbers import Numbers
from simulation.records import UNHURRIED

_NOT_TWICE: Final = ("correction", "retraction", "death", "withdrawal", "withdrawal_revoked", "transferred")
_OTHERS: Final[tuple[dict[str, object], ...]] = (
    {"spinal_cord_compression": True},
    {"plexus_infiltration": True},
    {"pleural_effusion": "malignant", "pleural_symptomatic": True},
    {"bone_marrow_infiltration": True},
)


def flaw(chart: Chart, chance: Chance, numbers: Numbers) -> None:
    """Changes a finished chart. None of this departs from a guideline; some of it leaves a trace."""

    def draws(name: str) -> bool:
        return bool(chart.drafts) and chance.happens(numbers.share(name))

    if draws("corrected"):
        _correct_size(chart, chance)
    if draws("day_corrected"):
        _correct_day(chart, chance)
    if draws("entered_late"):
        _enter_late(chart, chance)
    if draws("entered_twice"):
        _enter_twice(chart, chance)
    if draws("other_patient"):
        _take_back(chart, chance)


def _correct_size(chart: Chart, chance: Chance) -> None:
    """A diameter is measured anew; after a board that knew the old one this leaves a trace."""
    imagings = chart.of_type("imaging_done")
    if not imagings:
        return
    imaging = chance.pick(imagings)
    measured = [row for row in lesions(imaging) if row["diameter_mm"] is not None]
    day = imaging.known + timedelta(chance.whole(1, 60))
    if not measured or day > chart.until:
        return
    row = chance.pick(measured)
    changed = {"field": f"lesions.{row['id']}.diameter_mm", "old": row["diameter_mm"], "new": 6.5}
    chart.add("correction", day, {"target": imaging, **changed, "reason": "measured anew"})
    boards = [
        board
        for board in chart.of_type("board_held")
        if board.fields["question"] in ("mdt", "oligoprogression") and imaging.day <= board.day < day
    ]
    if boards:
        chart.plant("q-correction-after-decision", day)


def _correct_day(chart: Chart, chance: Chance) -> None:
    """A visit or a dose under a wrong day, put right soon."""
    entries = [draft for draft in _unhurried(chart) if draft.day < chart.as_of and not draft.recorded]
    if not entries:
        return
    draft = chance.pick(entries)
    right = draft.day
    draft.day, draft.recorded = right - timedelta(chance.whole(1, 9)), right
    changed = {"field": "date", "old": draft.day.isoformat(), "new": right.isoformat()}
    corrected = Draft("correction", right + ONE_DAY, {"target": draft, **changed, "reason": "wrong day"})
    chart.drafts.append(corrected)


def _unhurried(chart: Chart) -> list[Draft]:
    """Entries by whose writing nothing is judged; zoledronate is, where it is spaced on the day itself."""
    return [draft for draft in chart.of_type(*UNHURRIED) if draft.fields.get("drug") != "zoledronate"]


def _enter_late(chart: Chart, chance: Chance) -> None:
    for draft in _unhurried(chart):
        if draft.recorded is None and chance.happens(0.3):
            draft.recorded = min(draft.day + timedelta(chance.whole(1, 6)), chart.as_of)


def _enter_twice(chart: Chart, chance: Chance) -> None:
    """The second entry is set aside; sometimes somebody takes it back."""
    corrected = [draft.fields["target"] for draft in chart.of_type("correction")]
    once = [draft for draft in chart.drafts if draft.type not in _NOT_TWICE and draft not in corrected]
    if not once:
        return
    draft = chance.pick(once)
    day = min(draft.known + timedelta(chance.whole(1, 5)), chart.as_of)
    double = Draft(draft.type, draft.day, dict(draft.fields), day)
    chart.drafts.append(double)
    if chance.happens(0.4) and day < chart.as_of:
        fields: dict[str, object] = {"target": double, "reason": "entered twice"}
        chart.drafts.append(Draft("retraction", day + ONE_DAY, fields))
    else:
        chart.planted.append(chart.told("q-duplicate", day))


def _take_back(chart: Chart, chance: Chance) -> None:
    """A grave finding of another patient, taken back the next day, after everything else was written."""
    day = max(draft.known for draft in chart.drafts) + timedelta(chance.whole(1, 20))
    if day + ONE_DAY > chart.until:
        return
    wrong = chart.add("finding_recorded", day, chance.pick(_OTHERS))
    fields = {"target": wrong, "reason": "entry of another patient"}
    chart.add("retraction", day + ONE_DAY, fields)
