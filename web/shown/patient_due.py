"""What is due for a patient, each with how far it has come, ready to be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from coordination.entries import Item
from coordination.next_step import put_off
from coordination.patient_desk import Noted
from coordination.patient_work import course_of, recorded_on
from coordination.progress import Progress
from coordination.track import Course
from coordination.working_dates import Working, undated_steps
from engine.snapshot import TimerItem
from engine.timers import LATE, LISTED, has_passed
from interop.statement_words import statements
from pathways.guidelines.statements import Statement
from pathways.titles import pathway_title
from web.shown.patient_seen import Seen

Mark = Literal["over", "due", "planned", "waiting", "done", "ended"]

SOON: Final = 7
"""Days ahead within which something counts as due rather than planned."""

CELLS: Final = ("ordered", "booked", "done", "reported")
"""What the four cells stand for."""
_filled: Final = {"ordered": 1, "booked": 2, "not_attended": 2, "done": 3, "reported": 4, "acted_on": 4}


@dataclass(frozen=True, slots=True)
class DueRow:
    """A due item, or a step with a working date. `days` goes with the mark: how late, in how many days.
    `informs`: nobody is ever late with it. `step` is the step that has, or could have, a working date.
    """

    key: str
    about: Item
    title: str
    pathway: str
    on: date
    mark: Mark
    days: int
    basis: str
    report: Progress | None
    history: tuple[Progress, ...]
    taken: tuple[tuple[str, date, str, Noted], ...]
    statements: tuple[Statement, ...]
    informs: bool = False
    step: Item | None = None
    done_on: date | None = None

    @property
    def cells(self) -> int:
        """How many of the four cells are filled."""
        return _filled.get(self.report.status, 0) if self.report else 0


def key_of(about: Item) -> str:
    """A short name of a due item in an address, from which nobody can tell what it is."""
    return hashlib.sha256(about.model_dump_json().encode()).hexdigest()[:16]


def due_rows(seen: Seen) -> list[DueRow]:
    """What can still be done, the most urgent first."""
    return sorted(_open_rows(seen), key=lambda one: (_ORDER.index(one.mark), one.on, one.title))


_ORDER: Final[tuple[Mark, ...]] = ("over", "due", "planned", "waiting", "done", "ended")


def settled_rows(seen: Seen) -> list[DueRow]:
    """What was done or given up, the latest first."""
    course = _course(seen)
    rows = [*_done_rows(seen, course), *_given_up(seen, course)]
    return sorted(rows, key=lambda one: one.done_on or one.on, reverse=True)


def find(seen: Seen, key: str) -> DueRow | None:
    """The open item, or the step that may be taken, that an address names."""
    return next((one for one in (*due_rows(seen), *step_rows(seen)) if one.key == key), None)


def step_rows(seen: Seen) -> Iterator[DueRow]:
    """The steps that may be taken and for which the sources give no date, as something to be dated."""
    if seen.work is None:
        return
    since = recorded_on(seen.view, seen.site)
    for part in seen.view.snapshot.pathways:
        for one in undated_steps(part, since):
            working = Working.on(one, one.about.due, chosen=False)
            row = _row(seen, seen.work.course, one.about, working.timer, "step")
            yield replace(row, step=one.about)


def _course(seen: Seen) -> Course:
    return seen.work.course if seen.work else course_of(seen.view)


def _open_rows(seen: Seen) -> Iterator[DueRow]:
    course = _course(seen)
    for about, timer in course.items.items():
        if timer.status in LISTED and not timer.missed and not (has_passed(timer, seen.day)):
            yield _row(seen, course, about, timer, "due")
    for about, one in course.working.items():
        row = _row(seen, course, about, one.timer, "chosen" if one.chosen else "site")
        yield replace(row, step=one.step.about)


def _row(seen: Seen, course: Course, about: Item, timer: TimerItem, basis: str) -> DueRow:
    report = course.report(about)
    until = put_off(about, seen.work.desk, seen.day, report) if seen.work else None
    mark, days = mark_of(timer, seen.day, until)
    return DueRow(
        key=key_of(about),
        about=about,
        title=timer.title,
        pathway=_pathway(seen, about),
        on=until or timer.due,
        mark=mark,
        days=days,
        basis=basis,
        report=report,
        history=tuple(course.reported.reports_on(about, course.items)),
        taken=tuple(_taken(seen, about)),
        statements=tuple(statements(timer.statements)),
        informs=basis == "due" and timer.overdue_from is None,
    )


def mark_of(timer: TimerItem, day: date, until: date | None) -> tuple[Mark, int]:
    """What is late stays late, also where somebody has put it off."""
    if timer.status in LATE and timer.overdue_from:
        return "over", (day - timer.overdue_from).days + 1
    if until:
        return "waiting", (until - day).days
    days = (timer.due - day).days
    return ("due" if days <= SOON else "planned"), days


def _taken(seen: Seen, about: Item) -> Iterator[tuple[str, date, str, Noted]]:
    """Who took it on, and who put it off, each until a day that lies ahead."""
    if seen.work is None:
        return
    for verb, there in (("taken on", seen.work.desk.acknowledged), ("put off", seen.work.desk.snoozed)):
        if about in there and there[about][0].until > seen.day:
            entry, noted = there[about]
            yield verb, entry.until, entry.reason, noted


def _done_rows(seen: Seen, course: Course) -> Iterator[DueRow]:
    for about, timer in course.items.items():
        if timer.status in ("done", "done_late"):
            days = (timer.done_on - timer.due).days if timer.done_on else 0
            yield _settled(seen, course, about, "done", days, timer.done_on)


def _given_up(seen: Seen, course: Course) -> Iterator[DueRow]:
    for about, report in course.given_up.items():
        yield _settled(seen, course, about, "ended", 0, report.day)


def _settled(seen: Seen, course: Course, about: Item, mark: Mark, days: int, done_on: date | None) -> DueRow:
    timer = course.items[about]
    return DueRow(
        key=key_of(about),
        about=about,
        title=timer.title,
        pathway=_pathway(seen, about),
        on=timer.due,
        mark=mark,
        days=days,
        basis="due",
        report=course.given_up.get(about) if mark == "ended" else None,
        history=tuple(course.reported.reports_on(about, course.items)),
        taken=(),
        statements=(),
        done_on=done_on,
    )


def _pathway(seen: Seen, about: Item) -> str:
    main = seen.view.snapshot.main.key
    return "" if about.pathway == main else pathway_title(about.pathway)
