"""Into which messages notices come: each person's by each of their channels, in an order all workers keep."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Insert, select, update
from sqlalchemy.event import listen

from coordination.entries import Person, Team
from notifications.address import address
from notifications.channels import INBOX
from notifications.sweep import sweep
from store import messages, outbox, trail
from store.database import Database
from store.work_tables import desk, message, notice
from tests.notifications.office import LENA, SITE, Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
NIGHT, MORNING = at("2025-04-01", "00:05"), at("2025-04-01", "08:00")
PEOPLE = (
    Person(name="anna", addresses={"m-email": "anna@example.org", "email": "anna@example.net"}),
    Person(name="anna-m", addresses={"email": "anna-m@example.org"}),
)


def ward(database: Database) -> None:
    """Two patients of a team, whose response is overdue."""
    furnish(database, SITE, *PEOPLE, LENA, Team(name="ward", members=("anna", "anna-m")))
    for reference in ("V01", "V02"):
        say(database, live(reference, START, facts={"sex": "female"}))
        assign(database, reference, "ward")


def test_names_that_read_alike_together_share_no_message(database: Database) -> None:
    ward(database)
    email, other = Kept(), Kept("m-email")
    for now in (NIGHT, MORNING):
        tick(database, now, email)
        tick(database, now, other)
    assert sorted(one.address for one in email.sent) == ["anna-m@example.org", "anna@example.net"]
    assert [one.address for one in other.sent] == ["anna@example.org"]
    assert all("V01" in one.text and "V02" in one.text for one in (*email.sent, *other.sent))


def test_what_is_in_the_inbox_was_told_by_that(database: Database) -> None:
    ward(database)
    sweep(database, now=NIGHT, derive=derivation)
    assert address(database, "w1", now=NIGHT, derive=derivation).said == 2
    with database.reading() as connection:
        told = trail.received(connection, ["anna", "anna-m"], INBOX)
        sent = select(message.c.status, message.c.settled, message.c.wake).where(message.c.channel == INBOX)
        assert {(*row,) for row in connection.execute(sent)} == {("sent", NIGHT, None)}
    assert len(told) == 4


def test_one_patient_who_cannot_be_read_stops_nobody_who_is_read_together(database: Database) -> None:
    ward(database)
    sweep(database, now=NIGHT, derive=derivation)
    with database.writing() as connection:
        connection.execute(update(desk).where(desk.c.patient_id == 2).values(payload="{"))
    done = address(database, "w1", now=NIGHT, derive=derivation)
    assert (done.said, done.aside) == (1, 1)


def test_workers_that_write_at_once_take_messages_in_the_same_order(database: Database) -> None:
    ward(database)
    sweep(database, now=NIGHT, derive=derivation)
    taken: list[str] = []

    def noted(_: object, statement: object, rows: list[dict[str, str]], *__: object) -> None:
        if isinstance(statement, Insert) and statement.table is message:
            taken.extend(row["id"] for row in rows)

    listen(database.engine, "before_execute", noted)
    address(database, "w1", now=NIGHT, derive=derivation)
    assert len(taken) == 7
    assert taken == sorted(taken)


def test_a_digest_that_two_workers_make_at_the_same_moment_is_one_that_tells_all(database: Database) -> None:
    ward(database)
    sweep(database, now=NIGHT, derive=derivation)
    with database.reading() as connection:
        ids = list(connection.execute(select(notice.c.id).limit(2)).scalars())
    about = {"recipient": "anna", "channel": "email", "kind": "digest", "made": NIGHT, "wake": MORNING}
    row = {"id": "digest/1", **about}

    def put(told: str) -> set[str]:
        with database.writing() as connection:
            late = messages.put(connection, {"digest/1": (row, [told])})
            begun.set()
            time.sleep(0.05)  # so that the other one finds it made, and not yet committed
            return late

    begun = threading.Event()
    with ThreadPoolExecutor(2) as workers:
        first = workers.submit(put, ids[0])
        begun.wait()
        assert not workers.submit(put, ids[1]).result() | first.result()
    with database.reading() as connection:
        assert {told.id for told in outbox.told_by(connection, "digest/1")} == {*ids}
