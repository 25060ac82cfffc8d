"""The moves of a pathway put together for drawing: what leads from many states to one is drawn once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pathways.pathway import Pathway, Transition
from pathways.texts.wording import event_noun
from pathways.worded import data, joined, worded

MANY: Final = 3
"""From so many states on, like moves to one target come together before they arrive."""

MOST_GUARDS: Final = 2
"""So many guards are named on an arrow; more are counted."""


@dataclass(frozen=True)
class Move:
    """An arrow: where it comes from (no source: from everywhere), where it goes, what is written on it."""

    sources: tuple[str, ...]
    target: str
    events: tuple[str, ...]
    condition: str
    guards: tuple[str, ...]

    @property
    def trigger(self) -> str:
        """The events, as nouns."""
        if len(self.events) == 2:
            first, second = (worded(event_noun([one], many=False)) for one in self.events)
            return worded("{a} or {b}", a=first, b=second)
        return worded(event_noun(self.events, many=False))

    @property
    def proviso(self) -> str:
        """The condition and the guards, in short."""
        if len(self.guards) > MOST_GUARDS:
            guards = worded("{n} guards", n=len(self.guards))
        elif len(self.guards) > 1:
            *start, last = self.guards
            guards = worded("{a} and {b}", a=", ".join(start), b=last)
        else:
            guards = data("".join(self.guards))
        return joined("; ", filter(None, (worded(self.condition), guards)))

    @property
    def told(self) -> str:
        """The move in full, for a tooltip."""
        guards = worded("guards: {guards}", guards=", ".join(self.guards)) if self.guards else ""
        return joined("; ", filter(None, (self.trigger, worded(self.condition), guards)))


def moves(pathway: Pathway) -> list[Move]:
    """All by-the-book moves, as few arrows as say the same."""
    going_on = {state.id for state in pathway.states if not state.final}
    return [_drawn(move, going_on) for move in _by_sources(_by_events(pathway.transitions))]


def _by_events(transitions: tuple[Transition, ...]) -> Iterator[tuple[str, Move]]:
    """One move for the events that do the same from one state."""
    found: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for t in transitions:
        found.setdefault((t.source, t.target, t.condition, t.guards), []).append(t.event)
    for (source, target, condition, guards), events in found.items():
        yield source, Move((), target, tuple(events), condition, guards)


def _by_sources(found: Iterator[tuple[str, Move]]) -> Iterator[Move]:
    """One move for the states from which the same leads to the same."""
    sources: dict[Move, list[str]] = {}
    for source, move in found:
        sources.setdefault(move, []).append(source)
    for move, states in sources.items():
        yield Move(tuple(states), move.target, move.events, move.condition, move.guards)


def _drawn(move: Move, going_on: set[str]) -> Move:
    """A move from every state that goes on comes from everywhere."""
    if len(going_on) >= MANY and going_on <= {*move.sources, move.target}:
        return Move((), move.target, move.events, move.condition, move.guards)
    return move
