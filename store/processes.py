"""Processes that work for this one. Only this one writes.

Each opens the database for itself and makes the functions of the engine anew (`Derivation.elsewhere`):
nothing but imported modules is inherited, so no open database is carried into another process.
Only a few pieces are under way at a time, so memory stays flat.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext

from store.collector import come_seldom
from store.database import open_database
from store.derivation import Elsewhere
from store.errors import WorkerLost
from store.keys import Keys
from store.workers import Place, Result, Task


def by_processes(
    here: Place, work: Callable[[Place, Task], Result], tasks: Iterator[Task], jobs: int
) -> Iterator[tuple[Task, Result]]:
    """Each task with what `work` makes of it, in order. Raises WorkerLost, and whatever the work raises."""
    with _pool(here, jobs) as pool:
        under_way: deque[tuple[Task, Future[Result]]] = deque()
        try:
            while True:
                for task in islice(tasks, 2 * jobs - len(under_way)):
                    with _no_interrupts():  # the first task starts the processes
                        under_way.append((task, pool.submit(_there, work, task)))
                if not under_way:
                    return
                task, future = under_way.popleft()
                yield task, future.result()
        except BrokenProcessPool:
            raise WorkerLost from None


@contextlib.contextmanager
def _pool(here: Place, jobs: int) -> Iterator[ProcessPoolExecutor]:
    url, keys = here.database.engine.url.render_as_string(hide_password=False), here.database.keys
    elsewhere = here.derive.elsewhere
    assert elsewhere is not None, "without it the work is done here"
    pool = ProcessPoolExecutor(jobs, _context(), partial(_start, url, keys, elsewhere))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _context() -> BaseContext:
    """Where it can be had, a server imports this room once and is forked into the processes."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["store.library", "store.record", "store.refresh"])
    return context


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """What is started meanwhile ignores Ctrl-C from its first moment: this process stops the others."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_places: list[Place] = []
"""In a process that works for another: what it works with."""


def _start(url: str, keys: Keys, elsewhere: Elsewhere) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    come_seldom()
    database = open_database(url, keys)
    _places[:] = [Place(database, elsewhere(database))]


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent = parent_process()
    assert parent is not None, "somebody started this process"
    parent.join()
    os._exit(1)


def _there(work: Callable[[Place, Task], Result], task: Task) -> Result:
    return work(_places[0], task)
