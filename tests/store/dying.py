"""Pieces of work, and processes that are killed in the middle of one.

Points are what is asked of database and disk, counted before and after each: so nothing depends on time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from cli.keys import rotate
from store import rotation
from store.database import Database
from store.enforcement import Order, put_in_force, tried
from store.erasure import erase
from store.errors import MergedAway, Refused
from store.merging import merge, unmerge
from store.move import Move, move
from store.recording import Recorded
from tests.keys import opened
from tests.store.cast import NOON
from tests.store.toy import TOY_2, derivation


def merged(database: Database, pair: tuple[str, str]) -> bool:
    with contextlib.suppress(MergedAway):
        merge(database, *pair, "registered twice", recorder="anna", now=NOON, derive=derivation)
        return True
    return False


def unmerged(database: Database, pair: tuple[str, str]) -> bool:
    with contextlib.suppress(Refused):
        unmerge(database, pair[0], "two persons", recorder="anna", now=NOON, derive=derivation)
        return True
    return False


def moved(database: Database, pair: tuple[str, str]) -> bool:
    with contextlib.suppress(Refused):
        said = Move(pair[0], "e03", pair[1], "label")
        move(database, said, recorder="anna", now=NOON, derive=derivation)
        return True
    return False


def erased(database: Database, pair: tuple[str, str]) -> bool:
    number = int(pair[0].removeprefix("K"))
    with database.reading() as connection:
        there = connection.exec_driver_sql(f"SELECT 1 FROM vault WHERE patient_id = {number}").first()
    said: Any = {"recorder": "anna", "now": NOON, "derive": derivation}
    return erase(database, pair[0] if there else f"#{number}", "requested", **said).was_known


WORKS: dict[str, Callable[[Database, tuple[str, str]], bool]] = {
    "merge": merged,
    "unmerge": unmerged,
    "move": moved,
    "erase": erased,
}
"""Each does its work about two records, and says whether there was something to do."""


def put(database: Database, references: list[str]) -> int:
    """How many a version could be put in force for."""
    found = list(tried(database, Order(TOY_2), references, now=NOON, derive=derivation))
    said: Any = {"recorder": "anna", "now": NOON, "derive": derivation}
    done = list(put_in_force(database, found, "agreed", "C-1", **said))
    assert all(isinstance(one, Recorded) for one in done)
    return len(done)


_ASKED = frozenset({"execute", "executemany", "fetchall", "commit", "backup", "fsync", "link", "unlink"})
"""What is asked of database and disk, by the name of the function."""


@contextlib.contextmanager
def dying(at: int) -> Iterator[list[int]]:
    """Be killed at this point, one before and one after everything that is asked; counts the points."""
    passed = [0]

    def profiled(frame: Any, event: str, argument: Any) -> None:
        name = argument.__name__ if event.startswith("c_") else frame.f_code.co_name
        if name in _ASKED:
            passed[0] += 1
            if passed[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(profiled)
    try:
        yield passed
    finally:
        sys.setprofile(None)


def die_working(url: str, telling: Connection, at: int, name: str, whom: Any) -> None:
    """Do a piece of work, and be killed at this point of it."""
    database = opened(url)
    with dying(at) as passed:
        assert put(database, whom) if name == "put" else WORKS[name](database, whom)
    telling.send(passed[0])


def die_rotating(url: str, telling: Connection, at: int, place: str, kind: str) -> None:
    """Run `carepath keys rotate`, two patients in a batch, and be killed at this point of it."""
    os.environ.update(CAREPATH_DATABASE_URL=url, CAREPATH_KEY_FILE=place)
    rotation._next = rotation._next.limit(2)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), dying(at) as passed:
        assert rotate(kind) == 0
    telling.send(passed[0])
