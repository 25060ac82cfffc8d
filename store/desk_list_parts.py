"""By what the desk's tracking list is narrowed, as conditions on its rows; and its orders, in parts that are
read along an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import or_ as either
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    not_,
    or_,
    select,
)

from store import outlooks
from store.outlooks import By
from store.projections import CLOSED, NOT_BEGUN, OPEN, UNKNOWN
from store.tables import tracking as rows
from store.tallies import bucket, by_day
from store.work_tables import outlook

Due = Literal["none", "overdue", "passed", "soon", "planned", "waiting", "closed"]
DUE: Final[tuple[Due, ...]] = ("none", "overdue", "passed", "soon", "planned", "waiting", "closed")
"""How pressing the next step is, the most pressing first: there is none; it is overdue; its working date has
passed; it is due within seven days; later; a step may be taken, without a date; nothing is to be done.
"""
FLAGS: Final = ("blocked", "undetermined", "deviation", "corrected")
Order = Literal["due", "patient", "day", "state", "step", "window", "board", "owner"]
ORDERS: Final[tuple[Order, ...]] = ("due", "patient", "day", "state", "step", "window", "board", "owner")
CLOCKS: Final = (OPEN, UNKNOWN, CLOSED, NOT_BEGUN)
"""How the span of the response stands, in the order of the list: first what ends next."""


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
    corrected: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was ticked: of each kind one of those, where there are any; flags all of them."""

    due: tuple[Due, ...] = ()
    flags: tuple[str, ...] = ()
    buckets: tuple[int, ...] = ()
    states: tuple[str, ...] = ()


nothing: Final = Ticked()


class Shape(NamedTuple):
    """What is asked of the list, without the values: each question is made into SQL once."""

    owners: Literal["everybody", "some", "some or nobody"]
    limited: bool
    numbers: bool
    due: tuple[Due, ...]
    flags: tuple[str, ...]
    buckets: bool
    states: bool

    @classmethod
    def of(cls, scope: Scope, ticked: Ticked) -> Shape:
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

    def whose(self, table: FromClause) -> Iterator[ColumnElement[bool]]:
        """Whose patients: on any table that tells it."""
        if self.owners != "everybody":
            named = table.c.owner.in_(some("owners"))
            yield or_(named, table.c.owner.is_(None)) if self.owners == "some or nobody" else named
        if self.limited:
            yield table.c.owner.in_(some("limited_to"))

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        yield from self.whose(rows)
        if self.numbers:
            yield rows.c.patient_id.in_(many("numbers"))
        if set(self.due) == set(DUE) - {"closed"}:
            yield not_(kind("closed"))
        elif self.due:
            yield reduce(either, map(kind, self.due))
        if self.states:
            yield rows.c.state.in_(some("states"))
        if self.buckets:
            yield and_(not_(closed()), bucket(rows).in_(some("buckets")))
        yield from map(flag, self.flags)


everybody: Final = Shape(
    "everybody", limited=False, numbers=False, due=(), flags=(), buckets=False, states=False
)


def values(scope: Scope, by: By, ticked: Ticked) -> dict[str, object]:
    """The values in the places of any question."""
    return {
        **by._asdict(),
        "closed": scope.closed,
        **by_day(scope.today),
        "owners": [one for one in scope.owners or () if one is not None],
        "limited_to": sorted(scope.limited_to or ()),
        "numbers": scope.numbers or (),
        "corrected": scope.corrected,
        "states": ticked.states,
        "buckets": ticked.buckets,
    }


