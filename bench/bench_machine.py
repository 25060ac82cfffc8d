"""A machine step with its reason against a plain `transitions` machine and a dictionary dispatch.

All three walk the same seeded moves of the main pathway and must accept and refuse the same ones. Ours says
which guards a move goes against; the plain machine only says no. A cursor at rest is all a patient costs.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from transitions import Machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading, in_turns, told, verdict
from engine.machine import Cursor, PathwayMachine, build, fire
from pathways.library import main_pathway
from pathways.pathway import Transition

PATIENTS, MOVES, ROUNDS = 300, 16, 9
HELD_BACK = 13
"""One guard in so many does not pass."""
TARGET, AIM = 6.0, 10.0
PATHWAY = main_pathway()

Results = dict[str, bool]
Move = tuple[str, str, Results]
"""The event, where it leads, and what the guards say."""


class Model:
    """A patient for the plain machine; its conditions read from it."""

    __slots__ = ("aim", "results", "state")

    def __init__(self, state: str) -> None:
        self.state = state
        self.aim = state
        self.results: Results = {}


def walks() -> list[list[Move]]:
    """Moves along the declared transitions, some of them against a guard."""
    open_states = {state.id for state in PATHWAY.states if not state.closed}
    by_source: dict[str, list[Transition]] = {}
    for transition in PATHWAY.transitions:
        if transition.target in open_states:  # nobody leaves, or every walk would be short
            by_source.setdefault(transition.source, []).append(transition)
    return [list(_walk(Random(seed), by_source)) for seed in range(PATIENTS)]


def _walk(random: Random, by_source: dict[str, list[Transition]]) -> Iterator[Move]:
    state = PATHWAY.states[0].id
    for _ in range(MOVES):
        chosen = random.choice(by_source[state])
        yield chosen.event, chosen.target, {guard: random.randrange(HELD_BACK) > 0 for guard in chosen.guards}
        state = chosen.target


def plain_machine() -> Machine:
    machine = Machine(
        model=None,
        states=[s.id for s in PATHWAY.states],
        initial=PATHWAY.states[0].id,
        auto_transitions=False,
    )
    for t in PATHWAY.transitions:
        asked: list[str | Callable[..., bool | None]] = [_aimed(t.target), *map(_passes, t.guards)]
        machine.add_transition(t.event, t.source, t.target, conditions=asked)
    return machine


_present: list[Model] = []
"""The patient whose step it is; conditions get no argument."""


def _aimed(target: str) -> Callable[[], bool]:
    return lambda: _present[0].aim == target


def _passes(guard: str) -> Callable[[], bool]:
    return lambda: _present[0].results[guard]


def ours(machine: PathwayMachine, patients: list[list[Move]]) -> list[bool]:
    start = PATHWAY.states[0].id
    accepted = []
    for moves in patients:
        cursor = Cursor(start)
        for event, aim, results in moves:
            fired = fire(machine, cursor, event, aim, results.get)
            accepted.append(not fired.off_pathway and not fired.against)
    return accepted


def plain(machine: Machine, patients: list[list[Move]]) -> list[bool]:
    start = PATHWAY.states[0].id
    events = machine.events
    accepted = []
    for moves in patients:
        model = Model(start)
        _present[:] = [model]
        for event, aim, results in moves:
            model.aim, model.results = aim, results
            accepted.append(events[event].trigger(model))
            model.state = aim
    return accepted


def dictionary() -> dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]]:
    table: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
    for t in PATHWAY.transitions:
        table.setdefault((t.source, t.event), []).append((t.target, t.guards))
    return table


def dispatched(table: Any, patients: list[list[Move]]) -> list[bool]:
    start = PATHWAY.states[0].id
    accepted = []
    for moves in patients:
        state = start
        for event, aim, results in moves:
            passed = False
            for target, guards in table.get((state, event), ()):
                if target == aim:
                    for guard in guards:
                        if not results[guard]:
                            break
                    else:
                        passed = True
                    break
            accepted.append(passed)
            state = aim
    return accepted


def at_rest(count: int) -> tuple[float, float]:
    """Bytes of a cursor that waits, the list that holds it included, and microseconds to make one."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    waiting = [Cursor("mdt_ready") for _ in range(count)]
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    started = time.process_time()
    fresh = [Cursor("mdt_ready") for _ in range(count)]
    taken = time.process_time() - started
    assert len(waiting) == len(fresh)
    return used / count, taken / count * 1e6


def main() -> int:
    patients = walks()
    steps = sum(map(len, patients))
    lean, machine, table = build(PATHWAY), plain_machine(), dictionary()
    accepted = ours(lean, patients)
    assert accepted == plain(machine, patients) == dispatched(table, patients)
    refused = accepted.count(False)
    heading(f"{PATIENTS} patients, {steps} moves, {refused} against a guard, {ROUNDS} rounds")
    taken = in_turns(
        ROUNDS,
        lambda: ours(lean, patients),
        lambda: plain(machine, patients),
        lambda: dispatched(table, patients),
    )
    ratio = told("a step with its reason against transitions", taken[0], steps, taken[1], steps)
    told("a step with its reason against a dictionary", taken[0], steps, taken[2], steps)
    few, many = at_rest(1_000), at_rest(100_000)
    sizes = f"{few[0]:.0f} B among 1,000, {many[0]:.0f} B among 100,000"
    print(f"a cursor at rest: {sizes}; {many[1]:.2f} us to make")
    small = many[0] <= 200
    return 0 if verdict("times a plain transitions machine", ratio, TARGET, AIM) and small else 1


if __name__ == "__main__":
    sys.exit(main())
