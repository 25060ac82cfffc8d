"""Pathway versions kept beside the ledger: an enrolment is answered also after the program has moved on."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select

from store.derivation import Derivation, Enrolment
from store.prepared import Prepared
from store.tables import definition

_fingerprints = Prepared(select(definition.c.fingerprint))
_body = select(definition.c.body).where(definition.c.fingerprint == bindparam("wanted"))
_insert = insert(definition)


def keep(connection: Connection, enrolment: Enrolment, derive: Derivation) -> None:
    """Keep the versions of an enrolment that are not kept yet."""
    there = {fingerprint for (fingerprint,) in _fingerprints.rows(connection)}
    rows = [
        {
            "fingerprint": ref.fingerprint,
            "pathway": ref.id,
            "version": ref.version,
            "body": derive.definition(ref),
        }
        for ref in enrolment.pathways
        if ref.fingerprint not in there
    ]
    if rows:
        connection.execute(_insert, rows)


def find(connection: Connection, fingerprint: str) -> str | None:
    """The canonical JSON of a version; None when it was never kept."""
    return connection.execute(_body, {"wanted": fingerprint}).scalar()
