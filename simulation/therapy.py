"""Stages during systemic therapy: responses, progressions, changes of line, the end of therapy."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from engine.calendar import add_months
from simulation.course import Course

NEXT_CLASSES: Final = {
    "hr_positive": ["endocrine"],
    "her2_positive": ["anti_her2"],
    "triple_negative": ["chemotherapy"],
}


def respond(course: Course) -> None:
    """The first documented response."""
    course.wait(75, 110)
    _respond(course)
    course.first_response = course.day


def respond_at_month_end(course: Course) -> None:
    course.wait(75, 95)
    course.day = _month_end(course.day)
    _respond(course)
    course.first_response = course.day


def respond_again(course: Course) -> None:
    """A response on or soon after the boundary of the response window."""
    course.day = _boundary(course)
    course.wait(0, 14)
    _respond(course)


def respond_on_boundary(course: Course) -> None:
    course.day = _boundary(course)
    _respond(course)


def stay_stable(course: Course) -> None:
    course.wait(70, 100)
    course.add("response_assessed", overall="SD")


def not_evaluable(course: Course) -> None:
    course.wait(60, 80)
    course.add("response_assessed", overall="NE")


def progress(course: Course) -> None:
    course.wait(60, 100)
    course.progress(pattern="other")


def progress_at_few_sites(course: Course) -> None:
    """Oligoprogression, coded as such: a new metastasis where the others are treated, else one known."""
    course.wait(60, 80)
    if not course.targets:
        course.find("lymph_node")
    course.image("response", modality="pet_ct")
    course.progress(pattern="oligoprogression")


def change_line(course: Course) -> None:
    _change(course, list(NEXT_CLASSES[course.person.subtype]), "progression")


def change_to_chemotherapy(course: Course) -> None:
    _change(course, ["chemotherapy"], "progression")


def change_for_toxicity(course: Course) -> None:
    _change(course, list(NEXT_CLASSES[course.person.subtype]), "toxicity")


def stop_for_toxicity(course: Course) -> None:
    course.wait(10, 40)
    course.add("systemic_stopped", reason="toxicity")


def stop_with_disease_left(course: Course) -> None:
    """The planned therapy is over and metastases persist."""
    course.wait(2, 4)
    course.add("systemic_stopped", reason="persistent_after_systemic")


def pause_after_treatment(course: Course) -> None:
    """Systemic therapy stops although metastasis-directed therapy rests on it."""
    course.wait(2, 20)
    course.add("systemic_stopped", reason="treatment_break")
    course.plant("d-systemic-stopped-at-mdt")


def resume(course: Course) -> None:
    course.wait(20, 60)
    course.line += 1
    classes = list(NEXT_CLASSES[course.person.subtype])
    course.add("systemic_started", line=course.line, regimen_class=classes, reason="maintenance")


def _respond(course: Course) -> None:
    course.shrink()
    if course.chance.happens(0.5):
        course.image("response")
    course.add("response_assessed", overall="PR")


def _change(course: Course, classes: list[str], reason: str) -> None:
    course.wait(7, 21)
    course.line += 1
    course.add("systemic_changed", line=course.line, regimen_class=classes, reason=reason)


def _boundary(course: Course) -> date:
    assert course.first_response is not None, "a window opens with the first response"
    return add_months(course.first_response, 3)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
