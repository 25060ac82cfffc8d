"""The queue of notices: a thousand that are due, taken and settled among a hundred thousand that lie ahead.

Beside it, on the same PostgreSQL server and in turns: the bare driver that takes batches of 50 with SKIP
LOCKED and settles each batch in one transaction; one commit for each job, as systems do that keep every step
durable by itself; APScheduler's SQLAlchemyJobStore, which fetches what is due and removes it job by job; and
a worker of procrastinate, which takes and ends each of its jobs by itself. Nothing is derived on any side.
The reasons of ours name ten people. Then an empty look at the queue beside the bare query, with as many
notices ahead and with ten times as many.

procrastinate takes jobs in the order in which they were made, and so passes by all that lie ahead for each
one: it gets a tenth of the jobs, once with as many ahead as the others and once with none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import create_engine, insert, text

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading, verdict
from bench.reminding import procrastinate, work_off
from store import outbox, planning, tables
from store.database import Database, open_database
from store.keys import new_keys
from store.outbox import WAITING
from store.work_tables import notice
from tests.server import DURABLE, running

DUE, AHEAD, ROUNDS, LOOKS, BATCH = 1_000, 100_000, 3, 200, 50
FEW = DUE // 10
OF_BARE, OF_BARE_AIM, OF_OTHERS, OF_OTHERS_AIM, EMPTY, FLAT = 0.2, 0.4, 1.0, 10.0, 2.0, 1.5
NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def row(number: int, wake: datetime) -> dict[str, Any]:
    """A notice of one patient that waits until a moment."""
    about = {"pathway": "toy", "item": "t-response", "anchor": "[]", "rung": "due", "due": wake.date()}
    empty = {"status": WAITING, "reason": "", "settled": None, "lease": None, "worker": None, "attempts": 0}
    return {
        "id": f"n{number}",
        "patient_id": 1,
        **about,
        "day": wake.date(),
        "issued": NOW,
        "wake": wake,
        **empty,
    }


def ahead(database: Database, first: int, number: int) -> None:
    """So many notices that lie ahead."""
    with database.writing() as connection:
        for start in range(first, first + number, 10_000):
            numbers = range(start, min(start + 10_000, first + number))
            rows = [row(n, NOW + timedelta(days=1 + n % 700, seconds=n)) for n in numbers]
            connection.execute(insert(notice), rows)
    with create_engine(database.engine.url, isolation_level="AUTOCOMMIT").connect() as settled:
        for command in ("VACUUM ANALYZE notice", "CHECKPOINT"):  # else the server does it meanwhile
            settled.execute(text(command))


def due(database: Database) -> None:
    """The due ones, anew."""
    with database.writing() as connection:
        connection.execute(text("DELETE FROM notice WHERE id LIKE 'due%'"))
        late = NOW - timedelta(minutes=5)
        connection.execute(insert(notice), [{**row(n, late), "id": f"due{n}"} for n in range(DUE)])


def ours(database: Database) -> int:
    """Taken with a lease in one transaction, settled in another, as the worker does."""
    done = 0
    while (claim := outbox.claim(database, notice, "w", NOW, lease=LEASE, limit=BATCH)).rows:
        with database.writing() as connection:
            ends = {row.id: ("said", f"to anna{int(row.id[3:]) % 10}") for row in claim.rows}
            done += len(outbox.settle_all(connection, claim, ends, NOW))
    return done


TAKE = (
    "SELECT id FROM notice WHERE wake <= %s AND (lease IS NULL OR lease <= %s) ORDER BY wake, id LIMIT %s"
    " FOR UPDATE SKIP LOCKED"
)
SETTLE = "UPDATE notice SET status = 'said', reason = 'to anna', settled = %s, wake = NULL WHERE id = ANY(%s)"


def bare(database: Database, batch: int = BATCH) -> int:
    """What the driver takes for it: a batch locked, settled and committed."""
    raw, done = database.engine.raw_connection(), 0
    cursor = raw.cursor()
    while True:
        cursor.execute(TAKE, (NOW, NOW, batch))
        ids = [id for (id,) in cursor.fetchall()]
        if ids:
            cursor.execute(SETTLE, (NOW, ids))
        raw.commit()
        if not ids:
            raw.close()
            return done
        done += len(ids)


def one_by_one(database: Database) -> int:
    """One commit for each job."""
    return bare(database, batch=1)


class Others:
    """APScheduler's own store of jobs, with as many ahead."""

    def __init__(self, database: Database) -> None:
        self.engine = create_engine(database.engine.url)
        self.store = SQLAlchemyJobStore(engine=self.engine)
        self.store.start(_Scheduler(), "default")
        jobs = []
        for number in range(AHEAD):
            state = self._job(f"a{number}", NOW + timedelta(days=1, seconds=number))
            jobs.append(self._row(state))
        with self.engine.begin() as connection:
            for start in range(0, AHEAD, 10_000):
                connection.execute(insert(self.store.jobs_t), jobs[start : start + 10_000])
        self.late = [self._row(self._job(f"d{number}", NOW - timedelta(minutes=5))) for number in range(DUE)]

    def _job(self, id: str, when: datetime) -> Job:
        job = Job(
            _Scheduler(), id=id, func=print, trigger=DateTrigger(when), executor="default", args=(), kwargs={}
        )
        job._modify(next_run_time=when, name=id, misfire_grace_time=None, coalesce=True, max_instances=1)
        return job

    def _row(self, job: Job) -> dict[str, Any]:
        import pickle

        state = pickle.dumps(job.__getstate__(), self.store.pickle_protocol)
        return {"id": job.id, "next_run_time": job.next_run_time.timestamp(), "job_state": state}

    def due(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(self.store.jobs_t), self.late)

    def done(self) -> int:
        """As its scheduler does with jobs that run once: fetched together, removed one by one."""
        found = self.store.get_due_jobs(NOW)
        for job in found:
            self.store.remove_job(job.id)
        return len(found)


