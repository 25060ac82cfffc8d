"""Which keys a database was written with, so that wrong ones are refused before anything is written."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, insert, inspect, select

from store import clock, schema
from store.errors import CannotOpen
from store.tables import site_key
from store.vault import OPTION


def any_there(engine: Engine) -> bool:
    """Whether a database has been written with keys."""
    with engine.connect() as connection, connection.begin():
        if not inspect(connection).has_table(site_key.name):
            return False
        return connection.execute(select(site_key.c.name).limit(1)).first() is not None


def check(engine: Engine, writer: Engine) -> None:
    """Keep the proofs of keys that are new. Raises CannotOpen for keys that are not those of the database."""
    proofs = engine.get_execution_options()[OPTION].keys.proofs()
    with engine.connect() as connection, connection.begin():
        new = _new(connection, proofs)
    if not new:
        return
    with writer.connect() as connection, connection.begin():
        schema.alone(connection)
        since = clock.now()
        rows = [
            {"name": name, "kind": kind, "proof": proof, "since": since}
            for name, (kind, proof) in _new(connection, proofs).items()  # somebody else may have been first
        ]
        if rows:
            connection.execute(insert(site_key), rows)


class KnownKey(NamedTuple):
    """A key that a database was written with, by its name; not the key itself."""

    name: str
    kind: str
    since: datetime


def known_keys(connection: Connection) -> list[KnownKey]:
    """Every key of the database, by kind, the earliest first."""
    query = select(site_key.c.name, site_key.c.kind, site_key.c.since)
    return [
        KnownKey(*row) for row in connection.execute(query.order_by(site_key.c.kind.desc(), site_key.c.since))
    ]


Proofs = dict[str, tuple[str, str]]


def _new(connection: Connection, proofs: Proofs) -> Proofs:
    """The keys that are not in the database yet. Raises CannotOpen where those there are not among ours."""
    there = {row.name: (row.kind, row.proof) for row in connection.execute(select(site_key))}
    for name, proof in there.items():
        if name not in proofs:
            raise CannotOpen(f"the key {name!r} of this database is missing among the keys")
        if proofs[name] != proof:
            raise CannotOpen(f"the keys are not those of this database: another one is called {name!r}")
    return {name: proof for name, proof in proofs.items() if name not in there}
