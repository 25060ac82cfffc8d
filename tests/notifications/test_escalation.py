"""A rung that nobody answers in time is told to whom the next one is for; an answer stops that."""

from __future__ import annotations

from datetime import date

import pytest

from coordination.entries import Acknowledged, Assigned, Entry, Item, Ladder, Snoozed, Step
from notifications.plan import Effect
from notifications.present import Present, present
from store.database import Database
from store.settle import Reckoning
from tests.notifications.office import ANNA, LENA, SITE, Kept, assign, furnish, say_about, tick
from tests.notifications.test_silence import told as why
from tests.notifications.test_vertical import trail
from tests.store.cast import at, event, live, say, story
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
RESPONSE = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
"""Overdue from Tuesday 1 April, escalated on 8 April. The usual ladder expects an answer within 3 days."""


@pytest.fixture
def clinic(database: Database) -> Database:
    """Anna was told on 1 April that the assessment is overdue."""
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    work(database, "03-31", "04-01")
    return database


def work(database: Database, *days: str) -> None:
    for day in days:
        tick(database, at(f"2025-{day}", "08:00"), Kept())


def rungs(database: Database) -> list[tuple[str, str]]:
    return [(rung, day[5:]) for rung, day, _ in trail(database)][2:]


def taken_on(day: str, until: str) -> Acknowledged:
    return Acknowledged(about=RESPONSE, until=date.fromisoformat(f"2025-{until}"), reason="CT is booked")


def told_kinds(database: Database, day: str) -> list[str]:
    return [kind for kind, _ in why(database, day)]


def unanswered(database: Database, day: str) -> list[Effect]:
    now = at(f"2025-{day}")
    with database.reading() as connection:
        from coordination.site_desk import SiteDesk

        site = SiteDesk.read(connection)
        here = now.astimezone(site.site.time_zone)
        found: Present = present(connection, 1, site, Reckoning.at(here, derivation), here)
    return [one for one in found.effects if one.after]


def test_what_nobody_answers_is_told_to_the_next_and_to_whom_it_was_told(clinic: Database) -> None:
    (one,) = unanswered(clinic, "04-02")
    assert (one.day, one.step.to) == (date(2025, 4, 7), ("lead", "clinician", "owner"))
    work(clinic, "04-07")
    assert rungs(clinic) == [("overdue", "04-01"), ("unanswered", "04-07")]
    inbox, *_ = why(clinic, "04-07")
    assert inbox == ("told", "to anna (inbox 2025-04-07 09:00), lena (inbox 2025-04-07 09:00)")
    work(clinic, "04-08", "04-14")
    assert rungs(clinic)[2:] == [("escalated", "04-08")], "the next rung is for nobody else"


def test_the_patient_is_looked_at_when_an_answer_may_be_missing(clinic: Database) -> None:
    """Nothing else comes up on that day, so that only this brings the sweep to the patient."""
    from sqlalchemy import select

    from store.tables import patient

    with clinic.reading() as connection:
        plan_on = connection.execute(select(patient.c.plan_on)).scalar_one()
    assert plan_on <= at("2025-04-07", "00:00")


@pytest.mark.parametrize(
    "answer",
    [taken_on("04-03", "04-07"), Snoozed(about=RESPONSE, until=date(2025, 4, 7), reason="holiday")],
)
def test_an_answer_at_the_desk_stops_it(clinic: Database, answer: Entry) -> None:
    say_about(clinic, "V01", answer, now=at("2025-04-04"))
    assert unanswered(clinic, "04-08") == []
    say_about(clinic, "V01", taken_on("04-08", "04-11"), now=at("2025-04-08"))
    assert unanswered(clinic, "04-09") == [], "the first answer counts for good"


@pytest.mark.parametrize(
    "said",
    [
        event("task_progress", "2025-04-03", "p1", item="t-response", status="ordered"),
        event("task_progress", "2025-04-03", "p1", item="t-response", status="done", due="2025-03-31"),
        event("pathway_paused", "2025-04-03", "p1", reason="holiday"),
    ],
)
def test_a_report_or_a_pause_stops_it(clinic: Database, said: dict[str, object]) -> None:
    say(clinic, live("V01", said), at("2025-04-03"))
    assert unanswered(clinic, "04-08") == []


