"""What programs say about patients at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coordination.entries import Person
from coordination.patient_desk import PatientDesk
from coordination.saying import say
from store import desk as said_at
from tests.web.conftest import NOON, Desk
from tests.web.programs import Program, program

LATER = str(NOON.date() + timedelta(7))


@pytest.fixture
def asking(desk: Desk) -> Program:
    """A program in the name of somebody who works here."""
    return program(desk, "anna")


def said(desk: Desk, number: int) -> PatientDesk:
    with desk.database.reading() as connection:
        return PatientDesk.of(said_at.about(connection, number))


def task_of(asking: Program, kind: str = "open") -> tuple[int, str]:
    """Something that is to be done for some patient, and its key."""
    for number in range(1, 20):
        tasks = asking.get(f"/patients/{number}/due").json()
        if tasks.get(kind):
            return number, tasks[kind][0]["key"]
    raise AssertionError(kind)


def test_a_comment_and_an_owner(desk: Desk, asking: Program) -> None:
    seen = asking.get("/patients/1").headers["etag"]
    done = asking.send("/patients/1/comments", {"text": "called"}, if_match=seen)
    assert (done.status_code, done.json()["number"]) == (200, 1)
    assert said(desk, 1).comments[-1][1:] == ("anna", "called")
    late = asking.send("/patients/1/comments", {"text": "again"}, if_match=seen)
    assert (late.status_code, late.json().get("meanwhile")) == (412, None)
    asking.send("/patients/1/owner", {"owner": "ben", "clinician": None})
    assert said(desk, 1).owner == "ben"
    before = done.headers["etag"]
    assert asking.send("/patients/1/owner", {"owner": None}).headers["etag"] != before
    assert said(desk, 1).owner is None
    wrong = asking.send("/patients/1/owner", {"owner": "nobody at all"})
    assert (wrong.status_code, wrong.json()["title"]) == (422, "That cannot be done")


def test_taken_on_and_put_off(desk: Desk, asking: Program) -> None:
    number, key = task_of(asking)
    place = f"/patients/{number}/due/{key}"
    until = {"until": LATER, "reason": "waits for the report"}
    assert asking.send(f"{place}/acknowledge", until, idempotency_key="a").status_code == 200
    assert asking.send(f"{place}/snooze", until).status_code == 200
    assert len(said(desk, number).acknowledged) == len(said(desk, number).snoozed) == 1
    shown = asking.get(f"/patients/{number}/due").json()["open"]
    taken = next(one for one in shown if one["key"] == key)["taken"]
    assert {one["kind"] for one in taken} == {"taken on", "put off"}
    for day in ("2025-03-03", "2026-03-03"):
        wrong = asking.send(f"{place}/snooze", {**until, "until": day})
        assert wrong.json()["faults"][0]["pointer"] == "/until"
    assert asking.send(f"/patients/{number}/due/0123456789abcdef/snooze", until).status_code == 404


def test_only_who_works_here_takes_something_on(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Person(name="vera"), recorder="lena", now=NOON)
    asking = program(desk)
    number, key = task_of(asking)
    wrong = asking.send(f"/patients/{number}/due/{key}/snooze", {"until": LATER, "reason": "x"})
    assert [one.get("pointer") for one in wrong.json()["faults"]] == [None]


def test_how_far_it_has_come(desk: Desk, asking: Program) -> None:
    number, key = task_of(asking)
    place = f"/patients/{number}/due/{key}/progress"
    booked = {"status": "booked", "on": LATER, "place": "radiology"}
    done = asking.send(place, booked, idempotency_key="b")
    assert len(done.json()["recorded"]) == 1
    desk.pass_(timedelta(minutes=1))
    assert asking.send(place, booked, idempotency_key="b").json() == done.json()
    shown = asking.get(f"/patients/{number}/due").json()["open"]
    assert next(one for one in shown if one["key"] == key)["progress"]["status"] == "booked"
    for wrong, pointer in (
        ({"status": "booked"}, "/on"),
        ({"status": "declined"}, "/reason_code"),
        ({"status": "declined", "reason_code": "XX"}, "/reason_code"),
        ({"status": "nonsense"}, "/status"),
    ):
        assert asking.send(place, wrong).json()["faults"][0]["pointer"] == pointer


def test_a_step_without_a_date_gets_a_working_date(desk: Desk, asking: Program) -> None:
    number, key = task_of(asking, "steps")
    place = f"/patients/{number}/due/{key}/working-date"
    assert asking.send(place, {"on": "2025-03-12"}).status_code == 200
    assert asking.send(place, {"on": "2025-03-09"}).json()["faults"][0]["pointer"] == "/on"
    assert asking.send(place, {"on": "2025-03-01"}).json()["faults"][0]["pointer"] == "/on"
    tasks = asking.get(f"/patients/{number}/due").json()
    dated = next((one for one in tasks["open"] if one["basis"] == "due"), None)
    if dated:
        wrong = asking.send(f"/patients/{number}/due/{dated['key']}/working-date", {"on": LATER})
        assert wrong.json()["type"].endswith("#impossible")
