"""The stages of a route along the main pathway up to the decision on metastasis-directed therapy, as they should be done.

Each moves the course to a later day and writes down what happened then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.calendar import add_months
from simulation.course import Course
from simulation.person import CLASSES, SECOND_CLASSES, draw_lesion

Stage = Callable[[Course], None]


def suspect(course: Course) -> None:
    course.add(
        "metastasis_suspected", source=course.chance.pick(("symptoms", "tumour marker", "follow-up imaging"))
    )


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
    organ = str(course.person.organs[0])
    course.lesions = [
        draw_lesion(course.chance, f"L{n}", organ) for n in range(1, course.chance.whole(6, 9) + 1)
    ]
    course.image("staging")


def review_history(course: Course) -> None:
    course.wait(0, 3)
    course.add("imaging_history_reviewed")


def sample(course: Course) -> None:
    """A biopsy; of the lung where a metastasis lies there."""
    course.wait(3, 12)
    lesion = next((row for row in course.lesions if row["organ"] == "lung"), course.lesions[0])
    found = {"method": "histology", "metastasis_confirmed": True, **course.person.receptors}
    course.add("tissue_result", site=lesion["organ"], lesion=lesion["id"], **found)


def sample_cells(course: Course) -> None:
    course.wait(3, 12)
    lesion = course.lesions[0]
    reason = "core biopsy not possible at this place"
    found = {"metastasis_confirmed": True, "cytology_reason": reason, **course.person.receptors}
    course.add("tissue_result", site=lesion["organ"], lesion=lesion["id"], method="cytology", **found)


def waive_biopsy(course: Course) -> None:
    course.wait(2, 9)
    reason = course.chance.pick(("not_feasible", "not_appropriate"))
    course.add("biopsy_waived", reason=reason, decided_by="interventional radiology")


def board_initial(course: Course) -> None:
    course.wait(2, 9)
    course.hold_board("initial", "systemic_first")


def start_systemic(course: Course) -> None:
    course.wait(3, 14)
    course.line = 1
    course.add("systemic_started", line=1, regimen_class=list(CLASSES[course.person.subtype]))


def start_unsuitable(course: Course) -> None:
    """A class that does not match the subtype."""
    course.wait(3, 14)
    course.line = 1
    wrong = "chemotherapy" if course.person.subtype == "hr_positive" else "endocrine"
    course.add("systemic_started", line=1, regimen_class=[wrong])


def respond(course: Course) -> None:
    """The first documented response."""
    course.wait(75, 110)
    _assess(course, "PR")
    course.first_response = course.day


def respond_again(course: Course) -> None:
    """A response on or after the boundary; a few exactly on it."""
    assert course.first_response is not None
    course.day = add_months(course.first_response, 3)
    course.wait(0, 14)
    _assess(course, "PR")


def stay_stable(course: Course) -> None:
    course.wait(70, 100)
    course.add("response_assessed", overall="SD")


def not_evaluable(course: Course) -> None:
    course.wait(60, 80)
    course.add("response_assessed", overall="NE")


def progress(course: Course) -> None:
    course.wait(60, 100)
    course.add("response_assessed", overall="PD", pattern="other")
    course.first_response = None


def progress_at_few_sites(course: Course) -> None:
    """Oligoprogression, coded as such: the first metastasis grows again, or a new one shows after treatment."""
    course.wait(60, 100)
    if not course.targets:
        course.lesions.append(draw_lesion(course.chance, f"L{len(course.lesions) + 1}", "lymph_node"))
    course.image("response", modality="pet_ct")
    course.add("response_assessed", overall="PD", pattern="oligoprogression")
    course.first_response = None


def change_line(course: Course) -> None:
    course.wait(7, 21)
    course.line += 1
    classes = list(SECOND_CLASSES[course.person.subtype])
    course.add("systemic_changed", line=course.line, regimen_class=classes, reason="progression")


def board_mdt(course: Course) -> None:
    course.wait(4, 14)
    course.hold_board("mdt", "recommended", **course.plan())


def board_mdt_incomplete(course: Course) -> None:
    """Without surgical oncology."""
    course.wait(4, 14)
    course.hold_board(
        "mdt", "recommended", disciplines=["medical_oncology", "radiation_oncology"], **course.plan()
    )


def board_mdt_unrecorded(course: Course) -> None:
    """Nobody wrote down who took part."""
    course.wait(4, 14)
    course.hold_board("mdt", "recommended", disciplines=None, **course.plan())


def board_against(course: Course) -> None:
    course.wait(4, 14)
    course.hold_board("mdt", "not_recommended", decision_text="patient prefers systemic therapy alone")


def board_oligoprogression(course: Course) -> None:
    course.wait(5, 14)
    course.hold_board("oligoprogression", "local_treatment_regimen_unchanged", **course.plan())


def counsel(course: Course) -> None:
    course.wait(1, 7)
    topics = ["os_benefit_unknown", "alternatives"]
    course.add(
        "counselling_documented", topics=topics + ["quality_of_life_unmeasured"] * course.chance.happens(0.5)
    )


def _assess(course: Course, overall: str) -> None:
    course.shrink()
    if course.chance.happens(0.5):
        course.image("response", modality="pet_ct" if course.modality == "pet_ct" else "ct")
    course.add("response_assessed", overall=overall)


STAGES: Final[tuple[Stage, ...]] = (
    suspect, scan, review_history, sample, board_initial, start_systemic, respond, respond_again, board_mdt, counsel,
)  # fmt: skip
"""By the book, up to the day on which metastasis-directed therapy may start."""
