"""Reminders from end to end: two worker processes of carepath, which derives, and of others.

On the same PostgreSQL server, in turns, each time in a copy of the same database: carepath makes messages of
the notices that wait, in digests for ten owners, derives each patient for that and once more before a message
leaves, keeps who was told what, and puts it into words. APScheduler with its SQLAlchemyJobStore and two
processes, and procrastinate with two workers, have one job for each notice, which looks it up with the
patient and whoever is in charge, and sends; nothing is checked. Against that the targets are. Beside it the
same with jobs that derive the patient once and decide, as carepath does twice. All sides send into the void.
Processes are started and warm before the clock runs; processor time is that of all of them and of the server.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
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
from bench.reminding import JOBS, LATER, Nowhere, opened, remind
from bench.site import NOW, bring_histories
from coordination.entries import Assigned, Person, Site
from coordination.saying import say
from notifications.address import Addressed, address
from notifications.deliver import Delivered, deliver
from notifications.messages import words
from notifications.sweep import sweep
from pathways.guidelines.catalogue import load_catalogue
from store import clock
from store.keys import new_keys, write_file
from store.work_tables import message, message_notice, notice
from tests.server import DURABLE, Server, running

PATIENTS, ROUNDS, WORKERS, OWNERS = 300, 3, 2, 10
MORNING = LATER + timedelta(1)
"""The digests of the day have left by then."""
TARGETS = {"APScheduler": (0.4, 1.0), "procrastinate": (4.0, 8.0)}
"""Against the jobs that derive nothing."""
spawn = multiprocessing.get_context("spawn")


class Desk(NamedTuple):
    """A copy of the database with the notices that wait, by id."""

    url: str
    keys: str
    ids: list[str]
    server: int = 0
    """The process from which all of the server come."""


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


class Spent(NamedTuple):
    """Seconds by the clock, and of the processor in all processes together."""

    clock: float
    processor: float


class Watch:
    """Tells what was spent since it was made, here and in all processes that came of this or the server."""

    def __init__(self, desk: Desk) -> None:
        self.roots = {os.getpid(), desk.server}
        self.processor, self.clock = self._processor(), time.perf_counter()

    def spent(self) -> Spent:
        return Spent(time.perf_counter() - self.clock, self._processor() - self.processor)

    def _processor(self) -> float:
        """With what those took that have ended: their parents know."""
        known: dict[int, tuple[int, float]] = {}
        for place in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = place.read_text().rpartition(")")[2].split()
                known[int(place.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
        theirs = set(self.roots)
        while more := {one for one, (parent, _) in known.items() if parent in theirs} - theirs:
            theirs |= more
        return sum(known[one][1] for one in theirs) / os.sysconf("SC_CLK_TCK")


def together(side: Callable[..., None], desk: Desk, *more: object) -> Spent:
    """What workers take together, once all are ready and until all are done."""
    barrier = spawn.Barrier(WORKERS + 1)
    them = [spawn.Process(target=side, args=(desk, barrier, number, *more)) for number in range(WORKERS)]
    for one in them:
        one.start()
    barrier.wait(timeout=300)
    watch = Watch(desk)
    barrier.wait(timeout=600)
    spent = watch.spent()
    for one in them:
        one.join()
    assert not any(one.exitcode for one in them), "a worker failed"
    return spent


def ours(desk: Desk) -> Spent:
    spent = together(carepath_worker, desk)
    database, _ = opened(desk.url, desk.keys)
    with database.reading() as connection:
        told = message_notice.join(message, message_notice.c.message == message.c.id)
        looked_at = message.c.channel == "email", message.c.settled.is_not(None)
        each = select(func.count(message_notice.c.notice.distinct())).select_from(told).where(*looked_at)
        assert connection.execute(each).scalar_one() == len(desk.ids), "told, or left out for a reason"
    database.close()
    return spent


def carepath_worker(desk: Desk, barrier: Barrier, number: int) -> None:
    """All notices put into digests, then these sent; whoever is done looks whether the other is, too."""
    database, derive = opened(desk.url, desk.keys)
    remind(desk.url, desk.keys, desk.ids[number])
    words(Person(name="anna"), Site(), (), "digest", LATER)
    load_catalogue()
    name, channel = f"w{number}", Nowhere()

    def waits(table: Table, moment: datetime) -> bool:
        with database.reading() as connection:
            found = connection.execute(select(table.c.id).where(table.c.wake <= moment).limit(1))
            return found.first() is not None

    barrier.wait()
    while waits(notice, LATER):
        if address(database, name, now=LATER, derive=derive) == Addressed():
            time.sleep(PAUSE)
    while waits(message, MORNING):
        if deliver(database, name, channel, now=MORNING, derive=derive) == Delivered():
            time.sleep(PAUSE)
    barrier.wait()


PAUSE = 0.01
"""Seconds until somebody looks again who found that the other has all that is left."""


def procrastinates(desk: Desk, task: str) -> Spent:
    app = reminding.procrastinate(desk.url)
    with app.open():
        app.schema_manager.apply_schema()
        jobs = [{"url": desk.url, "keys": desk.keys, "id": id} for id in desk.ids]
        app.tasks[task].batch_defer(*jobs)
    spent = together(its_worker, desk, task)
    database, _ = opened(desk.url, desk.keys)
    with database.reading() as connection:
        done = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'")
        assert connection.execute(done).scalar_one() == len(desk.ids)
    database.close()
    return spent


def its_worker(desk: Desk, barrier: Barrier, number: int, task: str) -> None:
    JOBS[task](desk.url, desk.keys, desk.ids[number])
    app = reminding.procrastinate(desk.url)
    barrier.wait()
    reminding.work_off(app)
    barrier.wait()


def apscheduler(desk: Desk, task: str) -> Spent:
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
                JOBS[task],
                args=(desk.url, desk.keys, id),
                id=f"{number}",
                next_run_time=clock.now(),
                misfire_grace_time=None,
            )

    def run() -> Spent:
        watch = Watch(desk)
        scheduler.resume()
        assert all_done.wait(600), "APScheduler did not end"
        return watch.spent()

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


SIDES: dict[str, Callable[[Desk], Spent]] = {
    "carepath": ours,
    "APScheduler": partial(apscheduler, task="tell"),
    "procrastinate": partial(procrastinates, task="tell"),
    "APScheduler, deriving": partial(apscheduler, task="remind"),
    "procrastinate, deriving": partial(procrastinates, task="remind"),
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
        ids = furnished(url, str(keys), asked.patients)
        desk = Desk(url, str(keys), ids, process_of(server))
        of = f"{len(desk.ids)} reminders of {asked.patients} patients"
        heading(f"{of}, {WORKERS} processes, {asked.rounds} rounds")
        taken: dict[str, list[Spent]] = {name: [] for name in SIDES}
        for _ in range(asked.rounds):
            for name, side in SIDES.items():
                with copied(server, desk) as one:
                    taken[name].append(side(one))
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    for name, spent in taken.items():
        rate = len(ids) / median(one.clock for one in spent)
        each = 1000 * median(one.processor for one in spent) / len(ids)
        print(f"{name:24} {rate:7.1f}/s, {each:6.2f} ms of processor time each")
    met = []
    for name in SIDES:
        if name != "carepath":
            both = list(zip(taken[name], taken["carepath"], strict=True))
            ratios = sorted(theirs.clock / mine.clock for theirs, mine in both)
            ratio, of_processor = median(ratios), median(one.processor / mine.processor for one, mine in both)
            told = f"{ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), by processor time {of_processor:.2f}"
            print(f"carepath against {name}: ratio {told}")
            if name in TARGETS:
                met.append(verdict(f"times {name}", ratio, *TARGETS[name]))
    return 0 if all(met) else 1


def process_of(server: Server) -> int:
    """The process from which all of the server come."""
    with create_engine(server.url.set(drivername="postgresql+psycopg")).connect() as connection:
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


if __name__ == "__main__":
    sys.exit(main())
