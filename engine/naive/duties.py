"""Dated duties and reminders: when they open, fall due, are late, done or given up (R18, R25 to R29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from engine.event import Event
from engine.naive.days import days_later
from engine.naive.logic import is_known
from engine.naive.meaning import value
from engine.naive.sight import Sight, Value
from engine.naive.why import as_events
from engine.snapshot import TimerItem
from pathways.graph import Node
from pathways.pathway import Pathway, Timer


@dataclass(frozen=True, slots=True)
class Duty:
    """One dated item. `ended` is the day on which it was given up."""

    timer: Timer
    opens: date
    due: date
    overdue_from: date | None
    anchor: tuple[Event, ...]
    done: Event | None
    ended: date | None
    closes: date | None

    def done_late(self) -> bool:
        return self.done is not None and self.overdue_from is not None and self.done.day >= self.overdue_from

    def overdue_on(self, day: date) -> bool:
        return self.overdue_from is not None and self.overdue_from <= day

    def over_on(self, day: date) -> bool:
        return self.closes is not None and day > self.closes


def duties(pathway: Pathway, sight: Sight) -> list[Duty]:
    """All of a pathway; each refusal with a reason ends one duty of its kind, the earliest due (R18)."""
    found = [duty for timer in pathway.timers for duty in _of_timer(timer, pathway, sight)]
    given_up: set[int] = set()
    for refusal in sight.events:
        if _refuses(refusal):
            open_ones = [(d.due, n) for n, d in enumerate(found) if n not in given_up and _meant(d, refusal)]
            if open_ones:
                number = min(open_ones)[1]
                given_up.add(number)
                days = [day for day in (refusal.day, found[number].ended) if day is not None]
                found[number] = replace(found[number], done=None, ended=min(days))
    returned = _day(pathway.returned, sight)
    return [replace(duty, overdue_from=_since_return(duty, returned)) for duty in found]


def _since_return(duty: Duty, returned: date | None) -> date | None:
    """The day of a return for what had passed by then and was neither done nor ended before it (R27)."""
    late = duty.overdue_from
    if late is None or returned is None or late > returned:
        return late
    if duty.done is not None and duty.done.day < returned:
        return late
    if duty.ended is not None and duty.ended < returned:
        return late
    return returned


def _refuses(event: Event) -> bool:
    reasoned = event.fields.get("reason") or event.fields.get("reason_code")
    refused = event.fields.get("status") in ("declined", "contraindicated")
    return event.type == "task_progress" and refused and bool(reasoned)


def _meant(duty: Duty, refusal: Event) -> bool:
    """The duty that is refused, neither done nor ended before."""
    return (
        duty.timer.id == refusal.fields.get("item")
        and _asked(duty, refusal)
        and (duty.done is None or duty.done.day > refusal.day)
        and (duty.ended is None or duty.ended >= refusal.day)
    )


def _asked(duty: Duty, refusal: Event) -> bool:
    """Named by its due day; else it had begun by the day of the refusal."""
    if refusal.fields.get("due") is not None:
        return refusal.fields["due"] == duty.due
    return not any(event.day > refusal.day for event in duty.anchor)


def _of_timer(timer: Timer, pathway: Pathway, sight: Sight) -> Iterator[Duty]:
    for element in (value(timer.each, sight) or ()) if timer.each else (None,):
        here = sight.having(0, element)
        due, opens = _day(timer.due, here), _day(timer.opens, here)
        exists = timer.exists is None or value(timer.exists, here) is True
        if exists and due is not None and opens is not None:
            done = value(timer.done, here) if timer.done else None
            left = _day(pathway.left, here)
            fulfilled = done if isinstance(done, Event) and (left is None or done.day <= left) else None
            ends = [day for day in (_day(timer.ends, here), left) if day is not None]
            yield Duty(
                timer,
                min(opens, due),
                due,
                _overdue_from(timer, due, here),
                tuple(event for node in timer.anchor for event in as_events(value(node, here))),
                fulfilled,
                min(ends) if ends else None,
                _day(timer.closes, here),
            )


def _overdue_from(timer: Timer, due: date, sight: Sight) -> date | None:
    """The day after the last day of grace; None for information, unknown grace and beyond the calendar."""
    grace: Value = value(timer.grace, sight) if timer.grace else None
    return days_later(due, 1 + int(grace)) if is_known(grace) else None


def _day(node: Node | None, sight: Sight) -> date | None:
    found = value(node, sight) if node is not None else None
    return found if isinstance(found, date) else None


def item(duty: Duty, sight: Sight) -> TimerItem:
    """As it is listed."""
    escalation = int(sight.patient.settings["escalate_after_days"])
    escalates = days_later(duty.overdue_from, escalation) if duty.overdue_from else None
    status = _status(duty, escalates, sight.today)
    return TimerItem(
        duty.timer.id,
        duty.timer.title,
        duty.opens,
        duty.due,
        duty.overdue_from,
        escalates,
        status,
        duty.timer.statements,
        tuple(event.id for event in duty.anchor),
        duty.done.id if duty.done else None,
        duty.done.day if duty.done else None,
        missed=status in ("overdue", "escalated") and duty.over_on(sight.today),
    )


def _status(duty: Duty, escalates: date | None, today: date) -> str:
    """What ended it comes first; an information timer is done after its last day."""
    if duty.done is not None:
        return "done_late" if duty.done_late() else "done"
    if duty.ended is not None:
        return "cancelled"
    if duty.overdue_from is None and duty.over_on(today):
        return "done"
    if duty.overdue_on(today):
        return "escalated" if escalates is not None and today >= escalates else "overdue"
    return "open" if today >= duty.opens else "scheduled"
