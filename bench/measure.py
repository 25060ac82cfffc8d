"""How the benchmarks measure: both sides in turns, several times in one run, and the median of the ratios."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence

Side = Callable[[], object]


def seconds(work: Side) -> float:
    """CPU seconds of this process."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turns(rounds: int, *sides: Side) -> list[list[float]]:
    """Seconds of each side in each round; a first round warms up and does not count."""
    for side in sides:
        side()
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for times, side in zip(taken, sides, strict=True):
            times.append(seconds(side))
    return taken


def told(name: str, ours: Sequence[float], count: int, other: Sequence[float], other_count: int) -> float:
    """Prints both rates and how much of the yardstick's rate ours is; gives the median."""
    ratios = sorted((count / a) / (other_count / b) for a, b in zip(ours, other, strict=True))
    ratio = statistics.median(ratios)
    rates = (
        f"{count / statistics.median(ours):9.0f}/s against {other_count / statistics.median(other):9.0f}/s"
    )
    print(f"{name:44} {rates}   ratio {ratio:.4g} ({ratios[0]:.4g} to {ratios[-1]:.4g})", flush=True)
    return ratio


def heading(what: str) -> None:
    print(f"{what}, Python {platform.python_version()}, {os.cpu_count()} processors", flush=True)


def verdict(name: str, value: float, target: float, aim: float) -> bool:
    met = value >= target
    print(f"{name}: target {target:g}, aim {aim:g}: {'met' if met else 'MISSED'}", flush=True)
    return met
