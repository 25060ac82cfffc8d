"""What lies ahead of each patient, kept beside the answers: worked out at the desk, read by the lists.

A row is right as long as nothing is recorded or said about the patient, which takes it away in the same
transaction, no day comes that changes it, and nothing is said about the site that may. One that is not known
to be right is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    union,
    update,
)

from store.batches import batches
from store.boards import LISTING
from store.desk import OF_SITE, WITHOUT_NOTICES, drop_outlook, forget_outlook
from store.prepared import Prepared
from store.tables import patient, tracking
from store.work_tables import desk, outlook

SETTINGS: Final = "site"
"""The kind of the entries that say how the site works as a whole: they bear on everybody."""

WITHOUT_OUTLOOK: Final = (*WITHOUT_NOTICES, "absence", "ladder")
"""The kinds of entries about the site that change no next step and no date of one."""


WITH_A_DATE: Final = ("working_date", *LISTING)
"""The kinds of entries by which a step of a patient has a working date of its own."""


class By(NamedTuple):
    """The day for which outlooks are asked, with the last entry about the site that may change one, and the
    last one that changes its settings; 0: none.
    """

    day: date
    site: int
    settings: int


class Kept(NamedTuple):
    """A row as it is kept (`work_tables.OutlookRow` explains the columns)."""

    patient_id: int
    made_on: date
    until: date
    site: int
    alone: bool
    next_on: date | None
    working_on: date | None
    body: str
    board_on: date | None = None


def by(connection: Connection, day: date) -> By:
    """By what outlooks are right on a day."""
    site, settings = connection.execute(_said).one()
    return By(day, site, settings)


def put(connection: Connection, row: Kept) -> None:
    """Keep what was worked out about a patient whom others are kept off."""
    forget(connection, row.patient_id)
    _insert.run(connection, row._asdict())
    _ahead.run(connection, {"of": row.patient_id, "ahead_until": row.until})


def forget(connection: Connection, patient_id: int) -> None:
    """Take away what was worked out before something was recorded or said about a patient."""
    forget_outlook(connection, patient_id)


def drop(connection: Connection, patient_id: int) -> None:
    """The same where the row of the list goes, or is written so that it tells of none."""
    drop_outlook(connection, patient_id)


def right(connection: Connection, patients: Collection[int], now: By) -> Iterator[Kept]:
    """The rows of these patients that are right; of the others nothing."""
    for some in batches(patients):
        for row in connection.execute(_right, {"them": some, **now._asdict()}):
            yield Kept(*row)


def not_right(
    derived: Connection,
    recorded: Connection,
    now: By,
    undated_days: int,
    closed: Collection[str],
    decided: Collection[str] = (),
) -> list[int]:
    """The patients of whom a working date may have passed, and it is not known whether one has.

    One was given for them, or they were listed for a board, or they are in a state in which a board has
    decided, or nothing is due and they have been in their state for so many days. Not those in a closed
    state; of whom something is overdue, which stands before it, only those of the first two kinds.
    """
    values = {
        "begun": now.day - timedelta(undated_days),
        "closed": sorted(closed),
        "decided": sorted(decided),
        **now._asdict(),
    }
    found = set(derived.execute(_not_right, values).scalars())
    for some in batches(recorded.execute(_with_a_date).scalars()):
        found.update(derived.execute(_not_right_of, {"them": some, **values}).scalars())
    return sorted(found)


def wakes(connection: Connection, patients: Collection[int]) -> Mapping[int, date | None]:
    """The day on which time changes the answer about each, by number."""
    return {
        number: wake_on
        for some in batches(patients)
        for number, wake_on in connection.execute(_wakes, {"them": some})
    }


def is_right() -> ColumnElement[bool]:
    """Whether a row is right, as a condition on its columns with the values of `By`."""
    return and_(
        outlook.c.made_on <= bindparam("day"),
        outlook.c.until > bindparam("day"),
        outlook.c.site >= bindparam("settings"),
        or_(outlook.c.alone, outlook.c.site >= bindparam("site")),
    )


def has_passed() -> ColumnElement[bool]:
    """Whether the next step has a working date that lies behind, as a condition with the values of `By`."""
    return and_(outlook.c.working_on < bindparam("day"), is_right())


_them: BindParameter[list[int]] = bindparam("them", expanding=True)
_insert = Prepared(insert(outlook))
_ahead = Prepared(update(tracking).where(tracking.c.patient_id == bindparam("of")), ("ahead_until",))


def _last(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.max(desk.c.number).filter(condition), 0)


_said = select(_last(desk.c.kind.not_in(WITHOUT_OUTLOOK)), _last(desk.c.kind == SETTINGS)).where(OF_SITE)
_right = select(*(outlook.c[name] for name in Kept._fields)).where(
    outlook.c.patient_id.in_(_them), is_right()
)
_wakes = select(tracking.c.patient_id, tracking.c.wake_on).where(tracking.c.patient_id.in_(_them))
_with_a_date = select(desk.c.patient_id).where(desk.c.kind.in_(WITH_A_DATE)).distinct()
_open = tracking.c.state.not_in(bindparam("closed", expanding=True))
_number = tracking.c.patient_id


def _without(among: Select[int] | CompoundSelect[int]) -> Select[int]:
    """Those whose days are those of the calendar and of whom nothing right is kept: asked last, of few."""
    of = among.subquery().c.patient_id
    kept = exists().where(outlook.c.patient_id == of, is_right())
    return select(of).where(not_(kept), exists().where(patient.c.id == of, patient.c.day_zero.is_(None)))


_decided = and_(tracking.c.rank > 0, tracking.c.state.in_(bindparam("decided", expanding=True)))
_undated = and_(
    tracking.c.rank == literal_column("2"),
    tracking.c.next_step.is_not(None),
    or_(tracking.c.entered_on < bindparam("begun"), tracking.c.entered_on.is_(None)),
)
_until_now = tracking.c.ahead_until <= bindparam("day")
_not_by_now = union(
    select(outlook.c.patient_id).where(outlook.c.site < bindparam("settings")),
    select(outlook.c.patient_id).where(
        literal_column("NOT outlook.alone"),  # in the words of the index
        outlook.c.site < bindparam("site"),
    ),
    select(outlook.c.patient_id).where(outlook.c.made_on > bindparam("day")),
)
"""Of whom what is kept is not right by what is known now, whatever the day until which it was said to be."""

_either = case((or_(_decided, _undated), 1), else_=0) == 1
"""As no condition along which others than the few that are named would be looked for."""

_not_right_of = _without(select(_number).where(_number.in_(_them), _open))
_not_right = _without(
    union(
        select(_number).where(_decided, _until_now, _open),
        select(_number).where(_undated, _until_now, _open),
        select(_number).where(_number.in_(_not_by_now), _either, _open),
    )
)
