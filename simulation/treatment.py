"""Stages from the start of metastasis-directed therapy on: treating, stopping, and PET-CTs afterwards."""

from __future__ import annotations

from datetime import timedelta

from engine.calendar import add_months
from simulation.chart import ONE_DAY
from simulation.course import Course


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
    if course.chance.happens(0.3):
        for target in course.targets:
            course.wait(1, 5)
            course.add("mdt_target_completed", target=target)
    else:
        course.wait(5, 13)
        course.add("mdt_completed", targets=course.targets)
    _settle(course)


def finish_too_few(course: Course) -> None:
    course.wait(5, 13)
    course.add("mdt_completed", targets=course.targets[1:])
    _settle(course)


def stop_systemic(course: Course) -> None:
    course.wait(2, 20)
    course.add("systemic_stopped", reason="treatment_break")


def resume_systemic(course: Course) -> None:
    course.wait(20, 60)
    course.line += 1
    course.add("systemic_started", line=course.line, regimen_class=["endocrine"], reason="maintenance")


def _settle(course: Course) -> None:
    course.completed = course.day
    course.mark("treated_inactive")


def follow_up(course: Course) -> None:
    """PET-CTs on time until the story ends."""
    _series(course, missed=None, by=0)


def follow_up_first_late(course: Course) -> None:
    _series(course, missed=1, by=course.chance.whole(6, 45))


def follow_up_first_never(course: Course) -> None:
    _series(course, missed=1, by=None)


def follow_up_next_late(course: Course) -> None:
    _series(course, missed=2, by=course.chance.whole(6, 45))


def follow_up_next_never(course: Course) -> None:
    _series(course, missed=2, by=None)


def scan_once(course: Course) -> None:
    """The first PET-CT, on time."""
    assert course.completed is not None
    course.day = add_months(course.completed, 3) - timedelta(course.chance.whole(0, 12))
    _show(course)


def _series(course: Course, *, missed: int | None, by: int | None) -> None:
    """PET-CTs until the story ends; the one numbered `missed` comes `by` days late, or never."""
    assert course.completed is not None
    number, due = 1, add_months(course.completed, 3)
    while due - timedelta(14) <= course.chart.until:
        code = "d-petct-1-overdue" if number == 1 else "d-petct-n-overdue"
        early = course.chance.whole(0, 12 if number == 1 else 70)
        if number == missed:
            course.chart.duty(code, due, None, "PET-CT late" if by else "no PET-CT")
            if by is None:
                return
        course.day = due + by * ONE_DAY if number == missed and by else due - early * ONE_DAY
        _show(course)
        number, due = number + 1, add_months(course.day, 6)


def _show(course: Course) -> None:
    course.image("post_mdt", modality="pet_ct")
