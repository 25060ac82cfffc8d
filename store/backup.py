"""A backup: one SQLite file with all that a database of either kind holds, made while it is in use.

It needs no program of the server and no other file, so that it can be read from a medium that takes no
changes; any carepath can open it that has the keys of the site, which are not in it. What is restored from is
a copy of the file, so that a backup is never changed, not even brought up to date.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from store import sqlite
from store.database import Database, open_database, open_existing
from store.errors import CannotWrite
from store.keys import Keys
from store.problem import Problem
from store.site_copy import copy_site, patients_and_entries
from store.verify import verify
from store.whole_file import settle


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read of a database: patients, entries, and everything wrong with their chains.

    `problems` is None where the chains were not followed.
    """

    patients: int
    entries: int
    problems: tuple[Problem, ...] | None


def checked(database: Database, *, chains: bool = True) -> Checked:
    """Count, and follow every chain."""
    with database.reading() as connection:
        patients, entries = patients_and_entries(connection)
    return Checked(patients, entries, tuple(verify(database)) if chains else None)


def back_up(database: Database, file: Path) -> tuple[Checked, str]:
    """Write a backup, whole or not at all; answers what it holds, and the SHA-256 of the file.

    Replaces a file that is there. Raises OSError or CannotWrite.
    """
    with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
        made = Path(folder) / file.name
        _write(database, made)
        with contextlib.closing(open_existing(_url(made), database.keys)) as written:
            found = checked(written)
        sqlite.without_log(made)
        digest = _digest_of_settled(made)
        made.replace(file)
    settle(file.parent)
    return found, digest


def left_over(folder: Path) -> list[Path]:
    """What backups into a folder have left that were killed, or are being made: copies of the database."""
    made = (one for one in sorted(folder.glob(f".*.{'?' * _drawn}")) if one.is_dir())
    return [one for one in made if (one / one.name[1 : -_drawn - 1]).is_file()]


def unpacked(now: datetime) -> list[Path]:
    """What restoring has left that was killed: copies of backups in the temporary folder, since an hour."""
    found = Path(gettempdir()).glob(f"{_unpacking}*/{_copy}")
    return sorted(one.parent for one in found if one.stat().st_mtime < now.timestamp() - _hour)


_hour = 3600
_unpacking = "carepath-restore-"
_copy = "backup.db"
_drawn = 8
"""How many signs `TemporaryDirectory` adds to the name."""


@contextlib.contextmanager
def opened_backup(file: Path, keys: Keys) -> Iterator[Database]:
    """The database in a backup, opened as a copy in a temporary folder with the keys it was made with.

    Raises OSError or CannotOpen.
    """
    with TemporaryDirectory(prefix=_unpacking) as folder:
        copy = Path(folder) / _copy
        shutil.copyfile(file, copy)
        with contextlib.closing(open_existing(_url(copy), keys)) as database:
            yield database


def _write(database: Database, file: Path) -> None:
    if database.engine.dialect.name == "sqlite":
        try:
            sqlite.copy(database.engine, file)
        except sqlite3.Error as error:
            raise CannotWrite(f"the backup cannot be written, none was made: {error}") from None
        return
    with contextlib.closing(open_database(_url(file), database.keys)) as target:
        copy_site(database, target)


def _url(file: Path) -> str:
    return f"sqlite:///{file.resolve()}"


def _digest_of_settled(file: Path) -> str:
    """The SHA-256 of a file, once all of it is on the disk."""
    with file.open("rb") as whole:
        os.fsync(whole.fileno())
        return hashlib.file_digest(whole, "sha256").hexdigest()
