"""By which settings every patient is followed, from the last enrolment in each ledger."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from store.database import Database
from store.ledger import read_enrolment
from store.tables import ledger

_enrolments = (
    select(ledger.c.patient_id, ledger.c.payload)
    .where(ledger.c.kind == "enrolment")
    .order_by(ledger.c.patient_id, ledger.c.seq)
)


def all_settings(database: Database) -> list[Mapping[str, str | int]]:
    """The settings of each patient."""
    with database.reading() as connection:
        last = {row.patient_id: row.payload for row in connection.execute(_enrolments)}
    return [read_enrolment(payload).settings for payload in last.values()]
