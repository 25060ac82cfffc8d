"""A step asked about under assumptions: would it be allowed on that day if these entries were there?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

from engine.assumed import is_assumed
from engine.deviations import deviations
from engine.evaluate import Evaluation, View
from engine.event import CHANGES, Event, Moment, Story, day_of
from engine.history import Ledger
from engine.replay import Plan
from engine.trail import derive
from engine.verdict import closed, holding, offered_steps
from pathways.pathway import Guard, Step

_CHARGED: Final = frozenset({"open", "final"})


class Exhausted(Exception):
    """More was to be tried than is allowed."""


class Trials:
    """Trials of one step for one patient; what was tried before is remembered.

    Assumed entries stand beside what was visible on `as_of`; what lies after it is known to no trial.
    """

    def __init__(
        self, plan: Plan, number: int, step: Step, story: Story, as_of: date, known_at: Moment, most: int
    ) -> None:
        self.plan = plan
        self.program, self.explainer = plan.program, plan.explainer
        self.pathway = plan.pathways[number]
        self.rules = plan.walker.rules[number]
        self.step = step
        self.as_of = as_of
        self.left = most
        self._story = visible(story, as_of, known_at)
        self._known_at = day_of(known_at)
        self._made: dict[tuple[date, frozenset[str]], Trial] = {}

    def on(self, day: date, assumed: Sequence[Event] = ()) -> Trial:
        """The patient on `day`, as it would be. Raises Exhausted once as many were made as are allowed."""
        key = (day, frozenset(event.id for event in assumed))
        found = self._made.get(key)
        if found is None:
            if not self.left:
                raise Exhausted
            self.left -= 1
            story = replace(self._story, entries=(*self._story.entries, *assumed))
            ledger = Ledger(story, max(day, self._known_at))
            found = Trial(self, Evaluation(self.program, ledger, day).now())
            self._made[key] = found
        return found


class Trial:
    """The answer under one set of assumptions, worked out as far as it is asked for."""

    def __init__(self, trials: Trials, view: View) -> None:
        self.trials = trials
        self.view = view

    @cached_property
    def state(self) -> str:
        return derive(self.trials.rules, self.view)

    @cached_property
    def held(self) -> tuple[Guard, ...]:
        """The guards that would hold the step back."""
        return tuple(self._holding())

    @cached_property
    def allowed(self) -> bool:
        """The step would be offered, and nothing would hold it back."""
        asked, view = self.trials, self.view
        if self.state in asked.step.blocked_in or next(self._holding(), None) is not None:
            return False
        if closed(asked.program, view, asked.pathway, self.state):
            return False
        return asked.step in offered_steps(asked.program, view, asked.pathway, self.state)

    @cached_property
    def opens(self) -> bool:
        """The step would be allowed, and nothing assumed would itself depart from the guideline."""
        return self.allowed and self.departures <= self.trials.on(self.trials.as_of).departures

    @cached_property
    def departures(self) -> frozenset[tuple[str, ...]]:
        """Departures of steps (code and events); those of duties follow later and are not asked here."""
        program, view = self.trials.program, self.view
        found = (one for p in self.trials.plan.pathways for one in deviations(program, view, p, ()))
        charged = (one for one in found if one.severity != "data" and one.status in _CHARGED)
        return frozenset((one.code, *(id for id in one.events if not is_assumed(id))) for one in charged)

    def outcome(self, guard: Guard) -> str:
        """What the guard would say, as far as it can block."""
        return str(self.trials.program[guard.hard](self.view))

    def _holding(self) -> Iterator[Guard]:
        asked = self.trials
        return holding(asked.program, self.view, asked.pathway, asked.step, self.state)


def visible(story: Story, as_of: date, known_at: Moment) -> Story:
    """What was known at known_at of the days up to as_of."""
    ledger = Ledger(story, known_at)
    known = ledger.now.by_id
    kept = [e for e in ledger.entries if e.type in CHANGES or known.get(e.id, e).day <= as_of]
    return replace(story, entries=tuple(kept))
