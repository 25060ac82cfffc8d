"""What was met before the start of metastasis-directed therapy, or spoke against it, but written later."""

from __future__ import annotations

from datetime import date
from typing import Final

from simulation.chart import ONE_DAY
from simulation.lives.care import Care
from simulation.person import Lesion

_LUNG: Final = "d-lung-histology-missing"


def write_late(care: Care, targets: list[Lesion]) -> None:
    """Proofs, each missed at the start and found to have been there; or a fact against the start."""
    if care.over:
        return
    first = not care.chart.of_type("mdt_started")
    lung = any(lesion["organ"] == "lung" for lesion in targets)
    for code, known in care.unwritten:
        if known > care.day and (lung or code != _LUNG):
            _miss(care, code, known)
    written = [care.draws("written_late") for _ in range(3)]
    if written[0] and care.present.counselled:
        _write(care, "counselling_documented", "d-counselling-missing")
    if written[1] and care.reviewed and first:
        _write(care, "imaging_history_reviewed", "d-imaging-history-missing")
    if written[2] and first and _only_result(care):
        _write(care, "tissue_result", "d-tissue-missing", *([_LUNG] if care.lung_proved and lung else []))
    if not any(written) and care.draws("known_late"):
        _learn_late(care)


def _only_result(care: Care) -> bool:
    """A single result that changed nothing else."""
    found = care.chart.of_type("tissue_result")
    same = (care.hr, care.her2) == tuple(care.person.receptors[name] == "positive" for name in ("er", "her2"))
    return len(found) == 1 and not care.chart.of_type("biopsy_waived") and same


def _write(care: Care, type: str, *codes: str) -> None:
    """The latest entry of this type is recorded after the start; by then the duty counted as missed."""
    proof = care.chart.of_type(type)[-1]
    proof.recorded = care.drawn_after(care.day, "days_unwritten")
    for code in codes:
        _miss(care, code, proof.recorded)
        if type != "counselling_documented":
            care.unwritten.append((code, proof.recorded))
    if proof.recorded > care.chart.as_of:
        care.chart.drafts.remove(proof)


def _miss(care: Care, code: str, known: date) -> None:
    """Missed at the start of today, and known to have been there from a later day on."""
    care.plant(code)
    care.chart.plant("q-late-entry", care.day, known=known)


def _learn_late(care: Care) -> None:
    """A progression or malignant fluid on the day before."""
    now, day = care.present, care.day - ONE_DAY
    known = care.drawn_after(care.day, "days_unwritten")
    if now.closed and not (now.on_progression or care.few_sites) and care.chance.happens(0.5):
        care.chart.add("response_assessed", day, {"overall": "PD", "pattern": "other"}, recorded=known)
        care.progressed = care.responded_before = True
        care.late_of_line = known
        code = "d-mdt-after-progression"
    elif not care.malignant:
        found = {"pleural_effusion": "malignant", "pleural_symptomatic": False}
        care.chart.add("finding_recorded", day, found, recorded=known)
        care.hidden_fluid = True
        code = "d-excluded-feature"
    else:
        return
    care.chart.plant(code, care.day, known=known)
    care.chart.plant("q-late-entry", care.day, known=known)
