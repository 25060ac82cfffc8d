"""Stages of treating a primary that is still there, or the breast after its surgery."""

from __future__ import annotations

from simulation.course import Course


def board_primary(course: Course) -> None:
    """Supports the exception, with the features named."""
    course.wait(5, 20)
    features = ["bone_only"] if course.lesions[0]["organ"] == "bone" else ["good_response"]
    recorded = {"institution_expertise_recorded": True, "patient_preference_recorded": True}
    course.hold_board("primary", "exception_supported", exception_features=features, **recorded)


def board_breast(course: Course) -> None:
    """On radiotherapy of the breast."""
    course.wait(5, 20)
    course.hold_board("primary", "recommended", method="rt")


def remove_boarded(course: Course) -> None:
    _operate(course, "mastectomy", axilla="axillary_dissection")


def remove_unboarded(course: Course) -> None:
    """A listed exception, but no board."""
    _operate(course, "mastectomy")
    course.plant("d-primary-exception-unboarded")


def remove_with_visceral_disease(course: Course) -> None:
    _operate(course, "mastectomy")
    course.plant("d-primary-asymptomatic")


def remove_with_reconstruction(course: Course) -> None:
    _operate(course, "mastectomy", reconstruction=True)
    course.plant("d-reconstruction")


def remove_with_sentinel_node(course: Course) -> None:
    """The nodes of the axilla are clinically free."""
    _operate(course, "breast_conserving", axilla="sentinel_node_biopsy")
    course.plant("d-method-advised-against")


def bleed_and_remove(course: Course) -> None:
    """Surgery of a primary that bleeds needs no board."""
    course.wait(10, 40)
    course.add("finding_recorded", primary_local_complication="bleeding")
    _operate(course, "mastectomy", intent="symptomatic", indication="bleeding")


def irradiate_breast(course: Course) -> None:
    course.wait(10, 30)
    course.add("primary_treated", modality="radiotherapy", intent="postoperative", reconstruction=False)


def irradiate_breast_unboarded(course: Course) -> None:
    irradiate_breast(course)
    course.plant("d-primary-rt-unboarded")


def _operate(course: Course, modality: str, **fields: object) -> None:
    course.wait(7, 25)
    usual = {"axilla": "none", "reconstruction": False, "large_wound_closure": False, "intent": "other"}
    course.add("primary_treated", modality=modality, **{**usual, **fields})
