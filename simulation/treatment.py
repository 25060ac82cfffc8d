"""Stages of metastasis-directed therapy and of the PET-CTs after it."""

from __future__ import annotations

from datetime import date, timedelta

from engine.calendar import add_months
from simulation.course import Course
from simulation.weekdays import last_working_day, next_working_day


def plan_treatment(course: Course) -> None:
    course.wait(2, 6)
    course.add("mdt_planned", targets=course.targets, modality=course.method)


def treat(course: Course) -> None:
    """The start, with every active metastasis as target."""
    course.wait(4, 18)
    course.add("mdt_started", targets=course.targets, modality=course.method)


def treat_too_few(course: Course) -> None:
    """One active metastasis is left out, and no board says why."""
    course.wait(4, 18)
    course.add("mdt_started", targets=course.targets[1:], modality=course.method)


def finish(course: Course) -> None:
    """Completion, as a whole or target by target."""
    if course.chance.happens(0.7):
        course.wait(5, 13)
        course.add("mdt_completed", targets=course.targets)
    else:
        for target in course.targets:
            course.wait(1, 5)
            course.add("mdt_target_completed", target=target)
    course.settle()


def finish_too_few(course: Course) -> None:
    course.wait(5, 13)
    course.add("mdt_completed", targets=course.targets[1:])
    course.plant("d-incomplete-coverage")
    course.settle()


def show_once(course: Course) -> None:
    """The first PET-CT, on time."""
    course.day = last_working_day(_due_after(course) - timedelta(course.chance.whole(0, 12)))
    _show(course)


def follow_up(course: Course) -> None:
    """PET-CTs on time until the story ends."""
    _series(course)


def follow_up_first_late(course: Course) -> None:
    _series(course, missed=1, late=course.chance.whole(6, 45))


def follow_up_first_missing(course: Course) -> None:
    _series(course, missed=1)


def follow_up_next_late(course: Course) -> None:
    _series(course, missed=2, late=course.chance.whole(6, 45))


def follow_up_next_missing(course: Course) -> None:
    _series(course, missed=2)


def follow_up_booked(course: Course) -> None:
    """The first PET-CT was booked, and the patient did not come."""
    course.day = _due_after(course) - timedelta(9)
    booked = {
        "item": "t-postmdt-petct-1",
        "on": (course.day + timedelta(8)).isoformat(),
        "place": "nuclear medicine",
    }
    course.add("task_progress", status="booked", **booked)
    course.day += timedelta(8)
    course.add("task_progress", item="t-postmdt-petct-1", status="not_attended")
    _series(course, missed=1)


def follow_up_declined(course: Course) -> None:
    """The patient wants no PET-CT: the duty is given up, and nothing is missed."""
    course.day = _due_after(course) - timedelta(10)
    reason = "wish of the patient"
    course.add("task_progress", item="t-postmdt-petct-1", status="declined", reason=reason)


def _series(course: Course, missed: int = 0, late: int | None = None) -> None:
    """PET-CTs until the story ends; the one numbered `missed` comes `late` days after its day, or never."""
    number, due = 1, _due_after(course)
    while due - timedelta(90) <= course.chart.until:
        code = "d-petct-1-overdue" if number == 1 else "d-petct-n-overdue"
        if number == missed and late is None:
            course.chart.duty(code, due, None)
            return
        early = course.chance.whole(0, 12 if number == 1 else 70)
        course.day = last_working_day(due - timedelta(early))
        if number == missed and late is not None:
            course.day = next_working_day(due + timedelta(late))
        course.chart.duty(code, due, course.day)
        _show(course)
        number, due = number + 1, add_months(course.day, 6)


def _due_after(course: Course) -> date:
    assert course.completed is not None, "follow-up counts from the completion"
    return add_months(course.completed, 3)


def _show(course: Course) -> None:
    course.image("post_mdt", modality="pet_ct")
