"""Patients whose days are counted from an event."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column

from store.migrations.types import words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("identity", Column("day_zero", words))
