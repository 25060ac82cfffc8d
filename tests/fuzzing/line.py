"""The command line under fire: commands run in this process, with a database file of their own."""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unittest.mock import patch

from cli.main import main
from store.database import open_database
from store.verify import verify
from tests.fuzzing.ward import check_words

_told = {0, 1, 2}
"""Exit statuses of a command that told what is wrong with its input, or found nothing wrong."""


@cache
def room() -> Path:
    """A folder of this process, gone when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="carepath-fuzzing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def placed(data: bytes, name: str) -> Path:
    """The data as a file of that name."""
    file = room() / name
    file.write_bytes(data)
    return file


def run(*words: str, environment: dict[str, str] | None = None) -> int:
    """Run one command; raises AssertionError where it ends otherwise than with a reason or an answer.

    What nobody foresaw comes through as the exception that it is.
    """
    out, err = io.StringIO(), io.StringIO()
    wanted = {"CAREPATH_DATABASE_URL": f"sqlite:///{room() / 'carepath.db'}", "CAREPATH_TRACEBACK": "1"}
    with (
        patch.dict(os.environ, {**wanted, "CAREPATH_RECORDER": "anna", **(environment or {})}),
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO(), encoding="utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = main(list(words))
    assert status in _told, f"exit status {status}"
    assert status != 2 or (err.getvalue() + out.getvalue()).strip(), "refused without a reason"
    check_words(out.getvalue())
    check_words(err.getvalue())
    return status


def imported(file: Path, repair_ending: str, more: Sequence[str] = ()) -> None:
    """Import a file, then the repair file it left, both into the same new database."""
    database = room() / "carepath.db"
    repair = room() / f"repair{repair_ending}"
    for old in (database, repair, database.with_suffix(".db-wal"), database.with_suffix(".db-shm")):
        old.unlink(missing_ok=True)
    run("import", str(file), *more, "--errors", str(repair))
    if repair.exists():
        run("import", str(repair), "--errors", str(room() / f"again{repair_ending}"))
        (room() / f"again{repair_ending}").unlink(missing_ok=True)
    opened = open_database(f"sqlite:///{database}")
    try:
        assert verify(opened) == [], "a ledger that is not as it was written"
    finally:
        opened.close()
