"""A site at which nothing has been said yet: every page tells what is to be done next."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import accounts
from store.database import open_database
from tests.keys import KEYS
from tests.web.conftest import NOON, PASSWORD, ROLES, Desk
from tests.web.test_patient import text_of

NEXT = {
    ("anna", "/"): "No patient is recorded here yet. Register a patient",
    ("audit", "/"): "Whole tables are read by carepath import.",
    ("anna", "/board"): "No board planned. Plan one.",
    ("ben", "/board"): "Coordinators and chairs can plan one.",
    ("anna", "/deviations"): "0 deviations in 0 judged, 0 not judged",
    ("anna", "/inbox"): "An administrator adds people under Operations",
    ("anna", "/views"): "Narrow the list, then choose “Save this view”.",
    ("admin", "/operations/people"): "Add a person",
    ("admin", "/operations/channels"): "CAREPATH_CHANNELS names a file with others.",
    ("admin", "/operations/messages"): "Start one: carepath worker",
    ("admin", "/operations/record"): "CAREPATH_BACKUPS names one.",
}


@pytest.mark.usefixtures("quick_hashes")
def test_every_page_tells_what_is_to_be_done_next(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}", KEYS)
    with database.writing() as connection:
        for name in {name for name, _ in NEXT}:
            accounts.add(connection, name, ROLES[name], PASSWORD, NOON, must_change=False)
    desk = Desk(database)
    browsers = {name: desk.browser(name) for name in sorted({name for name, _ in NEXT})}
    told = {key: text_of(browsers[key[0]].get(key[1]).text) for key in NEXT}
    assert {key: words for key, words in NEXT.items() if words not in told[key]} == {}
    database.close()


def test_a_list_of_nobody_s_leads_to_all(desk: Desk) -> None:
    page = text_of(desk.browser("anna").get("/?owner=lena").text)
    assert "No open patient is tracked by them. Show all patients" in page
