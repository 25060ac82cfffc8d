"""Many patients at once: an import against raw sqlite3, and the snapshots of a whole register.

The import's yardstick is `executemany` of the same ledger rows, in as many transactions, at the same
durability, with nothing checked and nothing hashed. Both write into files that grow from round to round. The
import derives nothing here (every patient stands nowhere); that is timed apart: all snapshots of the
register derived anew from the ledger, with their lists, as `carepath rebuild` does it. `--full` imports a
million events and derives a hundred thousand patients.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.bench_cli import resident
from bench.measure import heading, told, verdict
from bench.patients import EVENTS, case
from cli.processors import processors
from cli.progress import counted
from engine.entries import read_event, read_facts, read_story
from engine.event import Moment, Story
from engine.snapshot import PathwayRef, PatientSnapshot, Snapshot
from pathways.settings import DEFAULT_SETTINGS
from store.database import Database, open_database
from store.derivation import Derivation, Enrolment
from store.library import shipped
from store.record import record_many
from store.recording import Recorded, Recording
from store.refresh import derived_anew, everybody

TARGET, AIM = 0.2, 0.3
QUICK, FULL = (64_000, 1_000), (1_000_000, 100_000)
"""Events of the import, and patients of the register."""
ROUNDS, BATCH, DIFFERENT = 4, 100, 1_000
NOW = datetime(2025, 9, 1, 9, tzinfo=UTC)
MARKS = (0.1, 0.5, 1.0)


@cache
def story(seed: int) -> Story:
    """What is told about a patient; the same thousand courses come again and again."""
    raw = case(seed)
    return read_story(read_facts(raw["facts"]), [read_event(event) for event in raw["events"]])


def patients(first: int, last: int) -> list[Recording]:
    """Recordings as an import has read them."""
    return [Recording.of_history(f"B{n:06}", story(n % DIFFERENT), "bench") for n in range(first, last)]


nowhere = Snapshot(PathwayRef("none", "1", "none"), "none", "nowhere", None, {}, (), (), (), {}, {}, (), ())


def stand_nowhere(_: Enrolment, __: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
    return PatientSnapshot(as_of, known_at, DEFAULT_SETTINGS, (nowhere,))


def without_derivation(database: Database) -> Derivation:
    """The shipped pathways, of which no patient is asked where she stands."""
    return replace(shipped(database), replay=stand_nowhere, elsewhere=without_derivation)


def imported(database: Database, recordings: list[Recording], jobs: int) -> float:
    """Seconds to import these patients."""
    derive = without_derivation(database)
    started = time.perf_counter()
    answers = list(
        record_many(database, recordings, recorder="bench", now=NOW, derive=derive, batch=BATCH, jobs=jobs)
    )
    took = time.perf_counter() - started
    assert all(isinstance(one, Recorded) and one.changed for one in answers)
    return took


class Raw:
    """Raw sqlite3 writing what another database holds in its ledger."""

    def __init__(self, source: Path, target: Path) -> None:
        open_database(f"sqlite:///{target}").close()
        self.source = sqlite3.connect(source)
        self.target = sqlite3.connect(target, isolation_level=None)
        self.target.execute("PRAGMA synchronous=FULL")
        self.written = 0

    def write_what_is_new(self) -> float:
        """Seconds, without reading the rows; a transaction for as many patients as the import takes."""
        transactions = [
            self.source.execute("SELECT * FROM ledger WHERE patient_id BETWEEN ? AND ?", span).fetchall()
            for span in self._spans()
        ]
        places = ",".join("?" * len(transactions[0][0]))
        started = time.perf_counter()
        for rows in transactions:
            self.target.execute("BEGIN IMMEDIATE")
            self.target.executemany(f"INSERT INTO ledger VALUES ({places})", rows)
            self.target.execute("COMMIT")
        return time.perf_counter() - started

    def _spans(self) -> list[tuple[int, int]]:
        (last,) = self.source.execute("SELECT max(id) FROM patient").fetchone()
        firsts = range(self.written + 1, last + 1, BATCH)
        self.written = last
        return [(first, min(first + BATCH - 1, last)) for first in firsts]

    def close(self) -> None:
        self.source.close()
        self.target.close()


def import_rounds(folder: Path, place: Path, events: int, jobs: int) -> float:
    """The ratio of `jobs` processes; that of one is told beside it."""
    number = events // EVENTS // ROUNDS
    alone_place = folder / "alone.db"
    shared_by_many, alone = open_database(f"sqlite:///{place}"), open_database(f"sqlite:///{alone_place}")
    raw = Raw(place, folder / "raw.db")
    many, one, yardstick = [], [], []
    for turn in range(ROUNDS):
        recordings = patients(turn * number, (turn + 1) * number)
        many.append(imported(shared_by_many, recordings, jobs))
        yardstick.append(raw.write_what_is_new())
        one.append(imported(alone, recordings, 1))
        print(f"  {(turn + 1) * number * EVENTS:,} events imported", flush=True)
    for database in (shared_by_many, alone):
        database.close()
    assert ledger(place) == ledger(alone_place) == ledger(folder / "raw.db")
    raw.close()
    rows = number * (EVENTS + 2)
    told("import in one process against executemany, rows", one, rows, yardstick, rows)
    return told(f"import in {jobs} processes against executemany, rows", many, rows, yardstick, rows)


def ledger(place: Path) -> tuple[int, int]:
    """How many rows a ledger has, and the sum of the first digits of their hashes."""
    with sqlite3.connect(place) as file:
        count, total = file.execute("SELECT count(*), sum(unicode(hash)) FROM ledger").fetchone()
    return count, total


def anew(database: Database, numbers: list[int], jobs: int) -> Iterator[tuple[int, bool]]:
    return derived_anew(database, numbers, now=NOW, derive=shipped(database), jobs=jobs)


def seconds_anew(database: Database, numbers: list[int], jobs: int) -> float:
    started = time.perf_counter()
    assert all(derived for _, derived in anew(database, numbers, jobs))
    return time.perf_counter() - started


def register(place: Path, number: int, jobs: int) -> None:
    """Derive a whole register anew, and tell rate, memory and what the second process brings."""
    database = open_database(f"sqlite:///{place}")
    there = len(everybody(database))
    imported(database, patients(there, number), jobs)
    numbers = everybody(database)[:number]
    marks = {round(part * number) for part in MARKS}
    memory = []
    started = time.perf_counter()
    for place_in, (_, derived) in enumerate(counted(anew(database, numbers, jobs), number, "patients"), 1):
        assert derived
        if place_in in marks:
            others = "+".join(str(resident(one.pid or 0)) for one in multiprocessing.active_children())
            memory.append(f"{resident(os.getpid())}+{others} MiB after {place_in:,}")
            print(f"  {place_in:,} snapshots", flush=True)
    took = time.perf_counter() - started
    print(
        f"{number:,} snapshots of {EVENTS} events, with their lists, {jobs} processes: {number / took:.0f}/s"
    )
    print(f"memory of the processes: {', '.join(memory)}", flush=True)
    sample = numbers[: max(600, number // 50)]
    both = [[seconds_anew(database, sample, n) for n in (jobs, 1)] for _ in range(3)]
    many, one = zip(*both, strict=True)
    told(f"snapshots in {jobs} processes against one", many, len(sample), one, len(sample))
    database.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=QUICK[0], help="events of the import")
    options.add_argument("--patients", type=int, default=QUICK[1], help="patients of the register")
    options.add_argument("--full", action="store_true", help="a million events, 100,000 patients")
    chosen = options.parse_known_args()[0]
    events, number = FULL if chosen.full else (chosen.events, chosen.patients)
    jobs = processors()
    heading(f"import of {events:,} events, snapshots of {number:,} patients")
    with tempfile.TemporaryDirectory(prefix="carepath-bench-") as name:
        place = Path(name) / "register.db"
        ratio = import_rounds(Path(name), place, events, jobs)
        register(place, number, jobs)
    return 0 if verdict("import against executemany of the ledger's rows", ratio, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
