"""The tracking list: where every patient stands, overdue first, page by page.

The rows are right for a day once `refresh` was called for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)

from store import identities
from store.database import Database
from store.tables import deviation, patient, standing
from store.tables import tracking as rows

Columns = TypeVarTuple("Columns")


class Place(NamedTuple):
    """Where a page of the tracking list ends, to ask for the next one."""

    rank: int
    urgent_on: date
    patient_id: int


@dataclass(frozen=True, slots=True)
class Tracked:
    """One patient in the tracking list; the names are explained in `tables`, TrackingRow and Patient."""

    reference: str
    patient_id: int
    state: str
    entered_on: date | None
    rank: int
    urgent_on: date
    next_step: str | None
    next_item: str | None
    next_due: date | None
    overdue: int
    due: int
    deviations: int
    blocked: bool
    undetermined: bool
    latest_activity: date | None
    derived_on: date
    trouble: str | None
    day_zero: str | None = None

    @property
    def place(self) -> Place:
        return Place(self.rank, self.urgent_on, self.patient_id)

    def days_in_state(self, today: date) -> int | None:
        """How long the patient has been in this state; None before the first.

        Counted to the last entry where days are counted from a day zero.
        """
        upto = self.derived_on if self.day_zero else today
        return (upto - self.entered_on).days if self.entered_on else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which patients: all conditions that are given hold.

    With `pathway` (its key) the patients it concerns, and `state` is a state of that pathway, else of the
    main one. `deviation` is a code with any status, or "any" for one that is open. `text` is part of the
    reference.
    """

    state: str | None = None
    overdue: bool | None = None
    deviation: str | None = None
    pathway: str | None = None
    text: str | None = None


everybody = Wanted()


def tracking_list(
    database: Database, wanted: Wanted = everybody, *, limit: int | None = 50, after: Place | None = None
) -> list[Tracked]:
    """The patients, the longest overdue first, then by the next date, then those of whom nothing is due.

    `after` is the place of the last row of the page before.
    """
    query = select(*_columns).join(patient, patient.c.id == rows.c.patient_id)
    query = query.where(*_conditions(wanted)).order_by(*_order).limit(limit)
    if after:
        query = query.where(tuple_(*_order) > tuple_(*after))
    with database.reading() as connection:
        found = connection.execute(containing(connection, query, rows, wanted.text)).all()
        names = identities.named(connection, (row.patient_id for row in found))
        return [Tracked(names[row.patient_id], *row) for row in found]


def count(database: Database, wanted: Wanted = everybody) -> int:
    """How many patients the tracking list would hold without paging."""
    query = select(func.count()).select_from(rows).where(*_conditions(wanted))
    with database.reading() as connection:
        number: int = connection.execute(containing(connection, query, rows, wanted.text)).scalar_one()
        return number


@dataclass(frozen=True, slots=True)
class Facets:
    """How many patients there are, and of how many something is overdue, due at all, and so on."""

    total: int
    overdue: int
    due: int
    deviations: int
    blocked: int
    undetermined: int


def facets(database: Database, wanted: Wanted = everybody) -> Facets:
    """Counts over all pages of the tracking list."""
    query = select(*_counts).select_from(rows).where(*_conditions(wanted))
    with database.reading() as connection:
        found = connection.execute(containing(connection, query, rows, wanted.text)).one()
        return Facets(*map(int, found))


_counts = (
    func.count(),
    *(
        func.count().filter(condition)
        for condition in (
            rows.c.rank == 0,
            rows.c.rank < 2,
            rows.c.deviations > 0,
            rows.c.blocked,
            rows.c.undetermined,
        )
    ),
)


def states(database: Database) -> dict[str, int]:
    """How many patients are in each state of the main pathway."""
    query = select(rows.c.state, func.count().label("number")).group_by(rows.c.state).order_by(rows.c.state)
    with database.reading() as connection:
        return {row.state: row.number for row in connection.execute(query)}


_order = (rows.c.rank, rows.c.urgent_on, rows.c.patient_id)
_columns = (*(rows.c[name] for name in list(Tracked.__slots__)[1:-1]), patient.c.day_zero)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state and not wanted.pathway:
        yield rows.c.state == wanted.state
    if wanted.overdue is not None:
        yield rows.c.rank == 0 if wanted.overdue else rows.c.rank > 0
    if wanted.pathway:
        yield _concerned(wanted.pathway, wanted.state)
    if wanted.deviation:
        yield _departed(wanted.deviation)


def _concerned(pathway: str, state: str | None) -> ColumnElement[bool]:
    found = exists().where(standing.c.patient_id == rows.c.patient_id, standing.c.pathway == pathway)
    return found.where(standing.c.state == state) if state else found


def _departed(code: str) -> ColumnElement[bool]:
    if code == "any":
        return literal_column("tracking.deviations") > literal_column("0")
    return exists().where(deviation.c.patient_id == rows.c.patient_id, deviation.c.code == code)


def containing(
    connection: Connection, query: Select[*Columns], table: Table, text: str | None
) -> Select[*Columns]:
    """Only the patients whose reference contains this text, in small or capital letters."""
    if not text:
        return query
    found = identities.searched(connection, text)
    numbers: BindParameter[list[int]] = bindparam("found", found, expanding=True, literal_execute=True)
    return query.where(table.c.patient_id.in_(numbers))
