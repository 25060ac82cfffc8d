"""Recording through the write door against the bare driver that says the same to the database.

One event per transaction, by one writer, by four and by sixteen at once, each a process with patients of its
own, on SQLite and on PostgreSQL. What the door says is noted beforehand (`noting.py`): the other side sends
the same reads and writes and hashes the same rows, at the same durability; what both wrote is compared.
The door also checks the event, derives where the patient stands and compares. Beside it the door with a
derivation that costs nothing shows what the store itself takes, and entries and whole histories in hundreds
what sharing a transaction saves.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading, told, verdict
from bench.noting import Notes, Transaction, bare, listen
from bench.site import HISTORY, NOW, ROUNDS, Kind, bring_histories, derivation, history, kinds, visit
from store import tables
from store.collector import come_seldom
from store.database import open_database
from store.keys import Keys
from store.record import record, record_many
from store.recording import Recorded, Recording

WHOLE, WHOLE_AIM, ALONE, GROUPED = 0.25, 0.4, 0.5, 10.0
"""Of the bare driver: the whole door, the store alone; and what sharing a transaction by a hundred saves."""
PATIENTS, TURNS, WRITERS, REPORTED = 48, 3, (1, 4), 16
BATCH = 100
NOTED = (tables.patient, tables.ledger, *tables.projections)

Work = Callable[[int, int], object]
"""What a writer does for the event of this number of this patient."""
_context = multiprocessing.get_context("spawn")


@contextmanager
def door(url: str, keys: Keys, free: bool, _: object, noting: bool = False) -> Iterator[Work]:
    database = open_database(url, keys)
    derive = derivation(database, free=free)
    if noting:
        listen(database)

    def work(number: int, patient: int) -> object:
        now = NOW + timedelta(minutes=number)
        return record(database, visit(patient, number), recorder="bench", now=now, derive=derive)

    yield work
    database.close()


@contextmanager
def driver(url: str, keys: Keys, _: bool, said: list[list[Transaction]]) -> Iterator[Work]:
    with bare(url, keys) as say:
        yield lambda number, patient: say(said[number][patient])


def write(
    side: Any, arguments: tuple[Any, ...], patients: Sequence[int], together: Any, answers: Any
) -> None:
    """A writer: one event for each patient to warm up, then the others at the same time as other writers."""
    come_seldom()  # as in the program
    with side(*arguments) as work:
        for patient in patients:
            work(0, patient)
        together.wait()
        started = time.monotonic()
        for number in range(1, ROUNDS):
            for patient in patients:
                work(number, patient)
        answers.put((started, time.monotonic()))


def seconds(side: Any, arguments: tuple[Any, ...], writers: int) -> float:
    """From the first writer's beginning to the last one's end."""
    together, answers = _context.Barrier(writers), _context.Queue()
    processes = [
        _context.Process(target=write, args=(side, arguments, range(PATIENTS)[n::writers], together, answers))
        for n in range(writers)
    ]
    for process in processes:
        process.start()
    spans = [answers.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return float(max(end for _, end in spans) - min(start for start, _ in spans))


def noted(url: str, keys: Keys, *, free: bool) -> list[list[Transaction]]:
    """What the door says for each event, by number and patient."""
    with door(url, keys, free, None, noting=True) as work:
        Notes.taken()
        return [[(work(n, patient), Notes.taken())[1] for patient in range(PATIENTS)] for n in range(ROUNDS)]


def ratio(kind: Kind, start: str, writers: int, *, free: bool) -> float:
    """How much of the bare driver's rate the door has."""
    url = kind.copy(start)
    said = noted(url, kind.keys, free=free)
    kind.drop(url)
    ours, bare_ones = [], []
    for _ in range(TURNS):
        urls = [kind.copy(start), kind.copy(start)]
        ours.append(seconds(door, (urls[0], kind.keys, free, None), writers))
        bare_ones.append(seconds(driver, (urls[1], kind.keys, free, said), writers))
        assert content(urls[0], kind.keys) == content(urls[1], kind.keys), "both must have written the same"
        for one in urls:
            kind.drop(one)
    events = PATIENTS * (ROUNDS - 1)
    what = "the store alone" if free else "the whole door"
    return told(f"{kind.name}, {writers} writers, {what}", ours, events, bare_ones, events)


def content(url: str, keys: Keys) -> dict[str, list[Any]]:
    database = open_database(url, keys)
    with database.reading() as connection:
        rows = {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in NOTED
        }
    database.close()
    return rows


def grouping(kind: Kind, start: str, what: str, recordings: Sequence[Recording]) -> float:
    """How many times as fast these are recorded in hundreds as one by one."""
    grouped, singly = zip(
        *([in_batches(kind, start, recordings, batch) for batch in (BATCH, 1)] for _ in range(TURNS)),
        strict=True,
    )
    return told(f"{kind.name}, {what} in hundreds", grouped, len(recordings), singly, len(recordings))


def in_batches(kind: Kind, start: str, recordings: Sequence[Recording], batch: int) -> float:
    url = kind.copy(start)
    database = open_database(url, kind.keys)
    derive = derivation(database, free=True)
    record(database, visit(0, 0), recorder="bench", now=NOW, derive=derive)  # warms up
    started = time.perf_counter()
    answers = list(record_many(database, recordings, recorder="bench", now=NOW, derive=derive, batch=batch))
    took = time.perf_counter() - started
    assert all(isinstance(answer, Recorded) for answer in answers)
    database.close()
    kind.drop(url)
    return took


def groups() -> dict[str, list[Recording]]:
    """By what they are called: a live entry of each known patient, twice, and new patients' histories."""
    return {
        "entries": [visit(patient, number) for number in (1, 2) for patient in range(BATCH)],
        "histories": [history(patient) for patient in range(BATCH, 3 * BATCH)],
    }


def synchronised_appends(folder: Path) -> float:
    """How many times a second this disk takes 400 bytes for good."""
    with (folder / "appended").open("ab", buffering=0) as file:
        started = time.perf_counter()
        for _ in range(300):
            file.write(b"x" * 400)
            os.fdatasync(file.fileno())
    return 300 / (time.perf_counter() - started)


def start_of(kind: Kind, patients: int = PATIENTS) -> str:
    url = kind.new()
    database = open_database(url, kind.keys)
    bring_histories(database, patients)
    database.close()
    return url


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--on", metavar="KIND", default="", help="only SQLite, or only PostgreSQL")
    only = wanted.parse_args().on.casefold()
    folder = Path(tempfile.mkdtemp(prefix="carepath-bench-"))
    heading(
        f"{PATIENTS} patients of {len(HISTORY)} events, {ROUNDS - 1} live events of each, {TURNS} turns, "
        f"{synchronised_appends(folder):.0f} synchronised appends/s"
    )
    met = []
    with kinds(folder) as both:
        for kind in both:
            if not kind.name.casefold().startswith(only):
                continue
            start = start_of(kind)
            for writers in (*WRITERS, REPORTED):
                alone, whole = (ratio(kind, start, writers, free=free) for free in (True, False))
                if writers != REPORTED:
                    met.append(verdict(f"{kind.name}, {writers} writers, store alone", alone, ALONE, ALONE))
                    met.append(verdict(f"{kind.name}, {writers} writers, whole", whole, WHOLE, WHOLE_AIM))
            start = start_of(kind, BATCH)
            for what, recordings in groups().items():
                times = grouping(kind, start, what, recordings)
                met.append(verdict(f"{kind.name}, {what} in hundreds", times, GROUPED, GROUPED))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
