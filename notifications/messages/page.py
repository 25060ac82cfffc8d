"""A message as its templates see it: patients with their items, no words yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote, urlencode

from coordination.entries import Person, Site
from coordination.progress import Progress, chase
from coordination.site_calendar import SiteCalendar
from coordination.working_dates import WORKING
from engine.timers import LATE
from notifications.messages.told import Open, Told
from notifications.plan import BEFORE, LOST
from pathways.worded import in_language

ESCALATED: Final = frozenset({"escalated", "escalated_again", "unanswered"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Statements of one grade; the grade is empty where their source prints none, None for ids of others."""

    ids: tuple[str, ...]
    grade: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is due. `late_days` counts from the first day that is overdue, which is the first.

    `chase` is what is to be chased: not_done, not_reported, not_acted_on or not_recorded. `informs` is of no
    consequence once it has passed; `working` is a step by the working date of the site.
    """

    title: str
    lost: bool
    rung: str
    due: date
    opens: date | None
    days: int
    late_days: int | None
    informs: bool
    working: bool
    progress: Progress | None
    chase: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Patient:
    """What is told about one patient; reference, name and link only where the site allows them."""

    number: int
    reference: str | None
    name: str | None
    link: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All that a message says. Kind: digest, single or escalation."""

    kind: str
    language: str
    person: str
    day: date
    patients: tuple[Patient, ...]
    items: int
    overdue: int
    also: Open | None
    link: str | None
    abbreviates: bool


def page(
    person: Person, site: Site, told: Sequence[Told], kind: str, now: datetime, also: Open | None
) -> Page:
    """The content of a message; patients whose items are overdue longest come first. That something was
    overdue before a patient was recorded here is in the count of all that is.
    """
    today = SiteCalendar(site).today(now)
    told = [one for one in told if one.item != BEFORE]
    by_patient: dict[str, list[Told]] = {}
    for one in sorted(told, key=lambda one: _urgency(one, today)):
        by_patient.setdefault(one.reference, []).append(one)
    patients = [
        _patient(number, several, site, today, person.language)
        for number, several in enumerate(by_patient.values(), start=1)
    ]
    items = [item for one in patients for item in one.items]
    late = sum(item.late_days is not None for item in items)
    return Page(
        kind="escalation" if kind == "single" and all(one.rung in ESCALATED for one in told) else kind,
        language=person.language,
        person=person.full_name or person.name,
        day=today,
        patients=tuple(patients),
        items=len(told),
        overdue=late,
        also=also if also and also.items > late else None,
        link=(_web(site.link) or "").split("patients/" + NUMBER)[0] or None,
        abbreviates=any("MDT" in item.title for item in items),
    )


def _urgency(one: Told, today: date) -> tuple[bool, date, str, str]:
    late = _late_from(one, today)
    return late is None, late or one.due, one.reference, one.title


def _late_from(one: Told, today: date) -> date | None:
    late = one.status in LATE and one.overdue_from is not None and one.overdue_from <= today
    return one.overdue_from if late else None


def _patient(number: int, told: Sequence[Told], site: Site, today: date, language: str) -> Patient:
    first = told[0]
    reference = first.reference if site.reference_in_messages else None
    name = first.name if site.names_in_messages else None
    link = link_to(site, first.reference, first.number)
    return Patient(number, reference, name, link, tuple(_item(one, today, language) for one in told))


def link_to(site: Site, reference: str, number: int) -> str | None:
    """Where a patient is found, where the site has a page for that: by the number, which says nothing to
    others, or by the reference where messages may tell it.
    """
    link = _web(site.link)
    if link and NUMBER in link:
        return link.replace(NUMBER, str(number))
    return f"{link}{quote(reference, safe='')}" if link and site.reference_in_messages else None


def board_link(site: Site, board: str, meeting: datetime) -> str | None:
    """Where the meeting of a board is found, where the site's link leads to the desk; it names nobody."""
    desk, found, _ = (_web(site.link) or "").partition(f"patients/{NUMBER}")
    asked = {"board": board, "meeting": f"{meeting.astimezone(UTC):%Y-%m-%dT%H:%MZ}"}
    return f"{desk}board?{urlencode(asked)}" if found else None


NUMBER: Final = "{number}"
"""In the link of a site: the place of the patient's number, as the addresses of the desk have it."""


def _item(one: Told, today: date, language: str) -> Item:
    late_from = _late_from(one, today)
    return Item(
        title=in_language(one.duty.timer.title if one.duty else one.title, language),
        lost=one.item == LOST,
        rung=one.rung,
        due=one.due,
        opens=one.opens if one.opens and one.opens > today else None,
        days=(one.due - today).days,
        late_days=(today - late_from).days + 1 if late_from else None,
        informs=one.overdue_from is None and one.status != WORKING,
        working=one.status == WORKING,
        progress=one.progress,
        chase=chase(one.progress),
        evidence=tuple(_evidence(one.statements)),
    )


def _evidence(ids: Iterable[str]) -> Iterator[Evidence]:
    """The statements behind an item by their grades, those with a printed one first."""
    from pathways.guidelines.catalogue import load_catalogue

    known = load_catalogue().statements
    by_grade: dict[str | None, list[str]] = {}
    for id in dict.fromkeys(ids):
        found = known.get(id)
        grade = (found.grade_text if found.grade_system else "") if found else None
        by_grade.setdefault(grade, []).append(id)
    for grade in sorted(by_grade, key=lambda one: (not one, one is None)):
        yield Evidence(tuple(by_grade[grade]), grade)


def _web(link: str) -> str | None:
    """A link of the site, where it is one of the web."""
    return link if link.startswith(("https://", "http://")) else None
