"""Several processes at one file, and processes that die while they write."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from store import ledger
from store.database import Database, open_database
from store.identities import find, references
from store.record import record_many
from store.recording import Recorded
from store.refresh import rebuild
from store.verify import verify
from store.workers import alone
from tests.store.cast import NOON, at, event, live, say, story
from tests.store.test_projections import kept
from tests.store.toy import derivation
from tests.store.writers import keep_importing, reference, repeat_visits, started, told

ROOT = Path(__file__).parents[2]

IMPORT = """
import sys
from store.record import record_many
from tests.keys import opened
from tests.store.cast import NOON, story
from tests.store.toy import derivation
from tests.store.writers import keep_importing, reference, repeat_visits, started, told

stories = (story(f"w-{n}") for n in range(100_000))
said = record_many(opened(sys.argv[1]), stories, recorder="w", now=NOON, derive=derivation, batch=20, jobs=2)
for answer in said:
    print(answer.reference, *answer.added, flush=True)
"""


@contextmanager
def importing(url: str) -> Iterator[subprocess.Popen[str]]:
    """A program that imports with helpers and says after each commit what it recorded."""
    command = [sys.executable, "-c", IMPORT, url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def acknowledged(process: subprocess.Popen[str]) -> set[tuple[str, str]]:
    """The entries a process said it had recorded, up to its end; a line cut short does not count."""
    assert process.stdout
    whole = [line.split() for line in process.stdout if line.endswith("\n")]
    return {(reference, id) for reference, *ids in whole for id in ids}


def recorded(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [
            (reference, line.event_id)
            for reference, patient_id in references(connection).items()
            for line in ledger.lines(connection, patient_id)
            if line.event_id
        ]


def assert_sound(database: Database, told: set[tuple[str, str]]) -> None:
    """Everything acknowledged is there, nothing twice; the chains hold; the rows are those of a rebuild."""
    there = recorded(database)
    assert told <= set(there)
    assert len(there) == len(set(there))
    assert_rebuilt(database)


def assert_rebuilt(database: Database) -> None:
    """The chains hold; the rows are those of a rebuild."""
    assert verify(database) == []
    before = kept(database)
    assert rebuild(database, now=NOON, derive=derivation).troubled == ()
    assert kept(database) == before


BEFORE_HELP = 20 * alone - 1
"""The last of the patients whom an import in batches of 20 works out by itself."""


def helpers(process: int) -> list[int]:
    """The processes that work for this one, and those that work for them, where the system tells."""
    tasks = Path(f"/proc/{process}/task/{process}/children")
    children = [int(pid) for pid in tasks.read_text().split()] if tasks.exists() else []
    return [one for child in children for one in (child, *helpers(child))]


@pytest.mark.parametrize("last", [BEFORE_HELP, BEFORE_HELP + 200])
def test_a_killed_import_leaves_whole_batches_and_no_process(database: Database, url: str, last: int) -> None:
    """Killed while its helpers start, and while they are at work."""
    with importing(url) as process:
        assert process.stdout
        assert any(line.startswith(f"w-{last} ") for line in process.stdout), "it ended by itself"
        working = helpers(process.pid)
        assert last == BEFORE_HELP or len(working) >= 4, "two, who starts them, and who cleans up after them"
        told = killed(process)
    assert_sound(database, told)
    whole = by_patient(recorded(database))
    assert len(whole) % 20 == 0
    assert all(len(ids) == 3 for ids in whole.values())
    assert left_over(working) == []
    stories = (story(f"w-{n}") for n in range(len(whole) + 20))
    again = record_many(database, stories, recorder="w", now=NOON, derive=derivation)
    assert [isinstance(one, Recorded) and one.changed for one in again].count(True) == 20


def left_over(pids: Sequence[int]) -> list[str]:
    """What these processes are, should any not end by itself within a minute."""
    for _ in range(600):
        if not any(alive(pid) for pid in pids):
            return []
        time.sleep(0.1)
    return [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids if alive(pid)]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def killed(process: subprocess.Popen[str]) -> set[tuple[str, str]]:
    assert process.poll() is None, "it ended by itself, which is no test of killing"
    process.send_signal(signal.SIGKILL)
    return acknowledged(process)


@pytest.mark.parametrize("turn", range(2))
def test_a_killed_writer_leaves_whole_batches(database: Database, url: str, turn: int) -> None:
    """Of whole histories; `test_killed` does the same with single entries."""
    with started(keep_importing, url, 7) as (process, hearing):
        assert hearing.recv() == "open"
        time.sleep(random.Random(turn).uniform(0.01, 0.25))
        assert process.is_alive(), "it ended by itself, which is no test of killing"
        process.kill()
        answered = set(told(hearing))
    assert_sound(database, answered)
    assert all(len(ids) == 3 for ids in by_patient(recorded(database)).values())


def by_patient(entries: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for patient, id in entries:
        found.setdefault(patient, []).append(id)
    return found


def test_two_writers_at_the_same_patients(database: Database, url: str) -> None:
    for patient in range(3):
        say(database, story(reference(patient)))
    with (
        started(repeat_visits, url, "anna", 3, 40) as (_, one),
        started(repeat_visits, url, "ben", 3, 40) as (_, other),
    ):
        answers = told(one) + told(other)
    assert len(answers) == 80
    assert_sound(database, {(patient, name) for _, patient, name in answers})


def test_many_processes_make_one_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    command = [
        sys.executable,
        "-c",
        "import sys; from store.database import open_database; open_database(sys.argv[1])",
    ]
    started = [subprocess.Popen([*command, url], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    database = open_database(url)
    assert say(database, story()).registered
    database.close()


def test_the_second_of_two_who_looked_at_the_same_is_told(database: Database, url: str) -> None:
    seen = say(database, story()).sequence
    other = open_database(url)
    say(
        other,
        live("V01", event("follow_up_visit", "2025-03-01"), expected=seen),
        at("2025-03-04"),
        recorder="ben",
    )
    with pytest.raises(Exception, match=r"somebody recorded .* meanwhile.* by ben on 2025-03-04"):
        say(database, live("V01", event("follow_up_visit", "2025-03-02"), expected=seen))
    other.close()


def test_a_head_that_moved_is_not_written_over(database: Database) -> None:
    """The comparison itself, which on SQLite the lock makes superfluous."""
    say(database, story())
    with database.writing() as connection:
        head = find(connection, "V01")
        assert head
        lines = ledger.lines(connection, head.patient_id)
        moved = ledger.append(connection, head, lines[:1])
        assert moved
        assert (moved.sequence, ledger.append(connection, head, lines[:1])) == (6, None)
        connection.rollback()
