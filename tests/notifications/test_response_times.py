"""How long answers took, by rung and role."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coordination.entries import Acknowledged, Item, Ladder, Step
from engine.snapshot import PatientSnapshot
from notifications.response_times import Reply, Times, replies, times
from store import trail
from store.database import Database
from tests.notifications.office import SITE, Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation


def test_replies_are_counted_by_rung_and_role() -> None:
    found = times(
        [
            Reply("overdue", "owner", 5, waits=False),
            Reply("overdue", "owner", 0, waits=True),
            Reply("overdue", "owner", None, waits=True),
            Reply("overdue", "owner", None, waits=False),
            Reply("opening", "owner", None, waits=False),
            Reply("overdue", "lead", 1, waits=True),
        ]
    )
    assert found == [
        Times("opening", "owner", 1, 0, None, None, 0, 1),
        Times("overdue", "lead", 1, 1, 1.0, 1, 0, 0),
        Times("overdue", "owner", 4, 2, 2.5, 5, 1, 1),
    ]
    assert times([]) == []


def test_real_answers_are_found(database: Database) -> None:
    """V01 is taken on after four working days and done later, V02 is done, V03 waits, V04 is retracted."""
    furnish(database)
    for n in range(1, 5):
        started = event("systemic_started", "2025-03-03", f"s{n}", line=1, regimen_class=["endocrine_cdk46"])
        say(database, live(f"V0{n}", started, facts={"sex": "female"}))
        assign(database, f"V0{n}", "anna")
    for day in ("2025-03-31", "2025-04-01", "2025-04-08"):
        tick(database, at(day, "08:00"), Kept())
    first = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
    aside = Acknowledged(about=first, until=date(2025, 4, 20), reason="booked")
    say_about(database, "V01", aside, now=at("2025-04-07", "07:00"))
    for reference, day in (("V01", "2025-04-16"), ("V02", "2025-04-10")):
        done = event("response_assessed", day, "r1", overall="PR")
        say(database, live(reference, done), at(day))
    gone = event("retraction", "2025-04-10", "x1", target="s4", reason="of another patient")
    say(database, live("V04", gone), at("2025-04-10"))
    furnish(database, SITE, Ladder(steps=(Step(rung="overdue", to=("team",)),)), now=at("2025-04-11"))
    with database.reading() as connection:
        told = trail.told_since(connection, at("2025-04-01", "00:00"))
        found = times(replies(connection, told, now=at("2025-04-17"), derive=derivation))
    assert found == [
        Times("overdue", "owner", 4, 2, 5.5, 7, 1, 1),
        Times("escalated", "lead, clinician", 4, 2, 4.0, 6, 1, 1),
    ]


def test_who_cannot_be_derived_is_left_out_and_who_comes_next_is_named(database: Database) -> None:
    def broken(*_: object) -> PatientSnapshot:
        raise ZeroDivisionError

    furnish(database)
    started = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
    say(database, live("V01", started, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    for day in ("2025-04-01", "2025-04-07"):
        tick(database, at(day, "08:00"), Kept())
    with database.reading() as connection:
        told = trail.told_since(connection, at("2025-04-01", "00:00"))
        found = list(replies(connection, told, now=at("2025-04-08"), derive=derivation))
        failing = replace(derivation, replay=broken)
        assert list(replies(connection, told, now=at("2025-04-08"), derive=failing)) == []
    assert [(one.rung, one.to, one.days, one.waits) for one in found] == [
        ("overdue", "owner", None, True),
        ("unanswered", "next of the ladder", None, True),
    ]
