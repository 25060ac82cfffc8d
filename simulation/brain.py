"""Stages of progression in the brain alone: treated in time, late or never, the regimen kept or changed."""

from __future__ import annotations

from datetime import date, timedelta

from simulation.course import Course


def progress_in_brain(course: Course) -> None:
    """Growth in the brain, stable disease elsewhere."""
    course.wait(60, 90)
    course.find("cns")
    course.image("response", brain_mri=True)
    outside = {"extracranial": "SD", "extracranial_stable": True}
    course.progress(intracranial="PD", pattern="oligoprogression", **outside)


def board_brain(course: Course) -> None:
    course.wait(3, 6)
    plan = {"method": "stereotactic_rt", "targets": course.targets[-1:]}
    course.hold_board("oligoprogression", "local_treatment_regimen_unchanged", **plan)


def irradiate_brain(course: Course) -> None:
    """Within the days of grace."""
    course.wait(2, 8)
    _irradiate(course)


def irradiate_brain_late(course: Course) -> None:
    """After the days of grace."""
    due = _seen(course) + timedelta(28)
    course.day = due
    course.wait(4, 20)
    _irradiate(course)
    course.chart.duty("d-cns-local-missing", due, course.day)


def leave_brain(course: Course) -> None:
    """No stereotactic treatment; the stage is the day on which that became a departure."""
    due = _seen(course) + timedelta(28)
    course.day = due + timedelta(1)
    course.chart.duty("d-cns-local-missing", due, None)


def change_line_too_soon(course: Course) -> None:
    """At the first progression in the brain alone the regimen should be kept."""
    course.wait(2, 9)
    course.line += 1
    course.add("systemic_changed", line=course.line, regimen_class=["chemotherapy"], reason="progression")
    course.plant("d-cns-regimen-changed")


def leave_pertuzumab(course: Course) -> None:
    """Trastuzumab and pertuzumab still run after the third progression in the brain."""
    due = _seen(course) + timedelta(28)
    course.day = due + timedelta(1)
    course.chart.duty("d-cns-switch-missing", due, None)


def change_pertuzumab(course: Course) -> None:
    course.wait(1, 4)
    course.line += 1
    regimen = "tucatinib_trastuzumab_capecitabine"
    classes = ["anti_her2", "chemotherapy"]
    course.add(
        "systemic_changed", line=course.line, regimen=regimen, regimen_class=classes, reason="progression"
    )


def _irradiate(course: Course) -> None:
    done = {"site": "cns", "lesion": course.targets[-1], "modality": "stereotactic_rt"}
    course.add("local_treatment", intent="cns_oligoprogression", **done)


def _seen(course: Course) -> date:
    assert course.last_progression is not None, "the brain is treated after a progression there"
    return course.last_progression
