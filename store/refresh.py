"""Rows kept right without new events: those that time has overtaken, or all of them from the ledger.

Each patient is worked out without writing, by several processes where there are many, and written in batches;
whoever was recorded about meanwhile is worked out anew as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Select, bindparam, select, update

from store import identities, ledger, projections, tallies
from store.canonical import SPOILED
from store.database import Database
from store.derivation import Derivation
from store.errors import CannotDerive, UnknownPathway
from store.identities import Head
from store.prepared import sent_together
from store.projections import Rows
from store.settle import Answer, Reckoning
from store.tables import patient, tracking
from store.workers import Place, shared

batch = 100
"""Patients in one transaction: few enough that a writer in line does not wait long."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many patients were derived anew, and those (by number) for whom it failed."""

    count: int
    troubled: tuple[int, ...]


def refresh(database: Database, *, now: datetime, derive: Derivation, jobs: int = 1) -> Refreshed:
    """Derive anew the rows whose next change has come, so that the lists are right for the day of `now`.

    A patient for whom it fails keeps the old row, marked, and is tried again the next day; the others
    proceed.
    """
    return _summed(derived_anew(database, overtaken(database, now), now=now, derive=derive, jobs=jobs))


def rebuild(database: Database, *, now: datetime, derive: Derivation, jobs: int = 1) -> Refreshed:
    """Drop every row and derive it from the ledger, patient by patient, while others may read."""
    found = _summed(derived_anew(database, everybody(database), now=now, derive=derive, jobs=jobs))
    tallies.count_anew(database, now.date())
    return found


def overtaken(database: Database, now: datetime) -> list[int]:
    """The patients, by number, whose rows time has changed by the day of `now`."""
    return _numbers(database, _overtaken, now)


def is_overtaken(connection: Connection, patient_id: int, today: date) -> bool:
    """Whether time has changed the rows of a patient by a day."""
    return connection.execute(_is_overtaken, {"of": patient_id, "today": today}).first() is not None


def everybody(database: Database) -> list[int]:
    """All patients, by number."""
    return _numbers(database, select(patient.c.id), None)


def derived_anew(
    database: Database, patients: Sequence[int], *, now: datetime, derive: Derivation, jobs: int = 1
) -> Iterator[tuple[int, bool]]:
    """Replace the rows of these patients; answers for each, once written, whether it could be derived.

    Raises Busy, CannotWrite or WorkerLost; what was answered before stays.
    """
    at = Reckoning.at(now, derive)
    batches = (Batch(now, patients[n : n + batch]) for n in range(0, len(patients), batch))
    for _, found in shared(Place(database, derive), worked_out, batches, jobs):
        with database.writing() as connection:
            answers = [(one.head.patient_id, _written(connection, one, at)) for one in found]
        yield from answers
    tallies.bring_up_to_date(database, now.date())


_overtaken = select(tracking.c.patient_id).where(
    tracking.c.wake_on <= bindparam("today"), tracking.c.wake_on.is_not(None)
)
_is_overtaken = _overtaken.where(tracking.c.patient_id == bindparam("of"))
_mark = (
    update(tracking)
    .where(tracking.c.patient_id == bindparam("of"))
    .values(trouble=bindparam("cause"), wake_on=bindparam("again"))
)


def _numbers(database: Database, query: Select[int], now: datetime | None) -> list[int]:
    """In their order: in the query it would have an index left alone that finds the few there are."""
    with database.reading() as connection:
        return sorted(connection.execute(query, {"today": now.date()} if now else {}).scalars())


def _summed(answers: Iterator[tuple[int, bool]]) -> Refreshed:
    count, troubled = 0, list[int]()
    for patient_id, derived in answers:
        count += derived
        if not derived:
            troubled.append(patient_id)
    return Refreshed(count, tuple(troubled))


@dataclass(frozen=True, slots=True)
class Batch:
    """Patients whose rows share one transaction."""

    now: datetime
    patients: Sequence[int]


@dataclass(frozen=True, slots=True)
class Derived:
    """All rows of a patient as of a head; None where they cannot be derived, with the kind of error, or where
    there are none because the record was merged into another.
    """

    head: Head
    rows: Rows | None
    trouble: str = ""
    gone: bool = False


def worked_out(here: Place, batch: Batch) -> list[Derived]:
    """Where each patient of a batch stands."""
    at = Reckoning.at(batch.now, here.derive)
    with here.database.reading() as connection:
        return [derived_or_spoilt(connection, id, at) for id in batch.patients]


def derived_or_spoilt(connection: Connection, patient_id: int, at: Reckoning) -> Derived:
    """Where a patient stands; one whose entries somebody has altered stops nobody else."""
    try:
        return derived(connection, patient_id, at)
    except SPOILED as error:
        return Derived(identities.head_of(connection, patient_id), None, type(error).__name__)


def derived(connection: Connection, patient_id: int, at: Reckoning) -> Derived:
    """Where a patient stands, by all that is recorded."""
    head = identities.head_of(connection, patient_id)
    dossier = ledger.dossier(head, ledger.lines(connection, patient_id))
    if dossier.merged_into is not None:
        return Derived(head, None, gone=True)
    try:
        answer = at.answer(dossier)
    except (CannotDerive, UnknownPathway) as error:
        return Derived(head, None, type(error).__name__)
    return of_answer(answer)


def of_answer(answer: Answer) -> Derived:
    """All rows that follow from an answer."""
    return Derived(answer.dossier.head, answer.rows(answer.against(None)))


def _written(connection: Connection, found: Derived, at: Reckoning) -> bool:
    """Replace the rows of a patient; False where they cannot be derived."""
    patient_id = found.head.patient_id
    if identities.head_of(connection, patient_id, to_write=True) != found.head:
        found = derived_or_spoilt(connection, patient_id, at)
    return replaced(connection, found, at.today)


def write_anew(connection: Connection, patient_id: int, at: Reckoning) -> None:
    """Derive the rows of a patient in a transaction that keeps others off, with what it wrote itself."""
    replaced(connection, derived(connection, patient_id, at), at.today)


def replaced(connection: Connection, found: Derived, today: date) -> bool:
    """Replace the rows of a patient whom others are kept off; where they cannot be derived (False), mark the
    old ones.
    """
    patient_id = found.head.patient_id
    if found.gone:
        projections.clear(connection, patient_id)
        return True
    if found.rows is None:
        again = today + timedelta(1)
        connection.execute(_mark, {"of": patient_id, "cause": found.trouble, "again": again})
        return False
    with sent_together(connection):
        projections.clear(connection, patient_id)
        projections.write(connection, patient_id, found.rows)
    return True
