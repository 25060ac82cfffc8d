"""Whose patient somebody is, the next step with its date, and how far what is due has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cli.at_desk import site_desk
from cli.progress_words import progress_words
from cli.workplace import Workplace
from coordination import patient_work
from coordination.next_step import NextStep
from coordination.patient_desk import PatientDesk
from coordination.patient_work import Ended, OfPatient
from coordination.site_desk import SiteDesk
from coordination.track import Track
from interop.desk_json import progress_json
from store.patient_view import PatientView


def ended(here: Workplace, view: PatientView) -> Ended | None:
    """What is left to say of a patient as seen now who is not open any more."""
    return patient_work.ended(here.database, view)


def of_patient(here: Workplace, view: PatientView) -> OfPatient | None:
    """What the desk knows of a patient as seen now; None where there is nothing to be tracked."""
    return patient_work.of_patient(here.database, view, site_desk(here), here.today)


def course_words(step: NextStep, said: PatientDesk, today: date) -> Iterator[str]:
    """How far a next step has come, and who has put it off: each that holds."""
    if step.report:
        yield progress_words(progress_json(step.report))
    for there, verb in ((said.acknowledged, "took it on"), (said.snoozed, "put it off")):
        if step.about in there and there[step.about][0].until > today:
            entry, noted = there[step.about]
            yield f"{noted.by} {verb} until {entry.until}: {entry.reason}"


def untracked(one: Track, site: SiteDesk, today: date) -> Iterator[str]:
    """The alert that nobody has looked after the patient for too long, by the site's setting."""
    days = (today - one.tracked_on).days
    if days > site.site.untracked_days:
        yield f"not tracked for {days} days"
