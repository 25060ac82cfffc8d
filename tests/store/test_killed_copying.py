"""Whoever backs up, restores, copies or upgrades is killed midway: nothing half-made passes for whole."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from store.backup import back_up, checked, left_over, opened_backup
from store.database import Database, open_database, open_existing, revision_of, upgrade_database
from store.errors import NoDatabase
from store.keys import Keys
from store.schema import REVISION
from store.site_copy import contents, copy_site
from tests.keys import opened
from tests.server import ONLY_SQLITE
from tests.store.cast import say, story
from tests.store.dying import dying
from tests.store.test_killed_midway import killed
from tests.store.test_migrations import PATIENT, old_database

pytestmark = [ONLY_SQLITE, pytest.mark.soak]
KILLED = 8
"""So often, spread over the whole of it, and once at the very end."""


def moments(number: int) -> range:
    return range(number, 0, -max(number // KILLED, 1))


def backed_up(url: str, folder: Path) -> None:
    with contextlib.closing(opened(url)) as source:
        back_up(source, folder / "b.db")


def copied(url: str, folder: Path) -> None:
    with contextlib.closing(opened(url)) as source:
        into(source, folder)


def restored(url: str, folder: Path) -> None:
    with contextlib.closing(opened(url)) as site, opened_backup(folder.parent / "b.db", site.keys) as source:
        into(source, folder)


def into(source: Database, folder: Path) -> None:
    with contextlib.closing(open_database(f"sqlite:///{folder / 'new.db'}", source.keys)) as target:
        copy_site(source, target)


def upgraded(_: str, folder: Path) -> None:
    upgrade_database(f"sqlite:///{folder / 'old.db'}")


def die_copying(
    url: str, telling: Connection, at: int, work: Callable[[str, Path], None], folder: Path
) -> None:
    with dying(at) as passed:
        work(url, folder)
    telling.send(passed[0])


def emptied(place: Path) -> Path:
    place.mkdir()
    return place


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """A new folder each time."""
    return (emptied(tmp_path / str(number)) for number in range(10_000))


def held(database: Database) -> object:
    with database.reading() as connection:
        return contents(connection)


def test_a_backup_is_there_whole_or_not_at_all(database: Database, url: str, folders: Iterator[Path]) -> None:
    for number in range(3):
        say(database, story(f"V{number}"))
    whole, answers = held(database), set()
    points = killed(die_copying, url, 0, backed_up, next(folders))
    for at in moments(points):
        folder = next(folders)
        killed(die_copying, url, at, backed_up, folder)
        file = folder / "b.db"
        answers.add(file.exists())
        if not file.exists():
            found = [one for one in folder.iterdir() if any(one.iterdir())]
            assert left_over(folder) == found
            backed_up(url, folder)
        with opened_backup(file, database.keys) as tried:
            assert held(tried) == whole
            assert checked(tried).problems == ()
    assert answers == {True, False}


@pytest.mark.parametrize("work", [copied, restored])
def test_a_copy_is_empty_or_whole(
    database: Database, url: str, folders: Iterator[Path], work: Callable[[str, Path], None], tmp_path: Path
) -> None:
    for number in range(3):
        say(database, story(f"V{number}"))
    back_up(database, tmp_path / "b.db")
    whole, answers = held(database), set()
    points = killed(die_copying, url, 0, work, next(folders))
    for at in moments(points):
        folder = next(folders)
        killed(die_copying, url, at, work, folder)
        there = is_there(folder, database.keys, whole)
        answers.add(there)
        if not there:
            work(url, folder)
            assert is_there(folder, database.keys, whole)
    assert answers == {True, False}


def is_there(folder: Path, keys: Keys, whole: object) -> bool:
    """Whether all of it is there; else nothing is."""
    try:
        found = open_existing(f"sqlite:///{folder / 'new.db'}", keys)
    except NoDatabase:
        return False
    with contextlib.closing(found):
        if held(found) == whole:
            return True
        assert checked(found).patients == 0
    return False


def test_an_upgrade_is_done_or_not_begun(database: Database, url: str, folders: Iterator[Path]) -> None:
    answers = set()
    points = killed(die_copying, url, 0, upgraded, of_old(next(folders)))
    for at in moments(points):
        folder = of_old(next(folders))
        old = f"sqlite:///{folder / 'old.db'}"
        killed(die_copying, url, at, upgraded, folder)
        answers.add(revision_of(old))
        upgraded(url, folder)
        assert revision_of(f"sqlite:///{folder / f'old.db.before-{REVISION}'}") == "0003"
        with contextlib.closing(open_existing(old)) as found:
            assert checked(found, chains=False).patients == 1
    assert answers == {"0003", REVISION}


def of_old(folder: Path) -> Path:
    """With a database of an earlier program in it."""
    old_database(f"sqlite:///{folder / 'old.db'}", "0003", *PATIENT)
    return folder
