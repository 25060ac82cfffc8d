"""Which notices a patient's due items call for, and when time brings the next one: pure functions.

The rungs of a ladder are days reckoned from those of the due item. All that have come are notices, so that
the trail is the same whether somebody looked every day or once a month; only the latest of an item is to be
said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from coordination.entries import RUNGS, Item, Rung, Step
from coordination.site_desk import SiteDesk
from coordination.working_dates import WORKING
from engine.calendar import later
from engine.snapshot import PatientSnapshot, TimerItem
from engine.timers import LATE
from store.canonical import canonical

LOST: Final = "lost_to_follow_up"
"""The item of the one notice about a patient who is lost to follow-up; it goes to the lead."""

BEFORE: Final = "overdue_before"
"""The item of the one notice that something of a patient was overdue past its last rung when the patient was
recorded here. It stands for no line of a message: the next digest leaves, with how much is overdue in all.
"""
OF_PATIENT: Final = frozenset({LOST, BEFORE})
"""What a notice may be about beside due items."""


@dataclass(frozen=True)
class Effect:
    """A rung of a due item on its day; the same effect has the same id, wherever and whenever it is worked
    out. `after` is the rung that nobody answered, of one that says so.
    """

    patient_id: int
    about: Item
    step: Step
    day: date
    after: Effect | None = None

    @cached_property
    def id(self) -> str:
        """Without the day, so that a ladder that is changed says nothing twice; but resumed may be each
        time, and unanswered for each rung.
        """
        said = [self.patient_id, *self.about.model_dump(mode="json").values(), self.rung]
        said += [str(self.day)] if self.rung == "resumed" else [self.after.id] if self.after else []
        return hashlib.sha256(canonical(said).encode()).hexdigest()[:32]

    @property
    def rung(self) -> Rung:
        return self.step.rung


def about_lost(snapshot: PatientSnapshot, day: date | None) -> Item | None:
    """What the one notice about a patient who is lost to follow-up is about."""
    return Item(pathway=snapshot.main.key, item=LOST, due=day) if day else None


def late_before(
    snapshot: PatientSnapshot, site: SiteDesk, patient_id: int, items: Mapping[Item, TimerItem], since: date
) -> Iterator[Effect]:
    """The one notice of a patient recorded `since` a day with something overdue of which no rung comes any
    more: what came up before is history, so nobody would ever be told.
    """
    late = (about for about, timer in items.items() if timer.status in LATE)
    rungs = ([one.day for one in rungs_of(about, items[about], site, patient_id)] for about in late)
    if any(max(days, default=date.min) < since for days in rungs):
        about = Item(pathway=snapshot.main.key, item=BEFORE, due=since)
        yield Effect(patient_id, about, Step(rung="overdue"), since)


def rungs_of(about: Item, timer: TimerItem, site: SiteDesk, patient_id: int) -> Iterator[Effect]:
    """Every rung of one due item by the ladders, also of one that is settled."""
    for step in site.ladder(about.pathway, about.item):
        if (day := _day(step, timer)) is not None:
            yield Effect(patient_id, about, step, day)


def ordered(found: Iterable[Effect]) -> list[Effect]:
    """In the order in which they come up."""
    return sorted(found, key=lambda one: (one.day, RUNGS.index(one.rung), one.id))


def come(found: Iterable[Effect], today: date) -> list[Effect]:
    """Those whose day has come."""
    return [one for one in found if one.day <= today]


def latest(found: Iterable[Effect]) -> list[Effect]:
    """The rung of each item that stands: the last in order."""
    return list({one.about: one for one in ordered(found)}.values())


def next_day(found: Iterable[Effect], today: date) -> date | None:
    """The first day after today on which one comes up."""
    return min((one.day for one in found if one.day > today), default=None)


def overtaken(found: Iterable[Effect]) -> dict[str, Effect]:
    """By id: the effects after which a later rung of the same item has come, with that rung."""
    last: dict[Item, Effect] = {}
    gone: dict[str, Effect] = {}
    for one in ordered(found):
        if (before := last.get(one.about)) is not None:
            gone[before.id] = one
        last[one.about] = one
    return gone


def _day(step: Step, timer: TimerItem) -> date | None:
    """The day of a rung; None where the item has no such day, as information timers are never overdue and
    working dates only come up on their day.
    """
    if timer.status == WORKING and step.rung != "due":
        return None
    anchors = {
        "before_opening": timer.opens,
        "opening": timer.opens,
        "before_due": timer.due,
        "due": timer.due,
        "overdue": timer.overdue_from,
        "escalated": timer.escalates_on,
        "escalated_again": timer.escalates_on,
    }
    anchor = anchors.get(step.rung)
    if anchor is None:
        return None
    if step.rung.startswith("before"):
        return anchor - timedelta(step.days)
    return later(anchor, step.days)
