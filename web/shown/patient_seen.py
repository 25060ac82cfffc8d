"""One patient as somebody sees the record: on a day, by what was known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from coordination.patient_desk import PatientDesk
from coordination.patient_work import is_closed, said_about, worked
from coordination.site_desk import SiteDesk
from coordination.track import Track
from engine.event import Event, Moment, day_of
from interop.beside import Beside
from store import identities
from store.errors import MergedAway, NotKnownYet, UnknownPatient
from store.patient_view import PatientView, look_up
from store.reviews import sign_offs
from store.vault import Person
from web.visit import Stopped, Visit

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
"""Days that can be asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The day on which the page stands and what it knows; None: today, and all there is."""

    as_of: date | None = None
    known_at: Moment | None = None

    @property
    def past(self) -> bool:
        """Whether it is another page than today's."""
        return self.as_of is not None or self.known_at is not None

    @property
    def known_day(self) -> date | None:
        """The day of the moment by which was known."""
        return day_of(self.known_at) if self.known_at else None

    @property
    def said(self) -> dict[str, str]:
        """What was asked for, as it stands in an address."""
        known = self.known_at.isoformat() if self.known_at else None
        return {n: str(v) for n, v in (("as_of", self.as_of), ("known_at", known)) if v is not None}

    @property
    def query(self) -> str:
        """The same, to be asked again behind a question mark."""
        return urlencode(self.said)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page about one patient is made of. `work` is None of whoever has left."""

    number: int
    asked: Asked
    view: PatientView
    person: Person | None
    site: SiteDesk
    said: PatientDesk
    work: Track | None
    beside: Beside

    @property
    def day(self) -> date:
        """The day on which the answer stands."""
        return self.view.snapshot.as_of

    @property
    def name(self) -> str:
        """What the patient is called here: the name as kept, else the reference."""
        kept = self.person.name if self.person else None
        return kept or self.reference

    @property
    def reference(self) -> str:
        """The site's label; the number of somebody whose identity was erased."""
        return self.person.reference if self.person else f"{identities.NUMBERED}{self.number}"

    @property
    def events(self) -> dict[str, Event]:
        """Entries by their ids, as they were said."""
        return {event.id: event for event in self.view.dossier.entries}


class Elsewhere(Exception):
    """The record is part of another one, with that number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def seen(visit: Visit, asked: Asked | None = None) -> Seen:
    """The patient in the address. Raises Stopped where there is none, and Elsewhere for a merged record."""
    return seen_number(visit, visit.number, asked)


def seen_number(visit: Visit, number: int, asked: Asked | None = None) -> Seen:
    """The patient with a number whom the visit may see; raises as `seen`."""
    wanted = asked or Asked()
    view = _looked_up(visit, number, wanted)
    if view.day_zero and wanted.as_of:
        raise Stopped(422, "The days of this patient are counted", "The page stands on the last entry.")
    with visit.database.reading() as connection:
        person = identities.person_of(connection, number)
        by = _until(wanted.known_at, visit)
        site = visit.site if by is None else SiteDesk.read(connection, by)
    said, today = said_about(visit.database, view, by), view.snapshot.as_of
    tracked = not (view.day_zero or is_closed(view))
    work = worked(view, said, site, today).track if tracked else None
    beside = Beside.of(view, sign_offs(visit.database, wanted.known_at))
    return Seen(number, wanted, view, person, site, said, work, beside)


def seen_or_gone(visit: Visit, asked: Asked) -> Seen:
    """The patient. Raises Stopped also for a record that is part of another one."""
    try:
        return seen(visit, asked)
    except Elsewhere as elsewhere:
        told = f"It is part of the record #{elsewhere.number}."
        raise Stopped(404, "This record was merged into another one", told) from None


def _looked_up(visit: Visit, number: int, asked: Asked) -> PatientView:
    try:
        return look_up(
            visit.database,
            f"{identities.NUMBERED}{number}",
            now=visit.here,
            derive=visit.place.derive,
            as_of=asked.as_of,
            known_at=asked.known_at,
        )
    except UnknownPatient:
        raise Stopped(404, "There is no such patient") from None
    except NotKnownYet:
        raise Stopped(404, "Nothing was known about this patient by then") from None
    except MergedAway as away:
        raise Elsewhere(away.patient_id) from None


def asked_of(visit: Visit) -> Asked:
    """The day and the moment in the address. Raises Stopped for what is neither."""
    return Asked(_day(visit.asked("as_of")), _moment(visit.asked("known_at"), visit))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise Stopped(422, "This is no day", "A day is written 2026-11-23.") from None
    if found and not FIRST <= found <= LAST:
        raise Stopped(422, "This is no day", f"Days lie between {FIRST} and {LAST}.")
    return found


def _moment(text: str, visit: Visit) -> Moment | None:
    """A day, all of which counts, or a moment by the clocks of the site."""
    if "T" not in text:
        return _day(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Stopped(422, "This is no moment", "A moment is written 2026-11-23T09:14.") from None
    _day(str(found.date()))
    return found if found.tzinfo else found.replace(tzinfo=visit.site.site.time_zone)


def _until(known_at: Moment | None, visit: Visit) -> datetime | None:
    """The last moment that counts."""
    if known_at is None or isinstance(known_at, datetime):
        return known_at
    midnight = datetime.combine(known_at + timedelta(1), time(), visit.site.site.time_zone)
    return midnight - timedelta(microseconds=1)
