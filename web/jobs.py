"""What takes long, done beside the pages: one thing at a time, with how far it is, and what came of it.

Kept in memory, as long as this program runs: the page that tells of it may be opened again and again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from store.errors import Busy, CannotWrite

log = logging.getLogger("carepath.web")

_One = TypeVar("_One")
Begin = Callable[[Callable[[], None]], None]


def in_a_thread(work: Callable[[], None]) -> None:
    """Do it beside; the program does not wait for it when it ends."""
    threading.Thread(target=work, name="job", daemon=True).start()


class UnderWay(Exception):
    """Something else is being done; `job` tells what."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.kind)
        self.job = job


class Halted(Exception):
    """Somebody asked for it to end."""


@dataclass
class Job:
    """Something that is being done, or was: what, for whom, how far it is, what came of it.

    `asked` is what was asked for, `result` what was found once `ended` is set, unless it `failed`.
    """

    kind: str
    who: str
    begun: datetime
    asked: Any = None
    done: int = 0
    total: int = 0
    ended: datetime | None = None
    result: Any = None
    failed: str = ""
    halted: bool = False

    @property
    def at_work(self) -> bool:
        return self.ended is None

    def counted(self, found: Iterable[_One], total: int) -> Iterator[_One]:
        """Each of them, keeping how many there were. Raises Halted between two, where that is asked for."""
        self.done, self.total = 0, total
        for one in found:
            yield one
            self.done += 1
            if self.halted:
                raise Halted


KEPT: Final = 20
"""Of so many people what they did last is kept; a result can be large."""


@dataclass
class Jobs:
    """All of them: the latest of each kind, and of each person where it is that person's own."""

    begin: Begin = in_a_thread
    _last: dict[tuple[str, str], Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(
        self, job: Job, work: Callable[[Job], Any], clock: Callable[[], datetime], *, own: bool = False
    ) -> Job:
        """Begin with it. `own`: only who asked for it sees what comes of it. Raises UnderWay."""
        with self._lock:
            if other := self.at_work():
                raise UnderWay(other)
            key = (job.kind, job.who if own else "")
            self._last.pop(key, None)
            self._last[key] = job
            for old in [*self._last][:-KEPT]:
                del self._last[old]
        self.begin(lambda: _done(job, work, clock))
        return job

    def at_work(self) -> Job | None:
        """What is being done."""
        return next((one for one in self._last.values() if one.at_work), None)

    def last(self, kind: str, who: str = "") -> Job | None:
        """The latest of a kind, of a person where it is one's own."""
        return self._last.get((kind, who))

    def forget(self, kind: str, who: str = "") -> None:
        """Keep nothing of one that has ended."""
        with self._lock:
            found = self.last(kind, who)
            if found is not None and not found.at_work:
                del self._last[kind, who]


def _done(job: Job, work: Callable[[Job], Any], clock: Callable[[], datetime]) -> None:
    try:
        job.result = work(job)
    except Halted:
        job.failed = "It was ended before it was done."
    except (Busy, CannotWrite, OSError) as error:
        job.failed = str(error)
    except Exception as error:  # what is in it stays out of pages and logs: it may name a patient
        log.error("%s: %s", job.kind, type(error).__name__)
        job.failed = f"a defect ({type(error).__name__})"
    job.ended = clock()
