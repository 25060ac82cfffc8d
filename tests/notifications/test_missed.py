"""What came up while no worker was there and was settled before one was back is in the trail all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NoReturn

import pytest

from coordination.entries import Item, Ladder, Snoozed, Step
from engine.event import Moment, Story
from engine.snapshot import PatientSnapshot
from notifications import missed as looking_back
from notifications.silence import asked
from notifications.sweep import sweep
from store import planning
from store.database import Database
from store.derivation import Enrolment
from tests.notifications.office import Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
ABOUT = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
LEFT, BACK = at("2025-03-16"), at("2025-04-04", "08:00")
OPENING = ("opening", "2025-03-17", "withdrawn", "done on 2025-03-20")


@pytest.fixture
def ward(database: Database) -> Database:
    """Three patients, whose response can be assessed from the day on after which the worker was gone."""
    furnish(database)
    for reference in ("V01", "V02", "V03"):
        say(database, live(reference, START, facts={"sex": "female"}))
        assign(database, reference, "anna")
    sweep(database, now=LEFT, derive=derivation)
    return database


def done(database: Database, reference: str, day: str) -> None:
    said = event("response_assessed", day, "r1", overall="PR")
    say(database, live(reference, said), at(day))


def trail(database: Database, patient: int) -> list[tuple[str, str, str, str]]:
    with database.reading() as connection:
        notices = planning.of_patient(connection, [patient])
        return [(one.rung, str(one.day), one.status, one.reason) for one in notices]


def test_what_was_settled_before_the_worker_was_back_came_up_and_is_told_to_nobody(ward: Database) -> None:
    put_off = Snoozed(about=ABOUT, until=date(2025, 3, 18), reason="later")
    say_about(ward, "V02", put_off, now=at("2025-03-17"))
    say(ward, live("V04", START, facts={"sex": "female"}), at("2025-03-16", "13:00"))
    for reference in ("V01", "V02", "V04"):
        done(ward, reference, "2025-03-20")
    done(ward, "V03", "2025-03-16")
    email = Kept()
    tick(ward, BACK, email)
    assert email.sent == []
    assert [trail(ward, number) for number in (1, 2, 3, 4)] == [
        [OPENING],
        [OPENING, ("resumed", "2025-03-18", *OPENING[2:])],
        [],
        [OPENING],
    ]
    with ward.reading() as connection:
        (why,) = asked(connection, 1, date(2025, 3, 18), now=BACK, derive=derivation)
    assert why.text == "it was to be told, and no worker came by: the next one came on 2025-04-04 09:00"


def test_what_nobody_foresaw_came_up_and_went_on_one_day(ward: Database) -> None:
    """An entry by which something is due since last week, taken back before a worker is back."""
    for number, later in enumerate((at("2025-03-16", "16:00"), at("2025-03-16", "15:00:30"))):
        early = event("systemic_started", "2025-02-10", f"e{number}", line=2, regimen_class=["chemotherapy"])
        say(ward, live(f"V0{number + 1}", early), at("2025-03-16", "15:00"))
        gone = event("retraction", "2025-03-16", f"x{number}", target=f"e{number}", reason="another patient")
        say(ward, live(f"V0{number + 1}", gone), later)
    sweep(ward, now=at("2025-03-16", "18:00"), derive=derivation)
    assert [one[:3] for one in trail(ward, 1)] == [
        ("opening", "2025-02-24", "history"),
        ("due", "2025-03-10", "withdrawn"),
        ("overdue", "2025-03-11", "withdrawn"),
    ]
    assert trail(ward, 2) == [], "nobody would have seen it either who was there"


def test_a_ladder_counts_from_when_it_was_said(ward: Database) -> None:
    for day, rungs in (("2025-03-16", ("due",)), ("2025-03-18", ("opening", "due"))):
        furnish(ward, Ladder(steps=tuple(Step(rung=one) for one in rungs)), now=at(day, "18:00"))
    done(ward, "V01", "2025-03-17")
    done(ward, "V02", "2025-03-20")
    sweep(ward, now=BACK, derive=derivation)
    assert (trail(ward, 1), trail(ward, 2)) == ([], [OPENING])


def test_longer_ago_than_a_month_is_not_looked_at(ward: Database) -> None:
    done(ward, "V01", "2025-03-20")
    done(ward, "V02", "2025-03-22")
    sweep(ward, now=at("2025-04-20", "18:00"), derive=derivation)
    assert trail(ward, 1) == []
    assert [one[:3] for one in trail(ward, 2)] == [OPENING[:3]]


def test_who_was_set_aside_meanwhile_is_looked_at_from_before_that(ward: Database) -> None:
    def fails(*_: object) -> NoReturn:
        raise ZeroDivisionError

    sweep(ward, now=at("2025-03-17", "00:05"), derive=replace(derivation, replay=fails))
    done(ward, "V01", "2025-03-17")
    sweep(ward, now=BACK, derive=derivation)
    assert [one[:3] for one in trail(ward, 1)] == [OPENING[:3]]


def test_what_cannot_be_derived_as_it_stood_is_left_out(ward: Database) -> None:
    def only_today(enrolled: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        assert as_of == BACK.date()
        return derivation.replay(enrolled, story, as_of, known_at)

    done(ward, "V01", "2025-03-20")
    assert sweep(ward, now=BACK, derive=replace(derivation, replay=only_today)).aside == 0
    assert trail(ward, 1) == []


def test_where_a_worker_is_there_nobody_is_looked_at_twice(
    ward: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(looking_back, "present_or_trouble")
    for day in ("2025-03-17", "2025-03-18", "2025-03-20"):
        sweep(ward, now=at(day, "00:05"), derive=derivation)
    done(ward, "V01", "2025-03-20")
    say(ward, live("V04", START, facts={"sex": "female"}), at("2025-03-20"))
    assert sweep(ward, now=at("2025-03-20", "12:01"), derive=derivation).planned == 2
    assert trail(ward, 1) == [OPENING]