class Procrastinate:
    """procrastinate's queue and one worker of its own, in the same database."""

    def __init__(self, database: Database) -> None:
        self.database, self.app = database, procrastinate(database.engine.url)
        with self.app.open():
            self.app.schema_manager.apply_schema()

    def put(self, number: int, wake: str) -> None:
        """So many jobs from a moment on, as SQL of the server's clock."""
        jobs = "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        with self.database.writing() as connection:
            connection.execute(
                text(f"{jobs} SELECT 'default', 'nothing', {wake} FROM generate_series(1, :number) n"),
                {"number": number},
            )

    def ahead(self) -> None:
        self.put(AHEAD, "now() + n * interval '1 second' + interval '1 day'")

    def due(self) -> None:
        self.put(FEW, "now() - interval '5 minutes'")

    def done(self) -> int:
        """By its worker, until nothing is due."""
        before = self._ended()
        work_off(self.app)
        return self._ended() - before

    def _ended(self) -> int:
        with self.database.reading() as connection:
            ended = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'")
            count: int = connection.execute(ended).scalar_one()
        return count


class _Scheduler(BaseScheduler):
    """Only so that its jobs have one."""

    def __init__(self) -> None:
        super().__init__(timezone=UTC)

    def shutdown(self, wait: bool = True) -> None: ...

    def wakeup(self) -> None: ...


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Side(NamedTuple):
    """One that is measured: how it is made ready, how it works, and how many jobs it gets."""

    ready: Callable[[], None]
    work: Callable[[], int]
    jobs: int = DUE


