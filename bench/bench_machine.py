"""One move of the pathway machine, with the guards it went against, beside plain `transitions` and a
dictionary.

The same story of 16 events on the same table of guarded moves: the machine of `engine.machine` (many light
cursors, one shared machine), the library used plainly (one shared machine, a detached model), and a
dictionary dispatch. The yardstick builds its own machine, so this file imports `transitions` too; no room
may.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from transitions import Machine

from bench import dispatch
from bench.measure import heading, in_turns, told, verdict
from engine.machine import Cursor, build, fire
from pathways.pathway import Pathway, State, Transition

PATIENTS, ROUNDS = 2_000, 7
EVENTS = len(dispatch.STORY)
GUARDED = {event: moves[0][0] for (_, event), moves in dispatch.table().items()}
TARGET, AIM = 4.0, 6.0
Conditions = list[str | Callable[..., bool | None]]


def pathway() -> Pathway:
    """The yardstick's table as a pathway: each move names its guards."""
    return Pathway(
        id="bench",
        key="bench",
        version="1",
        title="Bench",
        states=tuple(State(f"s{n}", f"State {n}") for n in range(EVENTS + 1)),
        rules=(),
        transitions=tuple(
            Transition(f"s{n}", event, f"s{n + 1}", tuple(f"{event}-{k}" for k in range(len(GUARDED[event]))))
            for n, event in enumerate(dispatch.STORY)
        ),
    )


class Model:
    """A patient of the plain library."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = "s0"


def plain() -> Machine:
    machine = Machine(
        model=None, states=[f"s{n}" for n in range(EVENTS + 1)], initial="s0", auto_transitions=False
    )
    for n, event in enumerate(dispatch.STORY):
        conditions: Conditions = [partial(guard, dispatch.FACTS) for guard in GUARDED[event]]
        machine.add_transition(event, f"s{n}", f"s{n + 1}", conditions=conditions)
    return machine


def main() -> int:
    ours, library, moves = build(pathway()), plain(), dispatch.table()
    guards = {f"{event}-{k}": guard for event, held in GUARDED.items() for k, guard in enumerate(held)}
    heading(f"{PATIENTS} patients of {EVENTS} events, {ROUNDS} rounds")

    def passing(name: str) -> bool:
        return guards[name](dispatch.FACTS)

    def cursors() -> None:
        for _ in range(PATIENTS):
            cursor = Cursor("s0")
            for n, event in enumerate(dispatch.STORY, 1):
                assert fire(ours, cursor, event, f"s{n}", passing) == (False, ())

    def models() -> None:
        for _ in range(PATIENTS):
            model = Model()
            for event in dispatch.STORY:
                assert library.events[event].trigger(model)

    def dispatched() -> None:
        for _ in range(PATIENTS):
            assert dispatch.walk(moves, dispatch.FACTS) == f"s{EVENTS}"

    mine, theirs, bare = in_turns(ROUNDS, cursors, models, dispatched)
    moved = PATIENTS * EVENTS
    ratio = told("a move with its guards against plain transitions", mine, moved, theirs, moved)
    told("a move with its guards against a dictionary", mine, moved, bare, moved)
    print(f"one idle cursor holds {sys.getsizeof(Cursor('s0'))} bytes beyond its state's name")
    return 0 if verdict("moves against plain transitions", ratio, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
