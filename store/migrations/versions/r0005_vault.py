"""Identities encrypted, found through blind indexes; proofs of the keys; day zero beside the chain's head."""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    column,
    insert,
    select,
    table,
    text,
    update,
)

from store import tables
from store.migrations.types import moment, words
from store.vault import Person, Vault, vault_of

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("patient", Column("day_zero", words))
    op.create_table(
        "vault",
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
        Column("key", words, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_table(
        "lookup",
        Column("kind", words, primary_key=True),
        Column("blind", words, primary_key=True),
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
    )
    op.create_index("ix_lookup_patient", "lookup", ["patient_id"])
    one = text("kind = 'reference'")
    op.create_index(
        "ix_lookup_reference", "lookup", ["blind"], unique=True, sqlite_where=one, postgresql_where=one
    )
    op.create_table(
        "site_key",
        Column("name", words, primary_key=True),
        Column("kind", words, nullable=False),
        Column("proof", words, nullable=False),
        Column("since", moment, nullable=False),
    )
    _move(vault_of(op.get_bind()))
    op.drop_table("identity")


_plain = table(
    "identity",
    *(column(name, words) for name in ("reference", "name", "numbers", "day_zero")),
    column("patient_id", Integer),
    column("birth_date", Date),
)


def _move(vault: Vault) -> None:
    """Encrypt what stood in clear; what SQLite drops is overwritten."""
    database = op.get_bind()
    if database.dialect.name == "sqlite":
        database.exec_driver_sql("PRAGMA secure_delete=ON")
    for row in database.execute(select(_plain)).all():
        person = Person(row.reference, row.name, json.loads(row.numbers or "{}"), row.birth_date)
        key, sealed = vault.sealed(row.patient_id, person)
        database.execute(insert(tables.vault), {"patient_id": row.patient_id, "key": key, "sealed": sealed})
        found = [
            {"kind": kind, "blind": blind, "patient_id": row.patient_id}
            for kind, blind in vault.indexes(person)
        ]
        database.execute(insert(tables.lookup), found)
        database.execute(
            update(tables.patient).where(tables.patient.c.id == row.patient_id).values(day_zero=row.day_zero)
        )
