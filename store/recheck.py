"""Are the kept rows what the ledger gives? Derived anew and compared, without writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from store import projections
from store.database import Database
from store.derivation import Derivation
from store.projections import Rows, Values
from store.refresh import Batch, batch, derived
from store.settle import Reckoning
from store.tables import snapshot, tracking
from store.workers import Place, shared

not_compared = ("patient_id", "derived_on", "wake_on", "owner", "ahead_until")
"""They tell when a row was derived, whose patient it is, and what is kept beside it, not where the patient
stands.
"""


def differing(
    database: Database, patients: Sequence[int], *, now: datetime, derive: Derivation, jobs: int = 1
) -> Iterator[tuple[int, bool]]:
    """For each patient, by number, whether the kept rows are other than those derived now, or missing.

    Rows whose day has come, and those marked as troubled, are not judged: who looks at the lists gets others.
    Raises WorkerLost.
    """
    batches = (Batch(now, patients[n : n + batch]) for n in range(0, len(patients), batch))
    for _, answers in shared(Place(database, derive), compared, batches, jobs):
        yield from answers


def compared(here: Place, one: Batch) -> list[tuple[int, bool]]:
    """The same for a batch."""
    at = Reckoning.at(one.now, here.derive)
    with here.database.reading() as connection:
        return [(id, _differs(connection, id, at)) for id in one.patients]


def _differs(connection: Connection, patient_id: int, at: Reckoning) -> bool:
    kept = projections.kept(connection, patient_id)
    if kept is None:  # as it should be where the record was merged into another
        return not derived(connection, patient_id, at).gone
    (tracked,) = _stored(connection, tracking, patient_id)
    if tracked["trouble"] is not None or not kept.right_on(at.today):
        return False
    rows = derived(connection, patient_id, at).rows
    return rows is None or _compared(rows) != _kept_rows(connection, patient_id, tracked)


def _compared(rows: Rows) -> list[Any]:
    listed = (fresh for _, fresh in rows.listed)
    return [_bare([rows.tracked]), rows.body, *map(_bare, listed)]


def _kept_rows(connection: Connection, patient_id: int, tracked: Values) -> list[Any]:
    (kept,) = _stored(connection, snapshot, patient_id)
    listed = (_stored(connection, table, patient_id) for table in projections.listed_tables)
    return [_bare([tracked]), kept["body"], *map(_bare, listed)]


def _stored(connection: Connection, table: Table, patient_id: int) -> list[Values]:
    found = connection.execute(select(table).where(table.c.patient_id == patient_id)).mappings()
    return [dict(row) for row in found]


def _bare(rows: Sequence[Values]) -> set[tuple[tuple[str, Any], ...]]:
    """The rows without what is not compared, in no order."""
    return {tuple((name, row[name]) for name in sorted(row) if name not in not_compared) for row in rows}
