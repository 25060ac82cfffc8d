"""Which patients are to be planned into notices, and the notices there are.

A patient is due for planning when something was recorded since, when somebody said something about the
patient or the site, or when time brings the next notice. Nothing has to remember to ask for it: the columns
say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, or_, select, union, update

from store.database import Database
from store.desk import WITHOUT_NOTICES, last_for_notices
from store.outbox import HELD_BY_NOBODY, WAITING
from store.tables import ledger, patient
from store.work_tables import desk, notice

LAST: Final = 2**31 - 1
"""No patient has a higher number."""

MOVING: Final = ("ladder", "site")
"""The kinds of entries about the site that move notices to other days."""


class Notice(NamedTuple):
    """A notice as it is kept (`work_tables.NoticeRow` explains the columns)."""

    id: str
    patient_id: int
    pathway: str
    item: str
    anchor: str
    due: Any
    rung: str
    day: Any
    issued: datetime
    wake: datetime | None
    status: str
    reason: str
    settled: datetime | None


def unplanned(
    database: Database, now: datetime, after: int = 0, upto: int = LAST, limit: int = 500
) -> list[int]:
    """Patients, by number, who are to be planned: those changed since, and those whose moment has come.

    Only those numbered above `after`, and not above `upto`.
    """
    with database.reading() as connection:
        oldest, said, first = connection.execute(_ends).one()
        values = {"now": now.astimezone(UTC), "oldest": oldest, "after": after, "upto": upto, "most": limit}
        queries = [_changed]
        if oldest is not None and oldest < said:
            queries.append(_before_the_site_changed)
        if first is not None and first <= now:
            queries.append(_due)
        found = {id for query in queries for id in connection.execute(query, values).scalars()}
    return sorted(found)[:limit]


def plan_all(connection: Connection) -> None:
    """Have everybody planned anew, as after an update of carepath that may answer otherwise."""
    connection.execute(_plan_all)


def last_patient(connection: Connection) -> int:
    """The highest number of a patient; 0 where there is none."""
    return connection.execute(_last_patient).scalar() or 0


class State(NamedTuple):
    """What a patient's row tells of planning (`tables.Patient` explains the columns); `said` is the last
    entry about the site.
    """

    sequence: int
    planned_sequence: int
    created: datetime
    planned_at: datetime | None
    plan_on: datetime | None
    plan_trouble: str | None
    said: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What was worked out for a patient in this state; `at` which moment, null where that failed."""

    patient_id: int
    state: State
    at: datetime | None
    plan_on: datetime | None
    trouble: str | None = None


def keep(connection: Connection, planned: Planned) -> bool:
    """Write down that a patient is planned; False where something was said or recorded meanwhile."""
    changed = connection.execute(
        _keep,
        {
            "of": planned.patient_id,
            "was": planned.state.planned_sequence,
            "seen": planned.state.sequence,
            "said": planned.state.said,
            "at": planned.at.astimezone(UTC) if planned.at else None,
            "next": planned.plan_on.astimezone(UTC) if planned.plan_on else None,
            "trouble": planned.trouble,
        },
    )
    return changed.rowcount == 1


def state(connection: Connection, patient_id: int) -> State:
    """Up to where a patient was planned, and up to where there is something."""
    return State._make(connection.execute(_state, {"of": patient_id}).one())


def changes(connection: Connection, patient_id: int, since: datetime) -> list[datetime]:
    """The moments after `since` at which something was recorded or said from which something may follow for
    the days of a patient's notices.
    """
    return list(connection.execute(_changes, {"of": patient_id, "since": since.astimezone(UTC)}).scalars())


def set_aside(connection: Connection) -> list[tuple[int, str]]:
    """The patients who could not be planned, by number, each with the kind of error."""
    return [(id, trouble) for id, trouble in connection.execute(_set_aside)]


def of_patient(
    connection: Connection, patients: Iterable[int], *, to_write: bool = False
) -> Iterator[Notice]:
    """The notices of these patients, in the order of their days; `to_write` keeps others off those that
    wait.
    """
    them = {"them": sorted(patients)}
    if to_write:
        connection.execute(_waiting, them).all()
    for row in connection.execute(_notices, them):
        yield Notice(*row)


def issue(connection: Connection, rows: Iterable[Mapping[str, object]], now: datetime) -> None:
    """Add notices that are not there yet; the patient is locked."""
    if fresh := [_whole(row, now) for row in rows]:
        connection.execute(insert(notice), fresh)


def wait_again(connection: Connection, ids: Iterable[str], now: datetime) -> None:
    """Let notices wait again that were settled and hold once more, or that a message did not tell.

    Who was told one of them is not told again: that stands with the messages.
    """
    for id in ids:
        connection.execute(_wait_again, {"of": id, "now": now.astimezone(UTC)})


