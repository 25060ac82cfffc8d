"""One effect, one id: workers killed at random, transports that fail or hang, a server that goes away."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from coordination.entries import Person
from notifications.sweep import sweep
from store.database import Database
from store.errors import StoreError
from store.outbox import BEGUN, SENT, WAITING
from store.tables import patient
from store.work_tables import attempt, message, notice
from tests.notifications.crew import LEASE, Watch, crew, hire, received
from tests.notifications.office import SITE, assign, furnish
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
MORNING = at("2025-04-01", "10:00")  # everything is overdue since midnight
ANNA = Person(
    name="anna",
    addresses={"email": "anna@example.org", "hook": "https://example.org"},
    singly=("overdue",),
    quiet_from=datetime.min.time(),
    quiet_until=datetime.min.time(),
)


PATIENCE = 60
"""Seconds in which something moves, also on a machine with much else to do."""


@dataclass(frozen=True)
class Ordeal:
    """How many patients are due and how many notices lie ahead; how many workers, killed how often."""

    due: int
    ahead: int
    workers: int
    kills: int
    pause: float = 0.4
    """Seconds between two kills, at most."""
    fails: float = 0.1
    hangs: float = 0.0


def waiting(database: Database, ordeal: Ordeal) -> None:
    furnish(database, SITE, ANNA)
    for number in range(ordeal.due):
        reference = f"V{number:05d}"
        say(database, live(reference, START, facts={"sex": "female"}))
        assign(database, reference, "anna")
    say(database, live("later", START, facts={"sex": "female"}))
    sweep(database, now=MORNING - timedelta(days=1), derive=derivation)
    with database.writing() as connection:
        connection.execute(update(patient).where(patient.c.id == ordeal.due + 1).values(plan_on=None))
        for first in range(0, ordeal.ahead, 5_000):
            numbers = range(first, min(first + 5_000, ordeal.ahead))
            connection.execute(insert(notice), [lies_ahead(number, ordeal.due + 1) for number in numbers])


def lies_ahead(number: int, patient_id: int) -> dict[str, object]:
    """A notice of somebody with many that are put off."""
    day = (MORNING + timedelta(30 + number % 300)).date()
    about = {"pathway": "toy", "item": "t-response", "anchor": "[]", "due": day, "rung": "due", "day": day}
    wake = (MORNING + timedelta(30 + number % 300)).astimezone(UTC)
    row = {"id": f"ahead-{number}", "patient_id": patient_id, "issued": MORNING.astimezone(UTC)}
    empty = {"status": WAITING, "reason": "", "settled": None, "lease": None, "worker": None, "attempts": 0}
    return {**row, **about, **empty, "wake": wake}


def endure(database: Database, url: str, file: Path, ordeal: Ordeal, disturb: Callable[[int], None]) -> None:
    """Let workers work and be killed, while patients are seen; then look at what arrived."""
    waiting(database, ordeal)
    chance, done = random.Random(ordeal.due), dict[str, float]()
    watch = Watch(MORNING, time.time())
    given = (url, file, watch, ordeal.fails, ordeal.hangs)
    with crew(ordeal.workers, *given) as there:
        for turn in range(ordeal.kills):
            time.sleep(chance.uniform(0.05, ordeal.pause))
            victim = chance.randrange(len(there))
            there[victim].kill()
            there[victim].join()
            disturb(turn)
            seen(database, chance.randrange(ordeal.due), done)
            there[victim] = hire(1_000 + turn, *given)
        until_quiet(database)
    judge(database, file, ordeal, done)


def seen(database: Database, number: int, done: dict[str, float]) -> None:
    """The response of a patient is assessed; from then on nothing is to be told."""
    reference = f"V{number:05d}"
    for _ in range(20):
        try:
            say(
                database,
                live(reference, event("response_assessed", "2025-04-01", "r1", overall="PR")),
                MORNING,
            )
        except StoreError:  # the server is being restarted
            time.sleep(0.2)
        else:
            done.setdefault(reference, time.time())
            return


def until_quiet(database: Database) -> None:
    """Wait until nothing waits that is not put off for long."""
    horizon = (MORNING + timedelta(days=1)).astimezone(UTC)
    queries = [
        select(patient.c.id).where(patient.c.sequence > patient.c.planned_sequence),
        *(select(one).where(one.c.wake < horizon) for one in (notice, message)),
    ]
    left, since = list[object](), time.monotonic()
    while time.monotonic() - since < PATIENCE:
        before = left
        with database.reading() as connection:
            left = [row for query in queries for row in connection.execute(query)]
        if not left:
            return
        if len(left) != len(before):
            since = time.monotonic()
        time.sleep(0.1)
    raise AssertionError(f"something waits for ever: {left}")


def judge(database: Database, file: Path, ordeal: Ordeal, done: dict[str, float]) -> None:
    arrived = received(file)
    told = {(channel, reference(words)) for channel, _, _, _, words in arrived}
    for number in range(ordeal.due):
        for channel in ("email", "hook"):
            name = f"V{number:05d}"
            assert (channel, name) in told or name in done, f"{name} was not told by {channel}"
    for channel, key, checked, _, words in arrived:
        name = reference(words)
        assert checked < done.get(name, checked + 1), f"{key} by {channel} was settled before the last look"
    keys = {(channel, reference(words), key) for channel, key, _, _, words in arrived}
    assert len(keys) == len(told), "each effect has one key"
    more_than_once(database, arrived)
    with database.reading() as connection:
        ahead = select(func.count()).select_from(notice).where(notice.c.id.like("ahead-%"))
        assert connection.execute(ahead.where(notice.c.status != WAITING)).scalar_one() == 0


def more_than_once(database: Database, arrived: list[list[object]]) -> None:
    """What arrived twice: its worker was killed or cut off while it had it, and the try never ended; or it
    was settled only when the lease had run out, so that the next try began a lease later at least.
    """
    tries: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    with database.reading() as connection:
        query = select(attempt.c.message, attempt.c.at, attempt.c.outcome).order_by(attempt.c.number)
        for id, began, outcome in connection.execute(query):
            tries[id].append((began, outcome))
    for key, times in Counter(str(key) for _, key, _, _, _ in arrived).items():
        tried = tries[key]
        assert times <= sum(outcome in (SENT, BEGUN) for _, outcome in tried), f"{key} arrived without a try"
        for (began, outcome), (next_began, _) in pairwise(tried):
            assert outcome != SENT or next_began - began >= LEASE, f"{key} was sent twice within one lease"


def reference(words: str) -> str:
    return words[words.index("V") :][:6]


def test_a_few_workers_killed_now_and_then(database: Database, url: str, tmp_path: Path) -> None:
    endure(database, url, tmp_path / "received", Ordeal(8, 50, 2, 4), lambda _: None)


def test_connections_that_are_cut(database: Database, url: str, tmp_path: Path) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("there is no connection to be cut")

    def cut(_: int) -> None:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        with database.reading() as connection:
            connection.exec_driver_sql(f"{query} AND datname = current_database()")

    endure(database, url, tmp_path / "received", Ordeal(8, 50, 2, 3), cut)


@pytest.mark.soak
def test_four_workers_and_a_hundred_thousand_notices(
    database: Database, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def restart(turn: int) -> None:
        if database.engine.dialect.name == "postgresql" and turn % 20 == 19:
            request.getfixturevalue("postgresql").restart()

    endure(
        database, url, tmp_path / "received", Ordeal(1_000, 100_000, 4, 150, pause=4.0, hangs=0.02), restart
    )
