"""An input door under fire: many inputs made from a seed, each within limits of time and memory.

A door keeps its laws by raising for whatever breaks one. An input that breaks one is made as short as can be
and kept in `tests/fuzzing/found`, from where it is tried again for ever (`test_found.py`).
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from traceback import extract_tb
from types import FrameType

FOUND = Path(__file__).parent / "found"

FEW = 100
"""Inputs of a door in `dev.py test`."""

MANY = 100_000
"""Inputs of a door in `dev.py soak`."""

longest_seconds = 30
"""Of the processor, not of the clock: nearly all inputs take milliseconds, also where others work."""

largest_growth = 400_000
"""Kilobytes that one input may need beyond what this process held before it."""

_marks = Path("/proc/self/clear_refs")
_status = Path("/proc/self/status")

most_kinds = 10
"""Different failures after which a run ends."""


class TooSlow(BaseException):
    """An input is still being read after the time that is plenty."""


@dataclass(frozen=True)
class Door:
    """A way in.

    `make` gives an input; `enter` hands it in and raises where a law is broken. `whole` does the same through
    the command line, which takes longer: one input in `one_in` goes that way as well.
    """

    name: str
    make: Callable[[Random], bytes]
    enter: Callable[[bytes], None]
    whole: Callable[[bytes], None] | None = None
    one_in: int = 400

    def ways(self, number: int) -> Iterator[Callable[[bytes], None]]:
        yield self.enter
        if self.whole and number % self.one_in == 0:
            yield self.whole


def fuzz(door: Door, inputs: int) -> None:
    """Try so many inputs. Raises AssertionError that names the files in which failing ones were kept."""
    kinds: dict[str, str] = {}
    for number in range(inputs):
        data = door.make(Random(f"{door.name} {number}"))
        for way in door.ways(number):
            trouble = broken_law(way, data)
            if trouble and trouble not in kinds:
                kinds[trouble] = kept(door, shortened(way, data, trouble))
        if len(kinds) >= most_kinds:
            break
    assert not kinds, "\n".join(f"{file}: {trouble}" for trouble, file in kinds.items())


def broken_law(way: Callable[[bytes], None], data: bytes) -> str | None:
    """Which law an input breaks, and where in the program; None when it breaks none."""
    before = _most_memory_from_here()
    try:
        with _watchdog():
            way(data)
    except (Exception, TooSlow) as error:
        step = extract_tb(error.__traceback__)[-1]
        words = str(error) if isinstance(error, AssertionError) else ""
        return f"{type(error).__name__} in {Path(step.filename).name}:{step.lineno} {words[:200]}".rstrip()
    return "takes too much memory" if _most_memory() - before > largest_growth else None


def _most_memory_from_here() -> int:
    """The mark of the most memory, set back to what is held now: no earlier input hides a large one."""
    if _marks.exists():
        _marks.write_text("5", encoding="ascii")
    return _most_memory()


def _most_memory() -> int:
    """Kilobytes since the mark was set back; outside Linux it cannot be, and memory is not watched."""
    if not _marks.exists():
        return 0
    lines = _status.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def told_why(refused: Exception) -> None:
    """Raises AssertionError for a refusal that says nothing."""
    assert str(refused).strip(), "refused without a reason"


@contextmanager
def _watchdog() -> Iterator[None]:
    def bark(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, bark)
    signal.setitimer(signal.ITIMER_VIRTUAL, longest_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def shortened(way: Callable[[bytes], None], data: bytes, trouble: str, tries: int = 2000) -> bytes:
    """The input without every piece that the failure does not need, found by leaving pieces out."""
    if trouble.startswith(("TooSlow", "takes")):
        return data
    size = len(data) // 2
    while size:
        start = 0
        while start < len(data) and tries:
            shorter = data[:start] + data[start + size :]
            tries -= 1
            if broken_law(way, shorter) == trouble:
                data = shorter
            else:
                start += size
        size //= 2
    return data


def kept(door: Door, data: bytes) -> str:
    """The file in which an input stays as a test."""
    folder = FOUND / door.name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / hashlib.sha256(data).hexdigest()[:12]
    file.write_bytes(data)
    return str(file)
