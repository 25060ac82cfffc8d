"""Reviews of statements by people of the site."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date, Integer

from store.migrations.types import moment, words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "review",
        Column("seq", Integer, primary_key=True),
        Column("statement", words, nullable=False),
        Column("content", words, nullable=False),
        Column("verdict", words),
        Column("reader", words, nullable=False),
        Column("read_on", Date, nullable=False),
        Column("note", words, nullable=False),
        Column("recorder", words, nullable=False),
        Column("recorded", moment, nullable=False),
    )
