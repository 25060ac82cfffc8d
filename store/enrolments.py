"""By which settings every patient is followed, and whom a change of many patients concerned."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from store.canonical import canonical
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


def patients_of(database: Database, change: str) -> list[int]:
    """The patients, by number, for whom a change was recorded, whether or not it was taken back since."""
    said = canonical({"change": change})[1:-1]
    query = _enrolments.where(ledger.c.payload.contains(said, autoescape=True))
    with database.reading() as connection:
        found = connection.execute(query).all()
    return sorted({row.patient_id for row in found if said in row.payload})  # LIKE may take a for A
