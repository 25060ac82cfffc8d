"""After new keys: who the patients are is encrypted and indexed anew, a batch at a time; and second factors.

Until a patient's turn has come the earlier keys read and find what they wrote, so the work may be interrupted
and taken up again at any time, and others may read and write meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, bindparam, func, select

from store import factors, identities
from store.database import Database
from store.tables import lookup, patient, vault
from store.vault import Person, vault_of

batch = 500
"""Patients in one transaction: few enough that a writer in line does not wait long."""


BOTH = ("vault", "index")


def outdated(database: Database, kinds: Collection[str] = BOTH) -> int:
    """How many patients are still encrypted ("vault") or indexed ("index") with an earlier key."""
    last, found = 0, 0
    with database.reading() as connection:
        while ids := list(connection.execute(_next, {"after": last}).scalars()):
            found += sum(_is_outdated(connection, id, kinds) is not None for id in ids)
            last = ids[-1]
    return found


def people(database: Database) -> int:
    """How many patients' identities are kept."""
    with database.reading() as connection:
        number: int = connection.execute(select(func.count()).select_from(vault)).scalar_one()
    return number


def outdated_factors(database: Database) -> int:
    """How many accounts have a second factor that is still encrypted with an earlier key."""
    with database.reading() as connection:
        return factors.late(connection)


def renew(database: Database) -> Iterator[int]:
    """Encrypt and index everybody with the keys in use; yields after each batch how many of it were not.

    Second factors come first, so that whoever finds no patient left finds no factor left either.

    Raises Busy or CannotWrite; what was renewed before stays.
    """
    with database.writing() as connection:
        factors.renew(connection)
    last = 0
    while True:
        with database.writing() as connection:
            ids = list(connection.execute(_next.with_for_update(of=patient), {"after": last}).scalars())
            found = {id: person for id in ids if (person := _is_outdated(connection, id))}
            for id, person in found.items():
                identities.keep(connection, id, person)
        if not ids:
            break
        last = ids[-1]
        yield len(found)
    database.settle()


def _is_outdated(connection: Connection, patient_id: int, kinds: Collection[str] = BOTH) -> Person | None:
    """The person whose row or indexes are not those of the keys in use; None where they are."""
    there = vault_of(connection)
    row = connection.execute(_row, {"of": patient_id}).first()
    if row is None:  # erased meanwhile
        return None
    person = there.opened(patient_id, row.key, row.sealed)
    indexes = {(kind, blind) for kind, blind in connection.execute(_indexes, {"of": patient_id})}
    name, _ = there.keys.in_use("vault")
    late = {"vault": row.key != name, "index": indexes != there.indexes(person)}
    return person if any(late[kind] for kind in kinds) else None


_next = (
    select(patient.c.id)
    .join(vault, vault.c.patient_id == patient.c.id)
    .where(patient.c.id > bindparam("after"))
    .order_by(patient.c.id)
    .limit(batch)
)
_row = select(vault.c.key, vault.c.sealed).where(vault.c.patient_id == bindparam("of"))
_indexes = select(lookup.c.kind, lookup.c.blind).where(lookup.c.patient_id == bindparam("of"))
