"""The desk's tracking list of very many patients: its queries one by one, and the whole page.

The rows of the list, the identities and what lies ahead are made up and written in bulk: nobody has a story.
Of a hundred patients one is on the list of a board, and of one a working date has passed; 300 are anna's, who
has looked at each of them. p50 of some rounds, by the clock and as time of this process alone, which others
on the machine slow down less; `--patients N` takes other numbers than 100,000, `--full` a million,
`--postgresql` asks that database, whose own time is not in this process. Target: each query at most 50 ms of
this process.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, text, update
from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from pydantic import TypeAdapter

from bench.desk_register import again
from bench.measure import heading
from coordination.board_graph import decided_states
from coordination.entries import Person as Colleague
from coordination.entries import Site
from coordination.outlook import Outlook
from coordination.saying import say
from pathways.titles import closed_states, known_states
from store import accounts, desk_list, looked, outlooks, tables, tallies, web_tables, work_tables
from store.database import Database, open_database
from store.desk_list import ORDERS, Scope, Ticked
from store.desk_list_counts import count, tallied
from store.keys import new_keys
from store.library import shipped
from store.vault import Person, Vault
from tests.server import running
from web.app import application
from web.place import Place
from web.shown.tracking_lines import OPEN, found_by

FEW, FULL, MINE, DRAWN, ROUNDS = 100_000, 1_000_000, 300, 20_000, 9
TARGET = 0.05
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
BODY = TypeAdapter(Outlook).dump_json(Outlook((), False, None, None, "", None)).decode()


def row(number: int, chance: random.Random) -> dict[str, Any]:
    """A patient of the tracking list."""
    rank = chance.choices((0, 1, 2), (5, 55, 40))[0]
    urgent = TODAY + timedelta(chance.randrange(-90, 0) if rank == 0 else chance.randrange(200))
    clock = chance.choice(("none", "none", "open", "closed", "unknown"))
    began = TODAY - timedelta(chance.randrange(180)) if clock not in ("none",) else None
    return {
        "patient_id": number, "state": chance.choice(known_states()), "rank": rank,
        "entered_on": TODAY - timedelta(chance.randrange(400)), "urgent_on": urgent if rank < 2 else date.max,
        "next_step": None if chance.random() < 0.001 else "s", "next_due": urgent if rank < 2 else None,
        "next_item": chance.choice(("t-response", "t-zoledronate", "t-pet-ct")) if rank < 2 else None,
        "overdue": int(rank == 0), "due": int(rank < 2), "deviations": chance.choice((0, 0, 0, 1)),
        "blocked": chance.random() < 0.3, "undetermined": chance.random() < 0.2, "latest_activity": TODAY,
        "derived_on": TODAY, "wake_on": None, "trouble": None,
        "owner": "anna" if number <= MINE else chance.choice(("ben", "team", None)),
        "began_on": TODAY - timedelta(chance.randrange(1, 900)), "clock": clock, "clock_from": began,
        "clock_until": began + timedelta(91) if began else None, "ahead_until": date.max,
    }  # fmt: skip


def first_line(number: int) -> dict[str, Any]:
    """The line by which a patient was recorded."""
    return {
        "patient_id": number, "seq": 1, "kind": "facts", "event_id": None, "type": None, "day": None,
        "clock": None, "documented": None, "basis": None, "recorded": NOW, "recorded_offset": 0,
        "recorder": "bench", "source": "bench", "source_id": None, "payload": "{}", "prev_hash": "",
        "hash": "",
    }  # fmt: skip


def ahead(number: int, chance: random.Random) -> dict[str, Any]:
    """What lies ahead of a patient."""
    working = TODAY + timedelta(chance.choice((-3, 9))) if chance.random() < 0.02 else None
    board = TODAY + timedelta(chance.randrange(14)) if chance.random() < 0.01 else None
    return {
        "patient_id": number, "made_on": TODAY, "until": date.max, "site": 9, "alone": True,
        "next_on": working, "working_on": working, "board_on": board, "body": BODY,
    }  # fmt: skip


def fill(database: Database, patients: int) -> str:
    """So many patients, in bulk, without a story; answers the secret of anna's sign-in. What is made up for
    the first is copied for further ones within the database, apart from who they are.
    """
    chance, vault = random.Random(1), Vault(database.keys)
    drawn = min(patients, DRAWN)
    people = {n: Person(f"B{n:07}") for n in range(1, drawn + 1)}
    sealed = [(n, *vault.sealed(n, one)) for n, one in people.items()]
    found = [(n, kind, blind) for n, one in people.items() for kind, blind in vault.indexes(one)]
    rows = {
        tables.patient: [{"id": n, "sequence": 3, "head": "0" * 64, "created": NOW} for n in people],
        tables.vault: [{"patient_id": n, "key": key, "sealed": secret} for n, key, secret in sealed],
        tables.lookup: [{"kind": kind, "blind": blind, "patient_id": n} for n, kind, blind in found],
        tables.ledger: [first_line(n) for n in people],
        tables.tracking: [row(n, chance) for n in people],
        work_tables.outlook: [ahead(n, chance) for n in people],
    }
    with database.writing() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), values)
    for first in range(drawn, patients, drawn):
        with database.writing() as connection:
            again(connection, min(drawn, patients - first), first)
    with database.writing() as connection:
        owner, number = tables.tracking.c.owner, tables.tracking.c.patient_id
        others = update(tables.tracking).where(owner == "anna", number > MINE)
        connection.execute(others.values(owner="ben"))
        for entry in (Colleague(name="anna"), Site(zone="UTC", lead="anna")):
            say(connection, entry, recorder="bench", now=NOW)
        account = accounts.add(connection, "anna", ["coordinator"], "benchmarks only", NOW, must_change=False)
        seen = [{"account": account, "patient_id": n, "sequence": 2} for n in range(1, MINE + 1)]
        connection.execute(insert(web_tables.seen), seen)
        connection.execute(text("ANALYZE"))
        return accounts.begin(connection, account, NOW, "bench")


def seconds(ask: Callable[[], object]) -> tuple[float, float]:
    """The p50 of some rounds after one that warms up: by the clock, and of this process."""
    ask()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter(), time.process_time()
        ask()
        taken.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    return median(clock for clock, _ in taken), median(own for _, own in taken)


def questions(database: Database) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the page asks of the database, one by one."""
    closed, ticked = closed_states(), Ticked(due=OPEN)
    everybody, mine = Scope(TODAY, closed), Scope(TODAY, closed, ("anna",))

    def asked(ask: Callable[..., object], *given: Any, **named: Any) -> Callable[[], object]:
        def run() -> object:
            with database.reading() as connection:
                return ask(connection, *given, **named)

        return run

    with database.reading() as connection:
        by = outlooks.by(connection, TODAY)
    yield "nothing to be counted anew", lambda: tallies.bring_up_to_date(database, TODAY)
    for order in ORDERS:
        yield f"50 rows by {order}", asked(desk_list.page, everybody, by, ticked, order=order)
        yield f"50 rows of mine by {order}", asked(desk_list.page, mine, by, ticked, order=order)
    for flag in desk_list.FLAGS:
        narrow = Ticked(due=OPEN, flags=(flag,))
        yield f"50 rows flagged {flag}", asked(desk_list.page, everybody, by, narrow)
    yield "page 20", asked(desk_list.page, everybody, by, ticked, first=950)
    yield "all counts", asked(tallied, everybody, by)
    for flag in desk_list.FLAGS:
        yield (
            f"how many flagged {flag}",
            asked(count, everybody, by, Ticked(due=OPEN, flags=(flag,))),
        )
    yield "corrected since I looked", asked(looked.corrected, 1)
    yield "search by a reference", asked(found_by, "B0000777")
    yield "search in vain", asked(found_by, "nobody at all")

    def stale(connection: Connection) -> object:
        return outlooks.not_right(connection, connection, by, 1, closed, decided_states())

    yield "of whom a date may have passed", asked(stale)


