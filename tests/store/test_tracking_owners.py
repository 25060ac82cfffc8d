"""The tracking list by owner, and those in it who could get lost."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from store import desk, identities, tallies
from store.database import Database
from store.recording import Recording
from store.refresh import refresh
from store.tables import patient
from store.tracking import Load, Wanted, count, loads, tracking_list
from tests.store.cast import FACTS, NOON, STORY, at, event, say, story
from tests.store.tallying import kept_counts
from tests.store.test_tracking import found, plan
from tests.store.toy import derivation


def assign(database: Database, reference: str, owner: str | None) -> None:
    with database.writing() as connection:
        head = identities.find(connection, reference, to_write=True)
        assert head is not None
        said = {"owner": owner, "clinician": None, "reason": ""}
        number = head.patient_id
        desk.say(connection, desk.ASSIGNED, said, patient_id=number, recorder="anna", now=NOON)


@pytest.fixture
def ward(database: Database) -> Database:
    """Overdue, due, with a step that may be taken, without one, and one whose days are counted."""
    for reference, day in (("LATE", "2025-01-25"), ("SOON", "2025-02-20")):
        say(database, story(reference, STORY[0], event("systemic_started", day, "e02", line=1)), at(day))
    say(
        database,
        story(
            "STEP", STORY[0], event("board_held", "2025-03-02", "e09", question="mdt", decision="recommended")
        ),
    )
    say(database, Recording("STUCK", facts=FACTS))
    say(database, Recording("GONE", facts=FACTS))
    with database.writing() as connection:
        gone = identities.find(connection, "GONE")
        assert gone is not None
        connection.execute(
            update(patient).where(patient.c.id == gone.patient_id).values(day_zero="diagnosis")
        )
    refresh(database, now=NOON, derive=derivation)
    for reference, owner in (("LATE", "anna"), ("SOON", "ben"), ("STEP", "anna"), ("STUCK", "anna")):
        assign(database, reference, owner)
    return database


def test_the_patients_of_an_owner(ward: Database) -> None:
    assert found(tracking_list(ward, Wanted(owner="anna"))) == ["LATE", "STEP", "STUCK"]
    assert found(tracking_list(ward, Wanted(owner="anna", overdue=True))) == ["LATE"]
    assert found(tracking_list(ward, Wanted(unowned=True))) == ["GONE"]
    assert [row.owner for row in tracking_list(ward)] == ["anna", "ben", "anna", "anna", None]
    assert count(ward, Wanted(owner="zoe")) == 0


def test_who_has_another_owner_is_counted_as_theirs(ward: Database) -> None:
    tallies.count_anew(ward, NOON.date())
    assign(ward, "SOON", "anna")
    assign(ward, "STEP", None)
    assert kept_counts(ward) == NOON.date()


def test_who_could_get_lost(ward: Database) -> None:
    adrift, others = Wanted(adrift=True), Wanted(adrift=False)
    assert found(tracking_list(ward, adrift)) == ["STUCK"]
    assert found(tracking_list(ward, others)) == ["LATE", "SOON", "STEP", "GONE"]
    assign(ward, "SOON", None)
    assert found(tracking_list(ward, adrift)) == ["SOON", "STUCK"]
    assert (count(ward, adrift), count(ward, others)) == (2, 3)
    assert found(tracking_list(ward, Wanted(adrift=True, pooled=True))) == ["STUCK"]
    state = tracking_list(ward, Wanted(text="STUCK"))[0].state
    assert found(tracking_list(ward, Wanted(adrift=True, closed=("x", state)))) == ["SOON"]
    assert found(tracking_list(ward, Wanted(adrift=True, text="soo"))) == ["SOON"]


def test_how_many_patients_everybody_has(ward: Database) -> None:
    assert loads(ward) == {None: Load(1, 0), "anna": Load(3, 1), "ben": Load(1, 0)}
    state = tracking_list(ward, Wanted(text="STUCK"))[0].state
    assert loads(ward, [state]) == {"anna": Load(2, 1), "ben": Load(1, 0)}


def test_the_patients_of_an_owner_are_read_from_an_index_without_sorting(ward: Database) -> None:
    order = "ORDER BY rank, urgent_on, patient_id LIMIT 50"
    told = plan(ward, f"SELECT * FROM tracking WHERE owner = 'anna' {order}")
    assert "ix_tracking_owner" in told
    assert "TEMP B-TREE" not in told
    assert "Sort" not in told
