"""Made-up patients of the write door's benchmarks, and databases of both kinds that hold them."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from engine.entries import read_event, read_facts, read_story
from engine.event import Moment, Story
from engine.snapshot import PatientSnapshot
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.keys import new_keys
from store.library import shipped
from store.record import record_many
from store.recording import Entry, Recorded, Recording
from tests.server import DURABLE, Server, running

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
ROUNDS = 8
"""Live entries told of each patient, of which the first warms up."""

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
)


def history(patient: int) -> Recording:
    """A patient up to the board on metastasis-directed therapy; each a few days apart from the last."""
    moved = timedelta(patient % 28)
    entries = (
        Entry({**one, "id": f"e{n:02d}", "date": str(date.fromisoformat(str(one["date"])) + moved)})
        for n, one in enumerate(HISTORY, start=1)
    )
    born = date.fromisoformat(FACTS["birth_date"]) + timedelta(patient)
    facts = {**FACTS, "birth_date": born.isoformat()}
    return Recording(f"P{patient}", tuple(entries), facts, source="bench", imported=True)


def visit(patient: int, number: int) -> Recording:
    """One live entry."""
    said = {**LIVE[number % len(LIVE)], "date": str(NOW.date() - timedelta(ROUNDS - number))}
    return Recording(f"P{patient}", (Entry(said),))


def free_of_charge(derive: Derivation) -> Derivation:
    """The same derivation, but every replay answers at once with where the first patient stands, and no
    decision is judged anew.
    """
    first = read_story(read_facts(FACTS), [read_event(entry.content) for entry in history(0).entries])
    given: list[PatientSnapshot] = []

    def replay(enrolment: Enrolment, _: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        if not given:
            given.append(derive.replay(enrolment, first, as_of, known_at))
        return given[0]

    return replace(derive, replay=replay, enrolled=lambda _: (), elsewhere=None)


def derivation(database: Database, *, free: bool) -> Derivation:
    return free_of_charge(shipped(database)) if free else shipped(database)


def bring_histories(database: Database, patients: int) -> None:
    """Every patient up to now."""
    answers = list(
        record_many(
            database, map(history, range(patients)), recorder="bench", now=NOW, derive=shipped(database)
        )
    )
    assert all(isinstance(answer, Recorded) for answer in answers)


class Files:
    """SQLite files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder, self.keys, self.made = folder, new_keys(), 0

    def new(self) -> str:
        self.made += 1
        return f"sqlite:///{self.folder / f'{self.made}.db'}"

    def copy(self, url: str) -> str:
        made = self.new()
        places = [one.removeprefix("sqlite:///") for one in (url, made)]
        with (
            contextlib.closing(sqlite3.connect(places[0])) as one,
            contextlib.closing(sqlite3.connect(places[1])) as other,
        ):
            one.backup(other)
            other.execute("PRAGMA journal_mode=WAL")
        return made

    def drop(self, url: str) -> None:
        for place in self.folder.glob(f"{Path(url).name}*"):
            place.unlink()


class OnServer:
    """Databases on a PostgreSQL server that writes to the disk before it answers."""

    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server, self.keys = server, new_keys()

    def new(self) -> str:
        return self.server.new_database()

    def copy(self, url: str) -> str:
        return self.server.new_database(make_url(url).database)

    def drop(self, url: str) -> None:
        self.server.drop(url)


Kind = Files | OnServer


@contextlib.contextmanager
def kinds(folder: Path) -> Iterator[list[Kind]]:
    """Both kinds of databases."""
    with running(DURABLE) as server:
        yield [Files(folder), OnServer(server)]
    shutil.rmtree(folder, ignore_errors=True)