def look_at(connection: Connection, moments: Mapping[str, datetime]) -> None:
    """Have notices that wait looked at from these moments, where that is earlier than was meant.

    Taken from a worker who has one: it may have decided by what no longer holds.
    """
    for id, moment in moments.items():
        connection.execute(_look_at, {"of": id, "from": moment.astimezone(UTC)})


def withdraw(connection: Connection, ids: Mapping[str, tuple[str, str]], now: datetime) -> None:
    """Settle notices that wait and are not to be said: by id, the status and the reason."""
    for id, (status, reason) in ids.items():
        connection.execute(_withdraw, {"of": id, "as": status, "because": reason, "now": now.astimezone(UTC)})


def _whole(row: Mapping[str, object], now: datetime) -> dict[str, object]:
    moment = now.astimezone(UTC)
    empty = {"issued": moment, "status": WAITING, "reason": "", "settled": None}
    return {**empty, "wake": moment, **HELD_BY_NOBODY, **row}


_last_patient = select(func.max(patient.c.id))
_changed = (
    select(patient.c.id)
    .where(patient.c.sequence > patient.c.planned_sequence)
    .where(patient.c.id > bindparam("after"), patient.c.id <= bindparam("upto"))
    .order_by(patient.c.id)
    .limit(bindparam("most"))
)
_first = select(func.min(patient.c.plan_on)).where(patient.c.plan_on.is_not(None)).scalar_subquery()
_ends = select(select(func.min(patient.c.planned_desk)).scalar_subquery(), last_for_notices, _first)
"""The ends of indexes: where they show that there is nobody, no patient is looked at."""
_before_the_site_changed = (
    select(patient.c.id)
    .where(patient.c.planned_desk == bindparam("oldest"))
    .where(patient.c.id > bindparam("after"), patient.c.id <= bindparam("upto"))
    .order_by(patient.c.id)
    .limit(bindparam("most"))
)
"""Those who have not been planned for longest: one number, so that the index gives them in order. Others
come in the next sweep.
"""
_due = (
    select(patient.c.id)
    .where(patient.c.plan_on <= bindparam("now"))
    .where(patient.c.id > bindparam("after"), patient.c.id <= bindparam("upto"))
    .order_by(patient.c.id)
    .limit(bindparam("most"))
)
_keep = (
    update(patient)
    .where(
        patient.c.id == bindparam("of"),
        patient.c.sequence == bindparam("seen"),
        patient.c.planned_sequence == bindparam("was"),
        last_for_notices == bindparam("said"),
    )
    .values(
        planned_sequence=bindparam("seen"),
        planned_desk=bindparam("said"),
        planned_at=func.coalesce(bindparam("at", type_=patient.c.planned_at.type), patient.c.planned_at),
        plan_on=bindparam("next"),
        plan_trouble=bindparam("trouble"),
    )
)
_state = select(*(patient.c[name] for name in State._fields[:-1]), last_for_notices).where(
    patient.c.id == bindparam("of")
)
_changes = union(
    select(ledger.c.recorded.label("at")).where(
        ledger.c.patient_id == bindparam("of"), ledger.c.recorded > bindparam("since")
    ),
    select(desk.c.at).where(
        desk.c.patient_id == bindparam("of"),
        desk.c.kind.not_in(WITHOUT_NOTICES),
        desk.c.at > bindparam("since"),
    ),
    select(desk.c.at).where(
        desk.c.patient_id.is_(None), desk.c.kind.in_(MOVING), desk.c.at > bindparam("since")
    ),
).order_by("at")
_plan_all = update(patient).values(planned_sequence=-LAST)
_set_aside = (
    select(patient.c.id, patient.c.plan_trouble)
    .where(patient.c.plan_trouble.is_not(None))
    .order_by(patient.c.id)
)
_notices = (
    select(*(notice.c[name] for name in Notice._fields))
    .where(notice.c.patient_id.in_(bindparam("them", expanding=True)))
    .order_by(notice.c.day, notice.c.id)
)
_waiting = (
    select(notice.c.id)
    .where(notice.c.patient_id.in_(bindparam("them", expanding=True)), notice.c.status == WAITING)
    .order_by(notice.c.id)
    .with_for_update()
)
_wait_again = (
    update(notice)
    .where(notice.c.id == bindparam("of"), notice.c.status != WAITING)
    .values(status=WAITING, reason="", settled=None, wake=bindparam("now"))
)
_look_at = (
    update(notice)
    .where(notice.c.id == bindparam("of"), notice.c.status == WAITING)
    .where(or_(notice.c.wake > bindparam("from"), notice.c.lease.is_not(None)))
    .values(wake=bindparam("from"), **HELD_BY_NOBODY)
)
_withdraw = (
    update(notice)
    .where(notice.c.id == bindparam("of"), notice.c.status == WAITING)
    .values(
        status=bindparam("as"),
        reason=bindparam("because"),
        settled=bindparam("now"),
        wake=None,
        **HELD_BY_NOBODY,
    )
)
