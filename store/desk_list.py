"""The tracking list as the desk shows it: narrowed by what a coordinator ticks, counted beside, in one order.

Who could get lost comes first, then the longest overdue, then whose working date has passed, then by date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_ as either
from typing import Final, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from store import outlooks
from store.batches import batches
from store.outlooks import By
from store.tables import patient, vault
from store.tables import tracking as rows
from store.vault import Person, vault_of
from store.work_tables import outlook

Due = Literal["none", "overdue", "passed", "soon", "planned", "waiting", "closed"]
DUE: Final[tuple[Due, ...]] = ("none", "overdue", "passed", "soon", "planned", "waiting", "closed")
"""How pressing the next step is, the most pressing first: there is none; it is overdue; its working date has
passed; it is due within seven days; later; a step may be taken, without a date; nothing is to be done.
"""
SOON: Final = timedelta(7)
BUCKETS: Final = ((0, 28), (29, 62), (63, 104), (105, None))
"""Days on the pathway, as cancer services report them (CANPTL)."""
FLAGS: Final = ("blocked", "undetermined", "deviation")
Order = Literal["due", "day", "state", "owner"]
ORDERS: Final[tuple[Order, ...]] = ("due", "day", "state", "owner")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which patients are spoken of at all: of these owners (None in it: whom nobody owns; no owners: all), of
    these numbers (None: all). `closed` are the states in which there are no duties any more.
    """

    today: date
    closed: tuple[str, ...]
    owners: tuple[str | None, ...] | None = None
    limited_to: frozenset[str] | None = None
    numbers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was ticked: of each kind one of those, where there are any; flags all of them."""

    due: tuple[Due, ...] = ()
    flags: tuple[str, ...] = ()
    buckets: tuple[int, ...] = ()
    states: tuple[str, ...] = ()


nothing: Final = Ticked()


class Row(NamedTuple):
    """One patient in the list; the names are explained in `tables`, TrackingRow. `person` is None where the
    identity was erased.
    """

    number: int
    person: Person | None
    day_zero: str | None
    state: str
    entered_on: date | None
    began_on: date | None
    due: Due
    urgent_on: date
    next_step: str | None
    next_item: str | None
    next_due: date | None
    overdue: int
    deviations: int
    blocked: bool
    undetermined: bool
    latest_activity: date | None
    derived_on: date
    trouble: str | None
    owner: str | None
    sequence: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many patients of a scope there are, by each thing that can be ticked."""

    total: int
    due: Mapping[Due, int]
    flags: Mapping[str, int]
    buckets: Mapping[int, int]
    states: Mapping[str, int]


def page(
    connection: Connection,
    scope: Scope,
    by: By,
    ticked: Ticked = nothing,
    *,
    order: Order = "due",
    first: int = 0,
    most: int = 50,
) -> list[Row]:
    """The rows from the first (0) on, at most so many. `by` tells which outlooks are right."""
    numbers: list[int] = []
    for query in _numbers(scope, ticked, order):
        limited = query.limit(first + most - len(numbers))
        numbers += connection.execute(limited, by._asdict()).scalars()
        if len(numbers) >= first + most:
            break
    found = {row.number: row for row in _rows(connection, scope, by, numbers[first:])}
    return [found[number] for number in numbers[first:]]


def count(connection: Connection, scope: Scope, by: By, ticked: Ticked = nothing) -> int:
    """How many patients the list has."""
    query = select(func.count()).select_from(rows).where(*_conditions(scope, ticked))
    return int(connection.execute(query, by._asdict()).scalar_one())


def counts(connection: Connection, scope: Scope, by: By) -> Counts:
    """How many there are of everything that can be ticked."""
    values, where = by._asdict(), tuple(_conditions(scope, nothing))
    kind, number = _due(scope).label("due"), func.count().label("number")
    flags = [func.count().filter(_flag(name)).label(name) for name in FLAGS]
    query = select(kind, number, *flags).select_from(rows).where(*where).group_by(kind)
    found = connection.execute(query, values).all()
    bucket = _bucket(scope).label("bucket")
    by_bucket = select(bucket, number).select_from(rows).where(*where, bucket.is_not(None)).group_by(bucket)
    by_state = select(rows.c.state, number).where(*where).group_by(rows.c.state)
    return Counts(
        total=sum(one.number for one in found),
        due={one.due: one.number for one in found},
        flags={name: sum(one._mapping[name] for one in found) for name in FLAGS},
        buckets={one.bucket: one.number for one in connection.execute(by_bucket, values)},
        states={one.state: one.number for one in connection.execute(by_state, values)},
    )


def by_owner(connection: Connection, scope: Scope) -> dict[str | None, int]:
    """How many open patients everybody has."""
    where = tuple(_conditions(scope, nothing))
    query = select(rows.c.owner, func.count().label("number")).where(*where)
    query = query.where(rows.c.state.not_in(scope.closed)).group_by(rows.c.owner).order_by(rows.c.owner)
    return {one.owner: one.number for one in connection.execute(query)}


