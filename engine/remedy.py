"""What would make one guard pass: facts to find out, something to do, or a board that overrules it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from engine.assumed import dated, done, found_out, overruled, possible_values
from engine.event import Event
from engine.meaning.events import names_of
from engine.trial import Trial, Trials
from engine.verdict import passes
from pathways.graph import Node, walk
from pathways.pathway import Clause, Guard
from pathways.remedies import ACTIONS, OVERRULING, who_knows, who_knows_fact

MOST_NAMES: Final = 12
"""Missing data of one guard that are looked at."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that helps.

    `name` is the missing datum to find out (`value` is what opens), the event type to do, or the guard to
    overrule. `entry` is the entry assumed: what it says has to come true, its day is the first on which it
    helps.
    """

    kind: Literal["find_out", "do", "overrule"]
    name: str
    title: str
    who: str
    entry: Event
    value: object = None

    def on(self, day: date) -> Remedy:
        """The same on another day."""
        return replace(self, entry=dated(self.entry, day))


Parts = tuple[Remedy, ...]


class Remedies:
    """Options for the guards of one step of one patient."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials

    def trial(self, day: date, parts: Iterable[Remedy]) -> Trial:
        return self.trials.on(day, [one.entry for one in parts])

    def options(self, guard: Guard, day: date, parts: Parts) -> list[Parts]:
        """What makes the guard pass besides `parts`: facts, or one thing to do and perhaps facts with it."""
        facts = self._facts(guard, day, parts)
        options = [facts] if facts else []
        for ways in self.ways(guard, day, parts):
            options += self._first_way(ways, guard, day, parts)
        return options

    def _first_way(self, ways: int, guard: Guard, day: date, parts: Parts) -> list[Parts]:
        for number in range(len(ACTIONS[ways])):
            remedy = self.doing(ways, number, day, parts)
            with_it = (*parts, remedy)
            if self._passes(guard, day, with_it):
                return [(remedy,)]
            if facts := self._facts(guard, day, with_it):
                return [(remedy, *facts)]
        return []

    def doing(self, ways: int, number: int, day: date, parts: Parts) -> Remedy:
        """One way of doing something on `day`, after `parts`; both numbers are places in ACTIONS."""
        action = ACTIONS[ways][number]
        entry = done(action, self.trial(day, parts).view, day)
        return Remedy("do", action.event, action.title, action.who, entry)

    def ways(self, guard: Guard, day: date, parts: Parts) -> list[int]:
        """The things to do that the open conditions of the guard ask about, by their place in ACTIONS."""
        view = self.trial(day, parts).view
        asked = [c.test for c in _hard(guard) if self.trials.program[c.test](view) is not True]
        types = {type for test in asked for type in _types(test)}
        return [n for n, ways in enumerate(ACTIONS) if ways[0].event in types]

    def overruling(self, guard: Guard) -> Remedy:
        """A board of today that overrules the guard."""
        entry = overruled(guard.id, self.trials.as_of)
        return Remedy("overrule", guard.id, OVERRULING.title, OVERRULING.who, entry)

    # ---- facts ----

    def _facts(self, guard: Guard, day: date, parts: Parts) -> Parts:
        """What to find out for the guard to pass, each value the first that helps; none where that fails."""
        found = parts
        told = {one.name for one in parts}
        for name in (name for name in self._missing(guard, day, parts) if name not in told):
            before = self._weight(guard, day, found)
            for remedy in self._findable(name, day, parts):
                if self._weight(guard, day, (*found, remedy)) < before:
                    found = (*found, remedy)
                    break
        return found[len(parts) :] if self._passes(guard, day, found) else ()

    def _missing(self, guard: Guard, day: date, parts: Parts) -> list[str]:
        """The data on which an unknown guard rests."""
        trial = self.trial(day, parts)
        if trial.outcome(guard) != "unknown":
            return []
        program, view = self.trials.program, trial.view
        unknown = [c.test for c in _hard(guard) if program[c.test](view) is None]
        nodes = dict.fromkeys(n for test in unknown for n in (test, *walk(test)) if not n.free)
        open_ones = (n for n in nodes if program[n](view) is None)
        names = dict.fromkeys(name for n in open_ones for name in self.trials.explainer.missing(view, n))
        return list(names)[:MOST_NAMES]

    def _weight(self, guard: Guard, day: date, parts: Parts) -> tuple[int, int, int]:
        """How far off the step is: guards that fail, guards that hold it, data that this one misses."""
        trial = self.trial(day, parts)
        failing = sum(trial.outcome(one) == "fail" for one in trial.held)
        return failing, len(trial.held), len(self._missing(guard, day, parts))

    def _passes(self, guard: Guard, day: date, parts: Parts) -> bool:
        return passes(self.trial(day, parts).outcome(guard))

    def _findable(self, name: str, day: date, parts: Parts) -> Iterator[Remedy]:
        """Every answer the question for a datum may get, given today."""
        view = self.trial(day, parts).view
        event, _, path = name.partition(".")
        known = view.known.by_id.get(event) if path else None
        who = who_knows(known.type) if known else who_knows_fact(name)
        for value in possible_values(name, view):
            entry = found_out(name, value, view, self.trials.as_of)
            if entry is not None:
                yield Remedy("find_out", name, name, who, entry, value)


def _hard(guard: Guard) -> list[Clause]:
    return [c for c in guard.clauses if (c.force or guard.force) == "hard"]


@lru_cache(maxsize=1024)
def _types(test: Node) -> frozenset[str]:
    """The event types that a condition looks at."""
    return frozenset(type for n in walk(test) if n.op == "events" for type in names_of(n, "types"))
