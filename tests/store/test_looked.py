"""What was corrected since somebody looked."""

from __future__ import annotations

from store import accounts, identities, looked
from store.database import Database
from tests.store.cast import NOON, Raw, event, live, say

PASSWORD = "only for this test"
FIRST = event("follow_up_visit", "2025-02-03", "v1")


def account(database: Database, name: str) -> int:
    with database.writing() as connection:
        return accounts.add(connection, name, ["coordinator"], PASSWORD, NOON, must_change=False)


def look(database: Database, account: int) -> None:
    with database.writing() as connection:
        head = identities.head_of(connection, 1)
        looked.look(connection, account, 1, head.sequence)


def corrected(database: Database, account: int) -> tuple[int, ...]:
    with database.reading() as connection:
        return looked.corrected(connection, account)


def recorded(database: Database, *events: Raw) -> None:
    say(database, live("V01", *events, facts={"sex": "female"}))


def test_only_what_alters_the_past_is_news_and_only_to_whoever_has_looked(database: Database) -> None:
    recorded(database, FIRST)
    anna, ben = (account(database, name) for name in ("anna", "ben"))
    look(database, anna)
    assert corrected(database, anna) == ()
    recorded(database, event("follow_up_visit", "2025-02-04", "v2"))
    assert corrected(database, anna) == (), "it follows what was there"
    recorded(database, event("follow_up_visit", "2025-02-02", "v0"))
    assert corrected(database, anna) == (1,), "it was recorded late"
    assert corrected(database, ben) == (), "who never looked knows of nothing before"
    look(database, anna)
    assert corrected(database, anna) == ()


def test_what_is_late_for_one_patient_is_told_by_that_patient_alone(database: Database) -> None:
    recorded(database, FIRST)
    say(database, live("V02", event("follow_up_visit", "2025-03-03", "w1"), facts={"sex": "female"}))
    anna = account(database, "anna")
    with database.writing() as connection:
        for number in (1, 2):
            looked.look(connection, anna, number, identities.head_of(connection, number).sequence)
    recorded(database, event("follow_up_visit", "2025-02-04", "v2"))
    assert corrected(database, anna) == (), "it follows all that was known of this patient"


def test_a_correction_and_a_retraction_are_news(database: Database) -> None:
    recorded(database, FIRST, event("follow_up_visit", "2025-02-04", "v2"))
    anna = account(database, "anna")
    for change in (
        event("correction", "2025-03-03", "c1", target="v1", field="date", new="2025-02-01", reason="typo"),
        event("retraction", "2025-03-03", "r1", target="v2", reason="another patient"),
    ):
        look(database, anna)
        recorded(database, change)
        assert corrected(database, anna) == (1,)


def test_an_older_page_does_not_take_back_what_was_seen(database: Database) -> None:
    recorded(database, FIRST)
    anna = account(database, "anna")
    look(database, anna)
    with database.writing() as connection:
        looked.look(connection, anna, 1, 0)
        assert looked.upto(connection, anna, 1) == identities.head_of(connection, 1).sequence
