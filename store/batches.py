"""Patients in as many queries as they need: SQLite takes no more than some tens of thousands of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

AT_ONCE: Final = 10_000


def batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    """The numbers in their order, so many at once."""
    ordered = sorted(set(numbers))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
