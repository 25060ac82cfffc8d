"""What docs/operation.md tells hospital IT to type is what works, in that order."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from store.keys import beside, write_file
from tests.architecture.repository import ROOT
from tests.cli.conftest import EXAMPLES, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE, Server

PAGE = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\$ (export|carepath) (.+)$", PAGE, re.MULTILINE)
SERVER = "postgresql://carepath@db.example/carepath"


@pytest.fixture
def server_url(postgresql: Server) -> Iterator[str]:
    url = postgresql.new_database()
    yield url
    postgresql.drop(url)


@ONLY_SQLITE
def test_the_page_can_be_worked_through(
    run: Run, clinic: Path, tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backups").mkdir()
    shutil.copy(next(EXAMPLES.glob("*.yaml")), tmp_path / "patients.yaml")
    monkeypatch.delenv("CAREPATH_KEYS")
    monkeypatch.setattr("store.health.clock_ahead", lambda _: timedelta())  # the server goes by our clock
    write_file(beside(clinic), KEYS)
    told = []
    for program, line in LINES:
        words = line.replace("/srv/carepath", str(tmp_path)).replace(SERVER, server_url)
        if program == "export":
            monkeypatch.setenv(*words.split("=", 1))
            continue
        ran = run(*shlex.split(words))
        assert (ran.status, ran.err.count("carepath:")) == (0, 0), f"{line}: {ran.err}"
        told.append(ran.out)
    assert "8 patients, 110 entries; every chain of entries holds." in told[-1]
    keys, url = f"CAREPATH_KEY_FILE={beside(clinic)}", f"CAREPATH_DATABASE_URL={server_url}"
    assert any(one.endswith(f"{url}\n{keys}\n") for one in told)
    with closing(sqlite3.connect(tmp_path / "drill.db")) as drill:
        assert drill.execute("SELECT count(*) FROM ledger").fetchone() == (110,)


def test_the_bundle_is_made_from_the_lock() -> None:
    """pip refuses what the lock does not name, on both sides."""
    downloads = re.findall(r"^\$ .+pip (?:download|install) .+$", PAGE, re.MULTILINE)
    assert len(downloads) == 3
    assert all(
        ("--require-hashes" in line and "requirements.lock" in line) or "--no-deps" in line
        for line in downloads
    )
    assert all("--no-index" in line for line in downloads if "pip install" in line)
