"""What programs were answered is kept with what was done, for a day, for the same request alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import accounts, answered
from store.answered import Answer
from store.database import Database
from store.errors import Clash, OtherContent
from store.record import anew
from tests.store.cast import NOON


def test_an_answer_is_kept_for_a_day(database: Database) -> None:
    with database.writing() as connection:
        number = accounts.add(connection, "program", ["integration"], None, NOON)
        assert answered.before(connection, number, "k", "one", NOON, take=answered.KEPT) is None
        answered.keep(connection, number, "k", Answer("body", "tag"), NOON)
    with database.writing() as connection:
        assert answered.before(connection, number, "k", "one", NOON, take=answered.KEPT) == ("body", "tag")
        with pytest.raises(OtherContent):
            answered.before(connection, number, "k", "two", NOON, take=answered.KEPT)
        later = NOON + timedelta(1)
        assert answered.before(connection, number, "k", "two", later, take=None) is None
        assert answered.before(connection, number, "k", "two", later, take=answered.KEPT) is None


def test_what_was_not_done_is_not_answered(database: Database) -> None:
    with database.writing() as connection:
        number = accounts.add(connection, "program", ["integration"], None, NOON)
    with database.writing(keeping=False) as connection:
        answered.before(connection, number, "k", "one", NOON, take=answered.KEPT)
    with database.writing() as connection:
        assert answered.before(connection, number, "k", "two", NOON, take=answered.KEPT) is None


def test_who_comes_at_the_same_moment_begins_anew_and_is_answered_the_same(database: Database) -> None:
    with database.writing() as connection:
        number = accounts.add(connection, "program", ["integration"], None, NOON)
    tries = []

    def ask() -> Answer | None:
        tries.append(1)
        with database.writing() as connection:
            found = answered.before(connection, number, "k", "one", NOON, take=answered.KEPT)
            if found is None and len(tries) == 1:
                raise Clash  # as the database does where another transaction has just taken the key
            if found is None:
                answered.keep(connection, number, "k", Answer("body", ""), NOON)
            return found

    assert anew(ask) is None
    assert len(tries) == 2
    assert anew(ask) == ("body", "")


def test_a_key_is_taken_before_what_no_transaction_holds_and_given_back(database: Database) -> None:
    with database.writing() as connection:
        number = accounts.add(connection, "program", ["integration"], None, NOON)
    shortly = timedelta(minutes=1)

    def taken(at: timedelta) -> Answer | None:
        with database.writing() as connection:
            return answered.before(connection, number, "k", "one", NOON + at, take=shortly)

    assert taken(timedelta()) is None
    assert taken(timedelta()) == ("", "")  # it is being done
    assert taken(shortly) is None  # whoever did it is gone
    with database.writing() as connection:
        answered.give_back(connection, number, "k")
    assert taken(shortly) is None
    with database.writing() as connection:
        answered.keep(connection, number, "k", Answer("body", ""), NOON)
        answered.give_back(connection, number, "k")  # what was done stays done
    assert taken(timedelta(hours=23)) == ("body", "")
