"""One duty from its opening to its end: who is told what, when, and why not."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from store.database import Database
from store.planning import of_patient
from store.work_tables import message, message_notice
from tests.notifications.office import Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])


def trail(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as connection:
        return [(one.rung, str(one.day), one.status) for one in of_patient(connection, [1])]


def days(database: Database, first: str, last: str, channel: Kept) -> None:
    """A worker's ticks: shortly after midnight and in the morning."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        for clock in ("00:05", "08:00"):
            tick(database, at(str(day), clock), channel)
        day += timedelta(1)


def test_a_duty_is_told_when_it_opens_when_it_is_due_and_when_it_is_overdue(database: Database) -> None:
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    email = Kept()
    days(database, "2025-03-03", "2025-03-16", email)
    assert (email.sent, trail(database)) == ([], [])
    days(database, "2025-03-17", "2025-03-17", email)
    (digest,) = email.sent
    assert digest.address == "anna@example.org"
    assert "V01" in digest.text
    days(database, "2025-03-18", "2025-04-01", email)
    assert [one.key for one in email.sent] == [
        f"digest/2025-{day}/anna/email" for day in ("03-17", "03-31", "04-01")
    ]
    assert trail(database) == [
        ("opening", "2025-03-17", "said"),
        ("due", "2025-03-31", "said"),
        ("overdue", "2025-04-01", "said"),
    ]


def test_what_was_done_meanwhile_is_told_to_nobody(database: Database) -> None:
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    email = Kept()
    tick(database, at("2025-03-31", "00:05"), email)
    done = event("response_assessed", "2025-03-31", "r1", overall="PR")
    say(database, live("V01", done), at("2025-03-31", "06:00"))
    days(database, "2025-03-31", "2025-04-30", email)
    assert email.sent == []
    assert trail(database) == [("opening", "2025-03-17", "overtaken"), ("due", "2025-03-31", "withdrawn")]
    with database.reading() as connection:
        told = connection.execute(
            select(message.c.status, message.c.reason, message_notice.c.left_out)
            .join(message_notice, message_notice.c.message == message.c.id)
            .where(message.c.channel == "email")
        ).all()
    assert [tuple(row) for row in told] == [
        ("withdrawn", "nothing in it holds any more", "done on 2025-03-31")
    ]
