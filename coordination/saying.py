"""Saying something at the desk: checked against who is there, then appended in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from coordination.entries import Assigned, Entry
from store import desk


def say(
    connection: Connection, entry: Entry, *, patient_id: int | None = None, recorder: str, now: datetime
) -> None:
    """Append an entry about the site, or about a patient whose row the caller has locked."""
    desk.say(connection, entry.kind, entry.payload(), patient_id=patient_id, recorder=recorder, now=now)
    if isinstance(entry, Assigned):
        assert patient_id is not None, "an owner is that of a patient"
        desk.own(connection, patient_id, entry.owner)
