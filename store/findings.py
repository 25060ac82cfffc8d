"""What is due and where care departed from the guideline, across patients, from the kept rows.

The rows are right for a day once `refresh` was called for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, case, not_, or_, select, true

from store import identities
from store.database import Database
from store.projections import late
from store.tables import deviation, due_item, tracking
from store.tracking import ANYBODY, Whose, containing


@dataclass(frozen=True, slots=True)
class Due:
    """A dated duty or reminder of one patient."""

    reference: str
    patient_id: int
    pathway: str
    item: str
    title: str
    opens: date
    due: date
    overdue_from: date | None
    escalates_on: date | None
    status: str
    anchor: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """A deviation of one patient. `raised_on` is the day it was raised, where the rule tells.

    `judged_under` names the version by which it was judged, where that is no longer in force; else empty.
    """

    reference: str
    patient_id: int
    pathway: str
    code: str
    title: str
    severity: str
    status: str
    raised_on: date | None
    events: tuple[str, ...]
    statements: tuple[str, ...]
    why: str
    judged_under: str


def due_items(
    database: Database,
    *,
    since: date | None = None,
    until: date | None = None,
    overdue: bool = True,
    item: str | None = None,
    status: str | None = None,
    pathway: str | None = None,
    text: str | None = None,
    whose: Whose = ANYBODY,
    limit: int | None = None,
) -> list[Due]:
    """What is due from `since` to `until`, after what is overdue (that only where `overdue`), by date.

    `text` is part of the patient's reference.
    """
    dated = and_(
        true(), *([due_item.c.due >= since] if since else []), *([due_item.c.due <= until] if until else [])
    )
    wanted = [
        or_(_late, dated) if overdue else and_(not_(_late), dated),
        *_equal((due_item.c.item, item), (due_item.c.status, status), (due_item.c.pathway, pathway)),
        *(due_item.c.patient_id.in_(select(tracking.c.patient_id).where(one)) for one in whose.conditions()),
    ]
    order = (case((_late, 0), else_=1), due_item.c.due, due_item.c.patient_id, *_within(due_item))
    query = _columns(due_item, Due).where(*wanted).order_by(*order).limit(limit)
    with database.reading() as connection:
        found = _found(connection, query, due_item, text, "anchor", "statements")
        return [Due(**values) for values in found]


def deviations(
    database: Database,
    *,
    code: str | None = None,
    status: str | None = None,
    severity: str | None = None,
    pathway: str | None = None,
    since: date | None = None,
    until: date | None = None,
    text: str | None = None,
    limit: int | None = None,
) -> list[Departure]:
    """Deviations in the order of the references; `since` and `until` are about the day they were raised.

    `text` is part of the reference.
    """
    exactly = (("code", code), ("status", status), ("severity", severity), ("pathway", pathway))
    wanted = [
        *_equal(*((deviation.c[name], value) for name, value in exactly)),
        *([deviation.c.raised_on >= since] if since else []),
        *([deviation.c.raised_on <= until] if until else []),
    ]
    query = (
        _columns(deviation, Departure).where(*wanted).order_by(deviation.c.patient_id, *_within(deviation))
    )
    with database.reading() as connection:
        found = _found(connection, query, deviation, text, "events", "statements")
        departures = sorted((Departure(**values) for values in found), key=lambda one: one.reference)
        return departures[:limit]


_late = due_item.c.status.in_(sorted(late))


def _within(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.pathway, table.c.place


def _columns(table: Table, kind: type) -> Select[Any]:
    return select(*(table.c[field.name] for field in fields(kind)[1:]))


def _found(
    connection: Connection, query: Select[Any], table: Table, text: str | None, *lists: str
) -> Iterator[dict[str, Any]]:
    """The rows with the references of their patients, those only that contain `text`."""
    rows = connection.execute(containing(connection, query, table, text)).all()
    names = identities.named(connection, (row.patient_id for row in rows))
    return ({"reference": names[row.patient_id], **_read(row, *lists)} for row in rows)


def _equal(*pairs: tuple[ColumnElement[Any], object]) -> Iterator[ColumnElement[bool]]:
    return (column == value for column, value in pairs if value is not None)


def _read(row: Row[Any], *lists: str) -> dict[str, Any]:
    return {
        name: tuple(json.loads(value)) if name in lists else value for name, value in row._mapping.items()
    }
