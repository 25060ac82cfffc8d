"""`carepath worker`, and what the others tell of it: that it stands still, or that something is stuck."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from coordination.entries import Person
from coordination.saying import say
from store import health, heartbeat
from store.database import Database, open_database
from store.tables import patient
from store.work_tables import attempt, message, notice
from tests.cli.conftest import Clock, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE

pytestmark = ONLY_SQLITE


@pytest.fixture
def opened(clinic: Path, any_url: str) -> Any:
    database = open_database(any_url, KEYS)
    yield database
    database.close()


def checks(run: Run) -> dict[str, Any]:
    return {one["check"]: one for one in run("doctor", "--json").lines}


def test_one_round_tells_what_it_did(run: Run, clinic: Path) -> None:
    ran = run("worker", "--once", "--name", "ward")
    assert ran.status == 0
    assert ran.out.splitlines()[-1] == "2025-02-03 12:00:00  verify: the ledger is as it was recorded"
    assert run("worker", "--once").out == "Nothing was to be done.\n"


def test_a_round_with_trouble_ends_with_another_status(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.worker.verify", lambda _: ["altered"])
    ran = run("worker", "--once")
    assert ran.status == 1
    assert "verify: the ledger is not as it was recorded, in 1 places" in ran.out
    rounds = checks(run)["rounds"]
    assert rounds["ok"] is False
    assert rounds["found"] == "verify: the ledger is not as it was recorded, in 1 places"


@pytest.mark.parametrize("words", [("--name", "x" * 61), ("--name", "a\tb")])
def test_a_name_that_cannot_be_shown_is_refused(run: Run, clinic: Path, words: tuple[str, str]) -> None:
    ran = run("worker", "--once", *words)
    assert (ran.status, "--name must be readable text" in ran.err) == (2, True)


def test_a_setting_that_is_no_number_is_refused(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREPATH_KEEP_TRIES_DAYS", "for ever")
    ran = run("worker", "--once")
    assert (ran.status, "CAREPATH_KEEP_TRIES_DAYS must be a number of days" in ran.err) == (2, True)


def test_without_workers_doctor_asks_for_one_where_somebody_is_to_be_told(
    run: Run, opened: Database, clock: Clock
) -> None:
    told = checks(run)["worker"]
    assert told["ok"] is True
    with opened.writing() as connection:
        say(connection, Person(name="anna"), recorder="anna", now=clock.now)
    told = checks(run)["worker"]
    assert (told["ok"], told["found"]) == (False, "none has ever run here: nobody will be told anything")
    assert run("list").err == ""


def test_a_worker_that_stands_still_is_told_within_two_ticks(
    run: Run, opened: Database, clock: Clock
) -> None:
    with opened.writing() as connection:
        heartbeat.beat(connection, "ward", clock.now, clock.now)
    assert checks(run)["worker"]["found"] == "ward at work"
    assert run("list").err == ""
    clock.now += 2 * heartbeat.TICK + timedelta(seconds=1)
    told = checks(run)["worker"]
    assert (told["ok"], "reminders stand still" in told["found"]) == (False, True)
    assert (
        "carepath: reminders stand still, no worker has given a sign since 2025-02-03 11:00"
        in run("list").err
    )
    with opened.writing() as connection:
        heartbeat.beat(connection, "other", clock.now, clock.now)
    told = checks(run)["worker"]
    assert told["found"].startswith("other at work; no sign of ward since 2025-02-03")
    assert told["ok"] is False
    assert run("list").err == ""


def test_a_machine_whose_clock_is_ahead_raises_no_alarm(
    run: Run, opened: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened.writing() as connection:
        heartbeat.beat(connection, "ward", clock.now, clock.now)
    clock.now += timedelta(minutes=3)
    monkeypatch.setattr(health, "clock_ahead", lambda _: timedelta(minutes=-3))
    assert checks(run)["worker"]["found"] == "ward at work"
    assert run("list").err == ""


def test_one_that_comes_by_once_a_day_stands_still_after_a_day(
    run: Run, opened: Database, clock: Clock
) -> None:
    run("worker", "--once")
    assert checks(run)["worker"]["found"] == "none at work; one came by lately and is done"
    clock.now += timedelta(days=2)
    assert checks(run)["worker"]["ok"] is False
    assert "reminders stand still" in run("list").err


def test_after_a_rebuild_reminders_go_by_what_this_version_answers(run: Run, clinic: Path) -> None:
    assert "sweep: 8 planned" in run("worker", "--once").out
    assert run("rebuild").status == 0
    assert "sweep: 8 planned" in run("worker", "--once").out


def test_what_is_stuck_is_told(run: Run, opened: Database, clock: Clock) -> None:
    run("worker", "--once")
    assert [checks(run)[name]["ok"] for name in ("rounds", "notices", "messages")] == [True] * 3
    late, open_ = clock.now - timedelta(hours=3), {"status": "waiting", "settled": None}
    row = {"recipient": "anna", "channel": "email", "kind": "single", "made": late, "reason": ""}
    with opened.writing() as connection:
        connection.execute(update(patient).where(patient.c.id == 1).values(plan_trouble="CannotDerive"))
        heartbeat.begin(connection, "deliver email", late)
        for id, more in (
            ("gone", {"status": "dead", "settled": late, "wake": None, "lease": None, "attempts": 0}),
            ("held", {**open_, "wake": late, "lease": late, "attempts": 2}),
            ("late", {**open_, "wake": late, "lease": None, "attempts": 0}),
        ):
            connection.execute(message.insert(), {"id": id, "worker": None, **row, **more})
    found = {name: one["found"] for name, one in checks(run).items() if not one["ok"]}
    assert found["notices"] == "1 patient set aside, about whom nothing is told: #1 (CannotDerive)"
    assert found["messages"] == (
        "1 message could not be handed over and reached nobody; 1 row that a worker took and did not finish"
        " in time; 1 row with which several workers came to an end; 1 row that waits for long"
    )
    assert found["rounds"].startswith("deliver email: began at 2025-02-03")
    assert notice.name == "notice"


def test_a_mail_server_that_takes_nothing_for_hours_is_told(run: Run, opened: Database, clock: Clock) -> None:
    run("worker", "--once")
    row = {
        "recipient": "anna",
        "channel": "email",
        "kind": "single",
        "made": clock.now,
        "reason": "quiet hours",
    }
    row |= {"status": "waiting", "wake": clock.now + timedelta(days=1), "attempts": 0}
    tried = {"message": "m", "at": clock.now, "worker": "w1", "outcome": "down"}
    told = "the mail server takes nothing now (535)"
    with opened.writing() as connection:
        connection.execute(message.insert(), {"id": "m", **row})
        connection.execute(attempt.insert(), {**tried, "number": 1, "told": told})
    clock.now += timedelta(hours=1)
    assert "sending" not in checks(run)
    clock.now += timedelta(seconds=1)
    found = checks(run)["sending"]
    assert found["found"].startswith("1 message by email waits, tried in vain since 2025-02-03 ")
    assert found["found"].endswith(f", at last: {told}")
    assert found["to_do"] == "mend it; `carepath channel test email` tries the way"
    assert f"quiet hours; until 2025-02-04 11:00; last try: {told}" in " ".join(run("messages").out.split())


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_when_all_is_done(clinic: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "cli.main", "worker", "--name", "ward"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as begun:
        assert begun.stdout is not None
        first = begun.stdout.readline()
        begun.send_signal(number)
        out, err = begun.communicate(timeout=60)
    assert first == "The worker ward looks every minute what has come up. Ctrl-C stops it.\n"
    assert (begun.returncode, out.splitlines()[-1]) == (
        0,
        "The worker ward has stopped; nothing is left in hand.",
    )
    assert "stopping, as soon as what is in hand is finished" in err
