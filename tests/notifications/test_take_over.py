"""Whoever comes to look after a patient is told once what stands, also where others were told before."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from coordination.entries import Absence, Acknowledged, Item, Team
from notifications.channels import INBOX
from notifications.inbox import inbox
from store.database import Database
from store.planning import unplanned
from store.work_tables import message, message_notice, notice
from tests.notifications.office import ANNA, BEN, LENA, SITE, Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
WARD = Team(name="ward", members=("anna",), lead="lena")


@pytest.fixture
def late(database: Database) -> Database:
    """Anna was told that the response is overdue."""
    furnish(database, SITE, ANNA, BEN, LENA, WARD)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    for clock in ("00:05", "08:00"):
        tick(database, at("2025-04-01", clock), Kept())
    return database


def told(database: Database, channel: str = INBOX) -> list[tuple[str, str]]:
    """Who was told which rung, in this order."""
    found = (
        select(message.c.recipient, notice.c.rung)
        .join(message_notice, message_notice.c.message == message.c.id)
        .join(notice, notice.c.id == message_notice.c.notice)
        .where(message.c.channel == channel, message.c.status == "sent")
        .order_by(message.c.made, message.c.recipient)
    )
    with database.reading() as connection:
        return [(*row,) for row in connection.execute(found)]


def test_whose_patient_it_becomes_is_told_what_stands_and_nobody_twice(late: Database) -> None:
    assign(late, "V01", "ben", at("2025-04-02", "09:00"))
    email = Kept()
    for clock in ("09:05", "09:10"):
        tick(late, at("2025-04-02", clock), email)
    assert told(late) == [("anna", "overdue"), ("ben", "overdue")]
    tick(late, at("2025-04-03", "08:00"), email)
    assert [one.address for one in email.sent] == ["ben@example.org"]
    assign(late, "V01", "anna", at("2025-04-03", "09:00"))
    tick(late, at("2025-04-04", "08:00"), email)
    assert told(late) == [("anna", "overdue"), ("ben", "overdue")]


def test_the_inbox_of_who_had_it_says_whose_it_is_now(late: Database) -> None:
    assign(late, "V01", "ben", at("2025-04-02", "09:00"))
    with late.reading() as connection:
        (line,) = inbox(connection, ["anna"], now=at("2025-04-02", "09:01"), derive=derivation)
    assert (line.standing, line.why) == ("gone", "it is for ben now")


def test_what_was_taken_on_comes_back_when_the_patient_goes_to_somebody_else(late: Database) -> None:
    about = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
    mine = Acknowledged(about=about, until=date(2199, 12, 31), reason="mine")
    say_about(late, "V01", mine, now=at("2025-04-02", "08:05"))
    tick(late, at("2025-04-02", "08:10"), Kept())
    assert told(late) == [("anna", "overdue")]
    assign(late, "V01", "ben", at("2025-04-02", "09:00"))
    furnish(late, ANNA.model_copy(update={"active": False}), now=at("2025-04-02", "09:01"))
    tick(late, at("2025-04-02", "09:05"), Kept())
    assert told(late) == [("anna", "overdue"), ("ben", "resumed")]


def test_an_appointment_of_the_far_future_is_waited_for_as_long_as_the_site_does(late: Database) -> None:
    booked = event("task_progress", "2025-04-02", "p1", item="t-response", status="booked", on="2199-12-31")
    say(late, live("V01", booked), at("2025-04-02", "08:05"))
    tick(late, at("2025-06-30", "08:00"), Kept())
    assert told(late) == [("anna", "overdue")]
    tick(late, at("2025-07-02", "08:00"), Kept())
    assert told(late) == [("anna", "overdue"), ("anna", "resumed")]


def by_time(database: Database, day: str) -> list[tuple[str, str]]:
    now = at(day, "08:00")
    assert unplanned(database, now) == [1], "time brings the day on which somebody else looks after them"
    tick(database, now, Kept())
    return told(database)


def test_a_deputy_is_told_what_stands_on_the_first_day(late: Database) -> None:
    away = Absence(person="anna", first=date(2025, 4, 3), last=date(2025, 4, 5), deputy="ben")
    furnish(late, away, now=at("2025-04-02", "09:00"))
    tick(late, at("2025-04-02", "09:05"), Kept())
    assert told(late) == [("anna", "overdue")]
    assert by_time(late, "2025-04-03") == [("anna", "overdue"), ("ben", "overdue")]


def test_who_comes_back_is_told_what_stands(late: Database) -> None:
    away = Absence(person="ben", first=date(2025, 4, 1), last=date(2025, 4, 4), deputy="anna")
    furnish(late, away, now=at("2025-04-02", "09:00"))
    assign(late, "V01", "ben", at("2025-04-02", "09:01"))
    tick(late, at("2025-04-02", "09:05"), Kept())
    assert told(late) == [("anna", "overdue")]
    assert by_time(late, "2025-04-05") == [("anna", "overdue"), ("ben", "overdue")]


def test_whoever_joins_a_team_is_told_what_stands(late: Database) -> None:
    assign(late, "V01", "ward", at("2025-04-02", "08:00"))
    furnish(late, WARD.model_copy(update={"members": ("anna", "ben")}), now=at("2025-04-02", "09:00"))
    tick(late, at("2025-04-02", "09:05"), Kept())
    assert told(late) == [("anna", "overdue"), ("ben", "overdue")]
