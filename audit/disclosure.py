"""What is told outside the house: small numbers are not, nor what would give them away by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SMALLEST: Final = 5
"""The least number of people that is told, unless the site says otherwise."""


def is_small(n: int | None, smallest: int) -> bool:
    """Whether a number could point at somebody. Nobody is nobody."""
    return n is not None and 0 < n < smallest


def rate_hidden(n: int, of: int, smallest: int) -> bool:
    """Whether a rate is kept back: few do, all but a few do, or there are few at all."""
    return any(is_small(one, smallest) for one in (n, of - n, of))


def parts_hidden(parts: Sequence[int], smallest: int) -> frozenset[int]:
    """Which parts of a whole that is told are kept back: the small ones; where it is a single one, or they
    are few even together, the next larger too, else it could be worked out.
    """
    hidden = {place for place, n in enumerate(parts) if is_small(n, smallest)}
    by_size = sorted((n, place) for place, n in enumerate(parts) if n and place not in hidden)
    for _, place in by_size:
        if not hidden or (len(hidden) > 1 and sum(parts[one] for one in hidden) >= smallest):
            break
        hidden.add(place)
    return frozenset(hidden)
