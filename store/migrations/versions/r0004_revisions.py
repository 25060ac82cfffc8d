"""Revisions are kept by Alembic; the number in our own table stays, so that earlier programs refuse."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("UPDATE carepath SET schema_version = 4")
