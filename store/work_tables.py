"""The tables of the work around the story: who does what, and what was said to whom.

No row holds what a message says: that follows from the story and the desk when it leaves. What is settled
stays, with the reason. `wake` is the moment from which a row is to be looked at, null once it is settled;
`lease` until when the `worker` who took it has it for itself.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from store.table_base import Base, only, table_of


class DeskRow(Base, table=True):
    """One thing said about who works on what, never changed (`coordination.entries` has the kinds).

    `patient_id` is null where it is about the site.
    """

    __tablename__ = "desk"
    __table_args__ = (
        Index("ix_desk_patient", "patient_id", "number", **only("patient_id IS NOT NULL")),
        Index("ix_desk_kind", "kind", "patient_id"),
        Index("ix_desk_site", "number", **only("patient_id IS NULL")),
    )

    number: int | None = Field(default=None, primary_key=True)
    at: datetime
    at_offset: int
    recorder: str
    kind: str
    patient_id: int | None = Field(default=None, foreign_key="patient.id")
    payload: str


RIGHT = ("made_on", "until", "site", "alone")
"""What tells whether a row of outlook is right: held by indexes, so that the rows need not be looked up."""


class OutlookRow(Base, table=True):
    """What lies ahead of a patient, as it was worked out on the day `made_on`; right for days before `until`.

    No row: nobody has worked it out since something was recorded or said about the patient. `site` is the
    last entry about the site that was known; the row is `alone` where of these only the site's settings bear
    on it. `body` is the whole of it as JSON (`coordination.outlook`). `next_on` is the day of the next step,
    `working_on` the same where that day is the site's own choice. `board_on` is the day of the next meeting
    for which the patient is listed.
    """

    __tablename__ = "outlook"
    __table_args__ = (
        Index("ix_outlook_working", "working_on", "patient_id", *RIGHT, **only("working_on IS NOT NULL")),
        Index("ix_outlook_board", "board_on", "patient_id", *RIGHT, **only("board_on IS NOT NULL")),
        Index("ix_outlook_site", "site", "patient_id"),
        Index("ix_outlook_together", "site", "patient_id", **only("NOT alone")),
        Index("ix_outlook_made", "made_on", "patient_id"),
    )

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    made_on: date
    until: date
    site: int
    alone: bool
    next_on: date | None
    working_on: date | None
    body: str
    board_on: date | None = None


class CandidacyRow(Base, table=True):
    """What boards have to do with a patient, as it was worked out on the day `made_on`; right for days before
    `until`.

    No row: nobody has worked it out since something was recorded about the patient. `asked`: a board is to be
    asked about the patient. `body` is the whole of it as JSON (`coordination.candidacy`).
    """

    __tablename__ = "candidacy"

    patient_id: int = Field(primary_key=True, foreign_key="patient.id")
    made_on: date
    until: date
    asked: bool
    body: str


class Tally(Base, table=True):
    """How many patients of the tracking list stood alike when they were counted (`tallies.py`).

    `bucket` and `pressing` are those of the day for which it was done; null in `bucket`: no day is counted.
    """

    __tablename__ = "tally"

    id: int | None = Field(default=None, primary_key=True)
    owner: str | None
    state: str
    blocked: bool
    undetermined: bool
    deviation: bool
    bucket: int | None
    pressing: str
    patients: int


class TallyChange(Base, table=True):
    """A patient came to stand so in the tracking list since they were counted, or did so until then.

    `patients` is 1 or -1; the other columns are those of `tables.TrackingRow`.
    """

    __tablename__ = "tally_change"

    id: int | None = Field(default=None, primary_key=True)
    owner: str | None
    state: str
    blocked: bool
    undetermined: bool
    rank: int
    deviations: int
    patients: int
    urgent_on: date
    began_on: date | None
    next_step: str | None
    next_item: str | None


class TallyMade(Base, table=True):
    """One row: how often the tracking list was counted, and for which day the last time. None: never."""

    __tablename__ = "tally_made"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date


class NoticeRow(Base, table=True):
    """On this day this rung of a duty came up for this patient; the same effect has the same id.

    `anchor` has the events the duty follows from, as canonical JSON. Status: waiting, said, overtaken (by a
    later rung), withdrawn (it no longer holds), history (from before the patient was recorded here). Said
    means that messages were made of it; what became of each stands with them.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_wake", "wake", "id", **only("wake IS NOT NULL")),
        Index("ix_notice_patient", "patient_id", "day"),
    )

    id: str = Field(primary_key=True)
    patient_id: int = Field(foreign_key="patient.id")
    pathway: str
    item: str
    anchor: str
    due: date | None
    rung: str
    day: date
    issued: datetime
    wake: datetime | None
    status: str
    reason: str
    settled: datetime | None
    lease: datetime | None
    worker: str | None
    attempts: int


class MessageRow(Base, table=True):
    """One message to one person by one channel; the id is what the channel gets as idempotency key.

    Kind: digest or single. Status: waiting, sent, withdrawn or dead. `digest` is the SHA-256 of what was
    handed over, null for the inbox; the words are not kept.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_wake", "channel", "wake", "id", **only("wake IS NOT NULL")),
        Index("ix_message_recipient", "recipient", "made"),
    )

    id: str = Field(primary_key=True)
    recipient: str
    channel: str
    kind: str
    made: datetime
    wake: datetime | None
    status: str
    reason: str
    settled: datetime | None
    lease: datetime | None
    worker: str | None
    attempts: int
    digest: str | None = None


class MessageNotice(Base, table=True):
    """Which notices a message tells; `left_out` says why one was not told when it left; empty: it was."""

    __tablename__ = "message_notice"
    __table_args__ = (Index("ix_message_notice_notice", "notice", "message"),)

    message: str = Field(primary_key=True, foreign_key="message.id")
    notice: str = Field(primary_key=True, foreign_key="notice.id")
    left_out: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class AttemptRow(Base, table=True):
    """One try to hand a message over. Outcome: begun (how it ended is not known), sent, again (it may pass),
    down (nothing goes through by this channel) or never; resent: no try, somebody had it sent again.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_at", "at"),)

    message: str = Field(primary_key=True, foreign_key="message.id")
    number: int = Field(primary_key=True)
    at: datetime
    worker: str
    outcome: str
    told: str


class WorkerRow(Base, table=True):
    """A worker by its name, with when it last gave a sign; `stopped` once it ended of its own accord."""

    __tablename__ = "worker"

    name: str = Field(primary_key=True)
    started: datetime
    beat: datetime
    stopped: datetime | None


class LoopRow(Base, table=True):
    """When one of the workers' loops last began and ended, whoever ran it, and what went wrong."""

    __tablename__ = "loop"

    name: str = Field(primary_key=True)
    begun: datetime
    ended: datetime | None
    told: str


desk = table_of(DeskRow)
outlook = table_of(OutlookRow)
candidacy = table_of(CandidacyRow)
tally = table_of(Tally)
tally_change = table_of(TallyChange)
tally_made = table_of(TallyMade)
notice = table_of(NoticeRow)
message = table_of(MessageRow)
message_notice = table_of(MessageNotice)
attempt = table_of(AttemptRow)
worker = table_of(WorkerRow)
loop = table_of(LoopRow)

WORK = (desk, outlook, candidacy, notice, message, message_notice, attempt, worker, loop)
