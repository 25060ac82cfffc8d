"""Decisions that rested on what was changed afterwards: what held when they were taken, and what would now.

A decision is an event of that class, or a treatment, by which a step of a pathway is taken. It is judged by
what was documented by the end of its day, up to itself; and anew by what is known now of the same days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.evaluate import Evaluation, View
from engine.event import CHANGES, Event, Story
from engine.history import Ledger
from engine.replay import Enrolment, Plan, plans
from engine.trail import derive
from engine.verdict import asked_guards, offered_steps
from pathways.graph import Node
from pathways.pathway import Guard, Pathway, Step

_TAKEN: Final = ("decision", "treatment")


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition of a step as it stood when the step was taken, and as it stands now for the same day."""

    guard: str
    title: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class RestedDecision:
    """A decision with the conditions that looked at what was changed, or that the change turned.

    The states are those in which it was taken, as it was seen then and is now.
    """

    pathway: str
    event: str
    type: str
    on: date
    state_then: str
    state_now: str
    guards: tuple[Judged, ...]

    @property
    def turned(self) -> bool:
        """Whether it would be judged otherwise now."""
        return self.state_then != self.state_now or any(one.then != one.now for one in self.guards)


def rested_decisions(
    enrolments: Sequence[Enrolment], before: Story, after: Story, as_of: date, then: Story | None = None
) -> tuple[RestedDecision, ...]:
    """The decisions up to `as_of`, told in `before`, that rested on what `after` changes: the same story told
    further, or without what another record had lent. One that is itself changed is not among them.

    `then` is the story in which they were taken, where that is not all of `before`.
    """
    told, there = ({event.id for event in story.entries} for story in (before, after))
    new = [event for event in after.entries if event.id not in told]
    new += [event for event in before.entries if event.id not in there]
    since = date.min if before.facts != after.facts else min(map(_reaches_back_to, new), default=date.max)
    reached = {e.type for e in before.entries if e.type == "correction" or e.day >= since}
    if not reached or reached.isdisjoint(_concerned(enrolments)):
        return ()
    old = Ledger(before, date.max)
    at_the_time = old if then is None or then is before else Ledger(then, date.max)
    sides, changed = (at_the_time, old, Ledger(after, date.max)), _changed(before, after, new)
    taken = [
        event
        for event in old.now.events
        if since <= event.day <= as_of and event.id not in changed and _is_decision(event, before)
    ]
    return tuple(
        found
        for plan in (plans(enrolments) if taken else ())
        for found in _Retrial(plan, sides, as_of, changed).of(taken)
    )


def _concerned(enrolments: Sequence[Enrolment]) -> set[str]:
    """The types of entries that take a step, and of those by which the day of one may be another."""
    return {
        "correction",
        *(type for one in enrolments for step in one.pathway.steps for type in step.taken_by),
    }


def _reaches_back_to(event: Event) -> date:
    """The first day of which an entry may change what is known."""
    return date.min if event.type in CHANGES else event.day


def _is_decision(event: Event, story: Story) -> bool:
    return story.vocabulary.events[event.type].order_class in _TAKEN


def _changed(before: Story, after: Story, new: Sequence[Event]) -> set[str]:
    """The new entries, those that are gone, and what they correct or retract, also through others.

    No rule reads a note.
    """
    by_id = {event.id: event for event in (*before.entries, *after.entries)}
    found: set[str] = set()
    waiting = [event for event in new if event.fields.get("field") != "note"]
    while waiting:
        event = waiting.pop()
        found.add(event.id)
        target = by_id.get(str(event.fields["target"])) if event.type in CHANGES else None
        if target and target.id not in found:
            waiting.append(target)
    return found


Views = tuple[View, View, View]


class _Retrial:
    """One plan asked on three sides about the days of decisions: what was documented then, all that was known
    before the change, and all that is known after it.
    """

    def __init__(
        self,
        plan: Plan,
        sides: tuple[Ledger, Ledger, Ledger],
        as_of: date,
        changed: set[str],
    ) -> None:
        self.plan = plan
        self.then, self.old, self.new = (Evaluation(plan.program, ledger, as_of) for ledger in sides)
        self.changed = changed
        before, after = (ledger.now.facts for ledger in sides[1:])
        self.facts = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}

    def of(self, taken: Sequence[Event]) -> Iterator[RestedDecision]:
        for event in taken:
            views = (
                self.then.before(self.then.ledger.known(event.day), event),
                self.old.before(self.old.ledger.now, event),
                self.new.before(self.new.ledger.now, event),
            )
            for number, pathway in enumerate(self.plan.pathways):
                if found := self._rested(number, pathway, event, views):
                    yield found

    def _rested(self, number: int, pathway: Pathway, event: Event, views: Views) -> RestedDecision | None:
        steps = [step for step in pathway.steps if event.type in step.taken_by]
        if not steps:
            return None
        then, before, now = (derive(self.plan.walker.rules[number], view) for view in views)
        moved = now if before != now else then
        judged = tuple(self._judged(self._asked(pathway, steps, then, views[0]), views))
        if moved == then and not judged:
            return None
        return RestedDecision(pathway.key, event.id, event.type, event.day, then, moved, judged)

    def _asked(self, pathway: Pathway, steps: Sequence[Step], state: str, view: View) -> Iterator[Guard]:
        """The conditions of the step that was taken: one offered then, else any that it may have been."""
        offered = offered_steps(self.plan.program, view, pathway, state)
        taken = [step for step in steps if step in offered] or steps
        asked = {guard for step in taken for guard in asked_guards(step, state)}
        return (guard for guard in pathway.guards if guard.id in asked and guard.force != "info")

    def _judged(self, guards: Iterable[Guard], views: Views) -> Iterator[Judged]:
        for guard in guards:
            then, before, now = (str(self.plan.program[guard.outcome](view)) for view in views)
            if (before != now and then != now) or self._looked_at(guard, views[0]):
                yield Judged(guard.id, guard.title, then, now)

    def _looked_at(self, guard: Guard, view: View) -> bool:
        explainer = self.plan.explainer
        return any(
            not self.changed.isdisjoint(explainer.because(view, c.test)) or self._read_facts(c.test, view)
            for c in guard.clauses
        )

    def _read_facts(self, test: Node, view: View) -> bool:
        """Whether it asks for a fact that is another one now, and no finding had told it by then."""
        told = {name for name, places in view.known.stated.items() if places[0] < view.length}
        return any(f"fact {name}" in self.plan.program.reads(test) for name in self.facts - told)
