"""Stages from the suspicion of metastasis to the start of systemic therapy, done well and otherwise."""

from __future__ import annotations

from typing import Final

from simulation.course import Course

CLASSES: Final = {
    "hr_positive": ["endocrine_cdk46"],
    "her2_positive": ["anti_her2", "chemotherapy"],
    "triple_negative": ["chemo_immunotherapy"],
}
SOURCES: Final = ("symptoms", "tumour marker", "follow-up imaging")


def suspect(course: Course) -> None:
    course.wait(0, 0)
    course.add("metastasis_suspected", source=course.chance.pick(SOURCES))


def scan(course: Course) -> None:
    """Complete staging."""
    course.wait(3, 16)
    course.image("staging")


def scan_partly(course: Course) -> None:
    course.wait(3, 16)
    course.image("staging", complete=False)


def scan_uncounted(course: Course) -> None:
    """Nobody wrote down whether the staging was complete, nor what it showed."""
    course.wait(3, 16)
    course.image("staging", complete=None, lesions=None)


def scan_many(course: Course) -> None:
    """More metastases than the definition admits."""
    course.wait(3, 16)
    organ = str(course.lesions[0]["organ"])
    while len(course.lesions) < 6 or (len(course.lesions) < 9 and course.chance.happens(0.5)):
        course.find(organ)
    course.image("staging")


def review_history(course: Course) -> None:
    course.wait(0, 3)
    course.add("imaging_history_reviewed")


def sample(course: Course) -> None:
    """A biopsy; of the lung where a metastasis lies there."""
    course.wait(3, 12)
    lesion = next((row for row in course.lesions if row["organ"] == "lung"), course.lesions[0])
    _result(course, lesion["id"], lesion["organ"], method="histology")


def sample_outside_lung(course: Course) -> None:
    course.wait(3, 12)
    lesion = next(row for row in course.lesions if row["organ"] != "lung")
    _result(course, lesion["id"], lesion["organ"], method="histology")


def sample_cells(course: Course) -> None:
    course.wait(3, 12)
    reason = "core biopsy not possible at this place"
    lesion = course.lesions[0]
    _result(course, lesion["id"], lesion["organ"], method="cytology", cytology_reason=reason)


def waive_biopsy(course: Course) -> None:
    course.wait(2, 9)
    reason = course.chance.pick(("not_feasible", "not_appropriate"))
    course.add("biopsy_waived", reason=reason, decided_by="interventional radiology")


def _result(course: Course, lesion: object, organ: object, **fields: object) -> None:
    found = {"metastasis_confirmed": True, **course.person.receptors, **fields}
    course.add("tissue_result", site=organ, lesion=lesion, **found)


def board_initial(course: Course) -> None:
    course.wait(2, 9)
    course.hold_board("initial", "systemic_first")


def start_systemic(course: Course) -> None:
    _start(course, list(CLASSES[course.person.subtype]))


def start_pertuzumab(course: Course) -> None:
    """For HER2-positive disease."""
    _start(course, ["anti_her2"], regimen="trastuzumab_pertuzumab")


def start_unsuitable(course: Course) -> None:
    """A class that does not match the subtype."""
    _start(course, ["chemotherapy"] if course.person.subtype == "hr_positive" else ["endocrine"])
    course.plant("d-systemic-class")


def _start(course: Course, classes: list[str], **fields: object) -> None:
    course.wait(3, 14)
    course.line = 1
    course.add("systemic_started", line=1, regimen_class=classes, **fields)
