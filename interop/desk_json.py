"""What the desk knows of a patient, as JSON: the next step, whose it is, how far what is due has come."""

from __future__ import annotations

from datetime import date
from typing import Any

from coordination.due_items import item_of
from coordination.next_step import NextStep
from coordination.outlook import Overview
from coordination.patient_work import OfPatient, course_of
from coordination.progress import Progress, chase
from engine.answer import Json, due, plain
from store.patient_view import PatientView


def with_progress(rows: list[Json], view: PatientView) -> None:
    """Add to the due items of an answer how far they have come; of one that was missed the next is chased."""
    course = course_of(view)
    pathway = {id(timer): one.key for one in view.snapshot.pathways for timer in one.timers}
    for row, timer in zip(rows, due(view.snapshot.pathways), strict=True):
        report = course.report(item_of(pathway[id(timer)], timer))
        row["progress"] = progress_json(report)
        row["missed"] = timer.missed
        row["chase"] = None if timer.missed else chase(report)


def progress_json(report: Progress | None) -> dict[str, Any] | None:
    """A report with everything it says."""
    if report is None:
        return None
    return {
        "status": report.status,
        "day": plain(report.day),
        "on": plain(report.on),
        "place": report.place,
        "reason": report.reason,
    }


def work_json(found: OfPatient | None, today: date) -> Json | None:
    """What the desk knows of a patient."""
    if found is None:
        return None
    return overview_json(Overview.of(found.track, today), today)


def overview_json(one: Overview, today: date) -> Json:
    """The same of a patient in a list."""
    step = one.work.step
    return {
        "next": step_json(step) if step else None,
        "owner": one.work.owner,
        "clinician": one.outlook.clinician,
        "in_charge": [person.name for person in one.work.in_charge],
        "alerts": list(one.work.alerts),
        "tracked_on": plain(one.tracked_on),
        "days_untracked": (today - one.tracked_on).days,
        "paused_on": plain(one.outlook.paused_on),
        "paused_because": one.outlook.paused_because or None,
    }


def step_json(step: NextStep) -> Json:
    """A next step with everything about it."""
    return {
        **step.about.model_dump(mode="json"),
        "title": step.title,
        "on": plain(step.on),
        "basis": step.basis,
        "late_from": plain(step.late_from),
        "progress": progress_json(step.report),
    }
