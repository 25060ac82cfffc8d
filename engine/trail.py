"""The way a patient walked: the derived state after each event, each change fired through the pathway's
machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from engine.evaluate import WHOLE, Evaluation, Meaning, Program, Value, View, touched
from engine.machine import Cursor, build, fire
from engine.snapshot import Move
from pathways.graph import Node, walk
from pathways.pathway import Pathway

BEGINNING: Final = date(1800, 1, 1)
"""Before every story: what is known from the beginning gives the first state, which is no move."""


class Trail(NamedTuple):
    """Where a patient stands on one pathway and the moves that led there."""

    cursor: Cursor
    moves: list[Move]


class Walk(NamedTuple):
    """How far a patient was walked by the last event: where the next walk of the same patient can go on.

    `trails` are the states and moves by the number of the pathway. All `length` events were passed, the last
    of them on the day `passed`. The last view saw `seen` of them, was of the day `today`, and had worked out
    `memo`.
    """

    trails: Mapping[int, tuple[str, tuple[Move, ...]]]
    length: int
    seen: int
    today: date
    memo: Sequence[Value]
    passed: date


def derive(rules: Sequence[tuple[str, Meaning]], view: View) -> str:
    """The first state whose rule is surely true (outline 3.2); the last rule of a pathway always is."""
    for state, when in rules:
        if when(view) is True:
            return state
    raise AssertionError("no rule gives a state; the last rule of a pathway must always apply")


class Walker:
    """Walks a patient along several pathways at once; they share what is worked out after each event."""

    def __init__(self, program: Program, pathways: Sequence[Pathway]) -> None:
        self.program = program
        self.rules = [[(r.state, program[r.when]) for r in p.rules] for p in pathways]
        self.machines = [build(p) for p in pathways]
        self.guards = [{g.id: program[g.hard] for g in p.guards} for p in pathways]
        self.ticks = [(n, [program[t] for t in p.ticks]) for n, p in enumerate(pathways) if p.ticks]
        self.reads = [frozenset().union(*(program.reads(r.when) for r in p.rules)) for p in pathways]
        self.resumable = all(node.op not in WHOLE for p in pathways for node in walk(*_asked(p)))

    def trails(
        self, evaluation: Evaluation, now: View, walked: Sequence[int], before: Walk | None = None
    ) -> tuple[list[Trail], Walk]:
        """Every move up to now of the pathways with these numbers, and the present state of all.

        With `before` the walk goes on from there, and `now` holds already what lasts of that.
        """
        trails, last, passed = self._begun(evaluation, walked, before)
        events = now.known.events
        for position in range(before.length if before else 0, now.length):
            event = events[position]
            self._tick(evaluation, trails, last, passed, event.day)
            passed = event.day
            touching = set(touched(now.known, position))
            concerned = [n for n in walked if not self.reads[n].isdisjoint(touching)]
            if concerned:
                last = evaluation.advanced(last, position + 1, event.day)
                for n in concerned:
                    self._step(n, trails[n], last, (event.id, event.type))
        places = {n: (trail.cursor.state, tuple(trail.moves)) for n, trail in trails.items()}
        here = Walk(places, now.length, last.length, last.today, last.memo, passed)
        self._tick(evaluation, trails, last, passed, now.today)
        if before is None:
            now.memo[:] = self.program.kept(last, now.length, now.today)
        for n in walked:
            self._step(n, trails[n], now, None)
        standing = (n for n in range(len(self.rules)) if n not in trails)
        trails.update({n: Trail(Cursor(derive(self.rules[n], now)), []) for n in standing})
        return [trails[n] for n in range(len(self.rules))], here

    def _begun(
        self, evaluation: Evaluation, walked: Sequence[int], before: Walk | None
    ) -> tuple[dict[int, Trail], View, date]:
        """Where the walk begins, the view last looked at there, and the day up to which time has passed."""
        if before is None:
            view = evaluation.start(BEGINNING)
            return {n: Trail(Cursor(derive(self.rules[n], view)), []) for n in walked}, view, view.today
        memo = self.program.lasting(before.memo, evaluation.ledger.now, before.length)
        view = evaluation.resumed(before.seen, before.today, memo)
        trails = {n: Trail(Cursor(state), list(moves)) for n, (state, moves) in before.trails.items()}
        return trails, view, before.passed

    def _tick(
        self, evaluation: Evaluation, trails: Mapping[int, Trail], last: View, passed: date, until: date
    ) -> None:
        """Goes through the days after `passed` on which time alone may change a state, each once."""
        for n, ticks in self.ticks:
            if n in trails:
                days = {tick(last) for tick in ticks}
                for day in sorted(d for d in days if isinstance(d, date) and passed < d <= until):
                    self._step(n, trails[n], evaluation.advanced(last, last.length, day), None)

    def _step(self, number: int, trail: Trail, view: View, event: tuple[str, str] | None) -> None:
        state = derive(self.rules[number], view)
        if state == trail.cursor.state:
            return
        guards = self.guards[number]
        source = trail.cursor.state if trail.moves else None
        fired = fire(
            self.machines[number],
            trail.cursor,
            event[1] if event else "",
            state,
            lambda guard: guards[guard](view) not in ("fail", "unknown"),
        )
        id = event[0] if event else None
        trail.moves.append(Move(view.today, id, source, state, fired.off_pathway, fired.against))


def _asked(pathway: Pathway) -> Iterator[Node]:
    """All that a walk asks of a pathway."""
    yield from (rule.when for rule in pathway.rules)
    yield from (guard.hard for guard in pathway.guards)
    yield from pathway.ticks
