"""`carepath token`: made, listed and ended from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store import accounts, tokens
from store.database import open_database
from tests.cli.conftest import Run
from tests.keys import KEYS
from tests.store.cast import NOON

pytestmark = pytest.mark.each_database


@pytest.fixture
def holder(clinic: Path, any_url: str) -> str:
    """Ben, a clinician with an account."""
    database = open_database(any_url, KEYS)
    with database.writing() as connection:
        accounts.add(connection, "ben", ["clinician"], None, NOON)
    database.close()
    return "ben"


def test_a_token_from_its_making_to_its_end(run: Run, holder: str, any_url: str) -> None:
    assert "no tokens" in run("token", "list").out
    words = ("--name", "letters", "--scope", "patients:read", "--scope", "desk:write", "--days", "30")
    secret = run("token", "new", holder, *words).out.split()[0]
    made = json.loads(run("token", "new", holder, "--name", "x", "--scope", "desk:write", "--json").out)
    assert made["secret"] != secret
    listed = [json.loads(line) for line in run("token", "list", "--json").out.splitlines()]
    assert [(one["name"], one["allowed"]) for one in listed] == [
        ("letters", ["desk:write", "patients:read"]),
        ("x", ["desk:write"]),
    ]
    table = run("token", "list").out
    assert "letters" in table
    assert secret not in table
    database = open_database(any_url, KEYS)
    with database.reading() as connection:
        assert tokens.find(connection, secret, NOON) is not None
    assert "letters has ended" in run("token", "revoke", listed[0]["token"]).out
    with database.reading() as connection:
        assert tokens.find(connection, secret, NOON) is None
    database.close()


def test_what_cannot_be_is_refused(run: Run, holder: str) -> None:
    for words, told in (
        (("new", "nobody", "--name", "x", "--scope", "desk:write"), "no account"),
        (("new", holder, "--name", "x", "--scope", "all"), "no scope"),
        (("new", holder, "--name", "x", "--scope", "operations"), "needs an account"),
        (("new", holder, "--name", "x"), "a token is for something"),
        (("revoke", "0123"), "no such token"),
    ):
        ran = run("token", *words)
        assert (ran.status, told in ran.err) == (2, True), words
