"""Whom a board is to be asked about, by what is kept and without: the whole pass, a page, the lists.

The register is simulated. `--patients N` takes other numbers than 3,000.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.desk_register import register
from bench.measure import heading
from coordination.board_lists import Lists
from coordination.board_pass import first_asked
from coordination.candidacy import Candidacies, keep
from coordination.entries import Board, Listed
from coordination.saying import say
from coordination.site_desk import SiteDesk
from pathways.library import all_pathways
from store import identities
from store.database import Database, open_database
from store.keys import new_keys
from store.library import shipped
from store.settle import Reckoning

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LISTED, WEEKS = 300, timedelta(weeks=100)


def took(what: str, work: Callable[[], Any]) -> Any:
    """Do it, and tell how long it took."""
    started = time.perf_counter()
    found = work()
    print(f"  {what:<76} {time.perf_counter() - started:9.3f} s", flush=True)
    return found


def listed(database: Database, numbers: list[int]) -> None:
    """Two years of a board that meets every week; these were on its lists, some of them for the next one."""
    first = NOW - WEEKS
    meetings = tuple(
        datetime(*first.timetuple()[:3], 16, tzinfo=UTC) + timedelta(weeks=n) for n in range(104)
    )
    with database.writing() as connection:
        say(connection, Board(name="Breast", meetings=meetings), recorder="bench", now=NOW)
        for place, number in enumerate(numbers):
            entry = Listed(board="Breast", question="initial", meeting=meetings[place // 3])
            identities.head_of(connection, number, to_write=True)
            say(connection, entry, patient_id=number, recorder="bench", now=first)


def measured(database: Database) -> None:
    at = Reckoning.at(NOW, shipped(database))

    def asked(most: int) -> int:
        return len(first_asked(database, all_pathways(), at, lambda *_: True, most).found)

    def lists() -> int:
        with database.reading() as connection:
            there = Lists.read(connection, SiteDesk.read(connection), at)
            ahead = min(one for one in there.site.boards["Breast"].meetings if one > NOW)
            rows = (*there.agenda("Breast", ahead).rows, *there.without_meeting("Breast"))
        keep(database, there.there.fresh)
        return len(rows)

    def nobody() -> int:
        return len(first_asked(database, all_pathways(), at, lambda *_: False, 0).found)

    with database.reading() as connection:
        numbers = list(identities.references(connection).values())
        since = (NOW - WEEKS).date()
        discussed = [
            number
            for number, one in Candidacies(connection, at).of(numbers[: 10 * LISTED])
            if any(question == "initial" and day >= since for question, day in one.held)
        ]
    listed(database, discussed[:LISTED])
    took("the first 10, nothing is kept", lambda: asked(10))
    took("everybody asked about, few are kept", nobody)
    took("everybody asked about, kept", nobody)
    took("the first 10, kept", lambda: asked(10))
    told = f"the list of a meeting and who may be lost, {LISTED} ever listed"
    took(f"{told}, not kept", lists)
    took(f"{told}, kept", lists)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=3_000)
    patients = parser.parse_args().patients
    heading(f"whom boards are to be asked about, {patients} patients")
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/desk.db", new_keys())
        register(database, patients, ("anna", "ben"), NOW, 300)
        measured(database)
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
