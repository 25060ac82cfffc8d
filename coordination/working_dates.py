"""The working dates of a patient: by when this site means to take steps for which the sources give no date.

A date that somebody gave holds for its step as long as that may be taken; a step that a board takes has the
day of the meeting for which the patient is listed. What carries out a decision of a board is to be done
within the site's working days for that. Where there is none of these, and nothing dated lies ahead either,
the first step that may be taken has the site's usual one. On its day it comes up as
a due item of its own kind, which is never overdue: no source says by when it is late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from coordination.board_duties import board_days
from coordination.board_graph import carries_out
from coordination.due_items import to_chase
from coordination.entries import Item
from coordination.patient_desk import PatientDesk
from coordination.progress import Progress, Reported
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from engine.snapshot import Snapshot, StepVerdict, TimerItem
from engine.timers import has_passed

WORKING: Final = "working_date"
"""The status of a step with a working date."""


@dataclass(frozen=True, slots=True)
class Undated:
    """A step that may be taken and for which the sources give no date; `about` names it by its first day."""

    about: Item
    title: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """A step by its working date, which somebody `chose` or is the site's usual one."""

    step: Undated
    chosen: bool
    timer: TimerItem

    @classmethod
    def on(cls, step: Undated, day: date, *, chosen: bool) -> Working:
        """A step that is to be taken by a day."""
        name, title = step.about.item, step.title
        return cls(step, chosen, TimerItem(name, title, day, day, None, None, WORKING, step.statements))

    @property
    def about(self) -> Item:
        """What names it among all due items: with another date it is another one."""
        return self.step.about.model_copy(update={"due": self.timer.due})

    def report(self, reported: Reported) -> Progress | None:
        """The latest report on the step."""
        return reported.of_step(self.step.about)


def undated_steps(one: Snapshot, since: date) -> Iterator[Undated]:
    """The steps of a pathway that may be taken, from the day on which they could be worked on: that of the
    state, but not before the patient was recorded here.
    """
    first = max(one.entered_on or since, since)
    return (_undated(one, step, first) for step in one.steps if step.allowed)


def _undated(one: Snapshot, step: StepVerdict, first: date) -> Undated:
    return Undated(Item(pathway=one.key, item=step.step, due=first), step.title, step.statements)


def working_dates(
    pathways: Sequence[Snapshot],
    site: SiteDesk,
    desk: PatientDesk,
    since: date,
    dated: Iterable[TimerItem],
    reported: Reported,
    today: date,
) -> Mapping[Item, Working]:
    """Those of a patient recorded here `since` a day, of whom `dated` can still be done; not of what was
    declined or is contraindicated.
    """
    there = (one for part in pathways for one in undated_steps(part, since))
    steps = [one for one in there if not reported.refused(one.about)]
    meetings = board_days(site, desk, today)
    chosen = {one.about: desk.working_dates[one.about].on for one in steps if one.about in desk.working_dates}
    chosen |= {one.about: day for one in steps if (day := meetings.get((one.about.pathway, one.about.item)))}
    found = [Working.on(one, day, chosen=True) for one in steps if (day := chosen.get(one.about))]
    if decided := _decided(pathways[0], site, [one for one in steps if one.about not in chosen]):
        found.append(decided)
    first = next((one for one in steps if one.about.pathway == pathways[0].key), None)
    if not found and first and all(has_passed(one, today) for one in dated):
        begun = max((first.about.due, *_dated_until(pathways, reported, today)))
        usual = SiteCalendar(site.site).later(begun, site.site.undated_days)
        found.append(Working.on(first, usual, chosen=False))
    return {one.about: one for one in found}


def _decided(main: Snapshot, site: SiteDesk, steps: Iterable[Undated]) -> Working | None:
    """The step that carries out what a board decided, where the pathway has no date for it."""
    wanted = carries_out(main.key, main.state)
    if not wanted or main.entered_on is None or any(timer.overdue_from for timer in to_chase(main)):
        return None
    first = next((one for one in steps if one.about.pathway == main.key and one.about.item in wanted), None)
    if first is None:
        return None
    day = SiteCalendar(site.site).later(first.about.due, site.site.carry_out_days)
    return Working.on(first, day, chosen=False)


def _dated_until(pathways: Iterable[Snapshot], reported: Reported, today: date) -> Iterator[date]:
    """The days that due items gave, or on which one was done or given up: until then nobody needed another.

    What was cancelled gives none: else the working date would move once more on the day it was due.
    """
    yield from reported.given_up
    for timer in (timer for one in pathways for timer in one.timers if timer.status != "cancelled"):
        if (day := timer.done_on or timer.due) <= today:
            yield day
