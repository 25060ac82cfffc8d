"""Who is told next where nobody answered in time: pure functions.

A rung may expect an answer within some working days of the day on which it was told. An answer is that
somebody took the item on, put it off or reported on it, or that notices were paused; what settles the item
ends all its rungs. Without one it is told to whom the next rung of the ladder is for, and once more to whom
it was told. Nobody is expected to answer what reached nobody: the days run from when it was really told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
    which somebody answered about a due item.
    """

    told: Mapping[str, datetime]
    answers: Callable[[Item], Iterable[datetime]]
    held: Held
    calendar: SiteCalendar


def resumed_step(ladder: Sequence[Step], late: bool) -> Step:
    """How an item comes back that somebody had put aside: one that is late expects an answer again."""
    days = [one.answer_days for one in ladder if one.answer_days is not None]
    return Step(rung="resumed", answer_days=days[0] if late and days else None)


def unanswered(found: Iterable[Effect], ladder: Sequence[Step], asked: Asked) -> Iterator[Effect]:
    """The effects that come of one due item's rungs (`found`, by day) which nobody answered in time."""
    rungs = list(found)
    for one in rungs:
        day = _over(one, asked)
        if day is None or _answered(one, day, asked) or any(one.day < other.day <= day for other in rungs):
            continue
        to = tuple(dict.fromkeys((*_next(one, rungs, ladder), *one.step.to)))
        yield Effect(one.patient_id, one.about, Step(rung="unanswered", to=to), day)


def look_again(found: Iterable[Effect], asked: Asked, today: date) -> date | None:
    """The first day on which a rung may be unanswered that has come and was not told yet, if it is now."""
    days = [one.step.answer_days for one in found if one.step.answer_days and one.id not in asked.told]
    return asked.calendar.later(today, min(days) + 1) if days else None


def _over(one: Effect, asked: Asked) -> date | None:
    """The working day after those within which an answer was expected; None where none was."""
    told = asked.told.get(one.id)
    if one.step.answer_days is None or told is None:
        return None
    return asked.calendar.later(asked.calendar.today(told), one.step.answer_days + 1)


def _answered(one: Effect, day: date, asked: Asked) -> bool:
    told, over = asked.told[one.id], asked.calendar.at(day)
    if asked.held.paused_days(asked.calendar.today(told), day):
        return True
    return any(told <= answer < over for answer in asked.answers(one.about))


def _next(one: Effect, rungs: Sequence[Effect], ladder: Sequence[Step]) -> tuple[Role, ...]:
    """To whom the next rung of the ladder is for that has not come yet."""
    come = {other.rung for other in rungs if other.day <= one.day}
    return next((step.to for step in ladder if step.rung not in come), LAST)
