"""`carepath reminders`: what was said about a patient, and why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notifications.channels import Final
from tests.cli.conftest import Clock, Run
from tests.cli.reminded import staffed, worked

pytestmark = pytest.mark.each_database


@pytest.fixture
def reminded(clinic: Path, any_url: str, clock: Clock) -> Clock:
    """V23 is Anna's; a worker came by when zoledronate could be given, was due, and a day later, twice."""
    staffed(any_url, "V23", clock.now)
    for day in ("2025-02-18", "2025-02-19", "2025-03-04", "2025-03-05"):
        clock.set(day, "08:00")
        worked(any_url, clock.now)
    clock.set("2025-03-05", "08:01")
    worked(any_url, clock.now)
    return clock


def test_what_came_up_who_was_told_and_what_comes_next(run: Run, reminded: Clock) -> None:
    (found,) = run("reminders", "--json", "V23").lines
    assert [(one["day"], one["rung"], one["status"]) for one in found["notices"]] == [
        ("2025-02-18", "opening", "said"),
        ("2025-03-04", "due", "overtaken"),
        ("2025-03-05", "overdue", "said"),
    ]
    opening, due, _ = found["notices"]
    assert [(one["to"], one["channel"], one["status"]) for one in opening["messages"]] == [
        ("anna", "email", "sent"),
        ("anna", "inbox", "sent"),
    ]
    left_out = [one["left_out"] for one in due["messages"] if one["channel"] == "email"]
    assert left_out == ["overdue since 2025-03-05"]
    assert [(one["day"], one["rung"], one["to"]) for one in found["coming"][:3]] == [
        ("2025-03-11", "unanswered", ["lead", "clinician", "owner"]),
        ("2025-03-19", "escalated", ["lead", "clinician"]),
        ("2025-03-26", "escalated_again", ["lead"]),
    ]
    assert [one["kind"] for one in found["because"]] == ["told"]


def test_the_page_for_a_person(run: Run, reminded: Clock) -> None:
    shown = run("reminders", "V23").out
    assert "V23: reminders  looked after by anna" in shown
    assert "Next zoledronate, every 12 weeks, due 2025-03-04" in shown
    assert "  2025-02-18  may be done  told to anna (inbox 2025-02-18 08:00, email 2025-02-19 08:00)" in shown
    assert "left out of email to anna: overdue since 2025-03-05" in shown
    assert "overtaken: overdue since 2025-03-05" in shown
    assert "Comes up next  if nothing happens until then" in shown
    assert "2025-03-19  escalated        Next zoledronate, every 12 weeks, due 2025-03-04; to lead" in shown
    assert "Today, 2025-03-05" in shown


def test_why_nothing_was_sent_on_a_day(run: Run, reminded: Clock) -> None:
    (found,) = run("reminders", "V23", "--on", "2025-02-25", "--json").lines
    assert list(found) == ["patient", "day", "because"]
    assert [(one["kind"], one["text"]) for one in found["because"]] == [
        ("told_before", "to anna (inbox 2025-02-18 08:00, email 2025-02-19 08:00)")
    ]
    _, waits = run("reminders", "V23", "--on", "2025-03-04", "--json").lines[0]["because"]
    assert waits["text"].endswith("it left on 2025-03-05 08:00, without this: overdue since 2025-03-05")
    shown = run("reminders", "V23", "--on", "2025-02-10").out
    assert "V23 on 2025-02-10" in shown
    assert "Nothing due" in shown
    assert "nothing new; next on 2025-02-18" in shown
    assert "reminders" not in shown
    reminded.set("2025-03-20")
    shown = run("reminders", "V23", "--on", "2025-03-19").out
    assert "Not taken up" in shown
    seen = run("access", "V23").out
    assert "on 2025-02-10" in seen


def test_a_day_to_come_and_a_patient_nobody_knows_are_refused(run: Run, reminded: Clock) -> None:
    ran = run("reminders", "V23", "--on", "2025-03-06")
    assert ran.status == 2
    assert "--on: 2025-03-06 has not come yet" in ran.err
    assert run("reminders", "V99").status == 2


def test_a_patient_about_whom_nothing_has_come_up(run: Run, clinic: Path) -> None:
    shown = run("reminders", "V01").out
    assert "Nothing has come up yet." in shown
    assert "nobody looks after this patient" in shown


def test_how_long_answers_took(run: Run, reminded: Clock) -> None:
    given = ("--field", "drug=zoledronate", "--field", "planned_interval=12w")
    assert run("record", "V23", "bma_given", "--date", "2025-03-05", *given).status == 0
    found = {one["rung"]: one for one in run("reminders", "--answers", "--json").lines}
    assert found["overdue"] == {
        "rung": "overdue",
        "to": "owner",
        "told": 1,
        "answered": 1,
        "median": 0.0,
        "longest": 0,
        "waiting": 0,
        "ended": 0,
    }
    shown = run("reminders", "--answers", "--since", "2025-03-01").out
    assert "Answers to what was told since 2025-03-01" in shown
    assert "overdue  owner" in re.sub(" +", "  ", shown)
    assert "Nobody was told anything." in run("reminders", "--answers", "--since", "2025-03-06").out


@pytest.mark.parametrize("words", [[], ["V23", "--since", "2025-01-01"], ["V23", "--answers"]])
def test_one_patient_or_the_answers_of_all(run: Run, clinic: Path, words: list[str]) -> None:
    assert run("reminders", *words).status == 2


def test_a_pause_and_what_could_not_be_delivered_are_on_the_page(
    run: Run, clinic: Path, any_url: str, clock: Clock
) -> None:
    staffed(any_url, "V23", clock.now)
    clock.set("2025-02-18", "08:00")
    worked(any_url, clock.now)
    clock.set("2025-02-19", "08:00")
    worked(any_url, clock.now, fails=Final("no such mailbox"))
    paused = ("pathway_paused", "--date", "2025-02-20", "--field", "reason=holiday")
    clock.set("2025-03-04", "08:00")
    assert run("record", "V23", *paused).status == 0
    worked(any_url, clock.now)
    shown = run("reminders", "V23").out
    assert "paused since 2025-02-20" in shown
    assert "email to anna could not be delivered: no such mailbox" in shown
    assert "held: notices are paused since 2025-02-20: holiday" in shown
