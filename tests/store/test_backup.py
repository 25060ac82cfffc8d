"""A backup made while others record, and what comes of it when it is restored."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from store import backup, standalone_verifier
from store.backup import back_up, checked, opened_backup
from store.database import Database
from store.errors import CannotOpen, CannotWrite
from store.refresh import rebuild
from store.site_copy import contents, copy_site
from tests.conftest import DATABASES
from tests.keys import KEYS
from tests.server import ONLY_SQLITE
from tests.store.cast import NOON, say, story
from tests.store.intruder import intrude
from tests.store.test_migrations import PATIENT, old_database
from tests.store.test_processes import recorded
from tests.store.test_projections import kept
from tests.store.test_site_copy import empty_database
from tests.store.toy import derivation
from tests.store.writers import keep_recording, reference, started, told


@pytest.mark.parametrize("kind", DATABASES)
def test_the_restore_drill(
    request: pytest.FixtureRequest, database: Database, url: str, tmp_path: Path, kind: str
) -> None:
    """While somebody records: what was acknowledged before the backup began is there when it is restored."""
    for patient in range(3):
        say(database, story(reference(patient)))
    file = tmp_path / "backup.db"
    with started(keep_recording, url, 0, 3, 1) as (process, hearing):
        reading = threading.Thread(target=told, args=(hearing,))
        acknowledged = [hearing.recv() for _ in range(6)]
        assert acknowledged[0] == "open"
        reading.start()
        found, _ = back_up(database, file)
        process.kill()
        reading.join()
    assert found.problems == ()
    with contextlib.contextmanager(empty_database)(request, tmp_path, kind, database.keys) as target:
        with opened_backup(file, database.keys) as source:
            copy_site(source, target)
        assert checked(target) == found
        there = recorded(target)
        assert {f"n{number}" for number in range(5)} <= {id for _, id in there}
        assert len(there) == len(set(there))
        rows = kept(target)
        rebuild(target, now=NOON, derive=derivation)
        assert kept(target) == rows
        assert say(target, story("V9")).registered


def test_a_backup_is_one_private_file(database: Database, tmp_path: Path) -> None:
    say(database, story())
    folder = tmp_path / "backups"
    folder.mkdir()
    found, digest = back_up(database, folder / "monday.db")
    assert (found.patients, found.entries, found.problems) == (1, 5, ())
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again, same = back_up(database, folder / "tuesday.db")
    assert again == found
    assert len(digest) == len(same) == 64
    with opened_backup(file, database.keys) as source, source.reading() as there, database.reading() as here:
        assert contents(there) == contents(here)


def test_a_backup_can_be_read_where_nothing_can_be_written(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It carries no mark of a log beside it (bytes 18 and 19), and the auditors' program makes none."""
    say(database, story("V01"))
    file = tmp_path / "medium" / "backup.db"
    file.parent.mkdir()
    back_up(database, file)
    assert file.read_bytes()[18:20] == b"\x01\x01"
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        assert standalone_verifier.main([str(file)]) == 0
        assert "no problems" in capsys.readouterr().out
        assert list(file.parent.iterdir()) == [file]
    finally:
        file.parent.chmod(0o755)


def test_what_killed_backups_have_left(tmp_path: Path) -> None:
    for name in (".b.db.abcd_123", ".b.db.short", ".git.objects"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.db").touch()
    (tmp_path / ".c.db.abcdefgh").mkdir()
    (tmp_path / ".d.db.abcdefgh").touch()
    assert backup.left_over(tmp_path) == [tmp_path / ".b.db.abcd_123"]


def test_a_killed_backup_is_found(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is made, the copy stands where one looks for what was left."""
    found: list[Path] = []

    def look(_: Path) -> str:
        found.extend(backup.left_over(tmp_path))
        return ""

    monkeypatch.setattr(backup, "_digest_of_settled", look)
    back_up(database, tmp_path / "b.db")
    assert [folder.name.startswith(".b.db.") for folder in found] == [True]
    assert backup.left_over(tmp_path) == []


def test_a_backup_is_not_changed_by_restoring_it(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    old_database(f"sqlite:///{file}", "0003", *PATIENT)
    before = file.read_bytes()
    file.chmod(0o400)
    with opened_backup(file, KEYS) as source:
        assert say(source, story("V01")).changed
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_wrong_with_the_ledger_is_told(database: Database, tmp_path: Path) -> None:
    say(database, story())
    intrude(database, "UPDATE ledger SET recorder = 'ben' WHERE seq = 2")
    found, _ = back_up(database, tmp_path / "backup.db")
    assert [str(one) for one in found.problems or ()] == [
        "patient 1, entry 2: was altered or moved after it was recorded"
    ]


@pytest.mark.parametrize("content", [b"", b"no database at all, only a letter that somebody wrote" * 40])
def test_a_file_that_is_no_backup(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(content)
    with pytest.raises(CannotOpen), opened_backup(file, KEYS):
        pass


def test_a_folder_that_is_not_there(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        back_up(database, tmp_path / "nowhere" / "backup.db")


def test_a_backup_that_fails_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def fails(_: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_digest_of_settled", fails)
    with pytest.raises(OSError, match="No space left"):
        back_up(database, folder / "monday.db")
    assert list(folder.iterdir()) == []


@ONLY_SQLITE
def test_a_damaged_file_cannot_be_backed_up(database: Database, url: str, tmp_path: Path) -> None:
    for number in range(30):
        say(database, story(f"V{number}"))
    intrude(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    place = tmp_path / "carepath.db"
    place.write_bytes(place.read_bytes()[: place.stat().st_size // 2])
    with pytest.raises(CannotOpen, match="damaged"):
        back_up(database, tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


@ONLY_SQLITE
def test_a_disk_that_is_full(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("store.sqlite.copy", full)
    with pytest.raises(CannotWrite, match="none was made: database or disk is full"):
        back_up(database, tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()
