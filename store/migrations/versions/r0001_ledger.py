"""The ledger, the identities, and what is derived."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, text

from store.migrations.types import moment, words

revision = "0001"
down_revision = None


def upgrade() -> None:
    _ledger()
    _derived()


def _patient() -> Column[int]:
    return Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True)


def _ledger() -> None:
    op.create_table(
        "carepath",
        Column("schema_version", Integer, primary_key=True),
        Column("created", moment, nullable=False),
    )
    op.create_table(
        "patient",
        Column("id", Integer, primary_key=True),
        Column("sequence", Integer, nullable=False),
        Column("head", words, nullable=False),
        Column("created", moment, nullable=False),
    )
    op.create_table(
        "identity",
        _patient(),
        Column("reference", words, nullable=False, unique=True),
        Column("name", words),
        Column("numbers", words),
        Column("birth_date", Date),
    )
    op.create_table(
        "ledger",
        _patient(),
        Column("seq", Integer, primary_key=True),
        Column("kind", words, nullable=False),
        Column("event_id", words),
        Column("type", words),
        Column("day", Date),
        Column("clock", words),
        Column("documented", words),
        Column("basis", words),
        Column("recorded", moment, nullable=False),
        Column("recorded_offset", Integer, nullable=False),
        Column("recorder", words, nullable=False),
        Column("source", words, nullable=False),
        Column("source_id", words),
        Column("payload", words, nullable=False),
        Column("prev_hash", words, nullable=False),
        Column("hash", words, nullable=False),
        sqlite_with_rowid=False,
    )
    _index("ix_ledger_event", "ledger", "patient_id", "event_id", only="event_id IS NOT NULL", unique=True)
    _index("ix_ledger_source", "ledger", "source", "source_id", only="source_id IS NOT NULL", unique=True)
    op.create_table(
        "definition",
        Column("fingerprint", words, primary_key=True),
        Column("pathway", words, nullable=False),
        Column("version", words, nullable=False),
        Column("body", words, nullable=False),
    )


def _derived() -> None:
    op.create_table(
        "tracking",
        _patient(),
        Column("state", words, nullable=False),
        Column("entered_on", Date),
        Column("rank", Integer, nullable=False),
        Column("urgent_on", Date, nullable=False),
        Column("next_step", words),
        Column("next_item", words),
        Column("next_due", Date),
        Column("overdue", Integer, nullable=False),
        Column("due", Integer, nullable=False),
        Column("deviations", Integer, nullable=False),
        Column("blocked", Boolean, nullable=False),
        Column("undetermined", Boolean, nullable=False),
        Column("latest_activity", Date),
        Column("derived_on", Date, nullable=False),
        Column("wake_on", Date),
        Column("trouble", words),
    )
    urgency = ("rank", "urgent_on", "patient_id")
    _index("ix_tracking_urgency", "tracking", *urgency)
    _index("ix_tracking_state", "tracking", "state", *urgency)
    _index("ix_tracking_deviations", "tracking", *urgency, only="deviations > 0")
    _index("ix_tracking_wake", "tracking", "wake_on", only="wake_on IS NOT NULL")
    op.create_table(
        "standing",
        _patient(),
        Column("pathway", words, primary_key=True),
        Column("state", words, nullable=False),
        Column("entered_on", Date),
    )
    _index("ix_standing_state", "standing", "pathway", "state", "patient_id")
    op.create_table(
        "due_item",
        _patient(),
        Column("pathway", words, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("item", words, nullable=False),
        Column("title", words, nullable=False),
        Column("opens", Date, nullable=False),
        Column("due", Date, nullable=False),
        Column("overdue_from", Date),
        Column("escalates_on", Date),
        Column("status", words, nullable=False),
        Column("anchor", words, nullable=False),
        Column("statements", words, nullable=False),
    )
    _index("ix_due_item_day", "due_item", "due", "patient_id")
    op.create_table(
        "deviation",
        _patient(),
        Column("pathway", words, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("code", words, nullable=False),
        Column("title", words, nullable=False),
        Column("severity", words, nullable=False),
        Column("status", words, nullable=False),
        Column("raised_on", Date),
        Column("events", words, nullable=False),
        Column("statements", words, nullable=False),
        Column("why", words, nullable=False),
    )
    _index("ix_deviation_open", "deviation", "code", "patient_id", only="status = 'open'")
    _index("ix_deviation_code", "deviation", "code", "status", "patient_id")
    op.create_table(
        "snapshot",
        _patient(),
        Column("body", words, nullable=False),
    )


def _index(name: str, table: str, *columns: str, only: str | None = None, unique: bool = False) -> None:
    where: dict[str, Any] = {"sqlite_where": text(only), "postgresql_where": text(only)} if only else {}
    op.create_index(name, table, columns, unique=unique, **where)
