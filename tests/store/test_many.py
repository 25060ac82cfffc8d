"""Many patients at once: the same rows and answers as one by one, in one process and in several."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from engine.fault import Fault
from simulation.cohort import cohort
from store.database import Database, open_database
from store.derivation import Derivation
from store.errors import Busy, CannotDerive, CannotWrite, Overtaken, Refused, StoreError, WorkerLost
from store.library import shipped
from store.prepared import Prepared
from store.record import record, record_many
from store.recording import Choice, NotRecorded, Recorded, Recording, SettingChange
from store.refresh import Refreshed, derived_anew, rebuild, refresh
from store.table_base import Base
from store.tables import definition
from store.verify import verify
from store.workers import alone
from tests.server import ONLY_SQLITE
from tests.store.cast import FACTS, NOON, STORY, at, entries, event, live, say, story
from tests.store.test_projections import kept
from tests.store.toy import derivation

Answers = list[Recorded | NotRecorded]


def content(database: Database) -> dict[str, list[str]]:
    """Every row of every table but those that are encrypted."""
    with database.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in ("carepath", "vault", "lookup", "site_key")
        }


def one_by_one(database: Database, said: Iterable[Recording], derive: Derivation) -> Answers:
    answers: Answers = []
    for recording in said:
        try:
            answers.append(record(database, recording, recorder="anna", now=NOON, derive=derive))
        except StoreError as error:
            answers.append(NotRecorded(recording.reference, error))
    return answers


def at_once(
    database: Database, said: Iterable[Recording], derive: Derivation, jobs: int = 1, batch: int = 2
) -> Answers:
    return list(record_many(database, said, recorder="anna", now=NOON, derive=derive, batch=batch, jobs=jobs))


def told(answers: Answers) -> list[object]:
    """The answers without what only one recording by itself is told: difference and snapshot."""
    return [
        replace(one, difference=None, snapshot=None)  # type: ignore[arg-type]
        if isinstance(one, Recorded)
        else (one.reference, type(one.error), str(one.error))
        for one in answers
    ]


def mixed() -> list[Recording]:
    """New patients, known ones with more and with nothing more, one twice, and some who are refused."""
    visit = event("follow_up_visit", "2025-03-01", "e04")
    named = entries(STORY[0], source_ids={"e01": "a"})
    return [
        story("V01", *STORY, visit),
        story("V02"),
        story("V03", choice=Choice(("toy",), {"lead_days": 5}), name="Name", numbers={"his": "7"}),
        story("V04", event("follow_up_visit", "1960-01-01", "e01")),
        live("V05", visit),
        story(" V06"),
        story("V07", *STORY, event("follow_up_visit", "2025-03-02", note="engine failure")),
        story("V08"),
        story("V08", *STORY, visit),
        live("V08", event("follow_up_visit", "2025-03-02", "e05")),
        live("V02", visit, expected=1),
        Recording("V02", change=SettingChange({"response_min_months": 6}, "as agreed")),
        Recording("V09", named, {"sex": "female"}, source="his", imported=True),
        Recording("V10", named, FACTS, source="his", imported=True),
        Recording("V09", (), FACTS),
        story("V11"),
        story("V02", event("systemic_started", "2025-01-21", "e01", line=1, regimen_class=["other"])),
        story("V12", choice=Choice(("nowhere",))),
        story("V13"),
        story("V14"),
    ]


@pytest.fixture
def pair(tmp_path: Path) -> Iterable[tuple[Database, Database]]:
    """Two databases that hold the same two patients."""
    both = [open_database(f"sqlite:///{tmp_path / name}") for name in ("one.db", "other.db")]
    for database in both:
        say(database, story("V01"), at("2025-02-01"))
        say(database, story("V02"), at("2025-02-01"))
    yield both[0], both[1]
    for database in both:
        database.close()


@pytest.mark.parametrize(("jobs", "batch"), [(1, 2), (1, 100), (2, 2)])
def test_the_same_rows_and_answers_as_one_by_one(
    pair: tuple[Database, Database], jobs: int, batch: int
) -> None:
    single, many = pair
    expected = one_by_one(single, mixed(), derivation)
    assert told(at_once(many, mixed(), derivation, jobs, batch)) == told(expected)
    assert sum(isinstance(one, NotRecorded) for one in expected) == 9
    assert content(many) == content(single)
    assert verify(many) == []


def cohort_of(number: int) -> list[Recording]:
    patients = cohort(number, 7, date(2025, 3, 1))
    return [Recording.of_history(one.id, one.story, "cohort") for one in patients]


def test_the_same_rows_by_the_shipped_pathways(tmp_path: Path) -> None:
    databases = [open_database(f"sqlite:///{tmp_path / name}") for name in ("one.db", "other.db")]
    single, many = databases
    said = cohort_of(10)
    expected = one_by_one(single, said, shipped(single))
    assert told(at_once(many, said, shipped(many), jobs=2)) == told(expected)
    assert content(many) == content(single)
    before = kept(many)
    assert rebuild(many, now=NOON, derive=shipped(many)) == Refreshed(10, ())
    assert kept(many) == before
    for database in databases:
        database.close()


def test_little_work_starts_no_process(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.processes.ProcessPoolExecutor", None)
    said = [story(f"V{number:02}") for number in range(2 * alone)]
    assert len(at_once(database, said, derivation, jobs=2)) == 2 * alone


def test_a_thread_may_have_processes_work_for_it(database: Database) -> None:
    said = [story(f"V{number:02}") for number in range(10)]
    with ThreadPoolExecutor(1) as thread:
        answers = thread.submit(at_once, database, said, derivation, 2).result()
    assert all(isinstance(one, Recorded) and one.registered for one in answers)


@pytest.mark.parametrize(
    "order", [("fingerprint", "pathway", "version", "body"), ("body", "version", "pathway", "fingerprint")]
)
def test_rows_in_the_order_of_any_columns(database: Database, order: tuple[str, ...]) -> None:
    row = {"fingerprint": "f", "pathway": "p", "version": "v", "body": "b"}
    with database.writing() as connection:
        Prepared(insert(definition), order).run_all_in_order(connection, [[row[name] for name in order]])
        assert connection.execute(select(definition)).mappings().one() == row


def test_functions_that_cannot_be_made_elsewhere_work_here(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.processes.ProcessPoolExecutor", None)
    said = [story(f"V{number:02}") for number in range(20)]
    here_only = replace(derivation, elsewhere=None)
    assert len(at_once(database, said, here_only, jobs=2)) == 20


def test_somebody_records_while_others_work(database: Database) -> None:
    """What was worked out before is worked out anew, not written over what came meanwhile."""

    def patients() -> Iterable[Recording]:
        yield from (story(f"V{number:02}") for number in range(20))

    answers = record_many(database, patients(), recorder="anna", now=NOON, derive=derivation, batch=2, jobs=2)
    first = list(islice(answers, 2 * alone + 1))  # by now the processes are at work on those that follow
    ours = say(database, story("V09", *STORY, event("follow_up_visit", "2025-03-01", "e04")), recorder="ben")
    rest = {one.reference: one for one in answers}
    assert (len(first) + len(rest), ours.registered) == (20, True)
    assert isinstance(rest["V09"], Recorded)
    assert (rest["V09"].registered, rest["V09"].changed) == (False, False)
    assert verify(database) == []


def test_a_process_that_dies_is_told(database: Database) -> None:
    said = [story(f"V{number:03}") for number in range(200)]
    answers = record_many(database, said, recorder="anna", now=NOON, derive=derivation, batch=2, jobs=2)
    answered = list(islice(answers, 2 * alone + 1))
    for process in multiprocessing.active_children():
        process.kill()
    with pytest.raises(WorkerLost, match="has died; what was not answered for was not recorded"):
        answered += answers
    there = len(answered)
    assert 2 * alone < there < 200
    again = at_once(database, said, derivation, batch=100)
    assert sum(isinstance(one, Recorded) and not one.changed for one in again) >= there
    assert verify(database) == []


def test_a_rehearsal_by_several_processes_keeps_nothing(database: Database) -> None:
    said = [story(f"V{number:02}") for number in range(20)]
    answers = record_many(
        database, said, recorder="anna", now=NOON, derive=derivation, batch=2, jobs=2, rehearse=True
    )
    assert all(isinstance(one, Recorded) and one.registered for one in answers)
    assert content(database)["patient"] == []


@ONLY_SQLITE
def test_no_room_leaves_whole_batches(database: Database) -> None:
    say(database, story("V99"))
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    said = [story(f"V{number:02}") for number in range(60)]
    answered: Answers = []
    with pytest.raises(CannotWrite, match="disk is full"):
        answered.extend(record_many(database, said, recorder="anna", now=NOON, derive=derivation, batch=5))
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert (0 < len(answered) < 60, len(answered) % 5) == (True, 0)
    again = at_once(database, said, derivation, batch=5)
    unchanged = [one for one in again if isinstance(one, Recorded) and not one.changed]
    assert len(unchanged) == len(answered)
    assert verify(database) == []


@ONLY_SQLITE
def test_a_database_that_stays_busy(database: Database, url: str) -> None:
    impatient = open_database(url)
    with impatient.reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with database.writing(), pytest.raises(Busy):
        at_once(impatient, [story("V01")], derivation)
    impatient.close()


@pytest.mark.parametrize(
    "error",
    [Refused([Fault("e01", "date", "no")]), CannotDerive("KeyError"), Overtaken(["e01"]), WorkerLost()],
)
def test_errors_come_from_another_process_as_they_were(error: StoreError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_rows_that_time_has_overtaken_are_derived_by_several_processes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.refresh.batch", 2)
    said = [story(f"V{number:02}", *STORY[:2]) for number in range(20)]
    list(record_many(database, said, recorder="anna", now=at("2025-02-01"), derive=derivation))
    assert refresh(database, now=NOON, derive=derivation, jobs=2) == Refreshed(20, ())
    aged = kept(database)
    assert rebuild(database, now=NOON, derive=derivation) == Refreshed(20, ())
    assert kept(database) == aged


def test_somebody_records_while_rows_are_derived(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.refresh.batch", 2)
    at_once(database, [story(f"V{number:02}") for number in range(20)], derivation, batch=100)
    answers = derived_anew(database, range(1, 21), now=NOON, derive=derivation, jobs=2)
    first = list(islice(answers, 2 * alone + 1))  # by now the processes are at work on those that follow
    say(database, live("V09", event("follow_up_visit", "2025-03-02")))
    expected = kept(database)
    assert [*first, *answers] == [(number, True) for number in range(1, 21)]
    assert kept(database) == expected
    assert rebuild(database, now=NOON, derive=derivation) == Refreshed(20, ())
    assert kept(database) == expected
