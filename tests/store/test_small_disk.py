"""A disk that is really full, under either kind of database: told, nothing half-written, the next try works.

It takes a file system of a few megabytes, which only root may make.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database, open_database
from store.errors import CannotWrite
from store.merging import merge
from store.refresh import rebuild
from store.table_base import Base
from store.verify import verify
from tests import server
from tests.conftest import DATABASES
from tests.store.cast import NOON, event, live, say, story
from tests.store.intruder import intrude
from tests.store.test_faults import rows
from tests.store.test_projections import kept
from tests.store.toy import derivation

pytestmark = pytest.mark.soak
MEGABYTE = 1024 * 1024
LONG = live("V01", event("follow_up_visit", "2025-03-01", note="x" * 4000))
TOLD = re.compile("full|no room")


@pytest.fixture
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of eight megabytes that everybody may use."""
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=777", "tmpfs", str(place)]
    if os.getuid() or not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may make a small disk, and not everywhere")
    for folder in place.parents[:3]:
        folder.chmod(0o755)  # the server runs as another user
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(params=DATABASES)
def ward(request: pytest.FixtureRequest, disk: Path) -> Iterator[Database]:
    """A database whose tables are all on that disk; on a server of its own, which others need not survive."""
    if request.param == "sqlite":
        with contextlib.closing(open_database(f"sqlite:///{disk / 'carepath.db'}")) as opened:
            yield opened
        return
    with server.running() as own:
        if own.control is None:
            pytest.skip("the server of TEST_DATABASE_URL cannot be given a small disk")
        (disk / "tables").mkdir()
        shutil.chown(disk / "tables", "nobody")
        with own.administrator.connect() as connection:
            connection.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{disk / 'tables'}'")
        with contextlib.closing(open_database(own.new_database())) as opened:
            for table in Base.metadata.sorted_tables:
                intrude(opened, f"ALTER TABLE {table.name} SET TABLESPACE small")
            yield opened


def full(disk: Path) -> Path:
    """A file that takes all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (MEGABYTE, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return filler


def fill_up(ward: Database, seen: list[object]) -> None:
    """Record until it fails; what the database held after each entry is kept."""
    for _ in range(10_000):
        say(ward, LONG)
        seen.append(rows(ward))


def test_a_disk_that_is_full(ward: Database, disk: Path) -> None:
    for patient in ("V01", "V02"):
        say(ward, story(patient))
    filler, seen = full(disk), [rows(ward)]
    with pytest.raises(CannotWrite, match=TOLD):
        fill_up(ward, seen)
    assert rows(ward) == seen[-1]
    with pytest.raises(CannotWrite, match=TOLD):
        merge(ward, "V01", "V02", "y" * 100_000, recorder="anna", now=NOON, derive=derivation)
    assert rows(ward) == seen[-1]
    filler.unlink()
    assert say(ward, LONG).changed
    assert merge(ward, "V01", "V02", "twice", recorder="anna", now=NOON, derive=derivation).changed
    assert verify(ward) == []
    derived = kept(ward)
    rebuild(ward, now=NOON, derive=derivation)
    assert kept(ward) == derived
