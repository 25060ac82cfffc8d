"""Work on many patients: done here while it is little, shared among processes once it is much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from store.database import Database
from store.derivation import Derivation

Task = TypeVar("Task")
Result = TypeVar("Result")

alone = 3
"""Pieces done here first: starting a process takes about as long as these."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a piece of work is done with."""

    database: Database
    derive: Derivation


def shared(
    here: Place, work: Callable[[Place, Task], Result], tasks: Iterable[Task], jobs: int
) -> Iterator[tuple[Task, Result]]:
    """Each task with what `work`, a function of a module, makes of it, in order; many by `jobs` processes.

    Raises WorkerLost when a process dies, and whatever the work raises.
    """
    waiting = iter(tasks)
    alone_here = jobs < 2 or here.derive.elsewhere is None
    for task in waiting if alone_here else islice(waiting, alone):
        yield task, work(here, task)
    first = next(waiting, None)
    if first is not None:
        from store.processes import by_processes

        yield from by_processes(here, work, chain([first], waiting), jobs)
