"""How many patients of the tracking list there are, by everything that can be ticked and by whose they are.

One pass along one index tells all but two kinds, each of which an index of its own has: who has no next step,
and of whom a working date has passed. The rest is arithmetic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal_column, not_, select

from store import outlooks
from store.desk_list_parts import (
    BUCKETS,
    FLAGS,
    Due,
    Scope,
    Shape,
    closed,
    flag,
    is_soon,
    many,
    no_step,
    nothing,
    since,
    values,
)
from store.outlooks import By
from store.tables import tracking as rows
from store.work_tables import outlook

Whose = Sequence[str | None] | None
"""Owners (None in it: nobody); None: everybody."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many patients of a scope there are, by each thing that can be ticked."""

    total: int
    due: Mapping[Due, int]
    flags: Mapping[str, int]
    buckets: Mapping[int, int]
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tallies:
    """The same of every owner, by name (None: nobody); `open_` are those who are in no closed state."""

    due: Mapping[str | None, Counter[Due]]
    flags: Mapping[str | None, Counter[str]]
    buckets: Mapping[str | None, Counter[int]]
    states: Mapping[str | None, Counter[str]]
    open_: Mapping[str | None, int]

    def counts(self, whose: Whose = None) -> Counts:
        """How many there are of everything, of these owners."""
        due = _of(self.due, whose)
        flags = _of(self.flags, whose)
        return Counts(
            total=sum(due.values()),
            due={kind: n for kind, n in due.items() if n},
            flags={name: flags[name] for name in FLAGS},
            buckets={place: n for place, n in sorted(_of(self.buckets, whose).items()) if n},
            states=dict(sorted(_of(self.states, whose).items())),
        )

    def number(self, kinds: Collection[Due], whose: Whose = None) -> int:
        """How many of these owners are of these kinds."""
        these = (counted for owner, counted in self.due.items() if whose is None or owner in whose)
        return sum(counted[kind] for counted in these for kind in kinds)


def tallied(connection: Connection, scope: Scope, by: By) -> Tallies:
    """Everything of every owner of whom somebody hears; what the scope says of owners does not matter."""
    shape, given = Shape.of(replace(scope, owners=None), nothing), values(scope, by, nothing)
    few = [_summed(connection.execute(query, given)) for query in _few(shape)]
    due: dict[str | None, Counter[Due]] = defaultdict(Counter)
    flags: dict[str | None, Counter[str]] = defaultdict(Counter)
    buckets: dict[str | None, Counter[int]] = defaultdict(Counter)
    states: dict[str | None, Counter[str]] = defaultdict(Counter)
    open_: Counter[str | None] = Counter()
    for owner, state, number, overdue, dated, near, begun, *rest in connection.execute(_many(shape), given):
        here, is_closed = due[owner], state in scope.closed
        here["overdue"] += overdue
        here["soon"] += near
        here["planned"] += dated - near
        here["closed" if is_closed else "waiting"] += number - overdue - dated
        states[owner][state] += number
        days, told = rest[: len(BUCKETS) - 1], rest[len(BUCKETS) - 1 :]
        _add(flags[owner], zip(_told, told, strict=True))
        if not is_closed:
            open_[owner] += number
            upto = [0, *days, begun]
            _add(buckets[owner], ((n, upto[n + 1] - upto[n]) for n in range(len(BUCKETS))))
    for owner, here in due.items():
        _move(here, owner, *few)
    if scope.corrected:
        for owner, number in connection.execute(_corrected(shape), given):
            flags[owner]["corrected"] += number
    return Tallies(due, flags, buckets, states, dict(sorted(open_.items(), key=lambda one: one[0] or "")))


Summed = Mapping[str | None, Mapping[tuple[int, bool], int]]


def _move(here: Counter[Due], owner: str | None, none: Summed, passed: Summed) -> None:
    """Take what has no next step or has passed from among what is soon, is planned or waits."""
    kinds: tuple[tuple[Due, Summed], ...] = (("none", none), ("passed", passed))
    for kind, found in kinds:
        for (rank, near), n in found.get(owner, {}).items():
            here[("soon" if near else "planned") if rank == 1 else "waiting"] -= n
            here[kind] += n


def _summed(found: Iterable[Any]) -> Summed:
    sums: dict[str | None, dict[tuple[int, bool], int]] = defaultdict(dict)
    for owner, rank, near, number in found:
        sums[owner][rank, bool(near)] = number
    return sums


def _of(found: Mapping[str | None, Counter[Any]], whose: Whose) -> Counter[Any]:
    total: Counter[Any] = Counter()
    for owner, counted in found.items():
        if whose is None or owner in whose:
            _add(total, counted.items())
    return total


def _add(total: Counter[Any], counted: Iterable[tuple[Any, int]]) -> None:
    """As `Counter.update` does, which takes longer where a few are added again and again."""
    for name, number in counted:
        total[name] += number


_told = tuple(name for name in FLAGS if name != "corrected")


@cache
def _many(shape: Shape) -> Select[Any]:
    """By owner and state, along `ix_tracking_facets`."""

    def so_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    rank = rows.c.rank
    dated = rank == literal_column("1")
    sums = [so_many(rank == literal_column("0")), so_many(dated), so_many(and_(dated, is_soon()))]
    days = [func.count(rows.c.began_on), *(so_many(one) for one in since())]
    grouped = select(rows.c.owner, rows.c.state, func.count(), *sums, *days, *map(so_many, map(flag, _told)))
    return grouped.where(*shape.conditions()).group_by(rows.c.owner, rows.c.state)


@cache
def _few(shape: Shape) -> tuple[Select[Any], ...]:
    """By owner, rank and whether it is soon: who has no next step, what has passed."""
    by = (rows.c.owner, rows.c.rank, case((is_soon(), 1), else_=0).label("soon"))
    grouped = select(*by, func.count()).where(*shape.conditions()).group_by(*by)
    without = select(_other.c.patient_id).where(_other.c.next_item.is_(None), _other.c.next_step.is_(None))
    none = grouped.where(rows.c.patient_id.in_(without), not_(closed()))
    late = and_(rows.c.rank > literal_column("0"), not_(closed()), not_(no_step()))
    behind = select(outlook.c.patient_id).where(outlooks.has_passed())
    return none, grouped.where(rows.c.patient_id.in_(behind), late)


_other = rows.alias("other")
"""The few there are of a kind are found by themselves, along an index, and then looked up."""


@cache
def _corrected(shape: Shape) -> Select[Any]:
    grouped = select(rows.c.owner, func.count()).where(*shape.conditions())
    return grouped.where(rows.c.patient_id.in_(many("corrected"))).group_by(rows.c.owner)
