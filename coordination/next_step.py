"""The one next step of a patient, with its date and whose it is; what is wrong where there is none.

What is due comes first, by its date; what somebody booked, deferred or put off comes back on that day. Where
nothing is due it is the step that may be taken next, by a day that is the site's own choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from coordination.due_items import Dated
from coordination.entries import Item, Person
from coordination.ownership import in_charge
from coordination.patient_desk import PatientDesk
from coordination.progress import Progress
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from engine.snapshot import Snapshot
from engine.timers import LATE

Reports = Callable[[Item], Progress | None]


@dataclass(frozen=True, slots=True)
class Undated:
    """A step that may be taken and for which the sources give no date; `about` names it by its first day."""

    about: Item
    title: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, and when. Basis: `due` (a date the sources or their settings give), `put_off`
    (booked, deferred, taken on or put off until then), `site` (the site's usual working days), `chosen` (a
    working date somebody gave). `late_from` is the first day on which it is late.
    """

    about: Item
    title: str
    on: date
    basis: Literal["due", "put_off", "site", "chosen"]
    late_from: date | None
    report: Progress | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A patient's next step, whose patient it is, who is in charge today, and what is wrong with that.

    Of `alerts` each is a reason for which the patient could get lost; they stand on top of every list.
    """

    step: NextStep | None
    owner: str | None
    in_charge: tuple[Person, ...]
    alerts: tuple[str, ...]


def work(
    site: SiteDesk,
    desk: PatientDesk,
    today: date,
    items: Mapping[Item, Dated],
    undated: Undated | None,
    reports: Reports,
) -> Work:
    """What is to be done next for an open patient, by the due items that can still be done."""
    people = in_charge(site, desk.owner, today)
    step = next_step(site, desk, today, items, undated, reports)
    alerts = tuple(_alerts(site, desk, people, step))
    return Work(step, desk.owner, people, alerts)


def next_step(
    site: SiteDesk,
    desk: PatientDesk,
    today: date,
    items: Mapping[Item, Dated],
    undated: Undated | None,
    reports: Reports,
) -> NextStep | None:
    """The earliest due item that can be worked on, else the step that may be taken; None: there is none."""
    steps = [_dated(about, timer, desk, today, reports(about)) for about, timer in items.items()]
    if steps:
        return min(steps, key=_urgency)
    return _undated(undated, site, desk, today, reports(undated.about)) if undated else None


def undated_steps(one: Snapshot, since: date) -> Iterator[Undated]:
    """The steps of a pathway that may be taken, from the day on which they could be worked on: that of the
    state, but not before the patient was recorded here.
    """
    first = max(one.entered_on or since, since)
    for step in one.steps:
        if step.allowed:
            yield Undated(Item(pathway=one.key, item=step.step, due=first), step.title)


def put_off(about: Item, desk: PatientDesk, today: date, report: Progress | None) -> date | None:
    """The day before which nobody has to work on an item, where that lies ahead."""
    days = [desk.acknowledged[about][0].until] if about in desk.acknowledged else []
    days += [desk.snoozed[about][0].until] if about in desk.snoozed else []
    days += [report.put_off] if report and report.put_off else []
    return max((day for day in days if day > today), default=None)


def _dated(about: Item, timer: Dated, desk: PatientDesk, today: date, report: Progress | None) -> NextStep:
    late_from = timer.overdue_from if timer.status in LATE else None
    until = put_off(about, desk, today, report)
    if until is not None:
        return NextStep(about, timer.title, until, "put_off", late_from, report)
    return NextStep(about, timer.title, timer.due, "due", late_from, report)


def _urgency(step: NextStep) -> tuple[bool, date, str]:
    """As the lists are ordered: overdue first, the longest overdue first; then by date."""
    late = step.late_from if step.basis == "due" else None
    return (late is None, late or step.on, step.about.item)


def _undated(
    undated: Undated, site: SiteDesk, desk: PatientDesk, today: date, report: Progress | None
) -> NextStep:
    about, title, chosen = undated.about, undated.title, desk.working_dates.get(undated.about)
    if (until := put_off(about, desk, today, report)) is not None:
        return NextStep(about, title, until, "put_off", None, report)
    if chosen is not None and chosen.on is not None:
        return NextStep(about, title, chosen.on, "chosen", None, report)
    on = SiteCalendar(site.site).later(about.due, site.site.undated_days)
    return NextStep(about, title, on, "site", None, report)


def _alerts(
    site: SiteDesk, desk: PatientDesk, people: Iterable[Person], step: NextStep | None
) -> Iterator[str]:
    if desk.owner is None and site.site.pool is None:
        yield "nobody's patient"
    elif not any(people):
        yield f"nobody is there for {desk.owner or site.site.pool}: no deputy, no pool, no lead"
    if step is None:
        yield "no next step: nothing is due and no step may be taken"
