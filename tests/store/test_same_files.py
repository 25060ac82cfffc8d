"""Files of a database in use that are deleted or replaced: nothing is answered for that would be lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.database import Database
from store.errors import CannotWrite
from store.verify import verify
from tests.server import ONLY_SQLITE
from tests.store.cast import say, story
from tests.store.test_faults import rows

pytestmark = ONLY_SQLITE

Hurt = Callable[[Path], object]


@pytest.fixture
def file(database: Database) -> Path:
    say(database, story("V01"))
    return Path(str(database.engine.url.database))


def beside(file: Path, ending: str) -> Path:
    return file.with_name(f"{file.name}{ending}")


def replaced(file: Path) -> None:
    """Another copy stands in its place, as after `mv backup.db carepath.db`."""
    other = shutil.copy(file, beside(file, ".copy"))
    os.replace(other, file)


@pytest.mark.parametrize(
    "hurt",
    [
        Path.unlink,
        replaced,
        lambda file: beside(file, "-wal").unlink(),
        lambda file: replaced(beside(file, "-shm")),
    ],
)
def test_whoever_works_with_it_is_told_and_nothing_is_kept_that_would_be_lost(
    database: Database, file: Path, hurt: Hurt
) -> None:
    hurt(file)
    with pytest.raises(CannotWrite, match="deleted or replaced"):
        say(database, story("V02"))
    with pytest.raises(CannotWrite, match="deleted or replaced"):
        rows(database)


def test_no_empty_database_takes_the_place_of_one_that_is_gone(database: Database, file: Path) -> None:
    file.unlink()
    database.close()
    with pytest.raises(CannotWrite, match="deleted or replaced"):
        rows(database)
    assert not file.exists()


def test_what_goes_while_somebody_writes_is_not_committed(database: Database, file: Path) -> None:
    with pytest.raises(CannotWrite, match="deleted or replaced"), database.writing():
        moved = file.rename(beside(file, ".away"))
    moved.rename(file)
    assert say(database, story("V02")).registered
    assert verify(database) == []


def test_whoever_closes_it_last_takes_its_log_away(database: Database, file: Path) -> None:
    for name in ("V02", "V03"):
        database.close()
        assert not beside(file, "-wal").exists()
        assert say(database, story(name)).registered
