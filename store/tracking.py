"""The tracking list: where every patient stands, overdue first, page by page.

The rows are right for a day once `refresh` was called for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)

from store import identities, outlooks
from store.database import Database
from store.outlooks import By
from store.prepared import Prepared, Values
from store.tables import deviation, patient, standing, vault
from store.tables import tracking as rows
from store.work_tables import outlook

Columns = TypeVarTuple("Columns")


class Place(NamedTuple):
    """Where a page of the tracking list ends, to ask for the next one."""

    rank: int
    urgent_on: date
    patient_id: int


class Tracked(NamedTuple):
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
    owner: str | None = None
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
    reference. `owner` is a person or a team; `unowned` are those whom nobody owns, with an `owner` both.

    `adrift` are those who could get lost: not in a state of `closed`, on days of the calendar, and nothing is
    due of them and no step may be taken, or nobody owns them (where that is looked after, as `pooled` says,
    only the former). `passed` are those whose working date has passed, by outlooks that are right `by`
    what is known: they stand in the order of these dates, and in one page. `left` are those in a state of
    `closed`.
    """

    state: str | None = None
    overdue: bool | None = None
    deviation: str | None = None
    pathway: str | None = None
    text: str | None = None
    owner: str | None = None
    unowned: bool = False
    adrift: bool | None = None
    closed: tuple[str, ...] = ()
    pooled: bool = False
    passed: bool | None = None
    left: bool | None = None
    by: By | None = None


everybody = Wanted()


class Whose(NamedTuple):
    """Whose patients are meant: those of an owner, those whom nobody owns, or both; neither: everybody's."""

    owner: str | None = None
    nobody: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """On the rows of the list."""
        own = [rows.c.owner == self.owner] if self.owner else []
        none = [rows.c.owner.is_(None)] if self.nobody else []
        if own or none:
            yield or_(*own, *none)


ANYBODY = Whose()


def tracking_list(
    database: Database, wanted: Wanted = everybody, *, limit: int | None = 50, after: Place | None = None
) -> list[Tracked]:
    """The patients, the longest overdue first, then by the next date, then those of whom nothing is due.

    `after` is the place of the last row of the page before.
    """
    question = Question.about(wanted, most=limit, further=after is not None)
    with database.reading() as connection:
        found = _asked(connection, _page(question), wanted, after._asdict() if after else {})
        return [
            Tracked(identities.called(connection, number, key, sealed), number, *rest)
            for number, key, sealed, *rest in found
        ]


def count(database: Database, wanted: Wanted = everybody) -> int:
    """How many patients the tracking list would hold without paging."""
    return facets(database, wanted).total


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
    with database.reading() as connection:
        (found,) = _asked(connection, _counted(Question.about(wanted)), wanted, {})
        return Facets(*map(int, found))


