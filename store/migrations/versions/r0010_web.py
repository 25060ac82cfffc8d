"""Who may sign in to the web application, who is signed in, what people keep there for
themselves; what reviewers judge of deviations; and what boards have to do with patients."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    column,
    delete,
    table,
    text,
    update,
)

from store.migrations.types import moment, words

revision = "0010"
down_revision = "0009"


_tracking = table("tracking", column("wake_on"), column("derived_on"))


def upgrade() -> None:
    for name, kind in (("began_on", Date), ("clock", words), ("clock_from", Date), ("clock_until", Date)):
        op.add_column("tracking", Column(name, kind))
    op.create_index("ix_tracking_began", "tracking", ["began_on", "patient_id"])
    op.create_index("ix_tracking_clock", "tracking", ["clock", "clock_until", "patient_id"])
    op.add_column("outlook", Column("board_on", Date))
    right = ["made_on", "until", "site", "alone"]
    _partial("ix_outlook_board", "outlook", ["board_on", "patient_id", *right], "board_on IS NOT NULL")
    op.drop_index("ix_outlook_working", "outlook")
    _partial("ix_outlook_working", "outlook", ["working_on", "patient_id", *right], "working_on IS NOT NULL")
    _by_what_lies_ahead()
    _tallies()
    op.create_index("ix_desk_kind", "desk", ["kind", "patient_id"])
    op.get_bind().execute(delete(table("outlook")))  # to be worked out anew
    op.get_bind().execute(update(_tracking).values(wake_on=_tracking.c.derived_on))  # to be derived anew
    _partial("ix_tracking_no_step", "tracking", ["patient_id"], "next_item IS NULL AND next_step IS NULL")
    step = ["next_item", "urgent_on", "patient_id"]
    _partial("ix_tracking_step", "tracking", step, "next_item IS NOT NULL")
    op.create_table(
        "account",
        Column("id", Integer, primary_key=True),
        Column("name", words, nullable=False),
        Column("roles", words, nullable=False),
        Column("teams", words, nullable=False, server_default=text("''")),
        Column("password", words),
        Column("must_change", Boolean, nullable=False),
        Column("subject", words),
        Column("factor", LargeBinary),
        Column("factor_used", Integer, nullable=False, server_default=text("0")),
        Column("active", Boolean, nullable=False),
        Column("made", moment, nullable=False),
        Column("failures", Integer, nullable=False, server_default=text("0")),
        Column("closed_until", moment),
    )
    op.create_index("ix_account_name", "account", ["name"], unique=True)
    with_one = text("subject IS NOT NULL")
    op.create_index(
        "ix_account_subject", "account", ["subject"], unique=True, sqlite_where=with_one,
        postgresql_where=with_one,
    )  # fmt: skip
    op.create_table(
        "signed_in",
        Column("secret", words, primary_key=True),
        _account(),
        Column("began", moment, nullable=False),
        Column("seen", moment, nullable=False),
        Column("program", words, nullable=False),
    )
    op.create_index("ix_signed_in_account", "signed_in", ["account"])
    op.create_table(
        "begun",
        Column("secret", words, primary_key=True),
        Column("account", Integer, ForeignKey("account.id")),
        Column("goes_to", words, nullable=False),
        Column("ends", moment, nullable=False),
    )
    op.create_index("ix_begun_ends", "begun", ["ends"])
    op.create_table("recovery_code", _account(primary_key=True), Column("code", words, primary_key=True))
    op.create_table(
        "token",
        Column("secret", words, primary_key=True),
        _account(),
        *(Column(name, words, nullable=False) for name in ("name", "scopes")),
        Column("made", moment, nullable=False),
        Column("ends", moment),
        Column("used", moment),
    )
    op.create_index("ix_token_account", "token", ["account"])
    op.create_table(
        "answered",
        _account(primary_key=True),
        Column("key", words, primary_key=True),
        *(Column(name, words, nullable=False) for name in ("asked", "answer", "tag")),
        Column("ends", moment, nullable=False),
    )
    op.create_index("ix_answered_ends", "answered", ["ends"])
    op.create_table(
        "saved_view",
        _account(primary_key=True),
        *(Column(name, words, primary_key=True) for name in ("page", "name")),
        Column("query", words, nullable=False),
        Column("first", Boolean, nullable=False),
    )
    op.create_table(
        "seen",
        _account(primary_key=True),
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
        Column("sequence", Integer, nullable=False),
    )
    op.create_table(
        "opened",
        Column("secret", words, ForeignKey("signed_in.secret"), primary_key=True),
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
        Column("reason", words, nullable=False),
    )
    _judgements()
    op.create_table(
        "candidacy",
        Column("patient_id", Integer, ForeignKey("patient.id"), primary_key=True),
        *(Column(name, Date, nullable=False) for name in ("made_on", "until")),
        Column("asked", Boolean, nullable=False),
        Column("body", words, nullable=False),
    )


def _by_what_lies_ahead() -> None:
    """Of whom it may not be kept what lies ahead."""
    kept = Column("ahead_until", Date, nullable=False, server_default=text("'0001-01-01'"))
    op.add_column("tracking", kept)
    undated = ["rank", "ahead_until", "entered_on", "state", "patient_id"]
    _partial("ix_tracking_undated", "tracking", undated, "rank = 2 AND next_step IS NOT NULL")
    op.create_index("ix_tracking_ahead", "tracking", ["state", "ahead_until", "patient_id"])
    op.create_index("ix_outlook_site", "outlook", ["site", "patient_id"])
    op.create_index("ix_outlook_made", "outlook", ["made_on", "patient_id"])
    _partial("ix_outlook_together", "outlook", ["site", "patient_id"], "NOT alone")


def _tallies() -> None:
    """The tracking list counted, and what has changed since."""
    op.create_table(
        "tally",
        Column("id", Integer, primary_key=True),
        *_alike(),
        Column("deviation", Boolean, nullable=False),
        Column("bucket", Integer),
        Column("pressing", words, nullable=False),
        Column("patients", Integer, nullable=False),
    )
    op.create_table(
        "tally_change",
        Column("id", Integer, primary_key=True),
        *_alike(),
        *(Column(name, Integer, nullable=False) for name in ("rank", "deviations", "patients")),
        Column("urgent_on", Date, nullable=False),
        Column("began_on", Date),
        *(Column(name, words) for name in ("next_step", "next_item")),
    )
    number = Column("number", Integer, primary_key=True, autoincrement=False)
    op.create_table("tally_made", number, Column("day", Date, nullable=False))


def _alike() -> tuple[Column[Any], ...]:
    flags = (Column(name, Boolean, nullable=False) for name in ("blocked", "undetermined"))
    return Column("owner", words), Column("state", words, nullable=False), *flags


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    """An index of only the rows for which this is so."""
    only = text(condition)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def _judgements() -> None:
    """What reviewers judge of deviations, and what their register is ordered by."""
    order = ["raised_on", "patient_id", "pathway", "place"]
    op.create_index("ix_deviation_raised", "deviation", order)
    op.create_index("ix_deviation_severity", "deviation", ["severity", *order])
    op.create_table(
        "judgement",
        Column("seq", Integer, primary_key=True),
        Column("patient_id", Integer, ForeignKey("patient.id"), nullable=False),
        *(Column(name, words, nullable=False) for name in ("pathway", "code", "title", "severity", "status")),
        Column("raised_on", Date),
        *(Column(name, words, nullable=False) for name in ("events", "statements", "why", "judged_under")),
        Column("start", words, nullable=False),
        Column("sequence", Integer, nullable=False),
        *(Column(name, words, nullable=False) for name in ("step", "verdict")),
        Column("reason", words),
        *(Column(name, words, nullable=False) for name in ("note", "recorder")),
        Column("recorded", moment, nullable=False),
        Column("recorded_offset", Integer, nullable=False),
        Column("upon", Integer, ForeignKey("judgement.seq")),
    )
    op.create_index("ix_judgement_of", "judgement", ["patient_id", "pathway", "code"])
    following = text("upon IS NOT NULL")
    op.create_index(
        "ix_judgement_upon", "judgement", ["upon"], unique=True, sqlite_where=following,
        postgresql_where=following,
    )  # fmt: skip


def _account(*, primary_key: bool = False) -> Column[int]:
    return Column("account", Integer, ForeignKey("account.id"), primary_key=primary_key, nullable=False)
