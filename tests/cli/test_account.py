"""`carepath account`: an administrator who is locked out comes in again from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store import access, accounts, factors
from store.database import Database, open_database
from tests.cli.conftest import Run
from tests.keys import KEYS
from tests.passwords import PASSWORD
from tests.passwords import quick_hashes as quick_hashes
from tests.store.cast import NOON

pytestmark = pytest.mark.each_database


@pytest.fixture
def site(clinic: Path, any_url: str) -> Database:
    """One with an administrator who has a second factor."""
    found = open_database(any_url, KEYS)
    with found.writing() as connection:
        number = accounts.add(connection, "admin", ["administrator"], PASSWORD, NOON, must_change=False)
        secret = factors.begin(connection, "admin")
        step = int(NOON.timestamp()) // factors.STEP
        factors.confirm(connection, number, factors.code_at(secret, step), NOON)
    return found


def test_who_lost_app_and_password_comes_in_again(run: Run, site: Database) -> None:
    def listed() -> list[str]:
        found: list[str] = json.loads(run("account", "list", "--json").out)["signs_in_by"]
        return found

    assert listed() == ["password", "second factor"]
    assert "second factor" in run("account", "list").out
    assert run("account", "factor-off", "admin").status == 0
    assert listed() == ["password"]
    new = run("account", "password", "admin").out.split()[0]
    found = accounts.check(site, "admin", new, NOON)
    with site.reading() as connection:
        done = [one.asked for one in access.entries(connection) if '"do"' in one.asked]
    assert found is not None
    assert found.must_change
    assert done == ['{"account":"admin","do":"factor-off"}', '{"account":"admin","do":"password"}']
    site.close()


def test_what_cannot_be_is_refused(run: Run, site: Database) -> None:
    site.close()
    run("account", "factor-off", "admin")
    for words, told in (
        (("factor-off", "admin"), "admin has no second factor"),
        (("factor-off", "nobody"), "no account 'nobody'"),
        (("password", "nobody"), "no account 'nobody'"),
    ):
        ran = run("account", *words)
        assert (ran.status, told in ran.err) == (2, True), words


def test_where_there_is_none_yet_it_says_how_one_is_made(run: Run, clinic: Path) -> None:
    assert "`carepath serve`" in run("account", "list").out
