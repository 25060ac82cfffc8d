"""Pathway versions kept beside the ledger: an enrolment is answered also after the program has moved on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, func, select, text

from engine.snapshot import PathwayRef
from store.canonical import SPOILED, digest
from store.derivation import Derivation, Enrolment
from store.ledger import read_enrolment
from store.prepared import Prepared
from store.tables import definition, ledger

_fingerprints = Prepared(select(definition.c.fingerprint))
_body = select(definition.c.body).where(definition.c.fingerprint == bindparam("wanted"))
_insert = text(
    "INSERT INTO definition (fingerprint, pathway, version, body)"
    " VALUES (:fingerprint, :pathway, :version, :body) ON CONFLICT DO NOTHING"
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


def kept(connection: Connection) -> list[PathwayRef]:
    """The versions that are kept, by pathway and version."""
    return [PathwayRef(*row) for row in connection.execute(_refs)]


def faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """Versions that are not what patients were enrolled in: which one, and what is wrong."""
    kept = {}
    for fingerprint, pathway, version, body in connection.execute(_all):
        kept[fingerprint] = PathwayRef(pathway, version, fingerprint)
        if f"sha256:{digest(body)}" != fingerprint:
            yield _named(kept[fingerprint]), "was altered after it was kept"
    for ref, first in _enrolled_in(connection).items():
        if ref.fingerprint not in kept:
            yield _named(ref), f"is missing; patient {first} is the first who is enrolled in it"
        elif kept[ref.fingerprint] != ref:
            yield _named(ref), "is kept under another name"


def _enrolled_in(connection: Connection) -> dict[PathwayRef, int]:
    """Every version that an enrolment names, with the first patient."""
    found: dict[PathwayRef, int] = {}
    for payload, first in connection.execute(_enrolments):
        try:
            refs = read_enrolment(payload).pathways
        except SPOILED:
            continue  # altered, which its hash tells
        for ref in refs:
            if all(isinstance(part, str) for part in (ref.id, ref.version, ref.fingerprint)):
                found.setdefault(ref, first)
    return found


def _named(ref: PathwayRef) -> str:
    """How a version is named to a person."""
    return f"pathway {ref.id} {ref.version} ({ref.fingerprint[:_enough]})"


_enough = len("sha256:") + 12
_refs = select(definition.c.pathway, definition.c.version, definition.c.fingerprint).order_by(
    definition.c.pathway, definition.c.version, definition.c.fingerprint
)
_all = select(*(definition.c[name] for name in ("fingerprint", "pathway", "version", "body"))).order_by(
    definition.c.fingerprint
)
_first = func.min(ledger.c.patient_id)
_enrolments = (
    select(ledger.c.payload, _first)
    .where(ledger.c.kind == "enrolment")
    .group_by(ledger.c.payload)
    .order_by(_first, ledger.c.payload)
)