def some(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def many(name: str) -> BindParameter[Any]:
    """Numbers that stand in the statement itself, as SQLite takes no more than some tens of thousands of
    values beside it.
    """
    return bindparam(name, expanding=True, literal_execute=True)


def closed(table: FromClause = rows) -> ColumnElement[bool]:
    return table.c.state.in_(some("closed"))


def no_step() -> ColumnElement[bool]:
    return and_(rows.c.next_item.is_(None), rows.c.next_step.is_(None))


def is_soon() -> ColumnElement[bool]:
    return rows.c.urgent_on <= bindparam("soon")


@cache
def kind(due: Due) -> ColumnElement[bool]:
    """Whether a patient's next step is as pressing as this."""
    of_patient = outlook.c.patient_id == rows.c.patient_id
    behind = exists().where(of_patient, outlooks.has_passed()).correlate(rows)
    passed, soon = and_(behind, not_(closed()), not_(no_step())), is_soon()
    conditions: dict[Due, tuple[ColumnElement[bool], ...]] = {
        "none": (no_step(), not_(closed())),
        "overdue": (rows.c.rank == _rank(0),),
        "passed": (rows.c.rank > _rank(0), passed),
        "soon": (rows.c.rank == _rank(1), soon, not_(passed)),
        "planned": (rows.c.rank == _rank(1), not_(soon), not_(passed)),
        "waiting": (rows.c.rank == _rank(2), not_(no_step()), not_(passed), not_(closed())),
        "closed": (closed(), rows.c.rank == _rank(2)),
    }
    return and_(*conditions[due])


def _rank(rank: int) -> ColumnElement[int]:
    """As a literal: with a value in its place an index over it would not be chosen."""
    return literal_column(str(rank))


def due_kind() -> ColumnElement[Due]:
    return case(*((kind(one), literal_column(f"'{one}'")) for one in DUE), else_=literal_column("'waiting'"))


def flag(name: str) -> ColumnElement[bool]:
    if name == "corrected":
        return rows.c.patient_id.in_(many("corrected"))
    return rows.c.deviations > _rank(0) if name == "deviation" else rows.c[name]


@cache
def parts(order: Order, kinds: tuple[Due, ...]) -> tuple[Select[Any], ...]:
    """The patients in an order, with the days by which they stand in it; of these kinds only, where the order
    is that of what is due. Each part can be read along an index.
    """
    if order == "due":
        return tuple(map(part, kinds))
    return _parts[order]()


def part(due: Due) -> Select[Any]:
    """Those whose next step is so pressing, by date."""
    if due == "passed":
        return _by_outlook(outlook.c.working_on).where(kind(due))
    return _by(rows.c.urgent_on).where(kind(due))


def _by(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(rows.c.patient_id, *columns).order_by(*columns, rows.c.patient_id)


def _by_outlook(column: ColumnElement[Any]) -> Select[Any]:
    return _by(column).join(outlook, outlook.c.patient_id == rows.c.patient_id)


def _with_or_without(column: ColumnElement[Any], *then: ColumnElement[Any]) -> tuple[Select[Any], ...]:
    """Those first who have it, in its order; the others, the most urgent first."""
    return _by(column, *then).where(column.is_not(None)), _by(*_urgency).where(column.is_(None))


def _by_window() -> tuple[Select[Any], ...]:
    known = (_by(rows.c.clock_until).where(rows.c.clock == literal_column(f"'{one}'")) for one in CLOCKS)
    return *known, _by(*_urgency).where(rows.c.clock.is_(None))


def _by_board() -> tuple[Select[Any], ...]:
    """Whoever is listed for the next meeting first."""
    there = and_(outlook.c.board_on >= bindparam("day"), outlooks.is_right())
    listed = exists().where(outlook.c.patient_id == rows.c.patient_id, there).correlate(rows)
    return _by_outlook(outlook.c.board_on).where(there), _by(*_urgency).where(not_(listed))


_urgency = rows.c.rank, rows.c.urgent_on
_parts: dict[Order, Callable[[], tuple[Select[Any], ...]]] = {
    "patient": lambda: (_by(),),
    "day": lambda: _with_or_without(rows.c.began_on),
    "state": lambda: (_by(rows.c.state, *_urgency),),
    "step": lambda: _with_or_without(rows.c.next_item, rows.c.urgent_on),
    "window": _by_window,
    "board": _by_board,
    "owner": lambda: _with_or_without(rows.c.owner, *_urgency),
}
