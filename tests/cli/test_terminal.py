"""What only happens on a terminal, and what happens when somebody presses Ctrl-C."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.data import DEMO_COHORT
from cli.progress import counted
from store.database import open_database
from store.tracking import count
from store.verify import verify
from tests.cli.conftest import EXAMPLES, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE

COMMAND = (sys.executable, "-m", "cli.main")


def on_a_terminal(words: list[str], typed: bytes = b"") -> tuple[int, str]:
    """Run a command whose three streams are a terminal; return its status and what was seen."""
    terminal, side = pty.openpty()
    process = subprocess.Popen([*COMMAND, *words], stdin=side, stdout=side, stderr=side, close_fds=True)
    os.close(side)
    os.write(terminal, typed)
    seen = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(terminal)
    return process.wait(), seen.decode()


def test_a_progress_bar(database: Path) -> None:
    status, seen = on_a_terminal(["import", str(EXAMPLES / "regular-path.yaml")])
    assert status == 0
    assert "patients" in seen
    assert "1 new patient" in seen


def test_a_question(clinic: Path) -> None:
    status, seen = on_a_terminal(["record", "V02", "response_assessed"], b"SD\n")
    assert status == 0
    assert "overall (one of CR, PR, SD, PD, NE)" in seen
    assert "Recorded e09 about V02." in seen


def test_a_progress_bar_passes_everything_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(counted([1, 2, 3], 3, "things")) == [1, 2, 3]
    assert list(counted(iter([1, 2]), None, "things")) == [1, 2]
    assert list(counted([1], 1, "things", quiet=True)) == [1]


@ONLY_SQLITE
@pytest.mark.soak
def test_an_interrupted_import_leaves_whole_patients(run: Run, database: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "import", str(DEMO_COHORT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    opened = None
    while opened is None or count(opened) == 0:
        time.sleep(0.2)
        if opened is None and database.exists() and database.stat().st_size:
            opened = open_database(f"sqlite:///{database}", KEYS)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode in (0, 130)
    assert b"Traceback" not in errors
    assert verify(opened) == []
    opened.close()
    assert run("import", DEMO_COHORT).status == 0
