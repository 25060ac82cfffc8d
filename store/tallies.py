"""The tracking list counted once and kept: how many patients stand alike, and who came and went since.

Whatever changes a row of the list says so here in the same transaction, by rows that are only added: nobody
who writes waits for another. What was counted and the changes since are together, at any moment, what a count
would find; where the changes are many they are added to what was counted. It holds for one day: as time goes
on those are counted again of whom it tells something else, what is soon and for how long they have been here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    union,
    union_all,
    update,
)

from store.batches import batches
from store.database import Database
from store.errors import Clash
from store.prepared import Prepared, Values
from store.tables import tracking
from store.work_tables import tally, tally_change, tally_made

SOON: Final = timedelta(7)
BUCKETS: Final = ((0, 28), (29, 62), (63, 104), (105, None))
"""Days on the pathway, as cancer services report them (CANPTL)."""
MANY: Final = 2_000
"""So many changes, or patients, are counted in a few milliseconds each time somebody asks."""

Cell = tuple[Any, ...]
"""What patients have in common who stand alike: the columns of `work_tables.Tally` but the number."""

Pressing = Literal["none", "overdue", "soon", "planned", "waiting"]
"""How pressing the next step is by the row alone: whether a working date has passed, or nothing is to be done
in a state, is told when the list is asked for.
"""


def comes(connection: Connection, patient_id: int) -> None:
    """The patient stands as the row of the list says now."""
    _comes.run(connection, {"of": patient_id})


def goes(connection: Connection, patient_id: int) -> None:
    """The patient is about to stand otherwise than the row of the list says, where there is one."""
    _goes.run(connection, {"of": patient_id})


def moves(connection: Connection, patient_id: int, stands: Cell, row: Values) -> None:
    """The patient, who `stands` so by the row of the list, is about to stand as this row says."""
    if stands != tuple([row[name] for name in STANDS]):
        _moves.run(connection, {"of": patient_id, **row})


def bring_up_to_date(database: Database, today: date, many: int = MANY) -> None:
    """Keep counts for a day where they save something, and add up what has changed since where that is much.

    Raises Busy or CannotWrite.
    """
    with database.reading() as connection:
        _, day = last_made(connection)
        due = _are_more(connection, tally_change, many) or (
            day != today and _are_more(connection, tracking, many)
        )
    if due:
        _keep(database, today, anew=False)


def count_anew(database: Database, today: date) -> None:
    """Keep counts for a day, whatever is kept. Raises Busy or CannotWrite."""
    _keep(database, today, anew=True)


def cells(connection: Connection, today: date) -> FromClause:
    """How many patients stand alike, summed up or not: as it is kept for a day, else of each patient one."""
    _, day = last_made(connection)
    return kept() if day == today else counted()


@cache
def kept() -> FromClause:
    """What was counted, and what has changed since."""
    return union_all(select(*(tally.c[name] for name in NAMES)), standing(tally_change)).subquery("cell")


@cache
def counted() -> FromClause:
    """Every patient."""
    return standing(tracking).subquery("cell")


def standing(table: Table) -> Select[Any]:
    """Each row as a cell, by what the list is counted by. The values are those of `by_day`."""
    number = table.c.patients if table is tally_change else _number(1)
    same = (table.c[name] for name in ("owner", "state", "blocked", "undetermined"))
    deviating = (table.c.deviations > _number(0)).label("deviation")
    return select(
        *same,
        deviating,
        bucket(table).label("bucket"),
        pressing(table).label("pressing"),
        number.label("patients"),
    )


def pressing(table: Table) -> ColumnElement[Pressing]:
    """How pressing the next step is by the row alone."""
    no_step = and_(table.c.next_item.is_(None), table.c.next_step.is_(None))
    ranks: tuple[tuple[ColumnElement[bool], Pressing], ...] = (
        (no_step, "none"),
        (table.c.rank == _number(0), "overdue"),
        (table.c.rank == _number(2), "waiting"),
        (table.c.urgent_on <= bindparam("soon"), "soon"),
    )
    return case(*((when, _word(word)) for when, word in ranks), else_=_word("planned"))


def bucket(table: Table) -> ColumnElement[int | None]:
    """Which of the buckets a patient is in; null where no day is counted."""
    since = ((table.c.began_on >= bindparam(f"since_{place}"), _number(place)) for place, _ in _ends())
    return case((table.c.began_on.is_(None), null()), *since, else_=_number(len(BUCKETS) - 1))


def by_day(today: date) -> dict[str, object]:
    """The days that part one cell from another."""
    return {
        "soon": today + SOON,
        **{f"since_{place}": today - timedelta(last) for place, last in _ends()},
    }


def _ends() -> Iterator[tuple[int, int]]:
    return ((place, last) for place, (_, last) in enumerate(BUCKETS) if last is not None)


def _number(number: int) -> ColumnElement[int]:
    """As a literal: with a value in its place an index over it would not be chosen."""
    return literal_column(str(number))


def _word(word: Pressing) -> ColumnElement[Pressing]:
    return literal_column(f"'{word}'")


def last_made(connection: Connection) -> tuple[int, date | None]:
    """How often counts were made, and for which day the last were; 0 and None: never."""
    found = connection.execute(select(tally_made)).first()
    return (found.number, found.day) if found else (0, None)


def _are_more(connection: Connection, table: Table, number: int) -> bool:
    (key,) = table.primary_key
    return connection.execute(select(key).limit(1).offset(number)).first() is not None


def _keep(database: Database, today: date, *, anew: bool) -> None:
    """Count as of one moment without keeping anybody from writing, then put it into its place; where others
    did so meanwhile, theirs stays.
    """
    with database.reading() as connection:
        number, day = last_made(connection)
        known = day if day and day <= today and not anew else None
        found = _moved_on(connection, known, today) if known else counted_up(connection, counted(), today)
        added = connection.execute(select(tally_change.c.id)).scalars().all()
    rows = [dict(zip(NAMES, (*cell, patients), strict=True)) for cell, patients in found.items() if patients]
    try:
        with database.writing() as connection:
            _made_again(connection, number, today)
            for some in batches(added):
                connection.execute(delete(tally_change).where(tally_change.c.id.in_(some)))
            connection.execute(delete(tally))
            if rows:
                connection.execute(insert(tally), rows)
    except Clash:  # others were first
        return


def _moved_on(connection: Connection, day: date, today: date) -> Counter[Cell]:
    """What was counted for a day, as of a later one: of whom time tells something else is counted again."""
    found = counted_up(connection, kept(), day)
    if day < today:
        ends = {"soon": "until", **{f"since_{place}": f"from_{place}" for place, _ in _ends()}}
        between = {ends[name]: end for name, end in by_day(today).items()}
        moved = connection.execute(_passed_by, {**by_day(day), **between}).scalars().all()
        for some in batches(moved):
            found.subtract(counted_up(connection, _those(), day, some))
            found.update(counted_up(connection, _those(), today, some))
    return found


def counted_up(
    connection: Connection, source: FromClause, day: date, them: Sequence[int] = ()
) -> Counter[Cell]:
    """How many stand alike on a day, by what they have in common; `them` are those of `_those`."""
    rows = connection.execute(_alike(source), {**by_day(day), "them": them})
    return Counter({tuple(cell): patients for *cell, patients in rows})


def _made_again(connection: Connection, number: int, today: date) -> None:
    """Raises Clash where counts were made since."""
    once_more = {"number": number + 1, "day": today}
    if number == 0:
        connection.execute(insert(tally_made).values(once_more))
    elif not connection.execute(
        update(tally_made).where(tally_made.c.number == number).values(once_more)
    ).rowcount:
        raise Clash


@cache
def _alike(source: FromClause) -> Select[Any]:
    """Those that stand alike, summed up."""
    alike = [source.c[name] for name in NAMES[:-1]]
    return select(*alike, func.sum(source.c.patients)).group_by(*alike)


@cache
def _those() -> FromClause:
    """Some patients, by number."""
    few: BindParameter[list[int]] = bindparam("them", expanding=True, literal_execute=True)
    return standing(tracking).where(tracking.c.patient_id.in_(few)).subquery("cell")


_passed_by = union(
    select(tracking.c.patient_id).where(
        tracking.c.rank == _number(1),
        tracking.c.urgent_on > bindparam("soon"),
        tracking.c.urgent_on <= bindparam("until"),
    ),
    *(
        select(tracking.c.patient_id).where(
            tracking.c.began_on >= bindparam(f"since_{place}"),
            tracking.c.began_on < bindparam(f"from_{place}"),
        )
        for place, _ in _ends()
    ),
)
"""Of whom it is told otherwise on a later day what is soon, or how long they have been on the pathway."""

NAMES: Final = tuple(column.name for column in tally.c if column.name != "id")
_said: Final = tuple(column.name for column in tally_change.c if column.name not in ("id", "patients"))
STANDS: Final = tuple(name for name in _said if name != "owner")
"""By what the list is counted and what recording may change, as columns of the list."""


def _standing(change: int, *values: ColumnElement[Any]) -> Select[Any]:
    return select(*values, _number(change)).where(tracking.c.patient_id == bindparam("of"))


def _saying(*rows: Select[Any]) -> Prepared:
    return Prepared(insert(tally_change).from_select([*_said, "patients"], union_all(*rows)), ())


_there = [tracking.c[name] for name in _said]
_new = [one if one.name == "owner" else bindparam(one.name, type_=one.type) for one in _there]
_comes, _goes = _saying(_standing(1, *_there)), _saying(_standing(-1, *_there))
_moves = _saying(_standing(-1, *_there), _standing(1, *_new))
"""In one statement, as each goes to a server and back."""
