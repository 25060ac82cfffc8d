"""Who is told next where nobody answered in time: pure functions.

A rung may expect an answer within some working days. An answer is that somebody took the item on, put it off
or reported on it, or that notices were paused; what settles the item ends all its rungs. Without one it is
told to whom the next rung of the ladder is for, and once more to whom it was told; where that is for nobody
else, only that rung itself comes.

The rung `unanswered` comes up on a day that follows from that of the rung it is about, so that the trail is
the same whether a worker was there or not. But nobody is expected to answer what reached nobody: it is not
told before so many working days have gone by since that rung was really told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from coordination.entries import Item, Role, Step
from coordination.progress import Held
from coordination.site_calendar import SiteCalendar
from notifications.plan import Effect

LAST: Final[tuple[Role, ...]] = ("lead",)
"""Who is told where a ladder has no rung after the one that was not answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a patient bears on answers: when each notice was first told, by its id, and the moments at
    which somebody answered about a due item. What came up before `since` is history.
    """

    told: Mapping[str, datetime]
    answers: Callable[[Item], Iterable[datetime]]
    held: Held
    calendar: SiteCalendar
    since: date

    def answered(self, about: Item, first: date, last: date) -> bool:
        """Whether somebody answered, or notices were paused, from one day up to another, not included."""
        begin, end = self.calendar.at(first), self.calendar.at(last)
        return self.held.paused_days(first, last) > 0 or any(
            begin <= answer < end for answer in self.answers(about)
        )

    def over(self, day: date, one: Effect) -> date:
        """The working day after those within which a rung that was told on a day expects an answer."""
        return self.calendar.later(day, (one.step.answer_days or 0) + 1)


def resumed_step(ladder: Sequence[Step], late: bool) -> Step:
    """How an item comes back that somebody had put aside: one that is late expects an answer again."""
    days = [one.answer_days for one in ladder if one.answer_days is not None]
    return Step(rung="resumed", answer_days=days[0] if late and days else None)


def unanswered(found: Iterable[Effect], ladder: Sequence[Step], asked: Asked) -> Iterator[Effect]:
    """The effects that come of one due item's rungs (`found`, by day) which nobody answers in time."""
    rungs = list(found)
    for one in rungs:
        if one.step.answer_days is None or one.day < asked.since:
            continue
        day = asked.over(one.day, one)
        if any(one.day < other.day <= day for other in rungs) or asked.answered(one.about, one.day, day):
            continue
        further = [role for role in _next(one, rungs, ladder) if role not in one.step.to]
        if further:
            to = (*further, *one.step.to)
            yield Effect(one.patient_id, one.about, Step(rung="unanswered", to=to), day, one)


def told_from(one: Effect, asked: Asked, today: date) -> date:
    """The day from which an unanswered rung may be told; tomorrow where what it is about reached nobody."""
    assert one.after is not None, "it is about another rung"
    told = asked.told.get(one.after.id)
    return asked.over(asked.calendar.today(told), one.after) if told else today + timedelta(1)


def answered_meanwhile(one: Effect, asked: Asked, today: date) -> bool:
    """Whether somebody answered after the day of an unanswered rung, but in time since they were told."""
    return asked.answered(one.about, one.day, min(told_from(one, asked, today), today + timedelta(1)))


def _next(one: Effect, rungs: Sequence[Effect], ladder: Sequence[Step]) -> tuple[Role, ...]:
    """To whom the next rung of the ladder is for that has not come yet."""
    come = {other.rung for other in rungs if other.day <= one.day}
    return next((step.to for step in ladder if step.rung not in come), LAST)
