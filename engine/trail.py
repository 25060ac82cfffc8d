"""The way a patient walked: the derived state after each event, each change fired through the pathway's machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from engine.evaluate import TODAY, Evaluation, Program, View
from engine.machine import Cursor, build, fire
from engine.snapshot import Move
from pathways.pathway import Pathway

BEGINNING: Final = date(1800, 1, 1)
"""Before every story: what is known from the beginning gives the first state, which is no move."""


class Trail(NamedTuple):
    """Where a patient stands on one pathway and the moves that led there."""

    cursor: Cursor
    moves: list[Move]


def derive(program: Program, pathway: Pathway, view: View) -> str:
    """The first state whose rule is surely true (outline 3.2); the last rule of a pathway always is."""
    for rule in pathway.rules:
        if program[rule.when](view) is True:
            return rule.state
    raise AssertionError(f"{pathway.id}: no rule gives a state; the last rule must always apply")


class Walker:
    """Walks a patient along several pathways at once, so that they share what is worked out after each event."""

    def __init__(self, program: Program, pathways: Sequence[Pathway]) -> None:
        self.program = program
        self.pathways = pathways
        self.machines = [build(p) for p in pathways]
        self.guards = [{g.id: program[g.hard] for g in p.guards} for p in pathways]
        self.ticks = [(n, [program[t] for t in p.ticks]) for n, p in enumerate(pathways) if p.ticks]
        self.types = [frozenset().union(*(program.reads(r.when) for r in p.rules)) for p in pathways]

    def trails(self, evaluation: Evaluation, now: View) -> list[Trail]:
        """Every move up to now, and the present state, for each pathway."""
        start = evaluation.start(BEGINNING)
        trails = [Trail(Cursor(derive(self.program, p, start)), []) for p in self.pathways]
        last = start
        events = now.known.events
        for n in range(now.length):
            event = events[n]
            last = self._tick(evaluation, trails, last, event.day)
            if any(event.type in types for types in self.types):
                last = evaluation.advanced(last, n + 1, event.day)
                for number, types in enumerate(self.types):
                    if event.type in types:
                        self._step(number, trails[number], last, (event.id, event.type))
        last = self._tick(evaluation, trails, last, now.today)
        now.memo[:] = self.program.kept(last, now.length, now.today)
        for number, trail in enumerate(trails):
            if TODAY in self.types[number]:
                self._step(number, trail, now, None)
        return trails

    def _tick(self, evaluation: Evaluation, trails: Sequence[Trail], last: View, until: date) -> View:
        """Passes the days after `last` on which time alone may change a state."""
        for number, ticks in self.ticks:
            days = {tick(last) for tick in ticks}
            for day in sorted(d for d in days if isinstance(d, date) and last.today < d <= until):
                self._step(number, trails[number], evaluation.advanced(last, last.length, day), None)
        return last

    def _step(self, number: int, trail: Trail, view: View, event: tuple[str, str] | None) -> None:
        state = derive(self.program, self.pathways[number], view)
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
