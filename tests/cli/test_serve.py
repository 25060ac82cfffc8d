"""`carepath serve`: an address, a way in, an orderly end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from store.keys import written
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run
from tests.keys import KEYS


def test_others_reach_it_by_https_only(run: Run, clinic: Path) -> None:
    ran = run("serve", "--host", "0.0.0.0")
    assert ran.status == 2
    assert "--https" in ran.err
    assert "such as 127.0.0.1" in run("serve", "--host", "nowhere").err


def test_a_port_that_is_taken_is_told(run: Run, clinic: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run("serve", "--port", taken.getsockname()[1])
    assert ran.status == 3
    assert "--port N takes another" in ran.err


def test_where_people_sign_in_is_read_at_the_start(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "oidc.toml"
    place.write_text('issuer = "https://login.example.org"\n')
    place.chmod(0o600)
    monkeypatch.setenv("CAREPATH_OIDC", str(place))
    ran = run("serve", "--port", 0, "--no-worker")
    assert (ran.status, "client_id: Field required" in ran.err) == (3, True)


@pytest.mark.skipif(os.name == "nt", reason="ends by a signal")
def test_it_answers_until_it_is_told_to_end(examples_file: Path, tmp_path: Path) -> None:
    file = shutil.copy(examples_file, tmp_path / "carepath.db")
    environment = {
        **os.environ,
        "CAREPATH_DATABASE_URL": f"sqlite:///{file}",
        "CAREPATH_KEYS": written(KEYS),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0"]
    both = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=both, stderr=both, text=True) as ran:
        assert ran.stdout is not None
        told = "".join(iter(ran.stdout.readline, "Ctrl-C stops it.\n"))
        (address,) = re.findall(r"carepath is at (http://127\.0\.0\.1:\d+/)", told)
        assert re.search(r"needs this code: [\w-]{19}\n", told)
        with urlopen(f"{address}healthz") as answer:
            assert answer.read() == b"ok\n"
        ran.send_signal(signal.SIGINT)
        assert ran.wait(30) == 0
        assert ran.stderr is not None
        assert "interrupted" not in ran.stderr.read()
