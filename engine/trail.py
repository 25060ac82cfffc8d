"""The way a patient walked: the derived state after each event, each change fired through the pathway's
machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from engine.evaluate import Evaluation, Meaning, Program, View, touched
from engine.machine import Cursor, build, fire
from engine.snapshot import Move
from pathways.pathway import Pathway

BEGINNING: Final = date(1800, 1, 1)
"""Before every story: what is known from the beginning gives the first state, which is no move."""


class Trail(NamedTuple):
    """Where a patient stands on one pathway and the moves that led there."""

    cursor: Cursor
    moves: list[Move]


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

    def trails(self, evaluation: Evaluation, now: View, walked: Sequence[int]) -> list[Trail]:
        """Every move up to now of the pathways with these numbers, and the present state of all."""
        last = evaluation.start(BEGINNING)
        trails = {n: Trail(Cursor(derive(self.rules[n], last)), []) for n in walked}
        events = now.known.events
        passed = last.today
        for position in range(now.length):
            event = events[position]
            self._tick(evaluation, trails, last, passed, event.day)
            passed = event.day
            touching = set(touched(now.known, position))
            concerned = [n for n in walked if not self.reads[n].isdisjoint(touching)]
            if concerned:
                last = evaluation.advanced(last, position + 1, event.day)
                for n in concerned:
                    self._step(n, trails[n], last, (event.id, event.type))
        self._tick(evaluation, trails, last, passed, now.today)
        now.memo[:] = self.program.kept(last, now.length, now.today)
        for n in walked:
            self._step(n, trails[n], now, None)
        standing = (n for n in range(len(self.rules)) if n not in trails)
        trails.update({n: Trail(Cursor(derive(self.rules[n], now)), []) for n in standing})
        return [trails[n] for n in range(len(self.rules))]

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
