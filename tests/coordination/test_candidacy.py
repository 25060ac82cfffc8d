"""What is kept of candidates is what is worked out anew, on each day on which it counts as right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.board_pass import first_asked
from coordination.boards import seen
from coordination.candidacy import Candidacies, Candidacy, keep, read, row
from coordination.candidates import Candidate
from pathways.library import all_pathways
from simulation.cohort import cohort
from store import candidacies, identities
from store.database import Database, open_database
from store.keys import new_keys
from store.library import shipped
from store.record import record, record_many
from store.recording import Entry, Recording
from store.settle import Reckoning

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENTS = 12
STAGED: tuple[dict[str, object], ...] = (
    {"type": "metastasis_suspected", "date": "2026-01-20"},
    {"type": "imaging_done", "date": "2026-01-22", "purpose": "staging", "modality": "pet_ct",
     "complete": True, "lesion_count_total": 1, "lesions": [{"id": "L1", "organ": "liver"}]},
    {"type": "pathway_paused", "date": "2026-03-20", "reason": "away"},
)  # fmt: skip
"""Of whom the first board is asked, until a pause that is recorded ahead."""


def say(database: Database, reference: str, *entries: dict[str, object]) -> None:
    told = Recording(reference, tuple(map(Entry, entries)), facts={}, source="test")
    record(database, told, recorder="test", now=NOW, derive=shipped(database))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Simulated patients with their whole stories."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('boards')}/desk.db", new_keys())
    histories = (Recording.of_history(one.id, one.story, "test") for one in cohort(PATIENTS, 3, NOW.date()))
    list(record_many(database, histories, recorder="test", now=NOW, derive=shipped(database)))
    say(database, "staged", *STAGED)
    yield database
    database.close()


def at(database: Database, day: date) -> Reckoning:
    return Reckoning.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), shipped(database))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(1, PATIENTS + 1),
    back=st.one_of(st.integers(-20, 40), st.integers(0, 1500)),
    ahead=st.one_of(st.integers(0, 40), st.integers(0, 700)),
)
def test_what_counts_as_right_is_what_is_worked_out(
    register: Database, number: int, back: int, ahead: int
) -> None:
    made_on = NOW.date() - timedelta(back)
    later = made_on + timedelta(ahead)
    with register.reading() as connection:
        then, now = (seen(connection, number, at(register, day)) for day in (made_on, later))
    assert then is not None
    assert now is not None
    kept = row(then)
    assert read(kept.body) == Candidacy.of(then)
    if kept.until > later:
        assert read(kept.body) == Candidacy.of(now)


def pairs(database: Database) -> list[tuple[int, str, str]]:
    found = first_asked(database, all_pathways(), at(database, NOW.date()), lambda *_: True, 100).found
    return [(one.patient_id, each.asked.pathway, each.asked.step.id) for one, each in found]


def test_a_second_pass_works_nothing_out_and_finds_the_same(
    register: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pairs(register)
    assert first
    monkeypatch.setattr(Candidacies, "_worked_out", _nobody)
    assert pairs(register) == first
    assert sorted(first) == sorted(
        (number, one.asked.pathway, one.asked.step.id)
        for number in range(1, PATIENTS + 2)
        for one in _derived(register, number)
    )


def _nobody(*_: object) -> Iterator[object]:
    raise AssertionError("what is kept is not worked out again")


def _derived(database: Database, number: int) -> list[Candidate]:
    with database.reading() as connection:
        found = seen(connection, number, at(database, NOW.date()))
    return list(found.asked) if found and not found.excluded else []


def kept(database: Database, day: date) -> set[int]:
    with database.reading() as connection:
        return {one.patient_id for one in candidacies.right(connection, range(1, PATIENTS + 3), day)}


def test_what_is_recorded_takes_it_away_and_a_pause_ends_it(register: Database) -> None:
    say(register, "another", *STAGED)
    pairs(register)
    with register.reading() as connection:
        number = identities.references(connection)["another"]
    assert number in kept(register, date(2026, 3, 19))
    assert number not in kept(register, date(2026, 3, 20))
    assert number not in kept(register, date(2026, 3, 1)), "it was made on a later day"
    say(register, "another", {"type": "follow_up_visit", "date": "2026-03-02"})
    assert number not in kept(register, date(2026, 3, 3))


def test_what_rests_on_less_than_is_recorded_by_now_is_not_kept(register: Database) -> None:
    with register.reading() as connection:
        found = seen(connection, PATIENTS + 1, at(register, NOW.date()))
    assert found is not None
    say(register, "staged", {"type": "follow_up_visit", "date": "2026-03-02"})
    keep(register, [(found.upto, row(found))])
    assert PATIENTS + 1 not in kept(register, NOW.date())
