"""Patients and moments that the tests of the store share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hypothesis import settings

from store.database import Database
from store.record import record
from store.recording import Entry, Recorded, Recording
from tests.store.toy import derivation

costly = settings(max_examples=settings().max_examples // 4)
"""For laws whose examples take long; in soak runs they are many all the same."""

FACTS = {"sex": "female", "birth_date": "1970-04-12", "menopausal_status": "post"}
Raw = Mapping[str, object]


def at(day: str, time: str = "12:00") -> datetime:
    """A moment on a winter day in Berlin."""
    return datetime.fromisoformat(f"{day}T{time}:00+01:00")


NOON = at("2025-03-03")


def event(type: str, date: str, id: str | None = None, **fields: object) -> Raw:
    named = {"id": id} if id else {}
    return {**named, "type": type, "date": date, **fields}


def entries(*events: Raw, source_ids: Mapping[str, str] | None = None) -> tuple[Entry, ...]:
    return tuple(Entry(one, (source_ids or {}).get(str(one.get("id")))) for one in events)


STORY = (
    event("metastasis_suspected", "2025-01-07", "e01"),
    event("systemic_started", "2025-01-20", "e02", line=1, regimen_class=["endocrine_cdk46"]),
    event("response_assessed", "2025-02-25", "e03", recorded="2025-02-27", overall="PR"),
)


def story(reference: str = "V01", *events: Raw, **more: object) -> Recording:
    """A patient's history as an import brings it."""
    chosen = events or STORY
    return Recording(reference, entries(*chosen), facts=FACTS, source="file", imported=True, **more)  # type: ignore[arg-type]


def say(database: Database, recording: Recording, now: datetime = NOON, recorder: str = "anna") -> Recorded:
    return record(database, recording, recorder=recorder, now=now, derive=derivation)


def live(reference: str, *events: Raw, **more: object) -> Recording:
    """Events as somebody enters them."""
    return Recording(reference, entries(*events), **more)  # type: ignore[arg-type]
