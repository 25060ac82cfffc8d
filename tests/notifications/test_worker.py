"""The worker's loops: each comes round by itself, what goes wrong is told, and somebody notices silence."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, insert, select

from coordination.entries import Site
from notifications import worker as module
from notifications.clock import SharedClock
from notifications.worker import Worker, last_night, wake_again
from store import clock, heartbeat, tallies
from store.database import Database
from store.errors import CannotWrite
from store.heartbeat import TICK
from store.work_tables import tally, tally_change
from tests.notifications.office import Kept, assign, furnish
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
DUE = at("2025-03-31", "08:00")


def a_worker(database: Database, *channels: Any, now: datetime = DUE, **more: Any) -> Worker:
    return Worker(database, derivation, channels, "w1", lambda: now, **more)


def waiting(database: Database) -> None:
    """One patient of whom something is due on the last of March."""
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")


def troubles(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {one.name: one.told for one in heartbeat.loops(connection)}


def test_one_round_of_everything_sends_what_is_due(database: Database) -> None:
    waiting(database)
    email, lines = Kept(), list[str]()
    assert a_worker(database, email, told=lines.append).once()
    assert len(email.sent) == 0, "the digest of this day has left, the next one takes it"
    assert lines == [
        "sweep: 1 planned, 2 new",
        "address: 1 said",
        "verify: the ledger is as it was recorded",
    ]
    assert a_worker(database, email, now=DUE + timedelta(1)).once()
    assert len(email.sent) == 1
    with database.reading() as connection:
        (one,) = heartbeat.workers(connection)
    assert one.stopped == one.beat == DUE + timedelta(1)
    assert not one.works(DUE + timedelta(1))
    assert set(troubles(database)) == {
        "sweep", "address", "deliver email", "prune", "verify",
    }  # fmt: skip


def test_what_is_done_once_a_night_is_done_by_one_worker(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(database)
    times = list[datetime]()
    nights = [
        at("2025-03-03"), at("2025-03-03", "23:00"), at("2025-03-04", "02:01"), at("2025-03-04", "02:02"),
    ]  # fmt: skip
    for now in nights:
        monkeypatch.setattr(module, "verify", lambda _, now=now: times.append(now))
        a_worker(database, now=now).once()
    assert times == [nights[0], nights[2]]


def test_a_night_begins_at_two_o_clock_by_the_site() -> None:
    site = Site(zone="Europe/Berlin")
    two = at("2025-03-04", "02:00")
    assert last_night(site, two) == two
    assert last_night(site, two - timedelta(seconds=1)) == two - timedelta(1)


def test_where_only_a_worker_runs_the_changes_of_the_list_are_added_up_for_the_day_of_the_site(
    database: Database,
) -> None:
    waiting(database)
    with database.writing() as connection:
        (said, *_) = connection.execute(select(tally_change)).mappings().all()
        row = {name: value for name, value in said.items() if name != "id"}
        gone_and_come = [{**row, "patients": -1}, {**row, "patients": 1}]
        connection.execute(insert(tally_change), gone_and_come * (tallies.MANY // 2 + 1))
    early = at("2025-03-31", "00:30")
    assert early.astimezone(UTC).date() != early.date()
    assert a_worker(database, now=early).once()
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(tally_change)).scalar_one() == 0
        assert tallies.last_made(connection) == (1, early.date())
        assert connection.execute(select(tally.c.patients)).scalars().all() == [1]


def test_what_goes_wrong_in_a_loop_is_kept_and_stops_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("patient born on 1970-04-12")

    monkeypatch.setattr(module, "sweep", fail)
    lines = list[str]()
    assert not a_worker(database, told=lines.append).once()
    told = troubles(database)
    assert told["sweep"].startswith("ZeroDivisionError in test_worker.py, line ")
    assert "1970" not in "".join(lines)
    assert told["address"] == ""


def test_a_ledger_that_was_altered_is_told_in_the_morning(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "verify", lambda _: ["patient 1, entry 1: altered"])
    assert not a_worker(database).once()
    assert troubles(database)["verify"] == "the ledger is not as it was recorded, in 1 places"


def test_somebody_outside_is_told_only_where_all_came_round(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = list[int]()
    assert a_worker(database, ping=lambda: heard.append(1)).once()
    assert heard == [1]

    def lost(*_: object, **__: object) -> None:
        raise CannotWrite

    monkeypatch.setattr(module, "address", lost)
    assert not a_worker(database, ping=lambda: heard.append(2)).once()
    assert heard == [1]


def test_a_ping_that_fails_is_told(database: Database) -> None:
    def fail() -> None:
        raise OSError("nobody listens")

    assert not a_worker(database, ping=fail).once()
    assert troubles(database)["ping"].startswith("OSError in test_worker.py")


def test_it_works_until_it_is_stopped(database: Database) -> None:
    waiting(database)
    stop, sent = threading.Event(), threading.Event()
    begun = a_worker(database, tick=timedelta(milliseconds=50), told=lambda line: sent.set())
    thread = threading.Thread(target=begun.run, args=(stop,))
    thread.start()
    assert sent.wait(10)
    with database.reading() as connection:
        assert heartbeat.workers(connection)[0].works(DUE)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    with database.reading() as connection:
        assert heartbeat.workers(connection)[0].stopped == DUE


def test_a_clock_that_was_set_back_lets_no_loop_sleep() -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start(paused=True)
    later = clock.now() + timedelta(hours=1)
    scheduler.add_job(print, "interval", seconds=60, id="sweep", next_run_time=later)
    scheduler.add_job(print, "interval", seconds=60, id="address", next_run_time=clock.now() + TICK)
    wake_again(scheduler, TICK)
    assert scheduler.get_job("sweep").next_run_time <= clock.now()
    assert scheduler.get_job("address").next_run_time > clock.now()
    scheduler.shutdown()


def test_a_worker_works_while_it_gives_signs_and_is_forgotten_after_a_while(database: Database) -> None:
    begun = at("2025-03-03")
    with database.writing() as connection:
        heartbeat.beat(connection, "w1", begun, begun)
        heartbeat.beat(connection, "w2", begun, begun + timedelta(5))
        heartbeat.begin(connection, "sweep", begun)
    with database.reading() as connection:
        one, _ = heartbeat.workers(connection)
    assert one.works(begun + 2 * TICK)
    assert not one.works(begun + 2 * TICK + timedelta(seconds=1))
    assert not one.works(begun - timedelta(hours=1)), "a clock set back is no sign of life"
    a_worker(database, now=begun + timedelta(8)).once()
    with database.reading() as connection:
        assert [one.name for one in heartbeat.workers(connection)] == ["w1", "w2"]
        assert heartbeat.workers(connection)[0].started == begun + timedelta(8)
        assert "sweep" in {one.name for one in heartbeat.loops(connection)}


def test_leases_are_reckoned_by_the_clock_that_all_share(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = SharedClock(database)
    ahead = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: ahead)
    apart = abs(shared() - datetime.now(UTC))
    if database.engine.dialect.name == "sqlite":
        assert apart > timedelta(hours=1)
    else:
        assert apart < timedelta(minutes=1)
    assert shared() == shared()
