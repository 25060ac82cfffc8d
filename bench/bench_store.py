"""Recording through the write door against raw sqlite3 that writes the same rows at the same durability.

Each round records one event per transaction for every patient through `store.record`, notes the statements
that write, and then runs just these through `sqlite3` into a second file that began as a copy of the first.
The door also reads the patient's story, checks the event, derives where the patient stands and compares.
Beside it, the door with a derivation that costs nothing shows what the store itself takes, and a bulk import
what sharing a transaction saves.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.measure import heading, told, verdict
from engine.event import Moment, Story
from engine.snapshot import PatientSnapshot
from store.database import Database, open_database
from store.derivation import Derivation, Enrolment
from store.library import shipped
from store.record import record, record_many
from store.recording import Entry, Recorded, Recording
from store.refresh import refresh

TARGET, AIM = 0.15, 0.25
PATIENTS, ROUNDS, BATCH, IMPORTED = 60, 7, 100, 200
NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)

FACTS = {"sex": "female", "birth_date": "1970-04-12", "menopausal_status": "post"}
LESION = {"organ": "bone", "diameter_mm": 14, "status": "active", "solid": True, "local_treatable": True}
HISTORY: tuple[dict[str, object], ...] = (
    {"date": "2024-05-06", "type": "metastasis_suspected"},
    {
        "date": "2024-05-13",
        "type": "imaging_done",
        "purpose": "staging",
        "modality": "pet_ct",
        "complete": True,
        "lesions": [{"id": "L1", **LESION}, {"id": "L2", **LESION}],
        "findings": {"pleural_effusion": "none", "ascites": "none", "pericardial_effusion": "none"},
    },
    {"date": "2024-05-13", "type": "imaging_history_reviewed"},
    {
        "date": "2024-05-21",
        "type": "tissue_result",
        "site": "bone",
        "method": "histology",
        "metastasis_confirmed": True,
        "er": "positive",
        "pr": "positive",
        "her2": "negative",
    },
    {
        "date": "2024-05-23",
        "type": "board_held",
        "question": "initial",
        "disciplines": ["medical_oncology", "radiation_oncology", "surgical_oncology"],
        "decision": "systemic_first",
    },
    {"date": "2024-05-30", "type": "systemic_started", "line": 1, "regimen_class": ["endocrine_cdk46"]},
    {"date": "2024-09-02", "type": "response_assessed", "overall": "PR"},
    {"date": "2025-01-02", "type": "response_assessed", "overall": "PR"},
    {"date": "2025-01-10", "type": "counselling_documented", "topics": ["os_benefit_unknown"]},
)
LIVE: tuple[dict[str, object], ...] = (
    {"type": "bma_given", "drug": "denosumab"},
    {"type": "follow_up_visit"},
    {"type": "response_assessed", "overall": "PR"},
    {"type": "counselling_documented", "topics": ["os_benefit_unknown", "alternatives"]},
    {"type": "finding_recorded", "ascites": "none"},
    {"type": "follow_up_visit", "note": "as agreed"},
    {"type": "bma_given", "drug": "denosumab"},
)
Statement = tuple[str, Sequence[Any], bool]


def history(patient: int) -> Recording:
    """A patient up to the board on metastasis-directed therapy; each a few days apart from the last."""
    moved = timedelta(patient % 28)
    entries = (
        Entry({**one, "id": f"e{n:02d}", "date": str(date.fromisoformat(str(one["date"])) + moved)})
        for n, one in enumerate(HISTORY, start=1)
    )
    return Recording(f"P{patient}", tuple(entries), FACTS, source="bench", imported=True)


def visit(patient: int, number: int) -> Recording:
    """One live entry."""
    said = {**LIVE[number % len(LIVE)], "date": str(NOW.date() + timedelta(number))}
    return Recording(f"P{patient}", (Entry(said),))


class Noting(sqlite3.Connection):
    """A connection that notes the writing statements of each transaction."""

    def cursor(self, *_: object) -> NotingCursor:  # type: ignore[override]  # sqlite3 takes a factory, we take none
        return super().cursor(NotingCursor)


class NotingCursor(sqlite3.Cursor):
    transactions: ClassVar[list[list[Statement]]] = []

    def execute(self, statement: str, parameters: Any = ()) -> NotingCursor:
        self.note(statement, parameters, many=False)
        super().execute(statement, parameters)
        return self

    def executemany(self, statement: str, rows: Any) -> NotingCursor:
        self.note(statement, rows, many=True)
        super().executemany(statement, rows)
        return self

    def note(self, statement: str, parameters: Any, *, many: bool) -> None:
        if statement.startswith("BEGIN"):
            self.transactions.append([])
        elif statement.split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            self.transactions[-1].append((statement, parameters, many))


def run_raw(
    connection: sqlite3.Connection, timed: list[list[Statement]], before: list[list[Statement]]
) -> float:
    """Seconds for the same statements, one transaction at a time, after those that are not timed."""
    for statements in before:
        transact(connection, statements)
    started = time.perf_counter()
    for statements in timed:
        transact(connection, statements)
    return time.perf_counter() - started


def transact(connection: sqlite3.Connection, statements: list[Statement]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement, parameters, many in statements:
        (connection.executemany if many else connection.execute)(statement, parameters)
    connection.execute("COMMIT")


def free_of_charge(derive: Derivation) -> Derivation:
    """The same derivation, but every replay answers at once with the first answer it ever gave."""
    given: list[PatientSnapshot] = []

    def replay(enrolment: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        if not given:
            given.append(derive.replay(enrolment, story, as_of, known_at))
        return given[0]

    return replace(derive, replay=replay)


def copied(source: Path, target: Path) -> Path:
    with (
        contextlib.closing(sqlite3.connect(source)) as one,
        contextlib.closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other)
    return target


def with_histories(place: Path) -> Path:
    """A database file with every patient's history."""
    database = open_database(f"sqlite:///{place}")
    histories = map(history, range(PATIENTS))
    answers = list(
        record_many(database, histories, recorder="bench", now=NOW, derive=shipped(database), batch=PATIENTS)
    )
    assert all(isinstance(answer, Recorded) for answer in answers)
    database.close()
    return place


