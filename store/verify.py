"""Is everything as it was recorded? Every chain is followed to its head, and compared with what was sealed.

Found and located: an entry altered, deleted, inserted or moved, entries cut off at the end, a patient gone;
and, as far as they were sealed, also where the chain was computed anew from there on, head included. The same
of the access log. With seals that were kept elsewhere: also seals cut off or made with another key.

And what is apart from the chains: the judgements of reviewers, whose digests stand in the access log, the
pathway versions that entries name by fingerprint, the identities, and second factors.

Each of these is looked at by itself: where something in the way of one cannot be read, that is told, and the
others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from store import (
    access,
    chains,
    definitions,
    desk_seal,
    factors,
    judgements,
    seals,
    shape,
    under_seal,
    unreadable,
    vault_check,
)
from store.canonical import SPOILED
from store.database import Database
from store.problem import Problem
from store.seals import Sealed

Found = TypeVar("Found")
Kept = tuple[dict[str, str], list[Sealed]]


def verify(database: Database, kept: Sequence[str] | None = None) -> list[Problem]:
    """Everything wrong, in the order of patients and entries, then of seals and views; empty when nothing is.

    `kept` are the lines of an earlier export of the seals. Raises BadSeals where they are none.
    """
    elsewhere = seals.read_export(kept) if kept is not None else None
    keys = {name: proof for name, (kind, proof) in database.keys.proofs().items() if kind == "signing"}
    with database.reading() as connection:
        return _problems(connection, keys, elsewhere)


def _problems(connection: Connection, keys: dict[str, str], elsewhere: Kept | None) -> list[Problem]:
    looks = _Looks(connection)
    kept_keys, kept = elsewhere or ({}, [])
    found = looks("tables", lambda: shape.problems(connection))
    there = looks("seals", lambda: seals.all_seals(connection))
    found += _of_entries(connection, looks, there)
    found += looks("seals kept elsewhere", lambda: _other_keys(keys, kept_keys))
    of_seals = looks("seals", lambda: seals.faults(there, keys))
    of_seals += looks("what stands under seals", lambda: under_seal.lists(connection, there))
    of_seals += looks("seals kept elsewhere", lambda: under_seal.unlike_kept(there, kept))
    found += [Problem(f"seal {number}", what) for number, what in of_seals]
    of_views = looks("access log", lambda: access.faults(connection))
    of_views += looks(
        "access log under seal", lambda: [] if of_views else under_seal.views(connection, there)
    )
    found += [Problem(f"access log, entry {number}", what) for number, what in of_views]
    of_desk = looks("what was said at the desk", lambda: desk_seal.faults(connection, there))
    found += [Problem(f"desk, entry {number}", what) for number, what in of_desk]
    found += looks("judgements", lambda: judgements.faults(connection) if not of_views else [])
    found += [Problem(*fault) for fault in looks("pathway versions", lambda: definitions.faults(connection))]
    of_identities = looks("identities", lambda: vault_check.faults(connection))
    found += [Problem(f"identity of patient {id}", what) for id, what in of_identities]
    of_factors = looks("second factors", lambda: factors.faults(connection))
    found += [Problem(f"second factor of account {id}", what) for id, what in of_factors]
    return looks.explained(found)


def _of_entries(connection: Connection, looks: _Looks, there: Sequence[Sealed]) -> list[Problem]:
    found = looks("entries", lambda: chains.faults(connection))
    told = {patient_id for patient_id, _, _ in found}
    found += looks("entries under seal", lambda: under_seal.entries(connection, there, told))
    return [
        Problem(f"patient {patient_id}, entry {seq}", what)
        for patient_id, seq, what in sorted(found, key=lambda fault: fault[:2])
    ]


def _other_keys(keys: dict[str, str], kept: dict[str, str]) -> Iterator[Problem]:
    for name in under_seal.other_keys(keys, kept):
        yield Problem(f"signing key {name}", "is another one than in the kept seals")


class _Looks:
    """Looks at one thing after the other, and remembers where something could not be read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._failed: dict[str, Exception] = {}

    def __call__(self, what: str, look: Callable[[], Iterable[Found]]) -> list[Found]:
        found: list[Found] = []
        try:
            with self._connection.begin_nested():  # after an error a server answers nothing else
                found.extend(look())
        except (*SPOILED, DBAPIError, self._connection.dialect.loaded_dbapi.Error) as error:
            if self._connection.invalidated:  # the server has gone
                raise
            self._failed.setdefault(what, error)
        return found

    def explained(self, found: list[Problem]) -> list[Problem]:
        """What was found, with the rows that cannot be read, and what could not be looked at for that.

        Raises what happened where nothing that was found explains it: then it is a mistake of ours.
        """
        if not self._failed:
            return found
        found = unreadable.problems(self._connection) + found
        if not found:
            raise next(iter(self._failed.values()))
        return found + [Problem(what, "could not be checked to the end") for what in self._failed]
