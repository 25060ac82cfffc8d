"""Pathway versions kept beside the ledger: an enrolment is answered also after the program has moved on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, text

from store.derivation import Derivation, Enrolment
from store.prepared import Prepared
from store.tables import definition

_fingerprints = Prepared(select(definition.c.fingerprint))
_body = select(definition.c.body).where(definition.c.fingerprint == bindparam("wanted"))
_columns = [column.name for column in definition.c]
_insert = text(
    f"INSERT INTO definition ({', '.join(_columns)}) VALUES ({', '.join(f':{name}' for name in _columns)})"  # noqa: S608
    " ON CONFLICT DO NOTHING"
)
"""Somebody else may keep the same version at this moment."""


def keep(connection: Connection, enrolments: Iterable[Enrolment], derive: Derivation) -> None:
    """Keep the versions of these enrolments that are not kept yet, in the order of their fingerprints."""
    wanted = {ref.fingerprint: ref for enrolment in enrolments for ref in enrolment.pathways}
    there = {fingerprint for (fingerprint,) in _fingerprints.rows(connection)} if wanted else set()
    rows = [
        {
            "fingerprint": ref.fingerprint,
            "pathway": ref.id,
            "version": ref.version,
            "body": derive.definition(ref),
        }
        for _, ref in sorted(wanted.items())
        if ref.fingerprint not in there
    ]
    if rows:
        connection.execute(_insert, rows)


def find(connection: Connection, fingerprint: str) -> str | None:
    """The canonical JSON of a version; None when it was never kept."""
    return connection.execute(_body, {"wanted": fingerprint}).scalar()
