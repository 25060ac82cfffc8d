"""Commands run in this process, as the entry point runs them."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from cli.incoming import Incoming, open_source, recording
from cli.main import main
from coordination.saying import say
from store.database import open_database
from store.keys import written
from store.library import shipped
from store.record import record_many
from store.recording import Recorded
from tests.coordination.people import OFFICE
from tests.keys import KEYS
from tests.server import Server

EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `carepath` with these words; `typed` is what comes on standard input."""

    def run(*words: object, typed: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        capsys.readouterr()
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


BERLIN = timezone(timedelta(hours=1))


@dataclass
class Clock:
    """The clock that commands read in tests."""

    now: datetime

    def set(self, day: str, at: str = "12:00") -> None:
        self.now = datetime.fromisoformat(f"{day}T{at}:00").replace(tzinfo=BERLIN)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock stands at noon on 3 February 2025 in Berlin until a test sets it."""
    clock = Clock(datetime(2025, 2, 3, 12, tzinfo=BERLIN))
    monkeypatch.setattr("store.clock.now", lambda: clock.now)
    return clock


@pytest.fixture(autouse=True)
def nobody_s_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test does without a database of its own is not done in that of whoever runs it."""
    monkeypatch.setenv("CAREPATH_DATABASE_URL", f"sqlite:///{tmp_path / 'absent.db'}")
    monkeypatch.setenv("CAREPATH_KEYS", written(KEYS))


@pytest.fixture
def database(any_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Path:
    """A database of its own for each test, empty, named by the environment.

    On SQLite it is the file that is answered; who looks into it says so (`ONLY_SQLITE`).
    """
    monkeypatch.setenv("CAREPATH_DATABASE_URL", any_url)
    monkeypatch.setenv("CAREPATH_RECORDER", "anna")
    monkeypatch.delenv("CAREPATH_TRACEBACK", raising=False)
    return tmp_path / "carepath.db"


@pytest.fixture(scope="session")
def examples_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the patients of the examples."""
    file = tmp_path_factory.mktemp("examples") / "carepath.db"
    record_examples(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def examples_on_server(postgresql: Server) -> str:
    """The name of a database on the server with the patients of the examples."""
    url = postgresql.new_database()
    record_examples(url)
    return str(make_url(url).database)


def record_examples(url: str) -> None:
    """At noon on 3 February 2025."""
    database = open_database(url, KEYS)
    for example in sorted(EXAMPLES.glob("*.yaml")):
        source = open_source(example)
        recordings = [recording(one, source) for one in source.patients if isinstance(one, Incoming)]
        now = datetime(2025, 2, 3, 12, tzinfo=BERLIN)
        answers = list(record_many(database, recordings, recorder="anna", now=now, derive=shipped(database)))
        assert all(isinstance(answer, Recorded) for answer in answers)
    database.close()


@pytest.fixture
def template(request: pytest.FixtureRequest) -> str:
    filled = "clinic" in request.fixturenames
    name: str = request.getfixturevalue("examples_on_server" if filled else "tables_made")
    return name


@pytest.fixture
def clinic(database: Path, any_url: str, request: pytest.FixtureRequest) -> Path:
    """A database with the patients of the examples."""
    if any_url.startswith("sqlite"):
        shutil.copy(request.getfixturevalue("examples_file"), database)
    return database


@pytest.fixture
def office(clinic: Path, any_url: str) -> None:
    """Anna and Ben with a team of both, and Lena who leads, beside the patients of the examples."""
    opened = open_database(any_url, KEYS)
    with opened.writing() as connection:
        for one in OFFICE:
            say(connection, one, recorder="anna", now=datetime(2025, 2, 3, 12, tzinfo=BERLIN))
    opened.close()
