"""Workers in processes of their own, to be killed, and channels that fail, hang, or keep what they get.

What was handed over is written into a file at that moment, as a receiver would have it; so is when each
message was last looked at.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from notifications import address, deliver
from notifications.channels import Outgoing, Passing
from notifications.worker import Worker
from store import outbox
from tests.keys import opened
from tests.store.toy import derivation

LEASE = timedelta(seconds=3)
"""Longer than it takes to look at a message on a machine with much else to do."""
HANGS = 4.0
"""Seconds after which a channel answers that hangs: somebody else has the message by then."""

_context = get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.notifications.crew", "jinja2", "sqlalchemy.dialects.postgresql.psycopg"]
)


@dataclass(frozen=True)
class Watch:
    """A clock that goes on from a moment of the story, the same in every process."""

    began: datetime
    real: float

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=time.time() - self.real)


@dataclass
class Unreliable:
    """A channel that sometimes fails, sometimes answers too late, and mostly works."""

    name: str
    file: Path
    checked: dict[str, float]
    chance: random.Random
    fails: float
    hangs: float
    per_minute: int | None = None

    def send(self, one: Outgoing) -> None:
        luck = self.chance.random()
        if luck < self.fails:
            raise Passing("no answer")
        late = luck < self.fails + self.hangs
        if late:
            time.sleep(HANGS)
        write(self.file, [self.name, one.key, self.checked.get(one.key), late, one.text])


def write(file: Path, line: list[Any]) -> None:
    """One line, whole or not at all, whoever else writes."""
    with file.open("ab", buffering=0) as out:
        out.write(f"{json.dumps(line)}\n".encode())


def received(file: Path) -> list[list[Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def work(url: str, file: Path, watch: Watch, seed: int, fails: float, hangs: float) -> None:
    """A worker that goes on until it is killed."""
    for module in (deliver, address):
        vars(module).update(LEASE=LEASE, AT_ONCE=5)
    vars(deliver).update(FIRST_PAUSE=timedelta(milliseconds=50))
    checked: dict[str, float] = {}
    _note_checks(checked)
    chance = random.Random(seed)
    channels = [Unreliable(name, file, checked, chance, fails, hangs) for name in ("email", "hook")]
    tick = timedelta(milliseconds=100)
    while True:
        try:
            made = Worker(opened(url), derivation, channels, f"w{os.getpid()}", watch, tick=tick)
            made.run(threading.Event())
        except Exception:
            time.sleep(0.05)  # the server is being restarted


def _note_checks(checked: dict[str, float]) -> None:
    """Note when each message was last looked at: what was committed before must not be told."""
    told_by = outbox.told_by

    def noted(connection: Any, id: str) -> Any:
        checked[id] = time.time()
        return told_by(connection, id)

    outbox.told_by = noted


@contextmanager
def crew(number: int, *arguments: Any) -> Iterator[list[BaseProcess]]:
    """So many workers; whoever was killed is replaced by `hire`."""
    there = [hire(n, *arguments) for n in range(number)]
    try:
        yield there
    finally:
        for one in there:
            one.kill()
            one.join()


def hire(seed: int, *arguments: Any) -> BaseProcess:
    url, file, watch, *chances = arguments
    process = _context.Process(target=work, args=(url, file, watch, seed, *chances))
    process.start()
    return process
