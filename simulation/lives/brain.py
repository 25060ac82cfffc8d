"""Progression in the brain alone: the regimen kept, stereotactic treatment in time; or not."""

from __future__ import annotations

from datetime import date, timedelta

from simulation.lives.care import Care, Waiting
from simulation.weekdays import next_working_day


def progress_in_brain(care: Care) -> None:
    """Growth in the brain, stable disease elsewhere, and what is done about it."""
    care.find("cns")
    care.image("response", brain_mri=True)
    outside = {"extracranial": "SD", "extracranial_stable": True}
    care.progress_as("brain", intracranial="PD", pattern="oligoprogression", **outside)
    seen, lesion = care.day, str(care.lesions[-1]["id"])
    if care.chance.happens(0.8):
        care.wait(3, 6)
        plan = {"method": "stereotactic_rt", "targets": [lesion]}
        care.hold_board("oligoprogression", "local_treatment_regimen_unchanged", **plan)
    _treat(care, seen, lesion)
    if care.on_pertuzumab and care.of_line.count("brain") == 3:
        _switch(care, seen)


def _treat(care: Care, seen: date, lesion: str) -> None:
    due = seen + timedelta(care.rules.cns_grace_days)
    care.waiting.append(Waiting("d-cns-local-missing", "brain", due))
    if care.draws("brain_untreated"):
        care.day = max(care.day, due)
        return
    if care.draws("brain_late"):
        care.day = max(care.day, due)
        care.after("days_late")
    else:
        care.wait(1, 6)
    done = {"site": "cns", "lesion": lesion, "modality": "stereotactic_rt", "intent": "cns_oligoprogression"}
    care.add("local_treatment", **done)
    care.answer("brain")
    care.lesions[-1] = {**care.lesions[-1], "status": "treated_inactive"}


def _switch(care: Care, seen: date) -> None:
    """After the third progression under trastuzumab and pertuzumab the regimen should change."""
    due = seen + timedelta(care.rules.cns_grace_days)
    if care.draws("no_switch"):
        care.chart.duty("d-cns-switch-missing", due, None)
        care.day = care.chart.as_of + timedelta(1)
        return
    care.day = next_working_day(care.day + timedelta(1))
    care.chart.duty("d-cns-switch-missing", due, care.day)
    classes, regimen = ["anti_her2", "chemotherapy"], "tucatinib_trastuzumab_capecitabine"
    care.begin_line("systemic_changed", classes, regimen=regimen, reason="progression")
