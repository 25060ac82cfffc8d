"""Who is to be planned: who was spoken about, everybody after a change at the site, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from store import desk, planning
from store.database import Database
from store.planning import Planned
from store.tables import patient
from tests.store.cast import NOON, event, live, say, story
from tests.store.test_desk import note

LATER = NOON + timedelta(1)


@pytest.fixture
def planned(database: Database) -> Database:
    """Two patients who are planned, with nothing ahead."""
    say(database, story("V01"))
    say(database, story("V02"))
    for number in (1, 2):
        assert plan(database, number)
    assert unplanned(database) == []
    return database


def plan(database: Database, number: int) -> bool:
    with database.writing() as connection:
        return planning.keep(connection, Planned(number, planning.state(connection, number), NOON, None))


def unplanned(database: Database) -> list[int]:
    return planning.unplanned(database, LATER)


def test_what_is_said_concerns_only_those_for_whom_something_follows(planned: Database) -> None:
    note(planned, "V01", "comment", text="called")
    note(planned, None, "phrase", name="called", text="We called.")
    note(planned, None, "calendar_address", name="anna", secret=None)
    assert unplanned(planned) == []
    note(planned, "V02", "snoozed")
    assert unplanned(planned) == [2]
    note(planned, None, "absence", person="anna")
    assert unplanned(planned) == [1, 2]


def test_a_board_that_meets_otherwise_concerns_everybody_as_data_are_asked_for_by_then(
    planned: Database,
) -> None:
    note(planned, None, "board", name="Wednesday board")
    assert unplanned(planned) == [1, 2]


def test_what_is_said_of_the_site_writes_to_no_patient(planned: Database) -> None:
    def rows() -> list[object]:
        with planned.reading() as connection:
            return list(connection.execute(select(patient).order_by(patient.c.id)))

    before = rows()
    note(planned, None, "person", name="anna")
    assert rows() == before
    assert [plan(planned, number) for number in unplanned(planned)] == [True, True]
    assert unplanned(planned) == []


def test_what_is_said_meanwhile_makes_it_vain(planned: Database) -> None:
    note(planned, None, "ladder")
    with planned.reading() as connection:
        states = {number: planning.state(connection, number) for number in (1, 2)}
    note(planned, "V01", desk.ASSIGNED, owner="anna")
    with planned.writing() as connection:
        kept = [planning.keep(connection, Planned(id, one, NOON, None)) for id, one in states.items()]
    assert (kept, unplanned(planned)) == ([False, True], [1])
    note(planned, None, "ladder")
    with planned.writing() as connection:
        assert not planning.keep(connection, Planned(2, states[2], NOON, None))


def test_who_was_planned_longest_ago_comes_first(planned: Database) -> None:
    note(planned, None, "ladder")
    assert plan(planned, 1)
    note(planned, None, "ladder")
    assert unplanned(planned) == [2]
    assert plan(planned, 2)
    assert unplanned(planned) == [1]


def test_the_moments_at_which_something_changed(planned: Database) -> None:
    moments = [NOON + timedelta(hours=hour) for hour in range(4)]
    say(planned, live("V01", event("response_assessed", "2025-03-01", "e9", overall="SD")), moments[1])
    with planned.writing() as connection:
        for kind, number, now in (("snoozed", 1, 2), ("comment", 1, 3), ("snoozed", 2, 3)):
            desk.say(connection, kind, {}, patient_id=number, recorder="anna", now=moments[now])
        for kind, now in (("ladder", 3), ("person", 2)):
            desk.say(connection, kind, {}, patient_id=None, recorder="anna", now=moments[now])
        assert planning.changes(connection, 1, NOON) == moments[1:]


def test_the_moment_stays_where_planning_failed(planned: Database) -> None:
    with planned.writing() as connection:
        state = planning.state(connection, 1)
        assert planning.keep(connection, Planned(1, state, None, LATER, "CannotDerive"))
        assert planning.set_aside(connection) == [(1, "CannotDerive")]
        after = planning.state(connection, 1)
    assert (after.planned_at, after.plan_on) == (NOON, LATER)
    assert unplanned(planned) == [1]


def test_whose_moment_has_come_is_planned(planned: Database) -> None:
    with planned.writing() as connection:
        assert planning.keep(connection, Planned(2, planning.state(connection, 2), NOON, LATER))
    moments = LATER - timedelta(seconds=1), LATER
    assert [planning.unplanned(planned, now) for now in moments] == [[], [2]]
