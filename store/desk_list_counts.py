"""How many patients of the tracking list there are, by everything that can be ticked and by whose they are.

Patients who stand alike are kept as one number (`tallies.py`). Of whom a working date has passed is told by
what lies ahead of each, and so is looked up, along an index: they are few, and taken from among the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal_column,
    not_,
    select,
)

from store import outlooks
from store.desk_list_parts import (
    DUE,
    FLAGS,
    Due,
    Scope,
    Shape,
    Ticked,
    closed,
    many,
    no_step,
    nothing,
    some,
    values,
)
from store.outlooks import By
from store.tables import tracking as rows
from store.tallies import BUCKETS, cells, standing
from store.work_tables import outlook

Whose = Sequence[str | None] | None
"""Owners (None in it: nobody); None: everybody."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many patients of a scope there are, by each thing that can be ticked; with flags only those who are
    not closed, as the list leaves these out.
    """

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
    due: dict[str | None, Counter[Due]] = defaultdict(Counter)
    flags: dict[str | None, Counter[str]] = defaultdict(Counter)
    buckets: dict[str | None, Counter[int]] = defaultdict(Counter)
    states: dict[str | None, Counter[str]] = defaultdict(Counter)
    open_: Counter[str | None] = Counter()
    cell = _these() if shape.numbers else cells(connection, scope.today)
    for owner, state, number, *sums in connection.execute(_many(shape, cell), given):
        kinds, told, days = sums[: len(_KINDS)], sums[len(_KINDS) : -len(BUCKETS)], sums[-len(BUCKETS) :]
        states[owner][state] += number
        _add(due[owner], zip(_KINDS, kinds, strict=True))
        _add(flags[owner], zip(_TOLD, told, strict=True))
        if state not in scope.closed:
            open_[owner] += number
            _add(buckets[owner], enumerate(days))
    for owner, kind, number in connection.execute(_passed(shape), given):
        due[owner]["passed"] += number
        due[owner][kind] -= number
    if scope.corrected:
        for owner, number in connection.execute(_corrected(shape._replace(due=_OPEN)), given):
            flags[owner]["corrected"] += number
    return Tallies(due, flags, buckets, states, dict(sorted(open_.items(), key=lambda one: one[0] or "")))


def count(connection: Connection, scope: Scope, by: By, ticked: Ticked = nothing) -> int:
    """How many patients the list has."""
    shape, given = Shape.of(scope, ticked), values(scope, by, ticked)
    if shape.numbers or "corrected" in shape.flags:  # of a few, one by one
        return int(connection.execute(_one_by_one(shape), given).scalar_one())
    kinds: Collection[Due] = shape.due or DUE
    number = int(connection.execute(_together(shape, cells(connection, scope.today)), given).scalar_one())
    if not _MAY_HAVE_PASSED.union({"passed"}).issubset(kinds):
        for _, kind, so_many in connection.execute(_passed(shape._replace(due=())), given):
            number += so_many * (("passed" in kinds) - (kind in kinds))
    return number


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


_TOLD: Final = tuple(name for name in FLAGS if name != "corrected")
_OPEN: Final = tuple(kind for kind in DUE if kind != "closed")
_MAY_HAVE_PASSED: Final = frozenset[Due]({"soon", "planned", "waiting"})
_KINDS: Final[tuple[Due, ...]] = ("none", "overdue", "soon", "planned", "waiting", "closed")
"""All but those of whom a working date has passed; the closed ones last."""


@cache
def _many(shape: Shape, cell: FromClause) -> Select[Any]:
    """By owner and state: how many, of each kind, with each flag, in each bucket."""

    def so_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(cell.c.patients).filter(condition), literal_column("0"))

    kinds = [_kind(cell) == literal_column(f"'{one}'") for one in _KINDS]
    flags = (and_(cell.c[name], not_(kinds[-1])) for name in _TOLD)
    buckets = (cell.c.bucket == literal_column(str(place)) for place in range(len(BUCKETS)))
    sums = map(so_many, (*kinds, *flags, *buckets))
    grouped = select(cell.c.owner, cell.c.state, func.sum(cell.c.patients), *sums)
    return grouped.where(*shape.whose(cell)).group_by(cell.c.owner, cell.c.state)


@cache
def _together(shape: Shape, cell: FromClause) -> Select[int]:
    """All that is ticked, as if no working date had passed."""
    kinds = _kind(cell).in_([literal_column(f"'{one}'") for one in shape.due or DUE])
    number = func.coalesce(func.sum(cell.c.patients), literal_column("0"))
    return select(number).where(kinds, *shape.whose(cell), *_ticked(shape, cell))


@cache
def _passed(shape: Shape) -> Select[Any]:
    """By owner and the kind they would be of: of whom a working date has passed."""
    behind = select(outlook.c.patient_id).where(outlooks.has_passed())
    late = and_(rows.c.rank > literal_column("0"), not_(closed()), not_(no_step()))
    found = standing(rows).where(rows.c.patient_id.in_(behind), late)
    cell = (found.where(rows.c.patient_id.in_(many("numbers"))) if shape.numbers else found).subquery()
    grouped = select(cell.c.owner, cell.c.pressing, func.count())
    return grouped.where(*shape.whose(cell), *_ticked(shape, cell)).group_by(cell.c.owner, cell.c.pressing)


@cache
def _these() -> FromClause:
    """The patients of some numbers, each a cell."""
    return standing(rows).where(rows.c.patient_id.in_(many("numbers"))).subquery()


@cache
def _one_by_one(shape: Shape) -> Select[int]:
    return select(func.count()).select_from(rows).where(*shape.conditions())


@cache
def _corrected(shape: Shape) -> Select[Any]:
    grouped = select(rows.c.owner, func.count()).where(*shape.conditions())
    return grouped.where(rows.c.patient_id.in_(many("corrected"))).group_by(rows.c.owner)


def _ticked(shape: Shape, cell: FromClause) -> Iterator[ColumnElement[bool]]:
    """What is ticked beside how pressing the next step is."""
    if shape.states:
        yield cell.c.state.in_(some("states"))
    if shape.buckets:
        yield and_(not_(closed(cell)), cell.c.bucket.in_(some("buckets")))
    yield from (cell.c[name] for name in shape.flags)


def _kind(cell: FromClause) -> ColumnElement[Due]:
    """The kind of those who stand alike, as if no working date had passed."""
    done = and_(closed(cell), cell.c.pressing.in_([literal_column("'none'"), literal_column("'waiting'")]))
    return case((done, literal_column("'closed'")), else_=cell.c.pressing)
