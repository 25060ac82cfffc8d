"""What would open a step that is held back: the smallest sets of facts to find out and things to do.

Nothing is inferred from how a rule is written. A set is offered only after it was tried: assumed to come true
and asked anew, the step is allowed, and no part of the set alone opens it. Where nothing opens it today, the
days are tried on which time may change that. A board that overrules (outline R22) is offered only where
nothing else was found.

The search is bounded by the numbers here and in `engine.remedy`; `complete` says whether it came to its end.
Data that may take endless values (days, numbers, ids) are not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations
from typing import Final

from engine.event import Moment, Story
from engine.remedy import Parts, Remedies, Remedy
from engine.replay import Enrolment, plan_of
from engine.timers import Timers
from engine.trial import Exhausted, Trial, Trials
from pathways.graph import walk
from pathways.pathway import Guard
from pathways.remedies import ACTIONS

MOST_TRIED: Final = 1500
"""Trials in all."""
MOST_PARTS: Final = 8
"""Facts and things to do in one set."""
MOST_DAYS: Final = 4
"""Later days that are tried."""
MOST_REPEATED: Final = 2
"""How often a thing that sets a clock is done before the day on which the step opens."""
MOST_OPENINGS: Final = 3
"""Sets that are offered."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The step is allowed from `on` if all of this comes true; with nothing to come true, by itself."""

    on: date
    remedies: Parts

    @property
    def overrules(self) -> int:
        """How many guards a board has to overrule: departures that stay visible."""
        return sum(one.kind == "overrule" for one in self.remedies)


@dataclass(frozen=True, slots=True)
class Unblocking:
    """What would open a step, the smallest sets first.

    `held` names the guards that nothing opens today; `by_state` says that the state allows the step to
    nobody.
    """

    step: str
    openings: tuple[Opening, ...]
    held: tuple[str, ...]
    by_state: bool
    complete: bool


def unblock(
    enrolments: Sequence[Enrolment], story: Story, as_of: date, known_at: Moment, key: str, step: str
) -> Unblocking:
    """What would open a step of the pathway `key` that is offered and not allowed on `as_of`.

    Raises KeyError where there is no such pathway or step.
    """
    plan, number = plan_of(enrolments, key)
    wanted = {one.id: one for one in plan.pathways[number].steps}[step]
    return _Search(Trials(plan, number, wanted, story, as_of, known_at, MOST_TRIED)).result()


Beginning = tuple[date, Parts]


