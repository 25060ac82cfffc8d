"""The table of what reviewers judged of deviations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from store.table_base import Base, only, table_of


class JudgementRow(Base, table=True):
    """One step of a review, never changed. `step`: judged, confirmed (by a second person) or sent_back.

    From `pathway` to `judged_under` stands the deviation as it was then (`tables.DeviationRow`), and
    `sequence` is the patient's last entry. `start` is how the text of `events` begins, up to the first of
    them: by it a deviation is found again whose other entries changed. `upon` is the step of the same review
    that this one follows; null: it is the first. `verdict`: justified (with a coded `reason`), unjustified or
    data_error. `recorder` judged; the digest of the row stands in the access log.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        Index("ix_judgement_of", "patient_id", "pathway", "code"),
        Index("ix_judgement_upon", "upon", unique=True, **only("upon IS NOT NULL")),
    )

    seq: int | None = Field(default=None, primary_key=True)
    patient_id: int = Field(foreign_key="patient.id")
    pathway: str
    code: str
    title: str
    severity: str
    status: str
    raised_on: date | None
    events: str
    statements: str
    why: str
    judged_under: str
    start: str
    sequence: int
    step: str
    verdict: str
    reason: str | None
    note: str
    recorder: str
    recorded: datetime
    recorded_offset: int
    upon: int | None = Field(default=None, foreign_key="judgement.seq")


judgement = table_of(JudgementRow)
