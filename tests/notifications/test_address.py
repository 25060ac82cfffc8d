"""Into which messages notices come: each person's by each of their channels, in an order all workers keep."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from coordination.entries import Person, Team
from notifications.address import address
from notifications.channels import INBOX
from notifications.sweep import sweep
from store import outbox, trail
from store.database import Database
from store.work_tables import message
from tests.notifications.office import LENA, SITE, Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
NIGHT, MORNING = at("2025-04-01", "00:05"), at("2025-04-01", "08:00")
PEOPLE = (
    Person(name="anna", addresses={"m-email": "anna@example.org", "email": "anna@example.net"}),
    Person(name="anna-m", addresses={"email": "anna-m@example.org"}),
)


def ward(database: Database) -> None:
    """Two patients of a team, whose response is overdue."""
    furnish(database, SITE, *PEOPLE, LENA, Team(name="ward", members=("anna", "anna-m")))
    for reference in ("V01", "V02"):
        say(database, live(reference, START, facts={"sex": "female"}))
        assign(database, reference, "ward")


def test_names_that_read_alike_together_share_no_message(database: Database) -> None:
    ward(database)
    email, other = Kept(), Kept("m-email")
    for now in (NIGHT, MORNING):
        tick(database, now, email)
        tick(database, now, other)
    assert sorted(one.address for one in email.sent) == ["anna-m@example.org", "anna@example.net"]
    assert [one.address for one in other.sent] == ["anna@example.org"]
    assert all("V01" in one.text and "V02" in one.text for one in (*email.sent, *other.sent))


def test_what_is_in_the_inbox_was_told_by_that(database: Database) -> None:
    ward(database)
    sweep(database, now=NIGHT, derive=derivation)
    assert address(database, "w1", now=NIGHT, derive=derivation).said == 2
    with database.reading() as connection:
        told = trail.received(connection, ["anna", "anna-m"], INBOX)
        sent = select(message.c.status, message.c.settled, message.c.wake).where(message.c.channel == INBOX)
        assert {(*row,) for row in connection.execute(sent)} == {("sent", NIGHT, None)}
    assert len(told) == 4


def test_workers_that_write_at_once_take_messages_in_the_same_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward(database)
    put, taken = outbox.put_message, list[tuple[str, str]]()

    def noted(connection: Any, row: Any, notice_id: str) -> bool:
        taken.append((row["recipient"], row["channel"]))
        return put(connection, row, notice_id)

    monkeypatch.setattr(outbox, "put_message", noted)
    sweep(database, now=NIGHT, derive=derivation)
    address(database, "w1", now=NIGHT, derive=derivation)
    assert len(taken) == 10
    assert taken == sorted(taken)
