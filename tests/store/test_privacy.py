"""Names, numbers and dates of birth are readable with the keys only; they are in no entry, message or log."""

from __future__ import annotations

import logging
import traceback
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import inspect

from store import identities
from store.database import Database
from store.errors import Clash, Refused, StoreError
from store.recording import Recording
from store.vault import Person
from store.verify import verify
from tests.store.cast import FACTS, NOON, STORY, entries, event, live, say, story
from tests.store.intruder import intrude

NAME, NUMBER, BORN = "Mustermann, Erika", "4711-0815", "1970-04-12"
PLANTED = (NAME, NUMBER, BORN, "19700412")
PERSON = Recording(
    "V01", entries(*STORY), FACTS, source="file", imported=True, name=NAME, numbers={"insurance": NUMBER}
)


def test_nobody_is_readable_in_the_database_without_the_keys(database: Database, tmp_path: Path) -> None:
    say(database, PERSON)
    tables = inspect(database.engine).get_table_names()
    content = {name: repr(intrude(database, f"SELECT * FROM {name}")) for name in tables}
    content |= {file.name: file.read_bytes().decode("latin-1") for file in tmp_path.iterdir()}
    for name, rows in content.items():
        assert not any(marker in rows for marker in (*PLANTED, "Mustermann", "erika", "V01")), name
    with database.reading() as connection:
        head = identities.find(connection, "V01")
        assert head
        person = identities.person_of(connection, head.patient_id)
    assert person == Person("V01", NAME, {"insurance": NUMBER}, date.fromisoformat(BORN))


def test_an_erased_identity_leaves_the_story_and_its_chain(database: Database) -> None:
    say(database, PERSON)
    with database.writing() as connection:
        assert identities.erase(connection, 1)
        assert not identities.erase(connection, 1)
        identities.set_birth_date(connection, 1, date(1970, 4, 12), None)
    with database.reading() as connection:
        assert identities.find(connection, "V01") is None
        assert identities.person_of(connection, 1) is None
        assert identities.references(connection) == {"#1": 1}
        head = identities.find(connection, "#1")
    assert head
    assert (head.patient_id, head.birth_date) == (1, None)
    (told,) = verify(database)  # the chain holds; the entry that `erasure.erase` adds is not there
    assert str(told) == "identity of patient 1: is missing, and no entry says that it was erased"
    assert say(database, live("#1", event("follow_up_visit", "2025-03-01"))).changed
    with pytest.raises(Refused, match="reference"):
        say(database, story("#7"))


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
