"""By which settings every patient is followed, and whom a change of many patients concerned."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from store.canonical import canonical
from store.database import Database
from store.ledger import read_enrolment
from store.merged import MERGED_INTO, UNMERGED
from store.tables import ledger

_said = select(ledger.c.patient_id, ledger.c.kind, ledger.c.payload).order_by(
    ledger.c.patient_id, ledger.c.seq
)
_enrolments = _said.where(ledger.c.kind == "enrolment")
_merges = _said.where(ledger.c.kind.in_((MERGED_INTO, UNMERGED)))


def all_settings(database: Database) -> list[Mapping[str, str | int]]:
    """The settings of each patient; not those of records that are part of another one."""
    with database.reading() as connection:
        last = {row.patient_id: row.payload for row in connection.execute(_enrolments)}
        merges = {row.patient_id: row.kind for row in connection.execute(_merges)}
    return [
        read_enrolment(payload).settings
        for patient_id, payload in last.items()
        if merges.get(patient_id) != MERGED_INTO
    ]


def patients_of(database: Database, change: str) -> list[int]:
    """The patients, by number, for whom a change was recorded, whether or not it was taken back since."""
    said = canonical({"change": change})[1:-1]
    query = _enrolments.where(ledger.c.payload.contains(said, autoescape=True))
    with database.reading() as connection:
        found = connection.execute(query).all()
    return sorted({row.patient_id for row in found if said in row.payload})  # LIKE may take a for A
