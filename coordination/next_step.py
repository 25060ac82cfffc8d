"""The one next step of a patient, with its date and whose it is; what is wrong where there is none.

What is due comes first, by its date; what somebody booked, deferred or put off comes back on that day. What
only informs is none once its day has passed. A step without a date in the sources has its working date, a day
that is the site's own choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from coordination.entries import Item, Person
from coordination.ownership import in_charge
from coordination.patient_desk import PatientDesk
from coordination.progress import Progress
from coordination.site_desk import SiteDesk
from coordination.working_dates import Working
from engine.snapshot import TimerItem
from engine.timers import LATE, has_passed
from pathways.worded import worded

Reports = Callable[[Item], Progress | None]
Basis = Literal["due", "put_off", "site", "chosen"]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, and when. Basis: `due` (a date the sources or their settings give), `put_off`
    (booked, deferred, taken on or put off until then), `site` (the site's usual working days), `chosen` (a
    working date somebody gave). `late_from` is the first day on which it is late.
    """

    about: Item
    title: str
    on: date
    basis: Basis
    late_from: date | None
    report: Progress | None = None

    def passed(self, today: date) -> bool:
        """Whether its working date lies behind."""
        return self.basis in ("site", "chosen") and self.on < today


@dataclass(frozen=True, slots=True)
class Work:
    """A patient's next step, whose patient it is, who is in charge today, and what is wrong with that.

    Of `alerts` each is a reason for which the patient could get lost; they stand on top of every list.
    """

    step: NextStep | None
    owner: str | None
    in_charge: tuple[Person, ...]
    alerts: tuple[str, ...]


def work(site: SiteDesk, owner: str | None, steps: Sequence[NextStep], today: date) -> Work:
    """What is to be done next for an open patient of an owner, by `steps`: those with a working date, and the
    first of all.
    """
    people = in_charge(site, owner, today)
    alerts = tuple(_alerts(site, owner, people, steps, today))
    return Work(next(iter(steps), None), owner, people, alerts)


def ahead(
    desk: PatientDesk,
    today: date,
    items: Mapping[Item, TimerItem],
    working: Mapping[Item, Working],
    reports: Reports,
) -> list[NextStep]:
    """What can be worked on, or comes back, the most urgent first: the due items that can still be done and
    the working dates.
    """
    return sorted(_steps(desk, today, items, working, reports), key=_urgency)


def _steps(
    desk: PatientDesk,
    today: date,
    items: Mapping[Item, TimerItem],
    working: Mapping[Item, Working],
    reports: Reports,
) -> Iterator[NextStep]:
    for about, timer in items.items():
        if not has_passed(timer, today):
            yield _dated(about, timer, desk, today, reports(about))
    for about, one in working.items():
        basis: Basis = "chosen" if one.chosen else "site"
        yield _dated(about, one.timer, desk, today, reports(about), basis)


def put_off(about: Item, desk: PatientDesk, today: date, report: Progress | None) -> date | None:
    """The day for which an item waits, where nobody has to work on it before; an appointment's own day is one
    of waiting.
    """
    days = [desk.acknowledged[about][0].until] if about in desk.acknowledged else []
    days += [desk.snoozed[about][0].until] if about in desk.snoozed else []
    ahead = [day for day in days if day > today]
    if report and report.put_off and report.comes_back and report.comes_back > today:
        ahead.append(report.put_off)
    return max(ahead, default=None)


def _dated(
    about: Item,
    timer: TimerItem,
    desk: PatientDesk,
    today: date,
    report: Progress | None,
    basis: Basis = "due",
) -> NextStep:
    late_from = timer.overdue_from if timer.status in LATE else None
    until = put_off(about, desk, today, report)
    if until is not None:
        return NextStep(about, timer.title, until, "put_off", late_from, report)
    return NextStep(about, timer.title, timer.due, basis, late_from, report)


def _urgency(step: NextStep) -> tuple[bool, date, str]:
    """As the lists are ordered: overdue first, the longest overdue first; then by date."""
    late = step.late_from if step.basis == "due" else None
    return (late is None, late or step.on, step.about.item)


def _alerts(
    site: SiteDesk, owner: str | None, people: Iterable[Person], steps: Sequence[NextStep], today: date
) -> Iterator[str]:
    if owner is None and site.site.pool is None:
        yield worded("nobody's patient")
    elif not any(people):
        yield worded(
            "nobody is there for {owner}: no deputy, no pool, no lead", owner=owner or site.site.pool
        )
    if not steps:
        yield worded("no next step: nothing is due and no step may be taken")
    for step in steps:
        if step.passed(today):
            title = worded(step.title)
            yield worded("a working date has passed: {title}, planned for {day}", title=title, day=step.on)
