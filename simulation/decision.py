"""Stages of deciding on metastasis-directed therapy: boards and counselling."""

from __future__ import annotations

from simulation.course import ONCOLOGIES, Course


def board_mdt(course: Course) -> None:
    _recommend(course)


def board_without_surgery(course: Course) -> None:
    _recommend(course, disciplines=list(ONCOLOGIES[:2]))
    course.plant("d-board-composition")


def board_unrecorded(course: Course) -> None:
    """Nobody wrote down who took part."""
    _recommend(course, disciplines=None)
    course.plant("q-missing-fact")


def board_without_method(course: Course) -> None:
    """Targets, but no method."""
    _recommend(course, method=None)


def board_lifts_window(course: Course) -> None:
    """Before the window is closed, with the guard named and a reason."""
    reason = "painful single metastasis, systemic options limited"
    _recommend(course, overruled_guards=["g-response-window"], overrule_reason=reason)


def board_against(course: Course) -> None:
    course.wait(4, 14)
    course.hold_board("mdt", "not_recommended", decision_text="patient prefers systemic therapy alone")


def board_defers(course: Course) -> None:
    course.wait(4, 14)
    course.hold_board("mdt", "deferred", decision_text="again after the next imaging")


def board_oligoprogression(course: Course) -> None:
    course.wait(5, 14)
    plan = {"method": course.method, "targets": course.targets}
    course.hold_board("oligoprogression", "local_treatment_regimen_unchanged", **plan)


def counsel(course: Course) -> None:
    course.wait(1, 7)
    topics = ["os_benefit_unknown", "alternatives"]
    more = ["quality_of_life_unmeasured"] if course.chance.happens(0.5) else []
    course.add("counselling_documented", topics=topics + more)


def counsel_on_alternatives(course: Course) -> None:
    """A conversation that leaves out what is not known."""
    course.wait(1, 7)
    course.add("counselling_documented", topics=["alternatives"])


def _recommend(course: Course, **fields: object) -> None:
    course.wait(4, 14)
    named = {"method": course.method, "targets": course.targets, **fields}
    kept = {name: value for name, value in named.items() if name == "disciplines" or value is not None}
    course.hold_board("mdt", "recommended", **kept)
