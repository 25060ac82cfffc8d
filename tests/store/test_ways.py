"""How each channel does, told from messages and tries; and the changes of many patients."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from store import access
from store.access import Look
from store.database import Database
from store.enrolments import changes
from store.queues import Way, ways
from store.work_tables import attempt, message
from tests.store.cast import at

NOON = at("2025-03-03")


def test_the_last_tries_and_what_waits_are_told_by_channel(database: Database) -> None:
    row: dict[str, object] = {
        "recipient": "anna",
        "kind": "digest",
        "reason": "",
        "settled": None,
        "made": NOON,
        "wake": None,
    }
    row |= {"lease": None, "worker": None, "attempts": 0, "digest": None}
    tries = [
        ("m-1", 1, "sent", ""),
        ("m-1", 2, "down", "away"),
        ("m-2", 1, "resent", "x"),
        ("m-3", 1, "sent", ""),
    ]
    with database.writing() as connection:
        for id, channel, status in (
            ("m-1", "email", "dead"),
            ("m-2", "email", "waiting"),
            ("m-3", "sms", "sent"),
        ):
            connection.execute(insert(message), {**row, "id": id, "channel": channel, "status": status})
        for hours, (id, number, outcome, told) in enumerate(tries):
            said = {"message": id, "number": number, "at": NOON + timedelta(hours=hours), "worker": "w"}
            connection.execute(insert(attempt), {**said, "outcome": outcome, "told": told})
    with database.reading() as connection:
        found = ways(connection)
    hour = timedelta(hours=1)
    assert found == {
        "email": Way(NOON, NOON + hour, "away", waiting=1, dead=1),
        "sms": Way(NOON + 3 * hour, None, "", waiting=0, dead=0),
    }


def test_the_last_look_of_a_kind_is_found(database: Database) -> None:
    for number, what in enumerate(("verify done", "list", "verify done", "show")):
        access.append(database, Look("admin", "web", what, asked={"n": number}), NOON)
    with database.reading() as connection:
        found = access.latest(connection, "verify done")
        assert access.latest(connection, "never") is None
    assert found is not None
    assert found.asked == '{"n":2}'
    assert changes(database) == []
