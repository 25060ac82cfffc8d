"""The tracking list as the desk shows it: narrowed by what a coordinator ticks, counted beside, in one order.

Who could get lost comes first, then the longest overdue, then whose working date has passed, then by date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, reduce
from operator import or_ as either
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    tuple_,
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
    values, numbers = _values(scope, by, ticked), list[int]()
    for query in _numbers(_Shape.of(scope, ticked), order):
        left = first + most - len(numbers)
        numbers += connection.execute(query, {**values, "most": left}).scalars()
        if len(numbers) >= first + most:
            break
    wanted = numbers[first:]
    found = {row.number: row for row in _rows(connection, values, wanted)}
    return [found[number] for number in wanted]


class Place(NamedTuple):
    """Where a page ends: at which patient, in the order of what is due."""

    due: Due
    on: date
    number: int


def following(
    connection: Connection,
    scope: Scope,
    by: By,
    ticked: Ticked = nothing,
    *,
    after: Place | None = None,
    most: int = 50,
) -> tuple[list[Row], Place | None]:
    """The rows behind a place, in the order of what is due, and where to go on; None: these are the last.
    What others do meanwhile to other patients makes nobody come twice, and leaves nobody out.
    """
    values, shape, places = _values(scope, by, ticked), _Shape.of(scope, ticked), list[Place]()
    kinds = shape.due or DUE
    for kind in kinds[kinds.index(after.due) if after else 0 :]:
        behind = {"on": after.on, "number": after.number} if after and kind == after.due else {}
        query, left = _behind(shape, kind, bool(behind)), most + 1 - len(places)
        found = connection.execute(query, {**values, **behind, "most": left})
        places += [Place(kind, row.on, row.number) for row in found]
        if len(places) > most:
            break
    wanted = [one.number for one in places[:most]]
    by_number = {row.number: row for row in _rows(connection, values, wanted)}
    return [by_number[number] for number in wanted], places[most - 1] if len(places) > most else None


def count(connection: Connection, scope: Scope, by: By, ticked: Ticked = nothing) -> int:
    """How many patients the list has."""
    query = _counted(_Shape.of(scope, ticked))
    return int(connection.execute(query, _values(scope, by, ticked)).scalar_one())


def counts(connection: Connection, scope: Scope, by: By) -> Counts:
    """How many there are of everything that can be ticked."""
    values = _values(scope, by, nothing)
    by_due, by_bucket, by_state = _facets(_Shape.of(scope, nothing))
    found = connection.execute(by_due, values).all()
    return Counts(
        total=sum(one.number for one in found),
        due={one.due: one.number for one in found},
        flags={name: sum(one._mapping[name] for one in found) for name in FLAGS},
        buckets={one.bucket: one.number for one in connection.execute(by_bucket, values)},
        states={one.state: one.number for one in connection.execute(by_state, values)},
    )


def by_owner(connection: Connection, scope: Scope) -> dict[str | None, int]:
    """How many open patients everybody has."""
    query = _owners(_Shape.of(scope, nothing))
    found = connection.execute(query, _values(scope, By(scope.today, 0, 0), nothing))
    return {one.owner: one.number for one in found}


def people(connection: Connection, numbers: Sequence[int]) -> dict[int, Person]:
    """Who these patients are, by number; not those whose identity was erased."""
    opened = vault_of(connection).opened
    query = select(vault.c.patient_id, vault.c.key, vault.c.sealed)
    return {
        number: opened(number, key, sealed)
        for some in batches(numbers)
        for number, key, sealed in connection.execute(query.where(vault.c.patient_id.in_(some)))
    }


class _Shape(NamedTuple):
    """What is asked of the list, without the values: each question is made into SQL once."""

    owners: Literal["everybody", "some", "some or nobody"]
    limited: bool
    numbers: bool
    due: tuple[Due, ...]
    flags: tuple[str, ...]
    buckets: bool
    states: bool

    @classmethod
    def of(cls, scope: Scope, ticked: Ticked) -> _Shape:
        owned: Literal["some", "some or nobody"] = (
            "some or nobody" if None in (scope.owners or ()) else "some"
        )
        return cls(
            "everybody" if scope.owners is None else owned,
            scope.limited_to is not None,
            scope.numbers is not None,
            ticked.due,
            ticked.flags,
            bool(ticked.buckets),
            bool(ticked.states),
        )

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.owners != "everybody":
            named = rows.c.owner.in_(_some("owners"))
            yield or_(named, rows.c.owner.is_(None)) if self.owners == "some or nobody" else named
        if self.limited:
            yield rows.c.owner.in_(_some("limited_to"))
        if self.numbers:
            yield rows.c.patient_id.in_(_some("numbers"))
        if self.due:
            yield reduce(either, map(_kind, self.due))
        if self.states:
            yield rows.c.state.in_(_some("states"))
        if self.buckets:
            yield _bucket().in_(_some("buckets"))
        yield from map(_flag, self.flags)


def _values(scope: Scope, by: By, ticked: Ticked) -> dict[str, object]:
    """The values in the places of any question."""
    return {
        **by._asdict(),
        "closed": scope.closed,
        "soon": scope.today + SOON,
        "owners": [one for one in scope.owners or () if one is not None],
        "limited_to": sorted(scope.limited_to or ()),
        "numbers": scope.numbers or (),
        "states": ticked.states,
        "buckets": ticked.buckets,
        **{f"since_{place}": scope.today - timedelta(last) for place, last in _ends()},
    }


def _ends() -> Iterator[tuple[int, int]]:
    return ((place, last) for place, (_, last) in enumerate(BUCKETS) if last is not None)


def _some(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_most: BindParameter[int] = bindparam("most", type_=rows.c.rank.type)


@cache
def _numbers(shape: _Shape, order: Order) -> tuple[Select[int], ...]:
    """The patients in their order, in parts of which each can be read along an index."""
    query = select(rows.c.patient_id).limit(_most)
    if order != "due":
        by = {"day": rows.c.began_on, "state": rows.c.state, "owner": rows.c.owner}[order]
        ordered = (by.is_(None), by, rows.c.rank, rows.c.urgent_on, rows.c.patient_id)
        return (query.where(*shape.conditions()).order_by(*ordered),)
    return tuple(_part(query, shape, kind) for kind in shape.due or DUE)


@cache
def _behind(shape: _Shape, kind: Due, behind: bool) -> Select[Any]:
    """The patients of a part with the days by which they are ordered; those `behind` a place, or all."""
    query: Select[Any] = _part(select(rows.c.patient_id.label("number")).limit(_most), shape, kind)
    on = outlook.c.working_on if kind == "passed" else rows.c.urgent_on
    query = query.add_columns(on.label("on"))
    place = tuple_(bindparam("on", type_=on.type), bindparam("number", type_=rows.c.patient_id.type))
    return query.where(tuple_(on, rows.c.patient_id) > place) if behind else query


def _part(query: Select[int], shape: _Shape, kind: Due) -> Select[int]:
    part = query.where(*shape._replace(due=(kind,)).conditions())
    if kind != "passed":
        return part.order_by(rows.c.urgent_on, rows.c.patient_id)
    part = part.join(outlook, outlook.c.patient_id == rows.c.patient_id)
    return part.order_by(outlook.c.working_on, rows.c.patient_id)


@cache
def _counted(shape: _Shape) -> Select[int]:
    return select(func.count()).select_from(rows).where(*shape.conditions())


@cache
def _facets(shape: _Shape) -> tuple[Executable, Executable, Executable]:
    """By how pressing the next step is, with the flags; by day; by state."""
    where, number = tuple(shape.conditions()), func.count().label("number")
    kind, bucket = _due().label("due"), _bucket().label("bucket")
    flags = [func.count().filter(_flag(name)).label(name) for name in FLAGS]
    by_due = select(kind, number, *flags).select_from(rows).where(*where)
    by_bucket = select(bucket, number).select_from(rows).where(*where, bucket.is_not(None))
    by_state = select(rows.c.state, number).where(*where)
    return by_due.group_by(kind), by_bucket.group_by(bucket), by_state.group_by(rows.c.state)


@cache
def _owners(shape: _Shape) -> Select[Any]:
    query = select(rows.c.owner, func.count().label("number")).where(*shape.conditions())
    return query.where(not_(_closed())).group_by(rows.c.owner).order_by(rows.c.owner)


@cache
def _row_query() -> Select[Any]:
    return (
        select(
            patient.c.id, vault.c.key, vault.c.sealed, patient.c.day_zero,
            *(rows.c[name] for name in ("state", "entered_on", "began_on")),
            _due(),
            *(rows.c[name] for name in Row._fields[7:-1]),
            patient.c.sequence,
        )
        .join(patient, patient.c.id == rows.c.patient_id)
        .join(vault, vault.c.patient_id == patient.c.id, isouter=True)
        .where(patient.c.id.in_(_some("them")))
    )  # fmt: skip


def _rows(connection: Connection, values: Mapping[str, object], numbers: Sequence[int]) -> Iterator[Row]:
    opened = vault_of(connection).opened
    for some in batches(numbers):
        for number, key, sealed, *rest in connection.execute(_row_query(), {**values, "them": some}):
            yield Row(number, opened(number, key, sealed) if key else None, *rest)


def _closed() -> ColumnElement[bool]:
    return rows.c.state.in_(_some("closed"))


@cache
def _kind(due: Due) -> ColumnElement[bool]:
    """Whether a patient's next step is as pressing as this."""
    closed = _closed()
    no_step = and_(rows.c.next_item.is_(None), rows.c.next_step.is_(None))
    passed = exists().where(outlook.c.patient_id == rows.c.patient_id, outlooks.has_passed()).correlate(rows)
    soon = rows.c.urgent_on <= bindparam("soon")
    conditions: dict[Due, tuple[ColumnElement[bool], ...]] = {
        "none": (no_step, not_(closed)),
        "overdue": (rows.c.rank == _rank(0),),
        "passed": (rows.c.rank > _rank(0), passed, not_(closed)),
        "soon": (rows.c.rank == _rank(1), soon, not_(passed)),
        "planned": (rows.c.rank == _rank(1), not_(soon), not_(passed)),
        "waiting": (rows.c.rank == _rank(2), not_(no_step), not_(passed), not_(closed)),
        "closed": (closed, rows.c.rank == _rank(2)),
    }
    return and_(*conditions[due])


def _rank(rank: int) -> ColumnElement[int]:
    """As a literal: with a value in its place an index over it would not be chosen."""
    return literal_column(str(rank))


def _due() -> ColumnElement[Due]:
    return case(*((_kind(one), literal_column(f"'{one}'")) for one in DUE), else_=literal_column("'waiting'"))


def _flag(name: str) -> ColumnElement[bool]:
    return rows.c.deviations > _rank(0) if name == "deviation" else rows.c[name]


@cache
def _bucket() -> ColumnElement[int | None]:
    """Which of the buckets a patient is in; null where no day is counted, or nothing is to be done."""
    open_ = and_(rows.c.began_on.is_not(None), not_(_closed()))
    within = [
        (and_(open_, rows.c.began_on >= bindparam(f"since_{place}")), _rank(place)) for place, _ in _ends()
    ]
    return case(*within, (open_, _rank(len(BUCKETS) - 1)), else_=null())
