"""The store with the real engine and pathways, on the case files of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.enrolled import enrolled
from engine.replay import Enrolment, replay_patient
from interop.case import Case
from interop.case_file import read_cases
from pathways.library import all_pathways
from pathways.settings import Settings
from store import restore
from store.canonical import canonical
from store.database import Database, open_database
from store.errors import UnknownPathway
from store.library import _named, _Shelf, shipped
from store.patient_view import look_up
from store.record import record, record_many
from store.recording import Choice, Recorded, Recording
from store.refresh import Refreshed, rebuild, refresh
from store.verify import verify
from tests.store.cast import NOON, at
from tests.store.test_projections import kept

FILES = sorted(Path(__file__).parents[1].glob("[ev]*/*.yaml"))


@cache
def cases() -> list[Case]:
    """Every case of the examples and vignettes; read once, by whoever runs one of these tests."""
    return [case for file in FILES for case in read_cases(file) if isinstance(case, Case)]


def examples() -> list[Case]:
    return [case for case in cases() if case.file and "examples" in case.file]


def sample() -> list[Case]:
    return [*examples(), *cases()[::18]]


def recordings(chosen: list[Case]) -> Iterator[Recording]:
    for number, case in enumerate(chosen):
        yield Recording.of_history(f"{case.id}/{number}", case.story, "case-file")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('cases') / 'carepath.db'}")
    answers = record_many(
        database, recordings(sample()), recorder="import", now=NOON, derive=shipped(database)
    )
    assert all(isinstance(answer, Recorded) for answer in answers)
    yield database
    database.close()


def test_there_are_cases() -> None:
    assert len(examples()) == 8
    assert len(sample()) > 50


def test_import_then_show_is_replay(imported: Database) -> None:
    """The law of architecture section 2: same states, dates and deviations; and the same companions."""
    assert_shown_as_replayed(imported, sample())


@pytest.mark.soak
def test_import_then_show_is_replay_for_every_case(database: Database) -> None:
    list(record_many(database, recordings(cases()), recorder="a", now=NOON, derive=shipped(database)))
    assert_shown_as_replayed(database, cases())


def assert_shown_as_replayed(database: Database, cases: list[Case]) -> None:
    derive = shipped(database)
    pinned = [Enrolment(pathway, Settings.from_overrides({})) for pathway in all_pathways()]
    for number, case in enumerate(cases):
        for day in {checkpoint.as_of for checkpoint in case.checkpoints}:
            view = look_up(database, f"{case.id}/{number}", now=NOON, derive=derive, as_of=day)
            replayed = replay_patient(pinned, case.story, day, date.max)
            assert view.snapshot.pathways == replayed.pathways, (case.file, case.id, day)
            shown = enrolled(view.enrolled, view.dossier.story, day, view.snapshot.known_at)
            assert shown == enrolled(pinned, case.story, day, date.max), (case.file, case.id, day)


def test_the_same_file_again_changes_nothing(imported: Database) -> None:
    derive = shipped(imported)
    before = kept(imported)
    again = record_many(
        imported, recordings(sample()), recorder="import", now=NOON + timedelta(days=1), derive=derive
    )
    assert not any(isinstance(answer, Recorded) and (answer.added or answer.snapshot) for answer in again)
    assert kept(imported) == before
    assert verify(imported) == []


def test_what_the_ledger_holds_is_what_was_read() -> None:
    for case in cases():
        born = {"birth_date": case.facts["birth_date"]} if "birth_date" in case.facts else {}
        assert {**restore.facts(canonical(case.facts)), **born} == case.facts
        for event in case.story.entries:
            if event.type != "correction":
                assert restore.event_fields(event.type, canonical(event.fields)) == event.fields


def test_rows_are_right_every_day_though_they_wake_rarely(database: Database) -> None:
    derive, now = shipped(database), at("2024-12-01")
    some = examples()[::2]
    for recording in recordings(some):
        record(database, recording, recorder="import", now=now, derive=derive)
    woken = 0
    for day in range(1, 241):
        now += timedelta(days=1)
        woken += refresh(database, now=now, derive=derive).count
        if day % 40 == 0:
            right = kept(database)
            assert rebuild(database, now=now, derive=derive) == Refreshed(len(some), ())
            assert kept(database) == right
    assert woken < 240 * len(some) / 4


def test_a_version_that_is_no_longer_shipped(database: Database) -> None:
    """The database keeps the pathway as enrolled; new patients get the version of the program."""
    old = _Shelf(database, _named([replace(all_pathways()[0], version="0.9.0"), *all_pathways()[1:]]), {})
    then = replace(shipped(database), enrolment=old.enrolment, definition=old.definition, replay=old.replay)
    first, second = list(recordings(examples()))[:2]
    answer = record(database, first, recorder="import", now=NOON, derive=then)
    assert answer.snapshot
    record(database, second, recorder="import", now=NOON, derive=shipped(database))
    views = [
        look_up(database, one.reference, now=NOON, derive=shipped(database)).snapshot
        for one in (first, second)
    ]
    assert [view.main.pathway.version for view in views] == ["0.9.0", "1.0.0"]
    assert views[0].main.deviations == answer.snapshot.main.deviations
    shown = look_up(database, first.reference, now=NOON, derive=shipped(database))
    assert [one.pathway.version for one in shown.enrolled][:2] == ["0.9.0", "1.0.0"]
    assert {one.settings for one in shown.enrolled} == {shown.snapshot.settings}
    with database.writing() as connection:
        connection.execute(text("DELETE FROM definition WHERE version = '0.9.0'"))
    with pytest.raises(UnknownPathway, match=r"oligometastatic-breast 0\.9\.0"):
        look_up(database, first.reference, now=NOON, derive=shipped(database))
    assert refresh(database, now=NOON + timedelta(days=400), derive=shipped(database)).troubled == (1,)


def test_pathways_and_settings_are_chosen(database: Database) -> None:
    derive = shipped(database)
    settings: Mapping[str, object] = {"response_min_months": "6"}
    chosen = replace(
        next(recordings(examples())), choice=Choice(("oligometastatic-breast", "bone-health"), settings)
    )
    answer = record(database, chosen, recorder="import", now=NOON, derive=derive)
    assert answer.snapshot
    assert [one.pathway.id for one in answer.snapshot.pathways] == ["oligometastatic-breast", "bone-health"]
    assert answer.snapshot.settings.response_min_months == 6
    with pytest.raises(UnknownPathway, match="no pathway 'nowhere'"):
        record(database, replace(chosen, choice=Choice(("nowhere",))), recorder="a", now=NOON, derive=derive)