def rates(database: Database) -> dict[str, list[float]]:
    """Notices a second of each side, in turns; the first round warms up."""
    others, queue = Others(database), Procrastinate(database)
    sides = {
        "carepath": Side(lambda: due(database), lambda: ours(database)),
        "bare driver, batches of 50": Side(lambda: due(database), lambda: bare(database)),
        "one commit per job": Side(lambda: due(database), lambda: one_by_one(database)),
        "APScheduler's SQLAlchemyJobStore": Side(others.due, others.done),
        "procrastinate, none ahead": Side(queue.due, queue.done, FEW),
    }
    taken = in_turns(sides, ROUNDS)
    queue.ahead()
    crowded = in_turns({"procrastinate": Side(queue.due, queue.done, FEW)}, ROUNDS)
    return {**taken, **crowded}


def in_turns(sides: Mapping[str, Side], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, side in sides.items():
            side.ready()
            started = time.perf_counter()
            settled = side.work()
            spent = time.perf_counter() - started
            assert settled == side.jobs, f"{name} settled {settled}"
            if turn:
                taken[name].append(side.jobs / spent)
    return taken


def empty_looks(database: Database) -> tuple[float, float]:
    """Median seconds of an empty look by the worker, and by the bare queries it consists of."""
    raw = database.engine.raw_connection()
    queries = (
        ("SELECT id FROM patient WHERE sequence > planned_sequence ORDER BY id LIMIT 50", ()),
        (
            "SELECT (SELECT min(planned_desk) FROM patient),"
            " (SELECT max(number) FROM desk WHERE patient_id IS NULL),"
            " (SELECT min(plan_on) FROM patient WHERE plan_on IS NOT NULL)",
            (),
        ),
        ("SELECT * FROM notice WHERE wake <= %s AND (lease IS NULL OR lease <= %s) LIMIT 1", (NOW, NOW)),
    )

    def plain() -> None:
        for query, values in queries:
            cursor = raw.cursor()
            cursor.execute(query, values)
            cursor.fetchall()
            raw.rollback()

    def look() -> None:
        assert planning.unplanned(database, NOW) == []
        assert not outbox.claim(database, notice, "w", NOW, lease=LEASE, limit=BATCH).rows

    times = [(seconds(look), seconds(plain)) for _ in range(LOOKS)]
    raw.close()
    return median(mine for mine, _ in times), median(other for _, other in times)


def databases() -> Iterator[Database]:
    with running(DURABLE) as server, tempfile.TemporaryDirectory():
        url = server.new_database()
        database = open_database(url, new_keys())
        yield database
        database.close()
        server.drop(url)


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    heading(f"{DUE:,} due of {DUE + AHEAD:,} notices on PostgreSQL, {ROUNDS} rounds")
    met = []
    for database in databases():
        with database.writing() as connection:
            empty = {"sequence": 0, "head": "0" * 64, "created": NOW, "planned_sequence": 0}
            connection.execute(insert(tables.patient), empty)
        ahead(database, 0, AHEAD)
        taken = rates(database)
        for name, found in taken.items():
            print(f"{name:34} {median(found):9.0f}/s")
        mine = taken.pop("carepath")
        for name, theirs in taken.items():
            ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
            of_bare = name.startswith("bare")
            aims = (OF_BARE, OF_BARE_AIM) if of_bare else (OF_OTHERS, OF_OTHERS_AIM)
            print(f"carepath against {name}: ratio {ratio:.3g}")
            met.append(verdict(f"times {name}", ratio, *aims))
        due(database)
        ours(database)
        few, bare_few = empty_looks(database)
        ahead(database, AHEAD, 9 * AHEAD)
        many, bare_many = empty_looks(database)
        print(
            f"empty look {few * 1e3:.2f} ms against {bare_few * 1e3:.2f} ms bare: ratio {few / bare_few:.2f}"
        )
        print(f"with {10 * AHEAD:,} ahead {many * 1e3:.2f} ms against {bare_many * 1e3:.2f} ms bare")
        met += [verdict("bare for an empty look", bare_few / few, 1 / EMPTY, 1 / EMPTY)]
        met += [verdict("flat when ten times as many lie ahead", few / many, 1 / FLAT, 1.0)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
