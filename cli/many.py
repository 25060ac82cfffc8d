"""Many case files answered by several processes, told in the order of the files.

The processes are forked once pathways are compiled, so that they share them; where a system cannot fork, one
process does the work. Only a few batches are under way at a time, so memory stays flat.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from math import ceil
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

from cli.answers import Question
from cli.arguments import is_standard_input
from cli.status import Unavailable
from cli.told import Manner, Told, told

batch = 20
"""Files answered in one go."""


def told_by_many(files: Sequence[Path], question: Question, manner: Manner, jobs: int) -> Iterator[Told]:
    """Every case of the files in order, worked out by `jobs` processes."""
    if jobs < 2 or "fork" not in get_all_start_methods() or any(map(is_standard_input, files)):
        yield from told(files, question, manner)
        return
    yield from told(files[:batch], question, manner)  # what this compiles, the others get for nothing
    rest = (files[start : start + batch] for start in range(batch, len(files), batch))
    workers = max(1, min(jobs, ceil(len(files) / batch) - 1))
    with ProcessPoolExecutor(workers, get_context("fork"), _leave_interrupts_to_parent) as pool:
        try:
            yield from _in_order(pool, rest, question, manner, ahead=2 * jobs)
        except BrokenProcessPool:
            raise Unavailable("a process that answered cases has died; try --jobs 1") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor,
    batches: Iterator[Sequence[Path]],
    question: Question,
    manner: Manner,
    ahead: int,
) -> Iterator[Told]:
    waiting: deque[Future[list[Told]]] = deque()
    while True:
        for files in islice(batches, ahead - len(waiting)):
            waiting.append(pool.submit(_told_list, files, question, manner))
        if not waiting:
            return
        yield from waiting.popleft().result()


def _told_list(files: Sequence[Path], question: Question, manner: Manner) -> list[Told]:
    return list(told(files, question, manner))


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
