"""Planning a patient also brings the lists up to date that time has changed, with the same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NoReturn

from sqlalchemy import select

from engine.event import Moment, Story
from engine.snapshot import PatientSnapshot
from notifications.sweep import sweep
from store.database import Database
from store.derivation import Enrolment
from store.tables import tracking
from tests.notifications.office import furnish
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])


def listed(database: Database) -> tuple[int, str, str | None]:
    """Of the one patient: the rank, the day for which it was derived, and what went wrong."""
    with database.reading() as connection:
        row = connection.execute(select(tracking)).one()
        return row.rank, str(row.derived_on), row.trouble


def test_the_lists_are_right_for_the_day_and_nobody_is_derived_twice(database: Database) -> None:
    asked: list[date] = []

    def counted(enrolled: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        asked.append(as_of)
        return derivation.replay(enrolled, story, as_of, known_at)

    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    for day in ("2025-03-04", "2025-03-05", "2025-03-31", "2025-04-01", "2025-04-01"):
        sweep(database, now=at(day, "00:05"), derive=replace(derivation, replay=counted))
    assert [str(day) for day in asked] == ["2025-03-04", "2025-03-31", "2025-04-01"]
    assert listed(database) == (0, "2025-04-01", None)


def test_rows_of_who_cannot_be_derived_are_marked(database: Database) -> None:
    def fails(*_: object) -> NoReturn:
        raise ZeroDivisionError

    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assert sweep(database, now=at("2025-03-17"), derive=replace(derivation, replay=fails)).aside == 1
    assert listed(database) == (1, "2025-03-03", "CannotDerive")