class _Search:
    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self.remedies = Remedies(trials)
        self.trial = self.remedies.trial
        self.today = trials.as_of
        self.complete = True
        self.stuck: list[tuple[Parts, tuple[Guard, ...]]] = []

    def result(self) -> Unblocking:
        step, state = self.trials.step, self.trial(self.today, ()).state
        by_state = state in step.blocked_in
        found: list[Opening] = []
        try:
            found = [] if by_state else self._openings()
        except Exhausted:
            self.complete = False
        now = any(one.on == self.today and not one.overrules for one in found)
        held = () if now or not self.stuck else tuple(g.id for g in self.stuck[0][1])
        return Unblocking(step.id, tuple(found[:MOST_OPENINGS]), held, by_state, self.complete)

    def _openings(self) -> list[Opening]:
        """Today, or else later, or else with a board that overrules as little as possible."""
        return (
            self._smallest(self.today, (), overruling=False)
            or self._later(overruling=False)
            or self._departing()
        )

    def _departing(self) -> list[Opening]:
        if not self.complete:  # there may be a way without a departure
            return []
        found = [*self._smallest(self.today, (), overruling=True), *self._later(overruling=True)]
        return sorted(found, key=lambda one: (one.overrules, one.on, len(one.remedies)))[:1]

    # ---- sets on one day ----

    def _smallest(self, day: date, begun: Parts, overruling: bool) -> list[Opening]:
        """The sets that open the step on `day` of which no part does, the smallest first."""
        found: dict[frozenset[str], Parts] = {}
        for parts in self._sets(day, begun, overruling):
            for least in self._least(day, parts):
                found.setdefault(frozenset(_ids(least)), least)
        return [Opening(day, _chased(parts)) for parts in sorted(found.values(), key=len)]

    def _sets(
        self, day: date, parts: Parts, overruling: bool, waiting: frozenset[str] = frozenset()
    ) -> Iterator[Parts]:
        """Sets that open the step, one guard after the other; perhaps with more in them than is needed.

        Guards that are `waiting` had no remedy so far; they are asked again when no other has one.
        """
        trial = self.trial(day, parts)
        if trial.opens:
            yield parts
        elif len(parts) >= MOST_PARTS:
            self.complete = False
        elif trial.allowed:
            yield from self._without_departing(day, parts)
        else:
            yield from self._further(day, parts, overruling, waiting)

    def _without_departing(self, day: date, parts: Parts) -> Iterator[Parts]:
        """With one thing more done today, so that what the set asks for departs from nothing."""
        for n in range(len(ACTIONS)):
            more = (*parts, self.remedies.doing(n, 0, self.today, parts))
            if self.trial(day, more).opens:
                yield more

    def _further(self, day: date, parts: Parts, overruling: bool, waiting: frozenset[str]) -> Iterator[Parts]:
        held = self.trial(day, parts).held
        for guard in sorted(held, key=lambda one: one.id in waiting):
            options = self.remedies.options(guard, day, parts)
            for option in options:
                yield from self._sets(day, (*parts, *option), overruling, waiting)
            if options:
                return
            waiting |= {guard.id}
        if overruling and held:
            yield from self._sets(day, (*parts, *map(self.remedies.overruling, held)), overruling=False)
        elif day == self.today:
            self.stuck.append((parts, held))

    def _least(self, day: date, parts: Parts) -> list[Parts]:
        """Every part of a set that opens the step and has no part that does."""
        found: list[Parts] = []
        for some in chain.from_iterable(combinations(parts, size) for size in range(len(parts) + 1)):
            more = any(_ids(one) <= _ids(some) for one in found)
            if not more and self.trial(day, some).opens:
                found.append(some)
        return found

    # ---- later days ----

    def _later(self, overruling: bool) -> list[Opening]:
        """The sets of the first later day that has any; where boards overrule, those of every day tried."""
        found: list[Opening] = []
        for beginnings in self._beginnings():
            for day, begun in sorted(beginnings, key=lambda one: one[0]):
                found += [self._sooner(one) for one in self._smallest(day, begun, overruling)]
                if found and (not overruling or min(one.overrules for one in found) == 1):
                    return found
        return found

    def _beginnings(self) -> Iterator[list[Beginning]]:
        """Later days, each with what was done before: nothing; all that can be done today; one thing more,
        where that sets a clock, and then the same again and again.

        The one thing is done today, tomorrow (it may have to follow on what is done today), or on the first
        later day.
        """
        yield [(day, ()) for day in self._days(())]
        for parts, held in self.stuck[:1]:
            days = self._days(parts)
            yield [(day, parts) for day in days]
            ways = dict.fromkeys(n for guard in held for n in self.remedies.ways(guard, self.today, parts))
            starts = (self.today, self.today + timedelta(1), *days[:1])
            begun = [(n, (*parts, self.remedies.doing(n, 0, day, parts))) for n in ways for day in starts]
            for _ in range(MOST_REPEATED):
                fresh = [(n, one, day) for n, one in begun for day in self._days(one) if day not in days]
                yield [(day, one) for _, one, day in fresh]
                begun = [(n, (*one, self.remedies.doing(n, 0, day, one))) for n, one, day in fresh[:1]]

    def _days(self, parts: Parts) -> list[date]:
        """Later days that the guards which hold the step speak of, else those of dated items, and the days
        after them.
        """
        trial = self.trial(max([self.today, *(one.entry.day for one in parts)]), parts)
        for values in (self._spoken_of(trial), self._dated(trial)):
            later = sorted({v for v in values if isinstance(v, date) and v > trial.view.today})[:MOST_DAYS]
            if later:
                return sorted({day + timedelta(n) for day in later for n in (0, 1)})
        return []

    def _spoken_of(self, trial: Trial) -> Iterator[object]:
        tests = [clause.test for guard in trial.held for clause in guard.clauses]
        nodes = (n for n in walk(*tests) if n.type == "date" and not n.free)
        yield from (self.trials.program[n](trial.view) for n in (*nodes, *self.trials.pathway.ticks))

    def _dated(self, trial: Trial) -> Iterator[object]:
        for instance in Timers(self.trials.program, trial.view, self.trials.pathway).instances():
            yield instance.due

    def _sooner(self, opening: Opening) -> Opening:
        """The same with all that can be done today already to be done today."""
        parts = opening.remedies
        for n, one in enumerate(parts):
            earlier = (*parts[:n], one.on(self.today), *parts[n + 1 :])
            if self.trial(opening.on, earlier).opens:
                parts = earlier
        return Opening(opening.on, _chased(parts))


def _ids(parts: Parts) -> set[str]:
    return {one.entry.id for one in parts}


_titles: Final = [action.title for ways in ACTIONS for action in ways]


def _chased(parts: Parts) -> Parts:
    """In the order in which a coordinator would chase them: facts, what is to be done by day, boards that
    overrule.
    """
    return tuple(sorted(parts, key=_place))


def _place(one: Remedy) -> tuple[int, date, int]:
    kind = ("find_out", "do", "overrule").index(one.kind)
    return kind, one.entry.day, _titles.index(one.title) if one.kind == "do" else 0
