"""Whose patient somebody is, the next step with its date, and how far what is due has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cli.at_desk import site_desk
from cli.progress_words import progress_words
from cli.workplace import Workplace
from coordination.due_items import chased, item_of, timers
from coordination.entries import Item
from coordination.next_step import NextStep, Work, tracked_on, undated_step, work
from coordination.patient_desk import PatientDesk
from coordination.progress import Held, Progress, Reported, chase, held, known
from coordination.site_desk import SiteDesk
from engine.answer import Json, due, plain
from engine.snapshot import TimerItem
from store import desk
from store.patient_view import PatientView


@dataclass(frozen=True)
class Course:
    """How far each due item of a patient has come, and what holds notices back, as of the day of a view."""

    items: Mapping[Item, TimerItem]
    reported: Reported
    held: Held

    @classmethod
    def of(cls, view: PatientView) -> Course:
        events = known(view.dossier.story, view.snapshot)
        return cls(dict(timers(view.snapshot)), Reported.of(events), held(events))

    def report(self, about: Item) -> Progress | None:
        """The latest report on a due item."""
        return self.reported.about(about, self.items)


@dataclass(frozen=True, slots=True)
class OfPatient:
    """What the desk knows about an open patient today."""

    work: Work
    site: SiteDesk
    desk: PatientDesk
    tracked_on: date
    held: Held


def of_patient(here: Workplace, view: PatientView) -> OfPatient | None:
    """What the desk knows of a patient as seen now; None where there is nothing to be tracked any more, or
    never was, as days are counted.
    """
    if not is_open(view):
        return None
    site = site_desk(here)
    with here.database.reading() as connection:
        said = PatientDesk.of(desk.about(connection, view.dossier.head.patient_id))
    since = recorded_on(view)
    course = Course.of(view)
    step = undated_step(view.snapshot, since)
    found = work(site, said, here.today, dict(chased(view.snapshot)), step, course.report)
    return OfPatient(found, site, said, tracked_on(said, since), course.held)


def is_open(view: PatientView) -> bool:
    """Whether the patient is still on the way, on days of the calendar."""
    states = view.enrolled[0].pathway.states
    return view.day_zero is None and view.snapshot.main.state not in {one.id for one in states if one.closed}


def recorded_on(view: PatientView) -> date:
    """The day on which the patient was recorded here."""
    return view.lines[0].recorded_there.date()


def with_progress(rows: list[Json], view: PatientView) -> None:
    """Add to the due items of an answer how far they have come."""
    course = Course.of(view)
    pathway = {id(timer): one.key for one in view.snapshot.pathways for timer in one.timers}
    for row, timer in zip(rows, due(view.snapshot.pathways), strict=True):
        report = course.report(item_of(pathway[id(timer)], timer))
        row["progress"] = progress_json(report)
        row["chase"] = chase(report)


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
    step = found.work.step
    return {
        "next": step_json(step) if step else None,
        "owner": found.work.owner,
        "clinician": found.desk.clinician,
        "in_charge": [one.name for one in found.work.in_charge],
        "alerts": list(found.work.alerts),
        "tracked_on": plain(found.tracked_on),
        "days_untracked": (today - found.tracked_on).days,
        "paused_on": plain(found.held.paused_on),
        "paused_because": found.held.paused_because or None,
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


def basis_words(step: NextStep) -> str:
    """Where the date of a next step comes from, where that is not the pathway."""
    if step.basis == "put_off":
        return "put off until then" if step.report is None else progress_words(progress_json(step.report))
    return {"site": "the site's working date", "chosen": "a working date given here"}.get(step.basis, "")


def untracked(found: OfPatient, today: date) -> Iterator[str]:
    """The alert that nobody has looked after the patient for too long, by the site's setting."""
    days = (today - found.tracked_on).days
    if days > found.site.site.untracked_days:
        yield f"not tracked for {days} days"
