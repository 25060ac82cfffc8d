"""A rehearsal keeps nothing and answers what recording would answer, also where patients clash."""

from __future__ import annotations

import pytest

from store.database import Database
from store.record import record_many
from store.recording import NotRecorded, Recording
from tests.store.cast import FACTS, NOON, STORY, Raw, entries, event
from tests.store.toy import derivation

VISIT = event("follow_up_visit", "2025-03-01", "e04")


def named(reference: str, names: dict[str, str], *events: Raw) -> Recording:
    return Recording(reference, entries(*events, source_ids=names), FACTS, source="his", imported=True)


SAID = [
    named("V01", {"e01": "a"}, STORY[0]),
    named("V02", {"e01": "a", "e04": "b"}, STORY[0], VISIT),
    named("V03", {"e04": "b"}, VISIT),
    named("V01", {"e01": "a"}, STORY[0]),
    named("V04", {}, event("follow_up_visit", "1960-01-01", "e01")),
    named("V05", {"e04": "b"}, VISIT),
]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_names_that_two_patients_bear_are_told(database: Database, batch: int) -> None:
    def refused(rehearse: bool) -> list[str | None]:
        answers = record_many(
            database, SAID, recorder="anna", now=NOON, derive=derivation, batch=batch, rehearse=rehearse
        )
        return [str(one.error) if isinstance(one, NotRecorded) else None for one in answers]

    rehearsed = refused(rehearse=True)
    assert [one is None for one in rehearsed] == [True, False, True, True, False, False]
    assert rehearsed == refused(rehearse=False)
