"""The access log, with the end of its chain."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, text

from store.migrations.types import moment, words

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "access",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("at", moment, nullable=False),
        Column("at_offset", Integer, nullable=False),
        Column("who", words, nullable=False),
        Column("account", words, nullable=False),
        Column("what", words, nullable=False),
        Column("patient_id", Integer, ForeignKey("patient.id")),
        Column("asked", words, nullable=False),
        Column("reason", words),
        Column("prev_hash", words, nullable=False),
        Column("hash", words, nullable=False),
    )
    op.create_index("ix_access_patient", "access", ["patient_id", "number"])
    op.create_index("ix_access_at", "access", ["at"])
    op.add_column("carepath", Column("access_sequence", Integer, nullable=False, server_default=text("0")))
    op.add_column("carepath", Column("access_head", words, nullable=False, server_default="0" * 64))
