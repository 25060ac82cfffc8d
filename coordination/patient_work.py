"""What the desk knows of one patient as seen now: whose it is, the next step, how far things have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from coordination.board_duties import Duty, board_duties
from coordination.boards import Seen
from coordination.entries import Item
from coordination.patient_desk import PatientDesk
from coordination.progress import Held, known
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from coordination.track import Course, Track, track
from engine.event import Event
from store import desk
from store.database import Database
from store.patient_view import PatientView


@dataclass(frozen=True, slots=True)
class OfPatient:
    """What the desk knows of an open patient today, and how the site works; `duties` are what boards still
    need to know. The course of the track tells how far those have come, too.
    """

    track: Track
    site: SiteDesk
    duties: Mapping[Item, Duty] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """Of a patient of whom nobody is reminded any more: whose it was, and what was recorded of the end."""

    owner: str | None
    held: Held


def said_about(database: Database, view: PatientView, by: datetime | None = None) -> PatientDesk:
    """What was said at the desk about a patient, all of it or as far as it was by a moment."""
    with database.reading() as connection:
        return PatientDesk.of(desk.about(connection, view.dossier.head.patient_id), by)


def ended(database: Database, view: PatientView) -> Ended | None:
    """What is left to say of a patient as seen now; None of one who is open."""
    if view.day_zero or not is_closed(view):
        return None
    return Ended(said_about(database, view).owner, course_of(view).held)


def is_closed(view: PatientView) -> bool:
    """Whether the patient has left: there are no duties any more."""
    return view.snapshot.main.state in {one.id for one in view.enrolled[0].pathway.states if one.closed}


def of_patient(database: Database, view: PatientView, site: SiteDesk, today: date) -> OfPatient | None:
    """What the desk knows of a patient as seen now; None where there is nothing to be tracked any more, or
    never was, as days are counted.
    """
    if view.day_zero or is_closed(view):
        return None
    return worked(view, said_about(database, view), site, today)


def worked(view: PatientView, said: PatientDesk, site: SiteDesk, today: date) -> OfPatient:
    """The same by what was said at the desk."""
    one, duties = track_of(view, said, site, today), duties_of(view, said, site, today)
    items = {**one.course.items, **{about: duty.timer for about, duty in duties.items()}}
    return OfPatient(replace(one, course=replace(one.course, items=items)), site, duties)


def duties_of(view: PatientView, said: PatientDesk, site: SiteDesk, today: date) -> Mapping[Item, Duty]:
    """What boards on whose lists the patient is still need to know."""
    number, story = view.dossier.head.patient_id, view.dossier.story
    return board_duties(Seen(number, view.enrolled, story, view.snapshot, said), site, today)


def track_of(view: PatientView, said: PatientDesk, site: SiteDesk, today: date) -> Track:
    """The track of an open patient, by what was said at the desk."""
    return track(site, said, view.snapshot.pathways, events_of(view), recorded_on(view, site), today)


def recorded_on(view: PatientView, site: SiteDesk) -> date:
    """The site's day on which the patient was first recorded here."""
    first = next(line.recorded for line in view.lines if line.seq == 1)
    return SiteCalendar(site.site).today(first)


def events_of(view: PatientView) -> list[Event]:
    """The events that the answer rests on."""
    return known(view.dossier.story, view.snapshot.known_at, view.snapshot.as_of)


def course_of(view: PatientView) -> Course:
    """How far what is due has come, as of the day of a view."""
    return Course.of(view.snapshot.pathways, events_of(view))
