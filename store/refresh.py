"""Rows kept right without new events: those that time has overtaken, or all of them from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, bindparam, select, update

from store import identities, ledger, projections
from store.database import Database
from store.derivation import Derivation
from store.errors import CannotDerive, UnknownPathway
from store.settle import Reckoning
from store.tables import patient, tracking

batch = 200
"""Patients in one transaction: few enough that a writer in line does not wait long."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many patients were derived anew, and those (by number) for whom it failed."""

    count: int
    troubled: tuple[int, ...]


def refresh(database: Database, *, now: datetime, derive: Derivation) -> Refreshed:
    """Derive anew the rows whose next change has come, so that the lists are right for the day of `now`.

    A patient for whom it fails keeps the old row, marked, and is tried again the next day; the others
    proceed.
    """
    return _in_batches(database, Reckoning.at(now, derive), _overtaken, anew=False)


def rebuild(database: Database, *, now: datetime, derive: Derivation) -> Refreshed:
    """Drop every row and derive it from the ledger, patient by patient, while others may read."""
    return _in_batches(database, Reckoning.at(now, derive), _all, anew=True)


_overtaken = (
    select(tracking.c.patient_id)
    .where(tracking.c.wake_on <= bindparam("today"), tracking.c.wake_on.is_not(None))
    .where(tracking.c.patient_id > bindparam("last"))
    .order_by(tracking.c.patient_id)
    .limit(batch)
)
_all = select(patient.c.id).where(patient.c.id > bindparam("last")).order_by(patient.c.id).limit(batch)
_mark = (
    update(tracking)
    .where(tracking.c.patient_id == bindparam("of"))
    .values(trouble=bindparam("cause"), wake_on=bindparam("again"))
)


def _in_batches(database: Database, at: Reckoning, query: Select[int], *, anew: bool) -> Refreshed:
    count, troubled, last = 0, list[int](), -1
    while True:
        with database.writing() as connection:
            ids = list(connection.execute(query, {"today": at.today, "last": last}).scalars())
            troubled += [id for id in ids if not _settled(connection, at, id, anew=anew)]
        if not ids:
            return Refreshed(count - len(troubled), tuple(troubled))
        count, last = count + len(ids), ids[-1]


def _settled(connection: Connection, at: Reckoning, patient_id: int, *, anew: bool) -> bool:
    """Bring one patient's rows up to date; False when the answer cannot be derived."""
    head = identities.head_of(connection, patient_id)
    dossier = ledger.dossier(head, ledger.lines(connection, patient_id))
    try:
        answer = at.answer(dossier)
    except (CannotDerive, UnknownPathway) as error:
        again = at.today + timedelta(1)
        connection.execute(_mark, {"of": patient_id, "cause": type(error).__name__, "again": again})
        return False
    if anew:
        projections.clear(connection, patient_id)
    kept = None if anew else projections.kept(connection, patient_id)
    answer.keep(connection, patient_id, answer.against(kept), new=kept is None)
    return True
