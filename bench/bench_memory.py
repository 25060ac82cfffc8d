"""The memory of a worker among few patients and among a million open ones, on PostgreSQL.

The others are rows made by the server itself: a patient with an entry, a kept answer, a row of the tracking
list and a notice that lies ahead. Nobody derives them, and their ledger is none that could be verified. In
both databases the same patients are planned anew, told and reminded by digest, with real derivation, in a
process of its own; then everybody is gone through page by page, for a minute at most, as after a change of
the site's settings.
20,000 others unless told otherwise; `--full` makes a million.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url, text

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading, verdict
from bench.reminding import LATER, Nowhere
from bench.site import NOW, bring_histories, derivation
from coordination.entries import Assigned, Person, Site
from coordination.saying import say
from notifications.address import address
from notifications.deliver import deliver
from notifications.sweep import BATCH, sweep
from store import planning
from store.database import Database, open_database
from store.keys import new_keys, read_file, write_file
from tests.server import OPTIONS, running

REAL, SOME, MANY = 100, 20_000, 1_000_000
LONGEST = 60
"""Seconds for which everybody is gone through, as far as that gets."""
TARGET, AIM = 1 / 1.25, 1 / 1.05
"""How much of the memory among all patients a worker takes among few."""

NUMBERS = "WITH numbers AS (SELECT generate_series(CAST(:first AS int), CAST(:last AS int)) AS n) "
OTHERS = (
    "INSERT INTO patient (id, sequence, head, created, owner, planned_sequence, planned_desk, planned_at,"
    " plan_on) SELECT n, 1, repeat('0', 64), :now, 'anna', 1, (SELECT max(number) FROM desk WHERE patient_id"
    " IS NULL), :now, :later FROM numbers",
    "INSERT INTO ledger (patient_id, seq, kind, event_id, type, day, documented, recorded, recorded_offset,"
    " recorder, source, source_id, payload, prev_hash, hash) SELECT n, 1, 'event', 'e1', 'follow_up_visit',"
    " :day, 'recorded', :now, 0, 'bench', 'bench', 'o' || n, '{}', repeat('0', 64), repeat('0', 64)"
    " FROM numbers",
    "INSERT INTO snapshot (patient_id, body) SELECT n, '{}' FROM numbers",
    "INSERT INTO tracking SELECT (jsonb_populate_record(t, jsonb_build_object('patient_id', n))).*"
    " FROM numbers, tracking t WHERE t.patient_id = 1",
    "INSERT INTO notice (id, patient_id, pathway, item, anchor, due, rung, day, issued, wake, status, reason,"
    " attempts) SELECT 'o' || n, n, 'toy', 't-response', '[]', :day, 'due', :day, :now, :later, 'waiting',"
    " '', 0 FROM numbers",
)


def furnished(database: Database) -> None:
    """Real patients of one owner with a mailbox."""
    bring_histories(database, REAL)
    with database.writing() as connection:
        for one in (
            Site(zone="Europe/Berlin", lead="anna"),
            Person(name="anna", addresses={"email": "a@b.org"}),
        ):
            say(connection, one, recorder="bench", now=NOW)
        for patient in range(1, REAL + 1):
            say(connection, Assigned(owner="anna"), patient_id=patient, recorder="bench", now=NOW)


def others(database: Database, number: int) -> None:
    """So many open patients more."""
    values = {"now": NOW, "later": NOW + timedelta(400), "day": NOW.date()}
    for first in range(REAL + 1, REAL + number + 1, 100_000):
        last = min(first + 99_999, REAL + number)
        with database.writing() as connection:
            for command in OTHERS:
                connection.execute(text(NUMBERS + command), {**values, "first": first, "last": last})
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def work(url: str, keys: str) -> None:
    """What a worker does, in this process; prints the most memory it had by the end of each piece, in MB."""
    database = open_database(url, read_file(Path(keys)))
    derive, later = derivation(database, free=False), LATER
    told = {"opened": peak()}
    planned = sweep(database, now=NOW, derive=derive).planned
    planned += sweep(database, now=later, derive=derive).planned
    told[f"{planned} planned"] = peak()
    said = address(database, "w", now=later, derive=derive).said
    told[f"{said} said"] = peak()
    sent = deliver(database, "w", Nowhere(), now=later + timedelta(1), derive=derive).sent
    told[f"{sent} messages sent"] = peak()
    with database.writing() as connection:
        say(connection, Site(zone="Europe/Berlin", lead="anna", wait_days=80), recorder="bench", now=later)
    began, after, everybody = time.perf_counter(), 0, 0
    while found := planning.unplanned(database, later, after, planning.LAST, BATCH):
        after, everybody = found[-1], everybody + len(found)
        if time.perf_counter() - began > LONGEST:
            break
    spent = time.perf_counter() - began
    told[f"{everybody:,} gone through, page by page, in {spent:.0f} s"] = peak()
    print(json.dumps(told))
    database.close()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def worker(url: str, keys: Path) -> float:
    """Memory of a worker on this database."""
    command = [sys.executable, __file__, "--work", url, str(keys)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    for what, memory in told.items():
        print(f"  {what:60} {memory:6.0f} MB", flush=True)
    return max(told.values())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true")
    options.add_argument("--work", nargs=2)
    asked = options.parse_known_args()[0]
    if asked.work:
        work(*asked.work)
        return 0
    number = MANY if asked.full else SOME
    heading(f"memory of a worker, {REAL} patients with a story, alone and among {number:,} others")
    with running(OPTIONS) as server, tempfile.TemporaryDirectory() as folder:
        keys, url = Path(folder) / "keys", server.new_database()
        write_file(keys, new_keys())
        database = open_database(url, read_file(keys))
        furnished(database)
        database.close()
        name = make_url(url).database
        few = worker(server.new_database(name), keys)
        database = open_database(url, read_file(keys))
        others(database, number)
        database.close()
        many = worker(url, keys)
    return 0 if verdict("memory stays flat", few / many, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
