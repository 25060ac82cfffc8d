"""The tables: the ledger with its chain, identities encrypted apart from it, and what follows from both.

`table=True` models do not validate: rows are made only from values that were checked before.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlmodel import Field
from sqlmodel.sql.sqltypes import AutoString

import store.audit_tables
import store.web_tables
import store.work_tables  # noqa: F401  # so that Base knows them, too
from store.table_base import Base, only, table_of

schema_version = 4
"""Stays as it is: programs from before `migrations` refuse the database by it."""


class Site(Base, table=True):
    """One row that tells what this database is, and where the access log ends."""

    __tablename__ = "carepath"

    schema_version: int = Field(primary_key=True)
    created: datetime
    access_sequence: int = Field(sa_column_kwargs={"server_default": text("0")})
    access_head: str = Field(sa_column_kwargs={"server_default": "0" * 64})


class Patient(Base, table=True):
    """A patient by a number that means nothing outside, with the head of the chain of entries.

    `day_zero` says from which event all days of the patient are counted; null: they are calendar days. All
    entries up to `sealed_sequence` are under a seal. `owner` is the person or team whose patient this is.

    All entries up to `planned_sequence` have been planned into notices; below zero: somebody said something
    about the patient since. `planned_desk` is the last entry about the site by which that was done, and
    `planned_at` the moment; both null: never. At `plan_on` time alone brings the next notice. `plan_trouble`
    names the error for which the patient was set aside until then.
    """

    __tablename__ = "patient"
    __table_args__ = (
        Index("ix_patient_unsealed", "id", **only("sequence > sealed_sequence")),
        Index("ix_patient_unplanned", "id", **only("sequence > planned_sequence")),
        Index("ix_patient_planned_desk", "planned_desk", "id"),
        Index("ix_patient_plan", "plan_on", "id", **only("plan_on IS NOT NULL")),
        Index("ix_patient_owner", "owner", "id", **only("owner IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    sequence: int
    head: str
    created: datetime
    day_zero: str | None = None
    sealed_sequence: int = Field(sa_column_kwargs={"server_default": text("0")})
    owner: str | None = None
    planned_sequence: int = Field(sa_column_kwargs={"server_default": text("-1")})
    planned_desk: int | None = None
    planned_at: datetime | None = None
    plan_on: datetime | None = None
    plan_trouble: str | None = None


class VaultRow(Base, table=True):
    """Who a patient is, encrypted (`vault.py`); none of it is in the ledger. Gone once it was erased."""

    __tablename__ = "vault"

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    key: str
    sealed: bytes


class Lookup(Base, table=True):
    """By which blind indexes a patient is found: reference, number, word of the name."""

    __tablename__ = "lookup"
    __table_args__ = (
        Index("ix_lookup_reference", "blind", unique=True, **only("kind = 'reference'")),
        Index("ix_lookup_patient", "patient_id"),
    )

    kind: str = Field(primary_key=True)
    blind: str = Field(primary_key=True)
    patient_id: int = Field(primary_key=True, foreign_key="patient.id")


class SiteKey(Base, table=True):
    """A key of this site by its name, with what shows whether somebody has it (`keys.py`)."""

    __tablename__ = "site_key"

    name: str = Field(primary_key=True)
    kind: str
    proof: str
    since: datetime


class LedgerRow(Base, table=True):
    """One entry, never changed: what was said, by whom, when it happened, was documented and was recorded.

    `kind` is event, facts (known from the beginning; of type birth_date where that date became known, which
    is not in it), enrolment, or about a merge (`merged.py`). `basis` says where `documented` comes
    from: stated, recorded (this entry is the document) or occurred (imported without a day of writing).
    `recorded` is UTC; `recorded_offset`, in minutes, tells the civil day at the place where it was recorded.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_event", "patient_id", "event_id", unique=True, **only("event_id IS NOT NULL")),
        Index("ix_ledger_source", "source", "source_id", unique=True, **only("source_id IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    seq: int = Field(primary_key=True)
    kind: str
    event_id: str | None
    type: str | None
    day: date | None
    clock: str | None
    documented: str | None
    basis: str | None
    recorded: datetime
    recorded_offset: int
    recorder: str
    source: str
    source_id: str | None
    payload: str
    prev_hash: str
    hash: str


class Seal(Base, table=True):
    """One link of the chain of signed seals (`seals.py`), never changed.

    `content` is what was signed, as canonical JSON: number, when, how many heads, their digest, where the
    access log ends (not in those from before this was signed), the key, the hash of the seal before.
    """

    __tablename__ = "seal"

    number: int = Field(primary_key=True)
    made: datetime
    content: str
    hash: str
    signature: str


class SealedHead(Base, table=True):
    """The end of a patient's chain as it stood when a seal was made."""

    __tablename__ = "sealed_head"
    __table_args__ = (Index("ix_sealed_head_patient", "patient_id", "sequence"),)

    seal: int = Field(primary_key=True, foreign_key="seal.number")
    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    sequence: int
    head: str


class AccessRow(Base, table=True):
    """One entry of the access log (`access.py`), never changed: somebody looked at a patient, or at many."""

    __tablename__ = "access"
    __table_args__ = (Index("ix_access_patient", "patient_id", "number"), Index("ix_access_at", "at"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    at_offset: int
    who: str
    account: str
    what: str
    patient_id: int | None = Field(foreign_key="patient.id")
    asked: str
    reason: str | None
    prev_hash: str
    hash: str


class Definition(Base, table=True):
    """A pathway version that somebody is or was enrolled in, as canonical JSON.

    Its fingerprint stands in the ledger; written once, never changed.
    """

    __tablename__ = "definition"

    fingerprint: str = Field(primary_key=True)
    pathway: str
    version: str
    body: str


class ReviewRow(Base, table=True):
    """Somebody at this site read a statement of the catalogue against its source, or takes that back.

    Appended, never changed. `content` is the fingerprint of what was read; `verdict` is null where the reader
    takes an earlier review back. `recorder` entered it; that need not be the reader.
    """

    __tablename__ = "review"

    seq: int | None = Field(default=None, primary_key=True)
    statement: str
    content: str
    verdict: str | None
    reader: str
    read_on: date
    note: str
    recorder: str
    recorded: datetime


class TrackingRow(Base, table=True):
    """Where a patient stands, for the tracking list. Derived for `derived_on`; right until `wake_on`.

    `rank` is 0 when something is overdue, 1 when something is due, 2 otherwise; `urgent_on` is the day it has
    been overdue from, or is due; what only informs and has passed does not count. `owner` is that of the
    patient. `trouble` names the error when the row could not be derived. `began_on` is the day of the first
    step on the main pathway: from it days are counted. `clock` tells of the span for which a response has
    to be maintained (`projections.clock`), which counts from `clock_from`; an assessment from
    `clock_until` on may close it. What lies ahead of the patient (`work_tables.OutlookRow`) is kept until
    before `ahead_until` at most; the first of all days: it is not kept.
    """

    __tablename__ = "tracking"
    __table_args__ = (
        Index("ix_tracking_urgency", "rank", "urgent_on", "patient_id"),
        Index("ix_tracking_state", "state", "rank", "urgent_on", "patient_id"),
        Index("ix_tracking_owner", "owner", "rank", "urgent_on", "patient_id"),
        Index("ix_tracking_deviations", "rank", "urgent_on", "patient_id", **only("deviations > 0")),
        Index("ix_tracking_wake", "wake_on", **only("wake_on IS NOT NULL")),
        Index("ix_tracking_no_step", "patient_id", **only("next_item IS NULL AND next_step IS NULL")),
        Index(
            "ix_tracking_undated",
            "rank",
            "ahead_until",
            "entered_on",
            "state",
            "patient_id",
            **only("rank = 2 AND next_step IS NOT NULL"),
        ),
        Index("ix_tracking_began", "began_on", "patient_id"),
        Index("ix_tracking_ahead", "state", "ahead_until", "patient_id"),
        Index("ix_tracking_step", "next_item", "urgent_on", "patient_id", **only("next_item IS NOT NULL")),
        Index("ix_tracking_clock", "clock", "clock_until", "patient_id"),
    )

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    state: str
    entered_on: date | None
    rank: int
    urgent_on: date
    next_step: str | None
    next_item: str | None
    next_due: date | None
    overdue: int
    due: int
    deviations: int
    blocked: bool
    undetermined: bool
    latest_activity: date | None
    derived_on: date
    wake_on: date | None
    trouble: str | None
    owner: str | None = None
    began_on: date | None = None
    clock: str | None = None
    clock_from: date | None = None
    clock_until: date | None = None
    ahead_until: date = Field(sa_column_kwargs={"server_default": text("'0001-01-01'")})


class Standing(Base, table=True):
    """The state of one pathway that concerns a patient: the main one, and each companion that has begun."""

    __tablename__ = "standing"
    __table_args__ = (Index("ix_standing_state", "pathway", "state", "patient_id"),)

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    pathway: str = Field(primary_key=True)
    state: str
    entered_on: date | None


class DueItem(Base, table=True):
    """A dated duty or reminder that is neither done nor cancelled; `place` orders those of a pathway."""

    __tablename__ = "due_item"
    __table_args__ = (Index("ix_due_item_day", "due", "patient_id"),)

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    pathway: str = Field(primary_key=True)
    place: int = Field(primary_key=True)
    item: str
    title: str
    opens: date
    due: date
    overdue_from: date | None
    escalates_on: date | None
    status: str
    anchor: str
    statements: str


class DeviationRow(Base, table=True):
    """A departure from the guideline, or a data-quality finding, by its place among the pathway's.

    `judged_under` names the version by which it was judged, where that is no longer in force; else empty.
    """

    __tablename__ = "deviation"
    __table_args__ = (
        Index("ix_deviation_open", "code", "patient_id", **only("status = 'open'")),
        Index("ix_deviation_code", "code", "status", "patient_id"),
        Index("ix_deviation_raised", "raised_on", "patient_id", "pathway", "place"),
        Index("ix_deviation_severity", "severity", "raised_on", "patient_id", "pathway", "place"),
    )

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    pathway: str = Field(primary_key=True)
    place: int = Field(primary_key=True)
    code: str
    title: str
    severity: str
    status: str
    raised_on: date | None
    events: str
    statements: str
    why: str
    judged_under: str = Field(sa_column_kwargs={"server_default": text("''")})


class KeptSnapshot(Base, table=True):
    """The answer last derived, abridged, a line of canonical JSON for each pathway."""

    __tablename__ = "snapshot"

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    body: str


site = table_of(Site)
patient = table_of(Patient)
vault = table_of(VaultRow)
lookup = table_of(Lookup)
site_key = table_of(SiteKey)
ledger = table_of(LedgerRow)
seal = table_of(Seal)
sealed_head = table_of(SealedHead)
access = table_of(AccessRow)
definition = table_of(Definition)
review = table_of(ReviewRow)
tracking = table_of(TrackingRow)
standing = table_of(Standing)
due_item = table_of(DueItem)
deviation = table_of(DeviationRow)
snapshot = table_of(KeptSnapshot)

for _column in (column for table in Base.metadata.tables.values() for column in table.columns):
    if isinstance(_column.type, AutoString):  # text has one order, whatever the language of the database
        _column.type = String().with_variant(String(collation="C"), "postgresql")

projections = (tracking, standing, due_item, deviation, snapshot)
