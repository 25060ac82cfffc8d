"""A worked patient for each comparison, and a way to move her across its boundary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final

from pathways.graph import Node
from pathways.settings import Settings
from pathways.text import sentence
from tests.boundaries.comparisons import Compared, Owner, asked_by, came_to, holds, noted_at
from tests.boundaries.moves import Move, moves, variants
from tests.boundaries.stories import Point, moved, points

DECIDED_ELSEWHERE_BEYOND: Final = {
    "g-cns-keep-regimen": "without a progression in the CNS there is no first one",
    "lung-solitary": "without a lesion of the lung it is not shown",
    "definition-five": "exactly five: the same count is compared from both sides",
}
"""Declarations in which another condition decides on the far side of the boundary."""

STEPS: Final = (0, -1, 1)
_TRIES: Final = 3
_MOST_OWNERS: Final = 6
_MOST_ALIKE: Final = 3
_MOST_DISTANCES: Final = 6

Outcome = list[tuple[object, ...]]


@dataclass(frozen=True)
class Crossing:
    """A patient near the boundary of a comparison. `way` is the number of the move, `sign` its direction."""

    comparison: Node
    owner: Owner
    point: Point
    unit: str
    distance: int
    way: int
    sign: int

    def runs(self) -> dict[int, tuple[Outcome, list[Compared]]]:
        """What the declaration comes to one below the boundary, on it and one above, with what was compared.

        A step is missing where the way does not lead there, for instance to a count below zero.
        """
        move = list(moves(self.comparison, self.point.story, self.unit))[self.way]
        reached = {step: self._reach(move, step) for step in STEPS}
        return {step: run for step, run in reached.items() if run is not None}

    def _reach(self, move: Move, step: int) -> tuple[Outcome, list[Compared]] | None:
        """A day further is now and then two by the calendar, so that it takes a second try."""
        by = self.sign * (step - self.distance)
        for _ in range(_TRIES):
            try:
                story, as_of = move(self.point.story, self.point.as_of, by)
            except (ValueError, OverflowError):
                return None
            came, noted = came_to(self.owner, story, as_of, self.point.settings)
            for one in noted:
                assert one.result == holds(one.node, one.unit, one.distance), sentence(one.node)
            mine = [one for one in noted if one.node is self.comparison]
            if not mine:
                return None
            off = min((step - one.distance for one in mine), key=abs)
            if off == 0:
                return came, mine
            by += self.sign * int(off)
        return None

    def crosses(self) -> bool:
        """The outcome changes between the neighbours that the comparison separates, and between no others."""
        came = {step: outcome for step, (outcome, _) in self.runs().items()}
        said = {step: holds(self.comparison, self.unit, step) for step in came}
        pairs = [(a, b) for a, b in ((-1, 0), (0, 1)) if a in came and b in came]
        separated = [(a, b) for a, b in pairs if said[a] != said[b]]
        if self.owner.id in DECIDED_ELSEWHERE_BEYOND:
            pairs = separated
        return bool(separated) and all((came[a] != came[b]) == (said[a] != said[b]) for a, b in pairs)

    def elsewhere(self, point: Point) -> Iterator[Crossing]:
        """At another point, from each distance that is met there: the same way, then every other."""
        _, noted = came_to(self.owner, point.story, point.as_of, point.settings)
        met = sorted({n.distance for n in noted if n.node is self.comparison}, key=abs)
        there = [replace(self, point=point, distance=int(d)) for d in met if d == int(d)]
        yield from there
        ways = range(sum(1 for _ in moves(self.comparison, point.story, self.unit)))
        for one in there:
            yield from (replace(one, way=way, sign=sign) for way in ways for sign in (1, -1))

    def counted_from(self, day: date) -> Iterator[Crossing]:
        """The whole story moved so that one day in it after the other falls on this day."""
        story = self.point.story
        days = {e.day for e in story.entries} | {d for d in story.facts.values() if isinstance(d, date)}
        for one in sorted(days):
            by = (day - one).days
            later = replace(self.point, story=moved(story, by), as_of=self.point.as_of + timedelta(by))
            yield from self.elsewhere(later)

    def under(self, settings: Settings) -> Iterator[Crossing]:
        """The same patient where a team has chosen otherwise."""
        yield from self.elsewhere(replace(self.point, settings=settings))


@cache
def crossing_of(comparison: Node) -> Crossing | None:
    """The first that crosses: patients as they are, by the smallest declaration; then with more told."""
    return next((one for one in _crossings(comparison) if one.crosses()), None)


def _crossings(comparison: Node) -> Iterator[Crossing]:
    for told_more in (False, True):
        for owner in asked_by()[comparison][:_MOST_OWNERS]:
            for point, unit, distance in _standing_near(comparison, owner, told_more):
                for way in range(sum(1 for _ in moves(comparison, point.story, unit))):
                    for sign in (1, -1):
                        yield Crossing(comparison, owner, point, unit, distance, way, sign)


def _standing_near(comparison: Node, owner: Owner, told_more: bool) -> list[tuple[Point, str, int]]:
    """Where the comparison is made, the nearest to its boundary first, few of each distance."""
    found: dict[tuple[str, float], list[Point]] = {}
    for point, noted in _told_more(comparison, owner) if told_more else _as_told(owner):
        for distance in {(one.unit, one.distance) for one in noted if one.node is comparison}:
            here = found.setdefault(distance, [])
            if len(here) < _MOST_ALIKE:
                here.append(point)
    nearest = sorted(found, key=lambda distance: abs(distance[1]))
    whole = [(unit, int(distance)) for unit, distance in nearest if distance == int(distance)]
    return [(p, *distance) for distance in whole[:_MOST_DISTANCES] for p in found[distance]]


def _as_told(owner: Owner) -> Iterator[tuple[Point, Sequence[Compared]]]:
    yield from ((point, noted_at(owner, number)) for number, point in enumerate(points()))


def _told_more(comparison: Node, owner: Owner) -> Iterator[tuple[Point, Sequence[Compared]]]:
    for point in (more for one in points() for more in variants(comparison, owner, one)):
        yield point, came_to(owner, point.story, point.as_of, point.settings)[1]