def test_an_answer_that_comes_too_late_or_is_about_something_else_does_not(clinic: Database) -> None:
    other = event("task_progress", "2025-04-03", "p1", item="treat", status="ordered")
    say(clinic, live("V01", other), at("2025-04-03"))
    say_about(clinic, "V01", taken_on("04-07", "04-11"), now=at("2025-04-07", "07:00"))
    assert [one.day for one in unanswered(clinic, "04-07")] == [date(2025, 4, 7)]
    work(clinic, "04-07", "04-08")
    assert ("held", "taken on by anna until 2025-04-11: CT is booked") in why(clinic, "04-08")


def test_who_took_it_on_and_let_it_lie_is_asked_again(clinic: Database) -> None:
    say_about(clinic, "V01", taken_on("04-02", "04-22"), now=at("2025-04-02"))
    work(clinic, "04-08", "04-15", "04-22")
    assert rungs(clinic)[-1] == ("resumed", "04-22")
    (one,) = unanswered(clinic, "04-23")
    assert (one.day, one.step.to) == (date(2025, 4, 28), ("lead", "owner"))


def test_nobody_is_reproached_who_was_told_late(database: Database) -> None:
    """The worker was away when it became overdue; the days of the notices are the same all the same."""
    furnish(database, SITE, ANNA, LENA, Ladder(steps=(Step(rung="overdue", answer_days=3),)))
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    work(database, "03-31", "04-07")
    assert [(one.day, one.after is not None) for one in unanswered(database, "04-07")] == [
        (date(2025, 4, 7), True)
    ]
    assert trail(database) == [("overdue", "2025-04-01", "said"), ("unanswered", "2025-04-07", "waiting")]
    assert told_kinds(database, "04-07") == ["told", "waits"]
    work(database, "04-08", "04-10")
    assert trail(database)[-1] == ("unanswered", "2025-04-07", "waiting")
    work(database, "04-11")
    assert trail(database)[-1] == ("unanswered", "2025-04-07", "said")


def test_who_is_told_late_and_answers_in_time_is_left_alone(database: Database) -> None:
    furnish(database, SITE, ANNA, LENA, Ladder(steps=(Step(rung="overdue", answer_days=3),)))
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    work(database, "03-31", "04-07")
    ordered = event("task_progress", "2025-04-09", "p1", item="t-response", status="ordered")
    say(database, live("V01", ordered), at("2025-04-09"))
    work(database, "04-10", "04-11")
    assert trail(database)[-1] == ("unanswered", "2025-04-07", "withdrawn")


def test_who_was_told_nothing_during_a_pause_is_told_with_those_of_the_last_rung(database: Database) -> None:
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    say_about(database, "V01", Assigned(owner="anna", clinician="lena"))
    work(database, "03-17")
    say(
        database, live("V01", event("pathway_paused", "2025-03-20", "p1", reason="holiday")), at("2025-03-20")
    )
    say(database, live("V01", event("pathway_resumed", "2025-04-09", "p2")), at("2025-04-09", "07:00"))
    work(database, "04-09", "04-15")
    (escalated, *_), (again, *_) = why(database, "04-09"), why(database, "04-15")
    assert [word for word in ("anna", "lena") if f"{word} (" in escalated[1]] == ["anna", "lena"]
    assert "lena (" in again[1]
    assert "anna (" not in again[1], "by now the owner knows"


def test_what_came_up_before_the_patient_was_recorded_asks_for_no_answer(database: Database) -> None:
    furnish(database)
    say(database, story("V01", START), at("2025-04-02"))
    assert unanswered(database, "04-07") == []


def test_a_ladder_says_how_long_an_answer_may_take_and_who_is_next(clinic: Database) -> None:
    steps = (Step(rung="overdue", answer_days=1), Step(rung="escalated", days=14, to=("team",)))
    furnish(clinic, SITE, Ladder(steps=steps))
    (one,) = unanswered(clinic, "04-02")
    assert (one.day, one.step.to) == (date(2025, 4, 3), ("team", "owner"))
    furnish(clinic, Ladder(steps=steps[:1]))
    (one,) = unanswered(clinic, "04-02")
    assert one.step.to == ("lead", "owner")
    furnish(clinic, Ladder(steps=(Step(rung="overdue"),)))
    assert unanswered(clinic, "04-02") == []


def test_a_rung_that_comes_meanwhile_is_enough(clinic: Database) -> None:
    steps = (Step(rung="overdue", answer_days=10), Step(rung="escalated", to=("lead",)))
    furnish(clinic, Ladder(steps=steps))
    assert unanswered(clinic, "04-02") == []
