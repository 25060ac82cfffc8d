"""What is derived from a snapshot and kept, so that lists need no replay. All of it can be dropped and
rebuilt.

A due item is kept while it is scheduled, open, overdue or escalated; a deviation always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from engine.event import Event
from engine.snapshot import Deviation, PatientSnapshot, Snapshot, TimerItem
from engine.timers import LISTED
from pathways.settings import DEFAULT_SETTINGS
from store import summary
from store.canonical import canonical
from store.tables import deviation, due_item, projections, snapshot, standing, tracking

late = frozenset({"overdue", "escalated"})
never = date.max
"""Stands for the day of a patient of whom nothing is due, so that days can be compared and indexed."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Projection:
    """The rows of one patient, each table's in the order of `place`."""

    tracking: Values
    standing: list[Values]
    due: list[Values]
    deviations: list[Values]
    body: str


@dataclass(frozen=True)
class Kept:
    """What stands in the tables for a patient: the abridged snapshot, and how long it is right."""

    body: str
    derived_on: date
    wake_on: date | None

    @cached_property
    def snapshot(self) -> PatientSnapshot:
        """The answer last derived, abridged; the settings are not kept with it."""
        return summary.read(self.body, self.derived_on, DEFAULT_SETTINGS)

    def right_on(self, day: date) -> bool:
        """Whether time alone has changed nothing by that day."""
        return self.derived_on <= day and (self.wake_on is None or day < self.wake_on)


def projection(
    patient_id: int, now: PatientSnapshot, entries: Sequence[Event], wake_on: date | None
) -> Projection:
    """The rows that follow from a snapshot."""
    rows = kept_rows(patient_id, now, summary.written(now))
    rows.tracking.update(_tracking(now, rows.due, rows.deviations, entries), wake_on=wake_on)
    return rows


def kept_rows(patient_id: int, now: PatientSnapshot, body: str) -> Projection:
    """The rows of a snapshot as they stand in the tables, without that of the tracking list."""
    due = [_due_item(one, timer) for one in now.pathways for timer in one.timers if timer.status in LISTED]
    deviations = [_deviation(one, deviation) for one in now.pathways for deviation in one.deviations]
    return Projection(
        {"patient_id": patient_id},
        [{"patient_id": patient_id, **row} for row in _standing(now)],
        _placed(patient_id, due),
        _placed(patient_id, deviations),
        body,
    )


def kept(connection: Connection, patient_id: int) -> Kept | None:
    """What is kept for a patient; None when nothing is."""
    row = connection.execute(_kept, {"of": patient_id}).first()
    return Kept(row.body, row.derived_on, row.wake_on) if row else None


def write(connection: Connection, new: Projection, old: Projection | None) -> None:
    """Bring the tables from `old` (None: no rows yet) to `new`, touching only what differs."""
    if old is None:
        connection.execute(_insert[tracking], new.tracking)
        connection.execute(_insert[snapshot], _body(new))
    else:
        connection.execute(_update_tracking, {"of": new.tracking["patient_id"], **new.tracking})
        if new.body != old.body:
            connection.execute(_update_snapshot, {"of": new.tracking["patient_id"], **_body(new)})
    _replace(connection, standing, "pathway", old.standing if old else [], new.standing)
    _replace(connection, due_item, "place", old.due if old else [], new.due)
    _replace(connection, deviation, "place", old.deviations if old else [], new.deviations)


def clear(connection: Connection, patient_id: int | None = None) -> None:
    """Drop the rows of one patient, or of all."""
    for table in projections:
        if patient_id is None:
            connection.execute(delete(table))
        else:
            connection.execute(_delete[table], {"of": patient_id})


def _tracking(
    now: PatientSnapshot, due: list[Values], deviations: list[Values], entries: Sequence[Event]
) -> Values:
    overdue = [row for row in due if row["status"] in late]
    next_one = min(due, key=_urgency, default=None)
    return {
        "state": now.main.state,
        "entered_on": now.main.entered_on,
        "rank": 0 if overdue else 1 if due else 2,
        "urgent_on": _urgency(next_one)[1] if next_one else never,
        "next_step": next((step.step for step in now.main.steps if step.allowed), None),
        "next_item": next_one["item"] if next_one else None,
        "next_due": next_one["due"] if next_one else None,
        "overdue": len(overdue),
        "due": len(due),
        "deviations": sum(row["status"] == "open" for row in deviations),
        "blocked": any(not step.allowed and not step.missing for step in now.main.steps),
        "undetermined": any(not step.allowed and step.missing for step in now.main.steps),
        "latest_activity": max((event.day for event in entries), default=None),
        "derived_on": now.as_of,
        "trouble": None,
    }


def _urgency(item: Values) -> tuple[bool, date, str]:
    """Overdue first, the longest overdue first; then by date."""
    overdue = item["status"] in late
    return (not overdue, item["overdue_from"] if overdue else item["due"], item["item"])


def _standing(now: PatientSnapshot) -> list[Values]:
    return [
        {"pathway": one.key, "state": one.state, "entered_on": one.entered_on}
        for one in now.pathways
        if one is now.main or one.entered_on is not None
    ]


def _due_item(one: Snapshot, timer: TimerItem) -> Values:
    return {
        "pathway": one.key,
        "item": timer.item,
        "title": timer.title,
        "opens": timer.opens,
        "due": timer.due,
        "overdue_from": timer.overdue_from,
        "escalates_on": timer.escalates_on,
        "status": timer.status,
        "anchor": canonical(timer.anchor),
        "statements": canonical(timer.statements),
    }


def _deviation(one: Snapshot, found: Deviation) -> Values:
    return {
        "pathway": one.key,
        "code": found.code,
        "title": found.title,
        "severity": found.severity,
        "status": found.status,
        "raised_on": found.on,
        "events": canonical(found.events),
        "statements": canonical(found.statements),
        "why": found.why,
    }


def _placed(patient_id: int, rows: list[Values]) -> list[Values]:
    return [{"patient_id": patient_id, "place": place, **row} for place, row in enumerate(rows)]


def _body(new: Projection) -> Values:
    return {"patient_id": new.tracking["patient_id"], "body": new.body}


def _replace(
    connection: Connection, table: Table, key: str, old: Sequence[Values], new: Sequence[Values]
) -> None:
    """Delete and insert the rows that differ; `key` names a row among the patient's."""
    before, after = {row[key]: row for row in old}, {row[key]: row for row in new}
    gone = [row for name, row in before.items() if after.get(name) != row]
    fresh = [row for name, row in after.items() if before.get(name) != row]
    if gone:
        connection.execute(_delete_row[table], [{"of": row["patient_id"], "named": row[key]} for row in gone])
    if fresh:
        connection.execute(_insert[table], fresh)


_kept = (
    select(snapshot.c.body, tracking.c.derived_on, tracking.c.wake_on)
    .join(tracking, tracking.c.patient_id == snapshot.c.patient_id)
    .where(snapshot.c.patient_id == bindparam("of"))
)
_insert = {table: insert(table) for table in projections}
_delete = {table: delete(table).where(table.c.patient_id == bindparam("of")) for table in projections}
_delete_row = {
    table: _delete[table].where(table.c[key] == bindparam("named"))
    for table, key in ((standing, "pathway"), (due_item, "place"), (deviation, "place"))
}
_update_tracking = update(tracking).where(tracking.c.patient_id == bindparam("of"))
_update_snapshot = update(snapshot).where(snapshot.c.patient_id == bindparam("of"))
