"""Until when something stays put off that people took on or put off: no longer than they answer for it.

What somebody said of a due item ends on its day. It ends before where that person does not work here any
more, or has not to do with the patient any more: it went to somebody else, they left the team, or the record
became part of somebody else's; and after so many days as the site allows. From then on it is told again, to
whom it is for by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from coordination.entries import Acknowledged, Item, Site, Snoozed
from coordination.ownership import answerable
from coordination.patient_desk import Noted, PatientDesk
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk

_PutOff = TypeVar("_PutOff", Acknowledged, Snoozed)


def latest(site: Site, today: date, due: date) -> date:
    """The last day until which something due is taken on, deferred or booked, as the site chose."""
    return max(today, due) + timedelta(site.wait_days)


def too_far(site: Site, today: date, due: date, until: date) -> str:
    """Why this site takes nothing on, defers and books nothing until a day; empty where it does."""
    most = latest(site, today, due)
    if until <= most:
        return ""
    days = f"{site.wait_days} day{'s' * (site.wait_days != 1)}"
    return f"this site takes on, defers and books for {days} at most, from today or the due date: to {most}"


def too_far_to_snooze(site: Site, today: date, until: date) -> str:
    """Why this site puts nothing off until a day; empty where it does."""
    most = today + timedelta(site.snooze_days)
    return (
        "" if until <= most else f"this site puts things off for {site.snooze_days} days at most, to {most}"
    )


def no_working_day(site: Site, wanted: date) -> str:
    """Why nobody does anything on a day; empty where this site works."""
    calendar = SiteCalendar(site)
    if calendar.works(wanted):
        return ""
    told = f"this site does not work on {wanted:%A}, {wanted}"
    return f"{told}; the next working day is {calendar.next_working(wanted)}"


def works_here(site: SiteDesk, name: str) -> bool:
    """Whether somebody works here, so that they can answer for something; nobody was named yet: anybody."""
    person = site.people.get(name)
    return person.active if person else not site.people


def in_force(site: SiteDesk, said: PatientDesk) -> PatientDesk:
    """A patient's desk with everything put off until the day on which that ends."""
    return replace(
        said, acknowledged=_ended(site, said, said.acknowledged), snoozed=_ended(site, said, said.snoozed)
    )


def _ended(
    site: SiteDesk, said: PatientDesk, entries: Mapping[Item, tuple[_PutOff, Noted]]
) -> dict[Item, tuple[_PutOff, Noted]]:
    return {
        about: (entry.model_copy(update={"until": _end(site, said, entry, noted)}), noted)
        for about, (entry, noted) in entries.items()
    }


def _end(site: SiteDesk, said: PatientDesk, entry: Acknowledged | Snoozed, noted: Noted) -> date:
    calendar = SiteCalendar(site.site)
    most = latest(site.site, calendar.today(noted.at), entry.about.due)
    return min(entry.until, most, *(calendar.today(one) for one in _left(site, said, noted)))


def _left(site: SiteDesk, said: PatientDesk, noted: Noted) -> Iterator[datetime]:
    """The moments at which who said something was not to do with the patient any more."""
    person = site.people.get(noted.by)
    if person is None:
        if site.people:
            yield noted.at
        return
    if not person.active:
        yield max(noted.at, site.left.get((person.name, person.name), noted.at))
    if person.name in answerable(site, said):
        return
    if noted.lent:  # whose the other record was never had to do with this one
        yield noted.at
    changes = (said.owned_since, site.left.get((said.owner or "", person.name)))
    yield from (one for one in changes if one is not None and one > noted.at)
