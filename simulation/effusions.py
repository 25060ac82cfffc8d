"""Stages of malignant fluid in pleura, abdomen and pericardium, drained as it should be and otherwise."""

from __future__ import annotations

from simulation.course import Course


def fill_pleura(course: Course) -> None:
    course.wait(10, 30)
    _find(course, pleural_effusion="malignant", pleural_symptomatic=True)


def drain_pleura(course: Course) -> None:
    course.wait(1, 4)
    _treat(course, "pleura", course.chance.pick(("puncture", "continuous_drainage", "indwelling_catheter")))


def seal_pleura(course: Course) -> None:
    """Pleurodesis with pain relief."""
    course.wait(2, 9)
    _treat(course, "pleura", course.chance.pick(("vats_talc", "talc_powder")), analgesia_recorded=True)


def seal_pleura_in_pain(course: Course) -> None:
    course.wait(2, 9)
    _treat(course, "pleura", "talc_powder", analgesia_recorded=False)
    course.plant("d-pleurodesis-no-analgesia")


def scope_pleura_near_death(course: Course) -> None:
    """Thoracoscopy although survival is expected to be short, and no reason is given."""
    course.wait(2, 9)
    course.add("finding_recorded", expected_survival="short")
    _treat(course, "pleura", "vats")
    course.plant("d-pleura-invasive-short-survival")


def fill_abdomen(course: Course) -> None:
    """With symptoms, and drained on the same day."""
    course.wait(10, 30)
    _find(course, ascites="malignant", ascites_symptomatic=True)
    _treat(course, "peritoneum", "puncture")


def fill_abdomen_undrained(course: Course) -> None:
    course.wait(10, 30)
    _find(course, ascites="malignant", ascites_symptomatic=True)
    course.chart.duty("d-ascites-symptomatic-untreated", course.day, None)


def fill_abdomen_unreviewed(course: Course) -> None:
    """Before any systemic therapy; the next board or therapy comes days later, and that is late."""
    course.wait(1, 3)
    _find(course, ascites="malignant", ascites_symptomatic=False)
    course.chart.duty("d-effusion-no-systemic", course.day, None)


def instil_chemotherapy(course: Course) -> None:
    course.wait(2, 9)
    _treat(course, "peritoneum", "local_chemotherapy")
    course.plant("d-method-advised-against")


def fill_pericardium(course: Course) -> None:
    """With symptoms, and fenestrated on the same day."""
    course.wait(10, 30)
    _find(course, pericardial_effusion="malignant", pericardial_symptomatic=True)
    _treat(course, "pericardium", course.chance.pick(("fenestration", "drainage")))


def fill_pericardium_unreviewed(course: Course) -> None:
    """Fenestrated, but before any systemic therapy; the next board or therapy comes days later."""
    course.wait(1, 3)
    _find(course, pericardial_effusion="malignant", pericardial_symptomatic=True)
    _treat(course, "pericardium", "fenestration")
    course.chart.duty("d-effusion-no-systemic", course.day, None)


def fill_pericardium_undrained(course: Course) -> None:
    course.wait(10, 30)
    _find(course, pericardial_effusion="malignant", pericardial_symptomatic=True)
    course.chart.duty("d-pericard-untreated", course.day, None)


def _find(course: Course, **findings: object) -> None:
    course.findings |= findings
    course.add("finding_recorded", **findings)


def _treat(course: Course, site: str, modality: str, **fields: object) -> None:
    done = {"site": site, "modality": modality, "intent": "symptomatic", "indication": "effusion"}
    course.add("local_treatment", **{**done, **fields})
