"""The moves of a pathway put together for drawing: what leads from many states to one is drawn once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pathways.pathway import Pathway, Transition
from pathways.texts.wording import event_noun, listed

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
        return event_noun(self.events, many=False)

    @property
    def proviso(self) -> str:
        """The condition and the guards, in short."""
        guards = listed(self.guards, "and") if 0 < len(self.guards) <= MOST_GUARDS else ""
        counted = f"{len(self.guards)} guards" if len(self.guards) > MOST_GUARDS else guards
        return "; ".join(part for part in (self.condition, counted) if part)

    @property
    def told(self) -> str:
        """The move in full, for a tooltip."""
        guards = f"guards: {', '.join(self.guards)}" if self.guards else ""
        return "; ".join(part for part in (self.trigger, self.condition, guards) if part)


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