def derivation(database: Database, *, free: bool) -> Derivation:
    return free_of_charge(shipped(database)) if free else shipped(database)


def visits(database: Database, derive: Derivation, number: int) -> float:
    """Seconds to record one event for every patient."""
    now = NOW + timedelta(number)
    refresh(database, now=now, derive=derive)
    started = time.perf_counter()
    for patient in range(PATIENTS):
        record(database, visit(patient, number), recorder="bench", now=now, derive=derive)
    return time.perf_counter() - started


def noted(place: Path, *, free: bool) -> Iterator[list[list[Statement]]]:
    """The statements of each round."""
    database = open_database(f"sqlite:///{place}")
    database.close()  # the next connection is a noting one
    event.listen(database.engine, "do_connect", lambda _, __, ___, options: options.update(factory=Noting))
    derive = derivation(database, free=free)
    for number in range(ROUNDS):
        NotingCursor.transactions.clear()
        visits(database, derive, number)
        yield list(NotingCursor.transactions)
    database.close()


def live_rounds(folder: Path, start: Path, *, free: bool) -> tuple[list[float], list[float]]:
    """Seconds of the door and of raw sqlite3 in each round, in turns."""
    places = [copied(start, folder / f"{who}-{free}.db") for who in ("door", "noted", "raw")]
    database = open_database(f"sqlite:///{places[0]}")
    derive = derivation(database, free=free)
    raw_side = sqlite3.connect(places[2], isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        raw_side.execute(f"PRAGMA {pragma}")
    door, raw = [], []
    for number, transactions in enumerate(noted(places[1], free=free)):
        door.append(visits(database, derive, number))
        writing = [statements for statements in transactions if statements]
        raw.append(run_raw(raw_side, writing[-PATIENTS:], writing[:-PATIENTS]))
    database.close()
    raw_side.close()
    assert content(places[0]) == content(places[2]), "both sides must have written the same"
    return door, raw


def content(place: Path) -> dict[str, list[Any]]:
    """Every row of a database file."""
    with contextlib.closing(sqlite3.connect(place)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(file.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}


def imports(folder: Path, turn: int) -> tuple[float, float]:
    """Seconds of a bulk import in hundreds and one by one, with a derivation that costs nothing."""
    return import_seconds(folder / f"hundreds-{turn}.db", BATCH), import_seconds(
        folder / f"singly-{turn}.db", 1
    )


def import_seconds(place: Path, batch: int) -> float:
    database = open_database(f"sqlite:///{place}")
    derive = free_of_charge(shipped(database))
    record(database, history(IMPORTED), recorder="bench", now=NOW, derive=derive)  # brings the definitions
    patients = [history(patient) for patient in range(IMPORTED)]
    started = time.perf_counter()
    answers = list(record_many(database, patients, recorder="bench", now=NOW, derive=derive, batch=batch))
    took = time.perf_counter() - started
    assert len(answers) == len(patients)
    database.close()
    return took


def synchronised_appends(folder: Path) -> float:
    """How many times a second this disk takes 400 bytes for good."""
    with (folder / "appended").open("ab", buffering=0) as file:
        started = time.perf_counter()
        for _ in range(300):
            file.write(b"x" * 400)
            os.fdatasync(file.fileno())
    return 300 / (time.perf_counter() - started)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="carepath-bench-") as name:
        folder = Path(name)
        heading(
            f"{PATIENTS} patients of {len(HISTORY)} events, {ROUNDS} rounds of one event each, "
            f"SQLite {sqlite3.sqlite_version}, {synchronised_appends(folder):.0f} synchronised appends/s"
        )
        start = with_histories(folder / "start.db")
        door, raw = live_rounds(folder, start, free=False)
        ratio = told("whole door against raw, events", door, PATIENTS, raw, PATIENTS)
        door, raw = live_rounds(folder, start, free=True)
        told("door without the derivation, events", door, PATIENTS, raw, PATIENTS)
        grouped, single = zip(*(imports(folder, turn) for turn in range(3)), strict=True)
        told("import in hundreds against singly, patients", grouped, IMPORTED, single, IMPORTED)
    return 0 if verdict("whole door", ratio, TARGET, AIM) else 1


if __name__ == "__main__":
    sys.exit(main())
