"""Draws from one seeded generator.

Only `Random.random` is used: its sequence for a seed is the one that Python promises to keep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A generator and the kinds of draws that courses need."""

    def __init__(self, generator: Random) -> None:
        self._generator = generator

    @classmethod
    def seeded(cls, *parts: object) -> Chance:
        """A generator of its own for what the parts name, such as a seed and a patient."""
        return cls(Random("/".join(str(part) for part in parts)))

    def happens(self, share: float) -> bool:
        return self._generator.random() < share

    def whole(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int(self._generator.random() * (most - least + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.whole(0, len(options) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        place = self._generator.random() * sum(weights.values())
        for option, weight in weights.items():
            place -= weight
            if place < 0:
                return option
        return list(weights)[-1]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        left = list(options)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in options]
