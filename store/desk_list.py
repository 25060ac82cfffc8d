"""The tracking list as the desk shows it: narrowed by what a coordinator ticks, counted beside, in one order.

Who could get lost comes first, then the longest overdue, then whose working date has passed, then by date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    func,
    select,
    tuple_,
    union_all,
)

from store.batches import batches
from store.desk_list_parts import (
    DUE,
    FLAGS,
    ORDERS,
    Due,
    Order,
    Scope,
    Shape,
    Ticked,
    due_kind,
    everybody,
    nothing,
    part,
    parts,
    some,
    values,
)
from store.outlooks import By
from store.tables import patient, vault
from store.tables import tracking as rows
from store.tallies import BUCKETS
from store.vault import Person, vault_of

__all__ = ["BUCKETS", "DUE", "FLAGS", "ORDERS", "Due", "Order", "Scope", "Ticked", "nothing"]


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
    clock: str | None
    clock_from: date | None
    clock_until: date | None
    sequence: int


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
    given, numbers, shape = values(scope, by, ticked), list[int](), Shape.of(scope, ticked)
    few = connection.execute(_many(shape), given).first() is None
    for query in _numbers(shape, order, few):
        left = first + most - len(numbers)
        numbers += connection.execute(query, {**given, "most": left}).scalars()
        if len(numbers) >= first + most:
            break
    wanted = numbers[first:]
    found = {row.number: row for row in _rows(connection, given, wanted)}
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
    given, shape, places = values(scope, by, ticked), Shape.of(scope, ticked), list[Place]()
    kinds = shape.due or DUE
    for kind in kinds[kinds.index(after.due) if after else 0 :]:
        behind = {"on": after.on, "number": after.number} if after and kind == after.due else {}
        query, left = _behind(shape, kind, bool(behind)), most + 1 - len(places)
        found = connection.execute(query, {**given, **behind, "most": left})
        places += [Place(kind, on, number) for number, on in found]
        if len(places) > most:
            break
    wanted = [one.number for one in places[:most]]
    by_number = {row.number: row for row in _rows(connection, given, wanted)}
    return [by_number[number] for number in wanted], places[most - 1] if len(places) > most else None


_most: BindParameter[int] = bindparam("most", type_=rows.c.rank.type)


FEW: Final = 5_000
"""Patients who are sorted in a few milliseconds."""


@cache
def _many(shape: Shape) -> CompoundSelect[int]:
    """A row where more than a few are of these owners, in these states. Somebody's patients and nobody's are
    looked for one after the other, each along an index: those of "either" would be among all that there are.
    """
    narrow = everybody._replace(owners=shape.owners, limited=shape.limited, states=shape.states)
    where = [tuple(narrow.conditions())]
    if shape.owners == "some or nobody":
        somebodys, anybodys = (narrow._replace(owners=owners) for owners in ("some", "everybody"))
        where = [tuple(somebodys.conditions()), (rows.c.owner.is_(None), *anybodys.conditions())]
    return union_all(*(select(rows.c.patient_id).where(*one) for one in where)).limit(1).offset(FEW)


@cache
def _numbers(shape: Shape, order: Order, few: bool) -> tuple[Select[Any], ...]:
    """The patients in their order, in parts of which each can be read along an index; or, where they are few,
    sorted, as along the index nearly all the others would be passed by.
    """
    where = tuple((shape._replace(due=()) if order == "due" else shape).conditions())
    found = (one.where(*where).limit(_most) for one in parts(order, shape.due or DUE))
    return tuple(map(_sorted, found) if few and order != "due" else found)


def _sorted(query: Select[Any]) -> Select[Any]:
    """By expressions, for which no index can be read."""
    number, *on = (func.coalesce(one, one) for one in query.selected_columns)
    return query.order_by(None).order_by(*on, number)


@cache
def _behind(shape: Shape, kind: Due, behind: bool) -> Select[Any]:
    """The patients of a part with the days by which they are ordered; those `behind` a place, or all."""
    query = part(kind).where(*shape._replace(due=()).conditions()).limit(_most)
    number, on = query.selected_columns
    place = tuple_(bindparam("on", type_=on.type), bindparam("number", type_=number.type))
    return query.where(tuple_(on, number) > place) if behind else query


@cache
def _row_query() -> Select[Any]:
    return (
        select(
            patient.c.id, vault.c.key, vault.c.sealed, patient.c.day_zero,
            *(rows.c[name] for name in ("state", "entered_on", "began_on")),
            due_kind(),
            *(rows.c[name] for name in Row._fields[7:-1]),
            patient.c.sequence,
        )
        .join(patient, patient.c.id == rows.c.patient_id)
        .join(vault, vault.c.patient_id == patient.c.id, isouter=True)
        .where(patient.c.id.in_(some("them")))
    )  # fmt: skip


def _rows(connection: Connection, given: Mapping[str, object], numbers: Sequence[int]) -> Iterator[Row]:
    opened = vault_of(connection).opened
    for them in batches(numbers):
        for number, key, sealed, *rest in connection.execute(_row_query(), {**given, "them": them}):
            yield Row(number, opened(number, key, sealed) if key else None, *rest)
