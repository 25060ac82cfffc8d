"""A working date that passes is told once, as its owner's own; it is never overdue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from coordination.entries import Acknowledged, Item, WorkingDate
from notifications.inbox import inbox
from notifications.silence import Because, asked
from notifications.trail import Trail
from store.database import Database
from tests.notifications.office import Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

BOARD = event("board_held", "2025-03-03", "b1", question="other", decision="other")
TREAT = Item(pathway="toy", item="treat", due=date(2025, 3, 3))
GIVEN = WorkingDate(about=TREAT, on=date(2025, 3, 12))
EARLY, NOW = "00:05", at("2025-03-13", "08:00")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """On SQLite alone: what is asked of the database here is asked elsewhere on both."""
    return f"sqlite:///{tmp_path / 'x.db'}"


def planned(database: Database, *said: WorkingDate) -> None:
    furnish(database)
    say(database, live("V01", BOARD, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    if said:
        say_about(database, "V01", *said)


def told(database: Database, day: str, channel: Kept | None = None) -> list[str]:
    """The texts of the digests of a day."""
    email = channel or Kept()
    tick(database, at(day, EARLY), email)
    tick(database, at(day, "08:00"), email)
    return [one.text for one in email.sent]


def why(database: Database, day: str) -> Because:
    with database.reading() as connection:
        (found,) = asked(connection, 1, date.fromisoformat(day), now=at("2025-04-30"), derive=derivation)
    return found


def trail(database: Database) -> list[tuple[str, str, str, str]]:
    with database.reading() as connection:
        return [(one.item, one.rung, str(one.day), one.reason) for one in Trail.of(connection, 1).notices]


def test_a_working_date_that_was_given_comes_up_on_its_day(database: Database) -> None:
    planned(database, GIVEN)
    assert (told(database, "2025-03-11"), trail(database)) == ([], [])
    (digest,) = told(database, "2025-03-12")
    assert "is planned for today; a working date of this site" in digest
    assert "never overdue" not in digest
    assert told(database, "2025-03-13") == []
    with database.reading() as connection:
        (line,) = inbox(connection, ["anna"], now=NOW, derive=derivation)
    assert (line.about, line.rung, line.standing, line.late_since) == (
        Item(pathway="toy", item="treat", due=date(2025, 3, 12)),
        "due",
        "open",
        None,
    )
    assert (why(database, "2025-03-12").kind, why(database, "2025-03-12").title) == ("told", "Treat")
    assert why(database, "2025-03-13").kind == "told_before"


def test_the_site_s_usual_working_date_comes_up_where_nothing_is_due(database: Database) -> None:
    planned(database)
    assert told(database, "2025-03-20") == []
    assert len(told(database, "2025-03-21")) == 1


def test_another_working_date_withdraws_the_one_before_and_is_told_itself(database: Database) -> None:
    planned(database, GIVEN)
    tick(database, at("2025-03-12", EARLY), Kept())
    later = WorkingDate(about=TREAT, on=date(2025, 3, 14))
    say_about(database, "V01", later, now=at("2025-03-12", "06:00"))
    assert told(database, "2025-03-12") == []
    assert len(told(database, "2025-03-14")) == 1
    assert trail(database) == [
        ("treat", "due", "2025-03-12", "the working date is 2025-03-14 now"),
        ("treat", "due", "2025-03-14", "to anna"),
    ]


def test_a_working_date_that_somebody_took_on_comes_back(database: Database) -> None:
    planned(database, GIVEN)
    mine = Acknowledged(
        about=GIVEN.about.model_copy(update={"due": GIVEN.on}), until=date(2025, 3, 17), reason="r"
    )
    told(database, "2025-03-12")
    say_about(database, "V01", mine, now=at("2025-03-12", "09:00"))
    assert why(database, "2025-03-13").kind == "held"
    assert len(told(database, "2025-03-17")) == 1


def test_a_step_that_was_refused_has_no_working_date(database: Database) -> None:
    planned(database, GIVEN)
    said = event("task_progress", "2025-03-10", "p1", item="treat", status="declined", reason="has said no")
    say(database, live("V01", said), at("2025-03-10"))
    assert (told(database, "2025-03-12"), trail(database)) == ([], [])
