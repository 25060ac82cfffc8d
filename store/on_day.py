"""The lists as they would stand on another day, by all that is recorded now.

The kept rows are right for today only. For another day every patient is replayed, and the rows go into a
database in memory that is asked in the same way; nothing of it is kept.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from store import identities, ledger, projections
from store.database import Database, open_database
from store.derivation import Derivation
from store.errors import CannotDerive, UnknownPathway
from store.settle import Reckoning
from store.tables import lookup, patient, vault


@contextlib.contextmanager
def in_memory(like: Database) -> Iterator[Database]:
    """An empty database with the keys of another one, gone afterwards."""
    database = open_database("sqlite://", like.keys)
    try:
        yield database
    finally:
        database.close()


def fill(
    copy: Database, database: Database, day: date, *, now: datetime, derive: Derivation
) -> Iterator[str | None]:
    """Derive the rows of every patient of `database` for a day, into `copy`.

    Yields once for each patient: nothing, or the reference of one for whom it failed and who is left out.
    """
    at = Reckoning(day, now, derive)
    with database.reading() as source, copy.writing() as target:
        for reference, patient_id in identities.references(source).items():
            settled = _settled(source, target, at, patient_id)
            yield None if settled else reference


def _settled(source: Connection, target: Connection, at: Reckoning, patient_id: int) -> bool:
    """Write the rows of one patient; False when the answer cannot be derived. A merged record has none."""
    head = identities.head_of(source, patient_id)
    dossier = ledger.dossier(head, ledger.lines(source, patient_id))
    if dossier.merged_into is not None:
        return True
    try:
        answer = at.answer(dossier)
    except (CannotDerive, UnknownPathway):
        return False
    row = source.execute(select(patient).where(patient.c.id == patient_id)).mappings().one()
    target.execute(insert(patient), dict(row))
    for person in source.execute(select(vault).where(vault.c.patient_id == patient_id)).mappings():
        target.execute(insert(vault), dict(person))
    for index in source.execute(select(lookup).where(lookup.c.patient_id == patient_id)).mappings():
        target.execute(insert(lookup), dict(index))
    by_then = [event for event in dossier.entries if event.day <= at.today]
    tracked = projections.tracking_row(answer.snapshot, by_then, None)
    rows = projections.rows(tracked, answer.against(None))
    projections.write(target, patient_id, rows)
    return True