_none: ColumnElement[int] = literal_column("0")
_counts: tuple[ColumnElement[Any], ...] = (
    func.count(),
    *(
        func.count().filter(condition)
        for condition in (
            rows.c.rank == _none,
            rows.c.rank < literal_column("2"),
            rows.c.deviations > _none,
            rows.c.blocked,
            rows.c.undetermined,
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Load:
    """How many patients somebody has, and of how many something is overdue."""

    patients: int
    overdue: int


def loads(database: Database, closed: Collection[str] = ()) -> dict[str | None, Load]:
    """The same of every owner (None: nobody), of patients who are not in a closed state."""
    late = func.count().filter(rows.c.rank == _none)
    query = select(rows.c.owner, func.count().label("patients"), late.label("overdue"))
    query = query.where(rows.c.state.not_in(list(closed))).group_by(rows.c.owner).order_by(rows.c.owner)
    with database.reading() as connection:
        return {row.owner: Load(row.patients, row.overdue) for row in connection.execute(query)}


def states(database: Database) -> dict[str, int]:
    """How many patients are in each state of the main pathway."""
    query = select(rows.c.state, func.count().label("number")).group_by(rows.c.state).order_by(rows.c.state)
    with database.reading() as connection:
        return {row.state: row.number for row in connection.execute(query)}


_order = (rows.c.rank, rows.c.urgent_on, rows.c.patient_id)
_columns = (
    *(rows.c.patient_id, vault.c.key, vault.c.sealed),
    *(rows.c[name] for name in Tracked._fields[2:-1]),
    patient.c.day_zero,
)


class Question(NamedTuple):
    """What is asked of the list, without the values: each question is made into SQL once.

    `most` stands in the SQL: a server keeps the plan of a page only where it knows how long that is.
    """

    state: bool
    overdue: bool | None
    deviation: str | None
    pathway: bool
    most: int | None
    further: bool
    owner: Literal["own", "nobody", "both"] | None
    adrift: bool | None
    closed: int
    pooled: bool
    passed: bool | None
    left: bool | None

    @classmethod
    def about(cls, wanted: Wanted, *, most: int | None = None, further: bool = False) -> Question:
        code = wanted.deviation and ("any" if wanted.deviation == "any" else "code")
        own: Literal["own", "both"] | None = "own" if wanted.owner else None
        owner = own if not wanted.unowned else "both" if own else "nobody"
        lost = (wanted.adrift, len(wanted.closed), wanted.pooled, wanted.passed, wanted.left)
        return cls(
            bool(wanted.state), wanted.overdue, code, bool(wanted.pathway), most, further, owner, *lost
        )

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.state and not self.pathway:
            yield rows.c.state == bindparam("state")
        if self.overdue is not None:
            yield rows.c.rank == _none if self.overdue else rows.c.rank > _none
        if self.pathway:
            yield self._concerned()
        if self.deviation == "any":
            yield literal_column("tracking.deviations") > _none
        elif self.deviation:
            of_patient = deviation.c.patient_id == rows.c.patient_id
            yield exists().where(of_patient, deviation.c.code == bindparam("deviation"))
        if self.owner == "nobody":
            yield rows.c.owner.is_(None)
        elif self.owner is not None:
            own = rows.c.owner == bindparam("owner")
            yield or_(own, rows.c.owner.is_(None)) if self.owner == "both" else own
        if self.passed is not None:
            yield self._passed() if self.passed else not_(self._passed())
        if self.left is not None:
            gone = or_(false(), *self._left())
            yield gone if self.left else not_(gone)
        if self.adrift is not None:
            yield self._adrift() if self.adrift else not_(self._adrift())

    def _adrift(self) -> ColumnElement[bool]:
        no_step = and_(rows.c.next_item.is_(None), rows.c.next_step.is_(None))
        counted = rows.c.patient_id.in_(select(_whose.c.id).where(_whose.c.day_zero.is_not(None)))
        return and_(
            no_step if self.pooled else or_(no_step, rows.c.owner.is_(None)),
            not_(or_(counted, *self._left())),
        )

    def _left(self) -> Iterator[ColumnElement[bool]]:
        return (rows.c.state == bindparam(f"closed_{n}") for n in range(self.closed))

    def _passed(self) -> ColumnElement[bool]:
        of_patient = outlook.c.patient_id == rows.c.patient_id
        there = exists().where(of_patient, outlooks.has_passed()).correlate(rows)
        return and_(there, not_(or_(false(), *self._left())))

    def _concerned(self) -> ColumnElement[bool]:
        of_patient = standing.c.patient_id == rows.c.patient_id
        found = exists().where(of_patient, standing.c.pathway == bindparam("pathway"))
        return found.where(standing.c.state == bindparam("state")) if self.state else found


_whose = patient.alias("whose")


@cache
def _page(question: Question) -> Select[Any]:
    """The rows in their order; with `further` those behind a place, no more than `most`."""
    query: Select[Any] = select(*_columns).join(patient, patient.c.id == rows.c.patient_id)
    query = query.join(vault, vault.c.patient_id == patient.c.id, isouter=True)
    query = query.where(*question.conditions())
    if question.passed:
        assert not question.further, "those whose working date has passed stand in one page"
        query = query.join(outlook, outlook.c.patient_id == rows.c.patient_id)
        query = query.where(outlooks.has_passed()).order_by(outlook.c.working_on)
    query = query.order_by(*_order)
    if question.further:
        query = query.where(tuple_(*_order) > tuple_(*(bindparam(c.name, type_=c.type) for c in _order)))
    return query if question.most is None else query.limit(literal_column(str(question.most)))


@cache
def _counted(question: Question) -> Select[Any]:
    """One row with the counts."""
    return select(*_counts).select_from(rows).where(*question.conditions())


_prepared = cache(Prepared)


def _asked(connection: Connection, query: Select[Any], wanted: Wanted, values: Values) -> Sequence[Any]:
    """The rows of a page or of its counts; a text to look for takes the longer way."""
    said = {"state": wanted.state, "pathway": wanted.pathway, "deviation": wanted.deviation}
    closed = {f"closed_{n}": state for n, state in enumerate(wanted.closed)}
    by = wanted.by._asdict() if wanted.by else {}
    values = {**said, "owner": wanted.owner, **closed, **by, **values}
    if wanted.text:
        narrow = containing(connection, query, rows, wanted.text)
        return connection.execute(narrow, values).all()
    return _prepared(query).rows(connection, **values)


def overdue_of(connection: Connection, owners: Collection[str | None]) -> tuple[int, int]:
    """How many items of how many patients of these owners are overdue; None: patients nobody owns."""
    known = [owner for owner in owners if owner is not None]
    whose = [rows.c.owner.in_(known), *([rows.c.owner.is_(None)] if None in owners else [])]
    query = select(func.coalesce(func.sum(rows.c.overdue), 0), func.count()).where(
        or_(*whose), rows.c.rank == _none
    )
    items, patients = connection.execute(query).one()
    return int(items), int(patients)


def containing(
    connection: Connection, query: Select[*Columns], table: Table, text: str | None
) -> Select[*Columns]:
    """Only the patients whose reference contains this text, in small or capital letters."""
    if not text:
        return query
    found = identities.searched(connection, text)
    numbers: BindParameter[list[int]] = bindparam("found", found, expanding=True, literal_execute=True)
    return query.where(table.c.patient_id.in_(numbers))
