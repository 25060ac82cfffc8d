"""Signed seals over the heads of all chains."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, text

from store.migrations.types import moment, words

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("patient", Column("sealed_sequence", Integer, nullable=False, server_default=text("0")))
    waiting = text("sequence > sealed_sequence")
    op.create_index("ix_patient_unsealed", "patient", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "seal",
        Column("number", Integer, primary_key=True),
        Column("made", moment, nullable=False),
        Column("content", words, nullable=False),
        Column("hash", words, nullable=False),
        Column("signature", words, nullable=False),
    )
    op.create_table(
        "sealed_head",
        Column("seal", Integer, ForeignKey("seal.number"), primary_key=True),
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
        Column("sequence", Integer, nullable=False),
        Column("head", words, nullable=False),
    )
    op.create_index("ix_sealed_head_patient", "sealed_head", ["patient_id", "sequence"])
