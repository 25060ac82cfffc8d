"""Dated duties and reminders through their life cycle (pathway-outline.md 6, 11.5).

scheduled -> open -> overdue -> escalated, ending as done, done_late or cancelled. Information timers are
never overdue and end after their date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from engine.calendar import later
from engine.evaluate import Program, View
from engine.event import Event
from engine.kleene import ABSENT
from engine.snapshot import TimerItem
from pathways.graph import Node
from pathways.pathway import Pathway, Timer

_REFUSED: Final = frozenset({"declined", "contraindicated"})
LATE: Final = frozenset({"overdue", "escalated"})
LISTED: Final = frozenset({"scheduled", "open", "overdue", "escalated"})


def has_passed(timer: TimerItem, today: date) -> bool:
    """Whether it only informs, and its day is over: nobody waits for it any more, and it is never late."""
    return timer.overdue_from is None and timer.due < today


@dataclass(frozen=True, slots=True)
class Instance:
    """One dated item with what decides its status. `ended` is the day on which it was given up, if it was;
    nothing is `done` after a patient left.
    """

    timer: Timer
    opens: date
    due: date
    overdue_from: date | None
    anchor: tuple[Event, ...]
    done: Event | None
    ended: date | None
    closes: date | None = None

    @property
    def late(self) -> bool:
        return self.done is not None and self.overdue_from is not None and self.done.day >= self.overdue_from

    @property
    def overdue_when_ended(self) -> bool:
        return self.ended is not None and self.overdue_from is not None and self.overdue_from <= self.ended


class Timers:
    """All timers of one pathway for one view."""

    def __init__(self, program: Program, view: View, pathway: Pathway) -> None:
        self.program = program
        self.view = view
        self.pathway = pathway
        self.escalate_after = timedelta(int(program.settings["escalate_after_days"]))
        self.left = self._day(pathway.left)
        self.returned = self._day(pathway.returned)
        self.refusals = [e for e in _task_progress(view) if _refuses(e)]

    def instances(self) -> list[Instance]:
        found = [i for timer in self.pathway.timers for i in self._instances(timer)]
        return [self._from_return(i) for i in self._with_refusals(found)]

    def item(self, instance: Instance) -> TimerItem:
        timer, status = instance.timer, self.status(instance)
        overdue_from = instance.overdue_from
        return TimerItem(
            timer.id,
            timer.title,
            instance.opens,
            instance.due,
            overdue_from,
            self._escalates(overdue_from),
            status,
            timer.statements,
            tuple(e.id for e in instance.anchor),
            instance.done.id if instance.done else None,
            instance.done.day if instance.done else None,
            status in LATE and instance.closes is not None and self.view.today > instance.closes,
        )

    def status(self, instance: Instance) -> str:
        today = self.view.today
        if instance.done is not None:
            return "done_late" if instance.late else "done"
        if instance.ended is not None:
            return "cancelled"
        if instance.overdue_from is None and instance.closes is not None and today > instance.closes:
            return "done"
        if instance.overdue_from is not None and today >= instance.overdue_from:
            escalates = self._escalates(instance.overdue_from)
            return "escalated" if escalates is not None and today >= escalates else "overdue"
        return "open" if today >= instance.opens else "scheduled"

    def _escalates(self, overdue_from: date | None) -> date | None:
        return None if overdue_from is None else later(overdue_from, self.escalate_after.days)

    def _instances(self, timer: Timer) -> Iterator[Instance]:
        environment = self.view.evaluation.environment
        for element in (self._value(timer.each) or ()) if timer.each else (None,):
            environment[0] = element
            if timer.exists is None or self._value(timer.exists) is True:
                yield from self._instance(timer)

    def _instance(self, timer: Timer) -> Iterator[Instance]:
        due, opens = self._day(timer.due), self._day(timer.opens)
        if due is None or opens is None:
            return
        ends = [d for d in (self._day(timer.ends), self.left) if d is not None]
        done = self._event(timer.done)
        anchor = tuple(e for node in timer.anchor for e in self._events(node))
        yield Instance(
            timer,
            min(opens, due),
            due,
            self._overdue_from(timer, due),
            anchor,
            done if done is None or self.left is None or done.day <= self.left else None,
            min(ends) if ends else None,
            self._day(timer.closes),
        )

    def _overdue_from(self, timer: Timer, due: date) -> date | None:
        """The day after `due` and its grace; None where the grace is unknown or the calendar ends."""
        grace = self._value(timer.grace) if timer.grace is not None else None
        if grace is None or grace is ABSENT:
            return None
        return later(due, 1 + int(grace))

    def _from_return(self, instance: Instance) -> Instance:
        """What had passed by a return is overdue from then (R27), unless done or given up before."""
        late, returned = instance.overdue_from, self.returned
        done = instance.done.day if instance.done is not None else None
        if late is None or returned is None or any(d and d < returned for d in (done, instance.ended)):
            return instance
        return replace(instance, overdue_from=max(late, returned))

    def _with_refusals(self, instances: list[Instance]) -> list[Instance]:
        """A duty that was declined or contraindicated with a reason is given up that day (R18)."""
        given_up: dict[int, date] = {}
        for refusal in self.refusals:
            number = self._refused(instances, refusal, given_up)
            if number is not None:
                given_up[number] = refusal.day
        return [
            replace(i, done=None, ended=given_up[n]) if n in given_up else i for n, i in enumerate(instances)
        ]

    def _refused(self, instances: list[Instance], refusal: Event, given_up: dict[int, date]) -> int | None:
        open_ones = [
            (i.due, n)
            for n, i in enumerate(instances)
            if i.timer.id == refusal.fields.get("item") and n not in given_up
            and (i.done is None or i.done.day > refusal.day) and _asked(i, refusal)
            and (i.ended is None or i.ended >= refusal.day)
        ]  # fmt: skip
        return min(open_ones)[1] if open_ones else None

    def _value(self, node: Node) -> Any:
        return self.program.meanings[node](self.view)

    def _day(self, node: Node | None) -> date | None:
        value = self._value(node) if node is not None else None
        return value if isinstance(value, date) else None

    def _event(self, node: Node | None) -> Event | None:
        value = self._value(node) if node is not None else None
        return value if isinstance(value, Event) else None

    def _events(self, node: Node) -> tuple[Event, ...]:
        value = self._value(node)
        return (value,) if isinstance(value, Event) else tuple(value or ())


def _asked(instance: Instance, refusal: Event) -> bool:
    """Whether the refusal may be of this duty: by its date, else one that had begun by that day."""
    due = refusal.fields.get("due")
    return due == instance.due if due else all(e.day <= refusal.day for e in instance.anchor)


def _task_progress(view: View) -> list[Event]:
    known = view.known
    return [known.events[n] for n in known.by_type.get("task_progress", ()) if n < view.length]


def _refuses(event: Event) -> bool:
    reasoned = event.fields.get("reason") or event.fields.get("reason_code")
    return event.fields.get("status") in _REFUSED and bool(reasoned)
