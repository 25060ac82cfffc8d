"""Who owns a patient, what was said at the desk, and which notices and messages came of it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, text

from store.migrations.types import moment, words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("patient", Column("owner", words))
    op.add_column("patient", Column("planned_sequence", Integer, nullable=False, server_default=text("-1")))
    op.add_column("patient", Column("planned_desk", Integer))
    op.add_column("patient", Column("planned_at", moment))
    op.add_column("patient", Column("plan_on", moment))
    op.add_column("patient", Column("plan_trouble", words))
    _partial("ix_patient_unplanned", "patient", ["id"], "sequence > planned_sequence")
    op.create_index("ix_patient_planned_desk", "patient", ["planned_desk", "id"])
    _partial("ix_patient_plan", "patient", ["plan_on", "id"], "plan_on IS NOT NULL")
    _partial("ix_patient_owner", "patient", ["owner", "id"], "owner IS NOT NULL")
    op.add_column("tracking", Column("owner", words))
    op.create_index("ix_tracking_owner", "tracking", ["owner", "rank", "urgent_on", "patient_id"])
    _desk()
    _outlook()
    _notices()
    _messages()
    _workers()


def _desk() -> None:
    op.create_table(
        "desk",
        Column("number", Integer, primary_key=True),
        Column("at", moment, nullable=False),
        Column("at_offset", Integer, nullable=False),
        Column("recorder", words, nullable=False),
        Column("kind", words, nullable=False),
        Column("patient_id", Integer, ForeignKey("patient.id")),
        Column("payload", words, nullable=False),
    )
    _partial("ix_desk_patient", "desk", ["patient_id", "number"], "patient_id IS NOT NULL")
    _partial("ix_desk_site", "desk", ["number"], "patient_id IS NULL")


def _outlook() -> None:
    op.create_table(
        "outlook",
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
        *(Column(name, Date, nullable=False) for name in ("made_on", "until")),
        Column("site", Integer, nullable=False),
        Column("alone", Boolean, nullable=False),
        *(Column(name, Date) for name in ("next_on", "working_on")),
        Column("body", words, nullable=False),
    )
    _partial("ix_outlook_working", "outlook", ["working_on", "patient_id"], "working_on IS NOT NULL")


def _notices() -> None:
    op.create_table(
        "notice",
        Column("id", words, primary_key=True),
        Column("patient_id", Integer, ForeignKey("patient.id"), nullable=False),
        *(Column(name, words, nullable=False) for name in ("pathway", "item", "anchor")),
        Column("due", Date),
        Column("rung", words, nullable=False),
        Column("day", Date, nullable=False),
        Column("issued", moment, nullable=False),
        *_queued(),
    )
    _partial("ix_notice_wake", "notice", ["wake", "id"], "wake IS NOT NULL")
    op.create_index("ix_notice_patient", "notice", ["patient_id", "day"])


def _messages() -> None:
    op.create_table(
        "message",
        Column("id", words, primary_key=True),
        *(Column(name, words, nullable=False) for name in ("recipient", "channel", "kind")),
        Column("made", moment, nullable=False),
        *_queued(),
        Column("digest", words),
    )
    _partial("ix_message_wake", "message", ["channel", "wake", "id"], "wake IS NOT NULL")
    op.create_index("ix_message_recipient", "message", ["recipient", "made"])
    op.create_table(
        "message_notice",
        Column("message", words, ForeignKey("message.id"), primary_key=True),
        Column("notice", words, ForeignKey("notice.id"), primary_key=True),
        Column("left_out", words, nullable=False, server_default=text("''")),
    )
    op.create_index("ix_message_notice_notice", "message_notice", ["notice", "message"])
    op.create_table(
        "attempt",
        Column("message", words, ForeignKey("message.id"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("at", moment, nullable=False),
        *(Column(name, words, nullable=False) for name in ("worker", "outcome", "told")),
    )
    op.create_index("ix_attempt_at", "attempt", ["at"])


def _workers() -> None:
    op.create_table(
        "worker",
        Column("name", words, primary_key=True),
        Column("started", moment, nullable=False),
        Column("beat", moment, nullable=False),
        Column("stopped", moment),
    )
    op.create_table(
        "loop",
        Column("name", words, primary_key=True),
        Column("begun", moment, nullable=False),
        Column("ended", moment),
        Column("told", words, nullable=False),
    )


def _queued() -> list[Column[object]]:
    """The columns of what workers take in turn."""
    return [
        Column("wake", moment),
        Column("status", words, nullable=False),
        Column("reason", words, nullable=False),
        Column("settled", moment),
        Column("lease", moment),
        Column("worker", words),
        Column("attempts", Integer, nullable=False),
    ]


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=text(condition), postgresql_where=text(condition))
