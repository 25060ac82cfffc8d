"""Is everything as it was recorded? Every chain is followed to its head, and compared with what was sealed.

Found and located: an entry altered, deleted, inserted or moved, entries cut off at the end, a patient gone;
and, as far as they were sealed, also where the chain was computed anew from there on, head included. The same
of the access log. With seals that were kept elsewhere: also seals cut off or made with another key.

And what is apart from the chains: the pathway versions that entries name by fingerprint, and the identities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from store import access, chains, definitions, seals, under_seal, unreadable, vault_check
from store.database import Database
from store.problem import Problem
from store.seals import Sealed

Kept = tuple[dict[str, str], list[Sealed]]


def verify(database: Database, kept: Sequence[str] | None = None) -> list[Problem]:
    """Everything wrong, in the order of patients and entries, then of seals and views; empty when nothing is.

    `kept` are the lines of an earlier export of the seals. Raises BadSeals where they are none.
    """
    elsewhere = seals.read_export(kept) if kept is not None else None
    keys = {name: proof for name, (kind, proof) in database.keys.proofs().items() if kind == "signing"}
    with database.reading() as connection:
        try:
            return _problems(connection, keys, elsewhere)
        except (
            ValueError,
            TypeError,
            AttributeError,
            DBAPIError,
        ):  # no chain can be followed past such a row
            if found := unreadable.problems(connection):
                return found
            raise


def _problems(connection: Connection, keys: dict[str, str], elsewhere: Kept | None) -> list[Problem]:
    there = seals.all_seals(connection)
    return [
        *_entries(connection, there),
        *_seals(connection, there, keys, elsewhere),
        *(Problem(f"access log, entry {number}", what) for number, what in _views(connection, there)),
        *(Problem(which, what) for which, what in definitions.faults(connection)),
        *(Problem(f"identity of patient {id}", what) for id, what in vault_check.faults(connection)),
    ]


def _entries(connection: Connection, there: Sequence[Sealed]) -> list[Problem]:
    found = chains.faults(connection)
    found += under_seal.entries(connection, there, {patient_id for patient_id, _, _ in found})
    return [
        Problem(f"patient {patient_id}, entry {seq}", what)
        for patient_id, seq, what in sorted(found, key=lambda fault: fault[:2])
    ]


def _seals(
    connection: Connection, there: Sequence[Sealed], keys: dict[str, str], elsewhere: Kept | None
) -> Iterator[Problem]:
    kept_keys, kept = elsewhere or ({}, [])
    for name in under_seal.other_keys(keys, kept_keys):
        yield Problem(f"signing key {name}", "is another one than in the kept seals")
    of_seals = (seals.faults(there, keys), under_seal.lists(connection, there))
    for number, what in chain(*of_seals, under_seal.unlike_kept(there, kept)):
        yield Problem(f"seal {number}", what)


def _views(connection: Connection, there: Sequence[Sealed]) -> list[tuple[int, str]]:
    return list(access.faults(connection)) or list(under_seal.views(connection, there))
