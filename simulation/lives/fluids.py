"""Malignant fluid in pleura, abdomen and pericardium: found, drained, treated, or left."""

from __future__ import annotations

from datetime import date

from simulation.lives.care import Care


def fill_abdomen_early(care: Care) -> None:
    """Before systemic therapy; a review comes later than the same day."""
    if care.staged and care.once("ascites") and care.chance.happens(0.3):
        care.wait(1, 3)
        _find(care, ascites="malignant", ascites_symptomatic=False)
        _owe_review(care)


def fill_abdomen(care: Care) -> None:
    care.wait(1, 30)
    _find(care, ascites="malignant", ascites_symptomatic=True)
    _owe_review(care)
    _drain(care, "peritoneum", ("puncture", "drainage"), "d-ascites-symptomatic-untreated")
    if care.draws("departing"):
        care.wait(2, 9)
        _treat(care, care.day, "peritoneum", "local_chemotherapy")
        care.plant("d-method-advised-against")


def fill_pericardium(care: Care) -> None:
    care.wait(1, 30)
    _find(care, pericardial_effusion="malignant", pericardial_symptomatic=True)
    _owe_review(care)
    _drain(care, "pericardium", ("fenestration", "drainage"), "d-pericard-untreated")


def fill_pleura(care: Care) -> None:
    care.wait(1, 30)
    _find(care, pleural_effusion="malignant", pleural_symptomatic=True)
    for _ in range(care.chance.whole(1, 2)):
        care.wait(2, 9)
        care.chance.pick((_puncture, _seal, _scope))(care)


def _puncture(care: Care) -> None:
    _treat(
        care, care.day, "pleura", care.chance.pick(("puncture", "continuous_drainage", "indwelling_catheter"))
    )


def _seal(care: Care) -> None:
    """Pleurodesis, with pain relief or without."""
    in_pain = care.draws("departing")
    modality = care.chance.pick(("vats_talc", "talc_powder", "povidone_iodine"))
    _treat(care, care.day, "pleura", modality, analgesia_recorded=not in_pain)
    if in_pain:
        care.plant("d-pleurodesis-no-analgesia")
    if modality == "vats_talc" and care.short_survival:
        care.plant("d-pleura-invasive-short-survival")


def _scope(care: Care) -> None:
    """Thoracoscopy; where survival is expected to be short, with a reason or without."""
    if care.draws("departing"):
        care.add("finding_recorded", expected_survival="short")
        care.short_survival = True
    if care.short_survival and care.chance.happens(0.5):
        _treat(care, care.day, "pleura", "vats", reason="drainage failed twice")
        return
    _treat(care, care.day, "pleura", "vats")
    if care.short_survival:
        care.plant("d-pleura-invasive-short-survival")


def _find(care: Care, **findings: object) -> None:
    """Fluid in pleura or abdomen is a fact that a board rests on."""
    care.findings |= findings
    care.add("finding_recorded", **findings)
    if "pericardial_effusion" not in findings:
        care.move_basis()


def _owe_review(care: Care) -> None:
    """Without running therapy the review is due on the day; it comes later or never."""
    if not care.running:
        care.wait_for("d-effusion-no-systemic", "review", care.rules.grace_days)


def _drain(care: Care, site: str, modalities: tuple[str, ...], code: str) -> None:
    """On the day of the symptoms, some days later, or never."""
    modality = care.chance.pick(modalities)
    if not care.draws("departing"):
        _treat(care, care.day, site, modality)
        return
    later = care.drawn_after(care.day, "days_late") if care.chance.happens(0.5) else None
    care.owe(code, care.day, later)
    if later:
        _treat(care, later, site, modality)


def _treat(care: Care, day: date, site: str, modality: str, **fields: object) -> None:
    done = {"site": site, "modality": modality, "intent": "symptomatic", "indication": "effusion"}
    care.chart.add("local_treatment", day, {**done, **fields})