def pages(database: Database, secret: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """The page through the application."""
    client = TestClient(application(Place(database, shipped(database), lambda: NOW, secure=False)))
    client.cookies.set("carepath", secret)

    def get(path: str) -> Callable[[], object]:
        def ask() -> None:
            assert client.get(path).status_code == 200, path

        return ask

    for path in ("/?owner=me", "/?owner=", "/?owner=&order=window"):
        yield f"page {path}", get(path)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--patients", type=int, default=FEW)
    options.add_argument("--full", action="store_true")
    options.add_argument("--postgresql", action="store_true")
    said = options.parse_args()
    patients = FULL if said.full else said.patients
    heading(f"The desk's list, {patients:,} patients, p50 of {ROUNDS}")
    slow = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/list.db"
        if said.postgresql:
            server = stack.enter_context(running())
            url = server.new_database()
            stack.callback(server.drop, url)
        database = open_database(url, new_keys())
        began = time.monotonic()
        secret = fill(database, patients)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        began = time.process_time()
        tallies.count_anew(database, TODAY)
        print(f"counted anew, once a day: {time.process_time() - began:.2f} s", flush=True)
        for name, ask in (*questions(database), *pages(database, secret)):
            clock, own = seconds(ask)
            print(f"  {name:<34} {clock * 1000:8.1f} ms   {own * 1000:8.1f} ms", flush=True)
            if own > TARGET and not name.startswith("page /"):
                slow.append(name)
        database.close()
    print(f"each query within {TARGET * 1000:.0f} ms: {'met' if not slow else 'MISSED: ' + ', '.join(slow)}")
    return 1 if slow and patients <= FEW else 0


if __name__ == "__main__":
    raise SystemExit(main())
