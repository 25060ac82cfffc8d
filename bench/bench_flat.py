"""What recording costs as a register grows: the same patients, among a thousand others and among a million.

The others are loaded in bulk, each with an encrypted identity, its index, entries of the ledger, a snapshot
and a row of the tracking list. In each database the same events are recorded through the whole write door.
`--full` takes a million, `--patients N` another number.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.bench_lists import AT_ONCE, row
from bench.measure import heading, verdict
from bench.site import NOW, ROUNDS, Kind, bring_histories, derivation, kinds, visit
from store import tables
from store.database import Database, open_database
from store.ledger import Line
from store.record import record
from store.vault import Person, Vault

TARGET, AIM = 0.8, 0.95
"""How much of the rate among a thousand patients is left among all of them."""
FEW, QUICK, FULL = 1_000, 50_000, 1_000_000
PATIENTS, ENTRIES = 48, 3


def others(database: Database, number: int) -> None:
    """So many patients more, in bulk."""
    chance, vault = random.Random(1), Vault(database.keys)
    for first in range(PATIENTS + 1, PATIENTS + number + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, PATIENTS + number + 1))
        people = {n: Person(f"B{n:07}") for n in numbers}
        with database.writing() as connection:
            for table, rows in {
                tables.patient: [
                    {"id": n, "sequence": ENTRIES, "head": "0" * 64, "created": NOW} for n in numbers
                ],
                tables.vault: [
                    dict(zip(("patient_id", "key", "sealed"), (n, *vault.sealed(n, one)), strict=True))
                    for n, one in people.items()
                ],
                tables.lookup: [
                    {"patient_id": n, "kind": kind, "blind": blind}
                    for n, one in people.items()
                    for kind, blind in vault.indexes(one)
                ],
                tables.ledger: [entry(n, place) for n in numbers for place in range(1, ENTRIES + 1)],
                tables.snapshot: [{"patient_id": n, "body": "{}"} for n in numbers],
                tables.tracking: [row(n, number, chance) for n in numbers],
            }.items():
                connection.execute(insert(table), rows)
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def entry(patient: int, place: int) -> dict[str, Any]:
    said = ("event", f"e{place}", "follow_up_visit", NOW.date(), None, None, "recorded", NOW, 0)
    line = Line(patient, place, *said, "bench", "bench", f"{patient}-{place}", "{}")
    return line.placed(patient, place, "0" * 64)._asdict()


def ready(kind: Kind, number: int) -> Database:
    """A database with the patients who are recorded about, and so many others."""
    database = open_database(kind.new(), kind.keys)
    bring_histories(database, PATIENTS)
    others(database, number)
    return database


def rounds(databases: list[Database]) -> list[list[float]]:
    """Seconds to record one event of each patient, in each database in turn; the first does not count."""
    derivations = [derivation(one, free=False) for one in databases]
    taken: list[list[float]] = [[] for _ in databases]
    for number in range(ROUNDS):
        now = NOW + timedelta(minutes=number)
        for database, derive, times in zip(databases, derivations, taken, strict=True):
            started = time.perf_counter()
            for patient in range(PATIENTS):
                record(database, visit(patient, number), recorder="bench", now=now, derive=derive)
            times.append(time.perf_counter() - started)
    return [times[1:] for times in taken]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--patients", type=int, default=QUICK)
    options.add_argument("--full", action="store_true")
    asked = options.parse_known_args()[0]
    many = FULL if asked.full else asked.patients
    heading(f"recording about {PATIENTS} patients among {FEW:,} and among {many:,}")
    met = []
    with kinds(Path(tempfile.mkdtemp(prefix="carepath-bench-"))) as both:
        for kind in both:
            databases = [ready(kind, number) for number in (FEW, many)]
            few, all_ = rounds(databases)
            shares = sorted(a / b for a, b in zip(few, all_, strict=True))
            rates = [PATIENTS / statistics.median(times) for times in (few, all_)]
            print(
                f"{kind.name:<12} {rates[0]:6.0f}/s among {FEW:,}, {rates[1]:6.0f}/s among {many:,}"
                f"   ratio {statistics.median(shares):.2f} ({shares[0]:.2f} to {shares[-1]:.2f})"
            )
            met.append(verdict(f"{kind.name}, cost stays flat", statistics.median(shares), TARGET, AIM))
            for database in databases:
                database.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