def people(connection: Connection, numbers: Sequence[int]) -> dict[int, Person]:
    """Who these patients are, by number; not those whose identity was erased."""
    opened = vault_of(connection).opened
    query = select(vault.c.patient_id, vault.c.key, vault.c.sealed)
    return {
        number: opened(number, key, sealed)
        for some in batches(numbers)
        for number, key, sealed in connection.execute(query.where(vault.c.patient_id.in_(some)))
    }


def _numbers(scope: Scope, ticked: Ticked, order: Order) -> Iterator[Select[int]]:
    """The patients in their order, in parts of which each can be read along an index."""
    query = select(rows.c.patient_id)
    if order != "due":
        by = {"day": rows.c.began_on, "state": rows.c.state, "owner": rows.c.owner}[order]
        ordered = (by.is_(None), by, rows.c.rank, rows.c.urgent_on, rows.c.patient_id)
        yield query.where(*_conditions(scope, ticked)).order_by(*ordered)
        return
    for kind in ticked.due or DUE:
        part = query.where(*_conditions(scope, replace(ticked, due=(kind,))))
        if kind == "passed":
            part = part.join(outlook, outlook.c.patient_id == rows.c.patient_id)
            yield part.order_by(outlook.c.working_on, rows.c.patient_id)
        else:
            yield part.order_by(rows.c.urgent_on, rows.c.patient_id)


def _rows(connection: Connection, scope: Scope, by: By, numbers: Sequence[int]) -> Iterator[Row]:
    query = (
        select(
            patient.c.id, vault.c.key, vault.c.sealed, patient.c.day_zero,
            *(rows.c[name] for name in ("state", "entered_on", "began_on")),
            _due(scope),
            *(rows.c[name] for name in Row._fields[7:-1]),
            patient.c.sequence,
        )
        .join(patient, patient.c.id == rows.c.patient_id)
        .join(vault, vault.c.patient_id == patient.c.id, isouter=True)
    )  # fmt: skip
    opened = vault_of(connection).opened
    for some in batches(numbers):
        for number, key, sealed, *rest in connection.execute(
            query.where(patient.c.id.in_(some)), by._asdict()
        ):
            yield Row(number, opened(number, key, sealed) if key else None, *rest)


def _conditions(scope: Scope, ticked: Ticked) -> Iterator[ColumnElement[bool]]:
    if scope.owners is not None:
        yield _owned(scope.owners)
    if scope.limited_to is not None:
        yield _owned(tuple(sorted(scope.limited_to)))
    if scope.numbers is not None:
        yield rows.c.patient_id.in_(scope.numbers)
    if ticked.due:
        yield reduce(either, (_kind(scope, one) for one in ticked.due))
    if ticked.states:
        yield rows.c.state.in_(ticked.states)
    if ticked.buckets:
        yield _bucket(scope).in_(ticked.buckets)
    yield from map(_flag, ticked.flags)


def _owned(owners: Sequence[str | None]) -> ColumnElement[bool]:
    named = rows.c.owner.in_([one for one in owners if one is not None])
    return or_(named, rows.c.owner.is_(None)) if None in owners else named


def _kind(scope: Scope, due: Due) -> ColumnElement[bool]:
    """Whether a patient's next step is as pressing as this."""
    closed = rows.c.state.in_(scope.closed)
    no_step = and_(rows.c.next_item.is_(None), rows.c.next_step.is_(None))
    passed = exists().where(outlook.c.patient_id == rows.c.patient_id, outlooks.has_passed()).correlate(rows)
    soon = rows.c.urgent_on <= scope.today + SOON
    conditions: dict[Due, tuple[ColumnElement[bool], ...]] = {
        "none": (no_step, not_(closed)),
        "overdue": (rows.c.rank == 0,),
        "passed": (rows.c.rank > 0, passed, not_(closed)),
        "soon": (rows.c.rank == 1, soon, not_(passed)),
        "planned": (rows.c.rank == 1, not_(soon), not_(passed)),
        "waiting": (rows.c.rank == 2, not_(no_step), not_(passed), not_(closed)),
        "closed": (closed, rows.c.rank == 2),
    }
    return and_(*conditions[due])


def _due(scope: Scope) -> ColumnElement[Due]:
    return case(*((_kind(scope, one), literal(one)) for one in DUE), else_=literal("waiting"))


def _flag(name: str) -> ColumnElement[bool]:
    return rows.c.deviations > 0 if name == "deviation" else rows.c[name]


def _bucket(scope: Scope) -> ColumnElement[int | None]:
    """Which of the buckets a patient is in; null where no day is counted, or nothing is to be done."""
    open_ = and_(rows.c.began_on.is_not(None), rows.c.state.not_in(scope.closed))
    ends = ((place, last) for place, (_, last) in enumerate(BUCKETS) if last is not None)
    within = [(and_(open_, rows.c.began_on >= scope.today - timedelta(last)), place) for place, last in ends]
    return case(*within, (open_, len(BUCKETS) - 1), else_=null())
