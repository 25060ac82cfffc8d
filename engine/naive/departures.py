"""Departures from the guideline, and the data questions (pathway-outline.md 1.4, 11.6, R31, R33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from engine.event import Event, Moment, day_of
from engine.naive.duties import Duty
from engine.naive.meaning import value
from engine.naive.sight import Sight
from engine.naive.verdicts import asked_guards, guard_verdict, lacking
from engine.naive.why import as_events
from engine.snapshot import Deviation, GuardVerdict
from pathways.pathway import DataQuestion, DeviationRule, Guard, Pathway


def departures(pathway: Pathway, duties: Sequence[Duty], sight: Sight) -> Iterator[Deviation]:
    """In the order of the rules."""
    for rule in pathway.deviations:
        if rule.timers:
            for id in rule.timers:
                yield from _of_duties(rule, [duty for duty in duties if duty.timer.id == id], sight.today)
        else:
            yield from _raised(rule, sight)


def _of_duties(rule: DeviationRule, duties: Iterable[Duty], today: date) -> Iterator[Deviation]:
    """From the day a duty is overdue."""
    for duty in duties:
        status = _status(duty, today) if duty.overdue_on(today) else None
        if status is not None:
            done = (duty.done,) if duty.done else ()
            yield _departure(rule, status, (*duty.anchor, *done), duty.overdue_from)


def _status(duty: Duty, today: date) -> str | None:
    """Closed by late fulfilment; final when it was overdue on its end or can no longer be fulfilled; none
    for what was done or given up in time.
    """
    if duty.done is not None:
        return "closed" if duty.done_late() else None
    if duty.ended is not None:
        return "final" if duty.overdue_on(duty.ended) else None
    return "final" if duty.over_on(today) else "open"


def _raised(rule: DeviationRule, sight: Sight) -> Iterator[Deviation]:
    assert rule.raised is not None
    for element in (value(rule.each, sight) or ()) if rule.each else (None,):
        here = sight.having(0, element)
        if value(rule.raised, here) is True:
            fitting = [status for status, when in rule.statuses if value(when, here) is True]
            events = [event for node in rule.events for event in as_events(value(node, here))]
            status = [*fitting, rule.otherwise][0]
            if isinstance(element, Event):
                yield _departure(rule, status, events, element.day, element.documented)
            else:
                latest = max((event.documented for event in events), key=day_of, default=None)
                yield _departure(rule, status, events, None, latest)


def _departure(
    rule: DeviationRule,
    status: str,
    events: Iterable[Event],
    on: date | None,
    documented: Moment | None = None,
) -> Deviation:
    """An imaging is named together with its corrections."""
    ids = [id for e in events for id in (e.id, *(e.corrected_by if e.type == "imaging_done" else ()))]
    named = tuple(dict.fromkeys(ids))
    about = (rule.code, rule.title, rule.severity, status, named, rule.statements, rule.why)
    return Deviation(*about, on, decided=documented)


class Gap(NamedTuple):
    """A datum asked for: the event that carries it unknown, its field, and the guard that needs it."""

    event: str
    field: str
    guard: GuardVerdict


def gaps(guards: Iterable[GuardVerdict], sight: Sight) -> list[Gap]:
    """Where no event carries the value nothing is asked."""
    ids = [event.id for event in sight.known.events]
    found = [(guard, *name.partition(".")) for guard in guards for name in lacking(guard)]
    return [Gap(event, field, guard) for guard, event, _, field in found if field and event in ids]


def questions(
    pathway: Pathway, question: DataQuestion, unknown: Iterable[GuardVerdict], sight: Sight
) -> Iterator[Deviation]:
    """One for each event: those with which a step went ahead, then those of the guards that are unknown now.

    What went ahead without an answer is final; closed where the answer is known today.
    """
    settled = _settled(pathway, question, sight)
    for event in dict.fromkeys(gap.event for gap, _ in settled):
        mine = [(gap, answered) for gap, answered in settled if gap.event == event]
        status = "closed" if all(answered for _, answered in mine) else "final"
        yield _question(question, status, event, (), [gap.field for gap, _ in mine])
    asked = gaps(unknown, sight)
    for event in dict.fromkeys(gap.event for gap in asked):
        if event not in [gap.event for gap, _ in settled]:
            mine_now = [gap for gap in asked if gap.event == event]
            statements = mine_now[0].guard.statements
            yield _question(question, "open", event, statements, [gap.field for gap in mine_now])


def _settled(pathway: Pathway, question: DataQuestion, sight: Sight) -> list[tuple[Gap, bool]]:
    """The gaps on the days on which the step was taken, and whether each is answered today."""
    step = next(step for step in pathway.steps if step.id == question.step)
    asked = asked_guards(step, "")
    guards = [guard for guard in pathway.guards if guard.id in asked and guard.force != "info"]
    found: list[tuple[Gap, bool]] = []
    for taken in value(question.settled_by, sight):
        then = sight.patient.documented_by(taken.day)
        today = sight.patient.on(taken.day, sight.known)
        still = [(gap.event, gap.field) for gap in gaps(_unknown(guards, today), today)]
        found += [(gap, (gap.event, gap.field) not in still) for gap in gaps(_unknown(guards, then), then)]
    return found


def _unknown(guards: Iterable[Guard], sight: Sight) -> list[GuardVerdict]:
    verdicts = [guard_verdict(guard, sight) for guard in guards]
    return [verdict for verdict in verdicts if verdict.result == "unknown"]


def _question(
    question: DataQuestion, status: str, event: str, statements: tuple[str, ...], fields: Iterable[str]
) -> Deviation:
    why = f"not known: {', '.join(dict.fromkeys(fields))}"
    return Deviation(question.code, question.title, "data", status, (event,), statements, why)
