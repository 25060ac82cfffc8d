"""Are the identities those that were kept? Each must open for its patient, and be found by its own indexes.

Nothing of what is read is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, exists, select, union

from store import erasure
from store.errors import CannotOpen
from store.tables import ledger, lookup, patient, vault
from store.vault import Vault, vault_of


def faults(connection: Connection) -> Iterator[tuple[int, str]]:
    """Everything wrong with identities: of which patient, by number, and what."""
    there = vault_of(connection)
    rows = connection.execute(_everybody.execution_options(yield_per=1000))
    for patient_id, found in groupby(rows, key=lambda row: row.of):
        if what := _wrong(there, list(found)):
            yield patient_id, what


def _wrong(there: Vault, rows: Sequence[Row[Any]]) -> str | None:
    """What is wrong with one patient's identity; the rows differ in their index alone."""
    one = rows[0]
    indexes = {(row.kind, row.blind) for row in rows if row.kind is not None}
    if one.id is None:
        return "belongs to no patient"
    if one.sealed is None:
        if not one.erased:
            return "is missing, and no entry says that it was erased"
        return "was erased, and can still be looked for" if indexes else None
    if one.erased:
        return "is there, and an entry says that it was erased"
    try:
        person = there.opened(one.id, one.key, one.sealed)
    except CannotOpen:
        return "is not as it was written for this patient"
    return None if there.finds(person, indexes) else "is not found by what it says, or by something else"


_numbers = union(
    select(patient.c.id.label("of")), select(vault.c.patient_id), select(lookup.c.patient_id)
).cte()
_is_erasure = (ledger.c.patient_id == _numbers.c.of) & (ledger.c.kind == erasure.KIND)
_everybody = (
    select(
        _numbers.c.of,
        patient.c.id,
        vault.c.key,
        vault.c.sealed,
        exists().where(_is_erasure).label("erased"),
        lookup.c.kind,
        lookup.c.blind,
    )
    .outerjoin(patient, patient.c.id == _numbers.c.of)
    .outerjoin(vault, vault.c.patient_id == _numbers.c.of)
    .outerjoin(lookup, lookup.c.patient_id == _numbers.c.of)
    .order_by(_numbers.c.of)
)
