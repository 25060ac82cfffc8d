"""Names and dates of birth stand in one table; they are in no entry, message or log."""

from __future__ import annotations

import logging
import traceback
from datetime import date

import pytest
from sqlalchemy import inspect

from store import identities
from store.database import Database
from store.errors import Clash, StoreError
from store.recording import Recording
from tests.store.cast import FACTS, NOON, STORY, entries, event, say, story
from tests.store.intruder import intrude

NAME, NUMBER, BORN = "Mustermann, Erika", "4711-0815", "1970-04-12"
PLANTED = (NAME, NUMBER, BORN, "19700412")
PERSON = Recording(
    "V01", entries(*STORY), FACTS, source="file", imported=True, name=NAME, numbers={"insurance": NUMBER}
)


def test_identities_stand_in_their_own_table_only(database: Database) -> None:
    say(database, PERSON)
    content = {
        name: repr(intrude(database, f"SELECT * FROM {name}"))
        for name in inspect(database.engine).get_table_names()
    }
    identity = content.pop("identity")
    born = repr(date.fromisoformat(BORN)) if database.engine.dialect.name == "postgresql" else BORN
    assert all(marker in identity for marker in (NAME, NUMBER, born, "V01"))
    assert len(content) == 11
    for name, rows in content.items():
        assert not any(marker in rows for marker in (*PLANTED, "V01")), name


WRONG = (
    story("V01", event("follow_up_visit", "1969-01-01", "e09")),
    story("V01", event("metastasis_suspected", "2025-01-08", "e01")),
    Recording("V01", facts={**FACTS, "birth_date": "1971-04-12"}),
    Recording("V01", facts={**FACTS, "primary": {"surgery_date": "1960-01-01"}}, name=NAME),
    story("V02", event("response_assessed", "2025-01-08", overall=NAME)),
    story("V01", event("follow_up_visit", "2025-03-01", "e09", note="engine failure")),
    Recording("V03"),
)


@pytest.mark.parametrize("wrong", WRONG)
def test_no_message_and_no_log_holds_them(
    database: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], wrong: Recording
) -> None:
    caplog.set_level(logging.DEBUG)
    say(database, PERSON)
    with pytest.raises(StoreError) as error:
        say(database, wrong)
    printed = capfd.readouterr()
    said = (
        "".join(traceback.format_exception(error.value))
        + repr(error.value)
        + caplog.text
        + printed.out
        + printed.err
    )
    assert not any(marker in said for marker in PLANTED)


def test_a_statement_that_fails_does_not_show_its_values(database: Database) -> None:
    say(database, PERSON)
    with pytest.raises(Clash) as error, database.writing() as connection:
        identities.create(connection, PERSON, None, NOON)
    told = "".join(traceback.format_exception(error.value))
    assert not any(marker in told for marker in PLANTED)
