"""What the desk knows of a patient on a day: the next step, whose it is, how far things have come.

For one patient from the answer just derived, for many from the answers as kept: the same function of both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from coordination.due_items import chased, timers
from coordination.entries import Item, Site
from coordination.next_step import NextStep, Work, ahead, work
from coordination.patient_desk import PatientDesk
from coordination.progress import USUAL, Held, Progress, Reported, held, known
from coordination.putting_off import in_force
from coordination.site_desk import SiteDesk
from coordination.working_dates import Working, working_dates
from engine.event import Event
from engine.snapshot import Snapshot, TimerItem
from store import desk, worklist


@dataclass(frozen=True, slots=True)
class Course:
    """How far each due item of a patient has come, and what holds notices back."""

    items: Mapping[Item, TimerItem]
    reported: Reported
    held: Held
    working: Mapping[Item, Working] = field(default_factory=dict)

    @classmethod
    def of(cls, pathways: Iterable[Snapshot], events: Iterable[Event], site: Site = USUAL) -> Course:
        """By the events that the pathways' answers rest on."""
        found = list(events)
        return cls(dict(timers(pathways)), Reported.of(found, site), held(found))

    def report(self, about: Item) -> Progress | None:
        """The latest report on a due item, or on a step that may be taken."""
        if about in self.items:
            return self.reported.about(about, self.items)
        if about in self.working:
            return self.working[about].report(self.reported)
        return self.reported.of_step(about)

    @property
    def given_up(self) -> dict[Item, Progress]:
        """The due items that were declined or are contraindicated, with the report that says so."""
        found = ((about, self.reported.refusal(about, self.items)) for about in self.items)
        return {about: report for about, report in found if report}


@dataclass(frozen=True, slots=True)
class Track:
    """A patient's work, desk and course, with the day of the last comment, or of recording; `steps` are all
    that lie ahead, the most urgent first.
    """

    work: Work
    steps: tuple[NextStep, ...]
    desk: PatientDesk
    course: Course
    since: date

    @property
    def tracked_on(self) -> date:
        """The day of the last comment; of a patient never commented on, the day of recording here."""
        return self.desk.comments[-1].at.date() if self.desk.comments else self.since


def track(
    site: SiteDesk,
    said: PatientDesk,
    pathways: Sequence[Snapshot],
    events: Iterable[Event],
    since: date,
    today: date,
) -> Track:
    """What the desk knows of an open patient, recorded here `since` a day."""
    said = in_force(site, said)
    course, items = Course.of(pathways, events, site.site), dict(chased(pathways))
    working = working_dates(pathways, site, said, since, items.values(), course.reported, today)
    course = replace(course, working=working)
    steps = tuple(ahead(said, today, items, working, course.report))
    return Track(work(site, said.owner, steps, today), steps, said, course, since)


def tracks(
    derived: Connection, recorded: Connection, patients: Collection[int], site: SiteDesk, today: date
) -> Iterator[tuple[int, Track]]:
    """The same of many patients by their kept answers, which `derived` holds for `today`."""
    parts = worklist.parts(recorded, patients)
    said = desk.about_each(recorded, patients, parts)
    since = worklist.recorded_on(recorded, patients, site.site.time_zone)
    events = _events(recorded, patients, parts, today)
    for number, pathways in worklist.kept(derived, patients):
        one = PatientDesk.of(said[number])
        yield number, track(site, one, pathways, events.get(number, ()), since[number], today)


def desks_of(connection: Connection, patients: Collection[int], site: SiteDesk) -> dict[int, PatientDesk]:
    """What stands about each of these patients, by number."""
    said = desk.about_each(connection, patients, worklist.parts(connection, patients))
    return {number: in_force(site, PatientDesk.of(entries)) for number, entries in said.items()}


def courses(
    derived: Connection, recorded: Connection, patients: Collection[int], site: SiteDesk, today: date
) -> dict[int, Course]:
    """How far things have come, of those of these patients of whom anything was reported."""
    events = _events(recorded, patients, worklist.parts(recorded, patients), today)
    return {
        number: Course.of(pathways, events[number], site.site)
        for number, pathways in worklist.kept(derived, events)
    }


def _events(
    recorded: Connection, patients: Collection[int], lent_to: Collection[int], today: date
) -> dict[int, list[Event]]:
    """What is known of those of whom anything was reported."""
    return {
        number: known(one.story, one.last_recorded or today, today)
        for number, one in worklist.told(recorded, patients, lent_to)
    }
