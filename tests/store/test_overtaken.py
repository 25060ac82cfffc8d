"""Somebody else is done just before others are kept off: on PostgreSQL, where several write at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from store import erasure, identities, refresh
from store.database import Database, open_database
from store.erasure import erase
from store.errors import Refused, UnknownPatient
from store.patient_view import look_up
from store.recording import Recording
from store.rotation import renew
from tests.store.cast import FACTS, NOON, event, live, say, story
from tests.store.intruder import intrude
from tests.store.test_faults import ONLY_POSTGRESQL
from tests.store.test_merging import ids, merged, right, unmerged
from tests.store.toy import derivation

pytestmark = ONLY_POSTGRESQL


@pytest.fixture
def two(database: Database) -> Database:
    say(database, story("V01"))
    say(database, story("V02", event("board_held", "2025-01-30", "x01", question="mdt", decision="other")))
    return database


def erased(database: Database, reference: str) -> None:
    erase(database, reference, "requested", recorder="bert", now=NOON, derive=derivation)


def just_before(patched: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Do something before `identities` does this for the first time."""
    done, first = getattr(identities, name), True

    def after(*arguments: Any, **named: Any) -> Any:
        nonlocal first
        if first:
            first = False
            act()
        return done(*arguments, **named)

    patched.setattr(identities, name, after)


def test_a_merge_is_undone_once(two: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was merged elsewhere since stays merged."""
    say(two, story("V03"))
    merged(two)

    def meanwhile() -> None:
        unmerged(two)
        merged(two, "2025-03-21", "V03", "V02")

    just_before(monkeypatch, "named", meanwhile)
    with pytest.raises(Refused, match="entry"):
        unmerged(two, "2025-03-22")
    assert ids(two, "V03")[-1] == "x01"
    right(two, "2025-03-22")


def test_who_is_erased_is_not_merged(two: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    just_before(monkeypatch, "head_of", lambda: erased(two, "V02"))
    with pytest.raises(UnknownPatient):
        merged(two)
    right(two)


def test_who_gets_a_new_key_is_found(two: Database, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = two.keys.rotated("index")
    rotating, other = open_database(url, keys), open_database(url, keys)
    find, asked = identities._head, 0

    def found(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 2:  # under the new key there was nobody
            assert list(renew(other)) == [2]
        return find(*arguments)

    monkeypatch.setattr(identities, "_head", found)
    assert say(rotating, live("V02", event("follow_up_visit", "2025-03-01"))).changed
    for database in (rotating, other):
        database.close()


@pytest.fixture
def while_erasing(two: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Begins some work while V01 is being erased: it waits, and goes on when that is done."""
    write_anew, threads = refresh.write_anew, list[threading.Thread]()
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    def begin(work: Callable[[], object]) -> None:
        def meanwhile(*arguments: Any) -> None:
            threads.append(threading.Thread(target=work))
            threads[0].start()
            while threads[0].is_alive() and not intrude(two, waiting):
                time.sleep(0.005)
            write_anew(*arguments)

        monkeypatch.setattr(erasure, "write_anew", meanwhile)
        erased(two, "V01")
        threads[0].join()

    return begin


def test_the_age_of_who_is_erased_is_not_written_again(
    two: Database, while_erasing: Callable[..., None]
) -> None:
    """Whoever waited has read the date of birth before, and finds nobody of that name."""
    told = list[str]()

    def record() -> None:
        with pytest.raises(UnknownPatient) as error:
            say(two, live("V01", event("follow_up_visit", "2025-03-01")))
        told.append(str(error.value))

    while_erasing(record)
    assert told
    assert say(two, Recording("#1", facts=FACTS, source="file", imported=True)).changed is False
    dossier = look_up(two, "#1", now=NOON, derive=derivation).dossier
    assert "birth_date" not in dossier.facts
    right(two)


def test_who_is_erased_needs_no_new_key(two: Database, url: str, while_erasing: Callable[..., None]) -> None:
    rotating = open_database(url, two.keys.rotated("vault"))
    renewed = list[int]()
    while_erasing(lambda: renewed.extend(renew(rotating)))
    assert renewed == [1]
    rotating.close()
