"""Reminders from end to end, each patient derived anew: two worker processes of carepath and of others.

On the same PostgreSQL server, in turns, each time in a copy of the same database: carepath makes messages of
the notices that wait, in digests for ten owners, and checks each once more before it leaves; APScheduler with
its SQLAlchemyJobStore and two processes, and procrastinate with two workers, have one job for each notice,
which derives the patient once and decides. Nobody sends anything. carepath so derives each patient twice, and
keeps who was told what; the others keep that a job is done. Processes are started and warm before the clock
runs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from typing import NamedTuple

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ProcessPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Table, create_engine, func, make_url, select, text

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import reminding
from bench.measure import heading, verdict
from bench.reminding import LATER, Nowhere, opened, remind
from bench.site import NOW, bring_histories
from coordination.entries import Assigned, Person, Site
from coordination.saying import say
from notifications.address import address
from notifications.deliver import deliver
from notifications.sweep import sweep
from store import clock
from store.keys import new_keys, write_file
from store.work_tables import message, message_notice, notice
from tests.server import DURABLE, Server, running

PATIENTS, ROUNDS, WORKERS, OWNERS = 150, 3, 2, 10
MORNING = LATER + timedelta(1)
"""The digests of the day have left by then."""
TARGETS = {"APScheduler": (0.4, 1.0), "procrastinate": (4.0, 8.0)}
spawn = multiprocessing.get_context("spawn")


class Desk(NamedTuple):
    """A copy of the database with the notices that wait, by id."""

    url: str
    keys: str
    ids: list[str]


def furnished(url: str, keys: str, patients: int) -> list[str]:
    """Patients of several owners with a mailbox, planned; answers the notices that wait."""
    database, derive = opened(url, keys)
    bring_histories(database, patients)
    owners = [Person(name=f"anna{n}", addresses={"email": f"anna{n}@example.org"}) for n in range(OWNERS)]
    with database.writing() as connection:
        for one in (Site(zone="Europe/Berlin"), *owners):
            say(connection, one, recorder="bench", now=NOW)
        for patient in range(1, patients + 1):
            whose = Assigned(owner=owners[patient % OWNERS].name)
            say(connection, whose, patient_id=patient, recorder="bench", now=NOW)
    for moment in (NOW, LATER):
        sweep(database, now=moment, derive=derive)
    with database.reading() as connection:
        ids = list(connection.execute(select(notice.c.id).where(notice.c.wake <= LATER)).scalars())
    database.close()
    return ids


def together(side: Callable[..., None], desk: Desk) -> float:
    """Seconds that workers take together, once all are ready."""
    ready = spawn.Barrier(WORKERS + 1)
    them = [spawn.Process(target=side, args=(desk, ready, number)) for number in range(WORKERS)]
    for one in them:
        one.start()
    ready.wait(timeout=300)
    started = time.perf_counter()
    for one in them:
        one.join()
    assert not any(one.exitcode for one in them), "a worker failed"
    return time.perf_counter() - started


def ours(desk: Desk) -> float:
    spent = together(carepath_worker, desk)
    database, _ = opened(desk.url, desk.keys)
    with database.reading() as connection:
        told = message_notice.join(message, message_notice.c.message == message.c.id)
        looked_at = message.c.channel == "email", message.c.settled.is_not(None)
        each = select(func.count(message_notice.c.notice.distinct())).select_from(told).where(*looked_at)
        assert connection.execute(each).scalar_one() == len(desk.ids), "told, or left out for a reason"
    database.close()
    return spent


def carepath_worker(desk: Desk, ready: Barrier, number: int) -> None:
    """All notices put into digests, then these sent; whoever is done looks whether the other is, too."""
    database, derive = opened(desk.url, desk.keys)
    remind(desk.url, desk.keys, desk.ids[number])
    name, channel = f"w{number}", Nowhere()

    def waits(table: Table, moment: datetime) -> bool:
        with database.reading() as connection:
            found = connection.execute(select(table.c.id).where(table.c.wake <= moment).limit(1))
            return found.first() is not None

    ready.wait()
    while waits(notice, LATER):
        address(database, name, now=LATER, derive=derive)
    while waits(message, MORNING):
        deliver(database, name, channel, now=MORNING, derive=derive)


def procrastinates(desk: Desk) -> float:
    app = reminding.procrastinate(desk.url)
    with app.open():
        app.schema_manager.apply_schema()
        jobs = [{"url": desk.url, "keys": desk.keys, "id": id} for id in desk.ids]
        app.tasks["remind"].batch_defer(*jobs)
    spent = together(its_worker, desk)
    database, _ = opened(desk.url, desk.keys)
    with database.reading() as connection:
        done = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'")
        assert connection.execute(done).scalar_one() == len(desk.ids)
    database.close()
    return spent


def its_worker(desk: Desk, ready: Barrier, number: int) -> None:
    remind(desk.url, desk.keys, desk.ids[number])
    app = reminding.procrastinate(desk.url)
    ready.wait()
    reminding.work_off(app)


def apscheduler(desk: Desk) -> float:
    """Its scheduler takes from the store and hands to two processes."""
    store = SQLAlchemyJobStore(engine=create_engine(make_url(desk.url).set(drivername="postgresql+psycopg")))
    pool = ProcessPoolExecutor(WORKERS, pool_kwargs={"mp_context": spawn})
    scheduler = BackgroundScheduler(jobstores={"default": store}, executors={"default": pool})
    done, failed, expected, all_done = 0, 0, 0, threading.Event()

    def ended(event: object) -> None:
        nonlocal done, failed
        done, failed = done + 1, failed + bool(getattr(event, "exception", None))
        if done == expected:
            all_done.set()

    def put(ids: list[str]) -> None:
        nonlocal expected, done
        expected, done = len(ids), 0
        all_done.clear()
        scheduler.pause()
        for number, id in enumerate(ids):
            scheduler.add_job(
                remind,
                args=(desk.url, desk.keys, id),
                id=f"{number}",
                next_run_time=clock.now(),
                misfire_grace_time=None,
            )

    def run() -> float:
        started = time.perf_counter()
        scheduler.resume()
        assert all_done.wait(600), "APScheduler did not end"
        return time.perf_counter() - started

    scheduler.add_listener(ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    scheduler.start(paused=True)
    try:
        put(desk.ids[: 4 * WORKERS])  # both processes are there, and have opened the database
        run()
        put(desk.ids)
        spent = run()
    finally:
        scheduler.shutdown()
        store.engine.dispose()
    assert not failed, f"{failed} jobs failed"
    return spent


SIDES: dict[str, Callable[[Desk], float]] = {
    "carepath": ours,
    "APScheduler": apscheduler,
    "procrastinate": procrastinates,
}


@contextmanager
def copied(server: Server, desk: Desk) -> Iterator[Desk]:
    url = server.new_database(make_url(desk.url).database)
    yield desk._replace(url=url)
    server.drop(url)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--patients", type=int, default=PATIENTS)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    asked = options.parse_known_args()[0]
    with running(DURABLE) as server, tempfile.TemporaryDirectory() as folder:
        keys, url = Path(folder) / "keys", server.new_database()
        write_file(keys, new_keys())
        desk = Desk(url, str(keys), furnished(url, str(keys), asked.patients))
        of = f"{len(desk.ids)} reminders of {asked.patients} patients"
        heading(f"{of}, {WORKERS} processes, {asked.rounds} rounds")
        taken: dict[str, list[float]] = {name: [] for name in SIDES}
        for _ in range(asked.rounds):
            for name, side in SIDES.items():
                with copied(server, desk) as one:
                    taken[name].append(len(desk.ids) / side(one))
    for name, rates in taken.items():
        print(f"{name:14} {median(rates):7.1f}/s")
    met = []
    for name, aims in TARGETS.items():
        ratios = sorted(a / b for a, b in zip(taken["carepath"], taken[name], strict=True))
        ratio = median(ratios)
        print(f"carepath against {name}: ratio {ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
        met.append(verdict(f"times {name}", ratio, *aims))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
