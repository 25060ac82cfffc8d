"""The way a patient walked: the derived state after each event, each change fired through the pathway's machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from engine.evaluate import Evaluation, Program, View
from engine.machine import Cursor, PathwayMachine, fire
from engine.snapshot import Move
from pathways.graph import Node, walk
from pathways.pathway import Pathway

BEGINNING: Final = date(1800, 1, 1)
"""Before every story: what is known from the beginning gives the first state, which is no move."""
_ANY_EVENT: Final = frozenset({"ledger", "duplicates", "after_death"})


def derive(program: Program, pathway: Pathway, view: View) -> str:
    """The first state whose rule is surely true (outline 3.2); the last rule of a pathway always is."""
    for rule in pathway.rules:
        if program[rule.when](view) is True:
            return rule.state
    raise AssertionError(f"{pathway.id}: no rule gives a state; the last rule must always apply")


def events_read(roots: Sequence[Node]) -> frozenset[str] | None:
    """The event types on which these expressions depend; None when any may matter."""
    types: set[str] = set()
    for node in walk(*roots):
        if node.op in _ANY_EVENT:
            return None
        if node.op == "events":
            types.update(str(t) for t in node.param("types"))  # type: ignore[union-attr]
        if node.op == "fact":
            types.add("finding_recorded")
    return frozenset(types)


class Walker:
    """Walks patients along one pathway."""

    def __init__(self, program: Program, pathway: Pathway, machine: PathwayMachine) -> None:
        self.program = program
        self.pathway = pathway
        self.machine = machine
        self.types = events_read([r.when for r in pathway.rules])
        self.guards = {g.id: program[g.hard] for g in pathway.guards}

    def trail(self, evaluation: Evaluation, now: View) -> tuple[tuple[Move, ...], str]:
        """Every move up to now, and the present state."""
        start = evaluation.prefix(0, BEGINNING)
        cursor = Cursor(derive(self.program, self.pathway, start))
        moves: list[Move] = []
        for view, event in self._views(evaluation, start, now):
            state = derive(self.program, self.pathway, view)
            if state != cursor.state:
                moves.append(self._move(cursor, view, event, state, first=not moves))
        return tuple(moves), cursor.state

    def _views(
        self, evaluation: Evaluation, start: View, now: View
    ) -> Iterator[tuple[View, tuple[str, str] | None]]:
        known = now.known
        last = start
        for n in range(now.length):
            event = known.events[n]
            if self.types is not None and event.type not in self.types:
                continue
            yield from self._ticks(evaluation, last, event.day)
            last = evaluation.prefix(n + 1, event.day)
            yield last, (event.id, event.type)
        yield from self._ticks(evaluation, last, now.today)
        yield now, None

    def _ticks(self, evaluation: Evaluation, last: View, until: date) -> Iterator[tuple[View, None]]:
        """Days after the last event on which time alone may change the state."""
        days = {self.program[node](last) for node in self.pathway.ticks}
        for day in sorted(d for d in days if isinstance(d, date) and last.today < d <= until):
            yield evaluation.prefix(last.length, day), None

    def _move(
        self, cursor: Cursor, view: View, event: tuple[str, str] | None, state: str, first: bool
    ) -> Move:
        source = None if first else cursor.state
        passing: Callable[[str], bool | None] = lambda g: self.guards[g](view) not in ("fail", "unknown")  # noqa: E731
        fired = fire(self.machine, cursor, event[1] if event else "", state, passing)
        return Move(view.today, event[0] if event else None, source, state, fired.off_pathway, fired.against)
