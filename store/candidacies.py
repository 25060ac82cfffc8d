"""What boards have to do with each patient, kept beside the answers: worked out in `coordination.candidacy`.

A row is right as long as nothing is recorded about the patient, which takes it away in the same transaction,
and no day comes that changes it. One that is not known to be right is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, delete, insert, select

from store import identities
from store.batches import batches
from store.prepared import Prepared
from store.work_tables import candidacy


class Kept(NamedTuple):
    """A row as it is kept (`work_tables.CandidacyRow` explains the columns)."""

    patient_id: int
    made_on: date
    until: date
    asked: bool
    body: str


def put(connection: Connection, row: Kept) -> None:
    """Keep what was worked out about a patient whom others are kept off."""
    forget(connection, row.patient_id)
    _insert.run(connection, row._asdict())


def put_where_still(connection: Connection, rows: Iterable[tuple[str, Kept]]) -> None:
    """Keep what was worked out of entries up to these hashes; not of whom something was recorded since."""
    for upto, row in sorted(rows, key=lambda pair: pair[1].patient_id):
        if identities.head_of(connection, row.patient_id, to_write=True).hash == upto:
            put(connection, row)


def forget(connection: Connection, patient_id: int) -> None:
    """Take away what was worked out before something was recorded about a patient."""
    _delete.run(connection, {"of": patient_id})


def right(connection: Connection, patients: Collection[int], day: date) -> Iterator[Kept]:
    """The rows of these patients that are right on a day; of the others nothing."""
    for some in batches(patients):
        for row in connection.execute(_right, {"them": some, "day": day}):
            yield Kept(*row)


def is_right() -> ColumnElement[bool]:
    """Whether a row is right on the day that is bound as `day`, as a condition on its columns."""
    return and_(candidacy.c.made_on <= bindparam("day"), candidacy.c.until > bindparam("day"))


_them: BindParameter[list[int]] = bindparam("them", expanding=True)
_insert = Prepared(insert(candidacy))
_delete = Prepared(delete(candidacy).where(candidacy.c.patient_id == bindparam("of")))
_right = select(*(candidacy.c[name] for name in Kept._fields)).where(
    candidacy.c.patient_id.in_(_them), is_right()
)
