"""Between any two statements of a worker somebody else may write, die or wake up late: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from coordination.entries import Acknowledged, Comment, Item
from notifications import address as addressing
from notifications import sweep as planning_room
from notifications.address import address
from notifications.channels import Down, Outgoing, Passing
from notifications.deliver import LEASE, deliver
from notifications.sweep import Batch, sweep, worked_out
from store import outbox, planning
from store.database import Database
from store.errors import CannotWrite
from store.together import together
from store.work_tables import attempt, message, notice
from store.workers import Place
from tests.notifications.office import BEN, LENA, SITE, Kept, assign, furnish, say_about, tick
from tests.store.cast import at, event, live, say
from tests.store.intruder import intrude
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
ABOUT = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
DONE = event("response_assessed", "2025-03-31", "r1", overall="PR")
LATE = at("2025-04-01", "00:05")  # the item is overdue


@pytest.fixture
def ward(database: Database) -> Database:
    """One patient of anna's, whose response is due on the last of March."""
    furnish(database)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    return database


def taken_on(until: str) -> Acknowledged:
    return Acknowledged(about=ABOUT, until=date.fromisoformat(until), reason="asked the practice")


def statuses(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {one.rung: one.status for one in planning.of_patient(connection, [1])}


def tries(database: Database) -> list[tuple[int, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(attempt.c.number, attempt.c.outcome).order_by(attempt.c.number))
        return [(number, outcome) for number, outcome in rows]


def messages(database: Database, channel: str = "email") -> list[tuple[str, str]]:
    with database.reading() as connection:
        query = select(message.c.id, message.c.status).where(message.c.channel == channel)
        return [(id, status) for id, status in connection.execute(query.order_by(message.c.id))]


@dataclass
class Meanwhile:
    """A channel that does something while it has a message."""

    during: Callable[[Outgoing], None]
    name: str = "email"
    per_minute: int | None = None
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, one: Outgoing) -> None:
        self.sent.append(one)
        self.during(one)


def test_what_is_no_longer_put_off_is_told_with_the_next_digest(ward: Database) -> None:
    email = Kept()
    say_about(ward, "V01", taken_on("2025-05-31"), now=at("2025-03-20"))
    tick(ward, at("2025-03-31", "00:05"), email)
    assert statuses(ward) == {"opening": "overtaken", "due": "waiting"}
    say_about(ward, "V01", taken_on("2025-03-31"), now=at("2025-03-31", "05:00"))
    tick(ward, at("2025-03-31", "05:10"), email)
    tick(ward, at("2025-03-31", "08:00"), email)
    assert len(email.sent) == 1


def test_what_was_left_out_and_holds_again_is_told_then(ward: Database) -> None:
    email = Kept()
    tick(ward, LATE, email)
    say(ward, live("V01", DONE), at("2025-04-01", "06:00"))
    for clock in ("08:00", "08:01"):
        tick(ward, at("2025-04-01", clock), email)
    assert (email.sent, statuses(ward)["overdue"]) == ([], "withdrawn")
    gone = event("retraction", "2025-04-01", "x1", target="r1", reason="another patient")
    say(ward, live("V01", gone), at("2025-04-01", "12:00"))
    tick(ward, at("2025-04-01", "12:05"), email)
    tick(ward, at("2025-04-02", "08:00"), email)
    assert [one.key for one in email.sent] == ["digest/2025-04-02/anna/email"]
    assert len(messages(ward, "inbox")) == 1, "who has read it already is not told again"


def test_a_digest_that_leaves_late_takes_what_came_up_since(ward: Database) -> None:
    email = Kept()
    tick(ward, at("2025-03-31", "00:05"), email)
    for clock in ("12:00", "12:01"):
        tick(ward, at("2025-04-01", clock), email)
    (one,) = email.sent
    assert one.key == "digest/2025-03-31/anna/email"
    assert statuses(ward) == {"opening": "overtaken", "due": "overtaken", "overdue": "said"}


def test_a_message_once_tried_takes_no_more(ward: Database) -> None:
    email = Kept(fails=[Passing("no answer")])
    tick(ward, at("2025-03-31", "00:05"), email)
    tick(ward, at("2025-03-31", "08:00"), email)
    say(ward, live("V02", START, facts={"sex": "female"}), at("2025-03-31", "08:01"))
    assign(ward, "V02", "anna", now=at("2025-03-31", "08:01"))
    tick(ward, LATE, email)
    tick(ward, at("2025-04-01", "08:00"), email)
    assert [status for _, status in messages(ward)] == ["withdrawn", "sent"], "due was overtaken meanwhile"
    (one,) = email.sent
    assert one.key == "digest/2025-04-01/anna/email"
    assert "V01" in one.text
    assert "V02" in one.text
    assert tries(ward) == [(1, "again"), (1, "sent")]


def test_who_decided_by_what_no_longer_holds_writes_nothing(ward: Database) -> None:
    say_about(ward, "V01", taken_on("2025-05-31"), now=at("2025-03-20"))
    sweep(ward, now=LATE, derive=derivation)
    taken = outbox.claim(ward, notice, "late", LATE, lease=LEASE, limit=50)
    old = addressing._looked(ward, taken, LATE, derivation)
    say_about(ward, "V01", taken_on("2025-04-01"), now=LATE)
    sweep(ward, now=LATE + timedelta(seconds=1), derive=derivation)
    with ward.writing() as connection:
        addressing._kept(old, connection, old.decided)
    now = LATE + timedelta(seconds=2)
    done = address(ward, "w1", now=now, derive=derivation)
    assert (done.said, done.held) == (1, 0)


def test_a_plan_made_before_somebody_said_something_is_not_kept(ward: Database) -> None:
    place = Place(ward, derivation)
    say_about(ward, "V01", Comment(text="first"), now=LATE)
    (old,) = worked_out(place, Batch(LATE, (1,)))
    sweep(ward, now=LATE, derive=derivation)
    say_about(ward, "V01", taken_on("2025-05-31"), now=LATE)
    with ward.writing() as connection:
        assert planning_room._written(LATE, connection, [old]) == planning_room.Swept()
    assert sweep(ward, now=LATE, derive=derivation).planned == 1


def test_after_a_rebuild_everybody_is_planned_anew(ward: Database) -> None:
    assert sweep(ward, now=LATE, derive=derivation).planned == 1
    assert sweep(ward, now=LATE, derive=derivation).planned == 0
    with ward.writing() as connection:
        planning.plan_all(connection)
    assert sweep(ward, now=LATE, derive=derivation).planned == 1


def test_who_comes_late_to_the_hand_over_sends_nothing(ward: Database) -> None:
    tick(ward, LATE, Kept())
    morning = at("2025-04-01", "08:00")
    slow, quick = Kept(), Kept()
    clocks = iter([morning, morning, morning + 2 * LEASE, morning + 2 * LEASE])

    def clock() -> Any:
        now = next(clocks)
        if now > morning:  # while w1 was about to hand it over, w2 has come by
            deliver(ward, "w2", quick, now=now, derive=derivation)
        return now

    deliver(ward, "w1", slow, now=morning, derive=derivation, clock=clock)
    assert (len(slow.sent), len(quick.sent)) == (0, 1)


def test_an_answer_after_the_lease_may_send_it_twice_under_one_key(ward: Database) -> None:
    tick(ward, LATE, Kept())
    morning = at("2025-04-01", "08:00")
    other = Kept()

    def hang(_: Outgoing) -> None:
        deliver(ward, "w2", other, now=morning + 2 * LEASE, derive=derivation)

    slow = Meanwhile(hang)
    deliver(ward, "w1", slow, now=morning, derive=derivation)
    assert [one.key for one in (*slow.sent, *other.sent)] == ["digest/2025-04-01/anna/email"] * 2
    assert tries(ward) == [(1, "sent"), (2, "sent")]
    assert messages(ward) == [("digest/2025-04-01/anna/email", "sent")]


def test_what_became_settled_while_it_was_written_is_not_sent(ward: Database) -> None:
    """The last look is after the claim, at what was committed by then."""
    tick(ward, LATE, Kept())
    morning = at("2025-04-01", "08:00")
    taken = outbox.claim(ward, message, "w1", morning, lease=LEASE, limit=1, channel="email")
    say(ward, live("V01", DONE), morning)
    outbox.release(ward, message, "w1")
    email = Kept()
    deliver(ward, "w2", email, now=morning, derive=derivation)
    assert taken.rows
    assert email.sent == []


def test_a_mistake_with_one_message_stops_no_other(ward: Database) -> None:
    furnish(ward, SITE, BEN, LENA)
    say(ward, live("V02", START, facts={"sex": "female"}))
    assign(ward, "V02", "ben")
    tick(ward, LATE, Kept())

    def fail(one: Outgoing) -> None:
        if "anna" in one.address:
            raise KeyError("V01 was born on 1970-04-12")

    email, now = Meanwhile(fail), at("2025-04-01", "08:00")
    done = deliver(ward, "w1", email, now=now, derive=derivation)
    assert (done.sent, done.later) == (1, 1)
    with ward.reading() as connection:
        told = list(connection.execute(select(attempt.c.told).where(attempt.c.outcome == "again")).scalars())
    (words,) = told
    assert words.startswith("it could not be handed over (KeyError in test_nothing_lost.py, line ")


def test_a_channel_that_is_down_is_left_alone_until_the_next_round(ward: Database) -> None:
    for number in range(2, 5):
        say(ward, live(f"V{number:02d}", START, facts={"sex": "female"}))
    furnish(ward, BEN, LENA)
    for reference, owner in (("V02", "ben"), ("V03", "lena")):
        assign(ward, reference, owner)
    tick(ward, LATE, Kept())
    morning = at("2025-04-01", "08:00")
    email = Kept(fails=[Down("nobody answers")])
    done = deliver(ward, "w1", email, now=morning, derive=derivation)
    assert (done.sent, done.later, done.down) == (0, 1, True)
    assert deliver(ward, "w2", email, now=morning, derive=derivation).sent == 2, "given back at once"
    assert deliver(ward, "w2", email, now=morning + timedelta(minutes=2), derive=derivation).sent == 1


def test_a_row_with_which_workers_come_to_an_end_is_taken_alone(ward: Database) -> None:
    for number in range(2, 6):
        say(ward, live(f"V{number:02d}", START, facts={"sex": "female"}))
    sweep(ward, now=LATE, derive=derivation)
    with ward.writing() as connection:
        connection.execute(notice.update().where(notice.c.patient_id <= 2).values(attempts=2))
    taken = [outbox.claim(ward, notice, "w1", LATE, lease=LEASE, limit=50) for _ in range(4)]
    assert [len(one.rows) for one in taken] == [3, 1, 1, 0]


def test_several_rows_end_each_in_its_own_way_but_none_that_somebody_else_has(ward: Database) -> None:
    for number in range(2, 5):
        say(ward, live(f"V{number:02d}", START, facts={"sex": "female"}))
    sweep(ward, now=LATE, derive=derivation)
    taken = outbox.claim(ward, notice, "w1", LATE, lease=LEASE, limit=50)
    said, told, put_off, lost = (row.id for row in taken.rows)
    with ward.writing() as connection:
        connection.execute(notice.update().where(notice.c.id == lost).values(worker="w2"))
        ends = {lost: ("said", "no"), told: ("said", "to anna"), said: ("overtaken", "due since today")}
        assert outbox.settle_all(connection, taken, ends, LATE) == {said, told}
        outbox.postpone_all(connection, taken, dict.fromkeys((put_off, lost, told), (LATE + LEASE, "paused")))
        columns = [notice.c[name] for name in ("id", "status", "reason", "worker", "wake", "settled")]
        mine = notice.c.id.in_([row.id for row in taken.rows])
        kept = {row.id: tuple(row)[1:] for row in connection.execute(select(*columns).where(mine))}
    assert kept == {
        said: ("overtaken", "due since today", None, None, LATE),
        told: ("said", "to anna", None, None, LATE),
        put_off: ("waiting", "paused", None, LATE + LEASE, None),
        lost: ("waiting", "", "w2", LATE, None),
    }


def test_one_patient_who_cannot_be_derived_stops_nobody(ward: Database) -> None:
    broken = event("follow_up_visit", "2025-03-20", "b1", note="engine failure")
    say(ward, live("V02", START, broken, facts={"sex": "female"}))
    done = sweep(ward, now=LATE, derive=derivation)
    assert (done.planned, done.aside) == (1, 1)
    with ward.reading() as connection:
        assert planning.set_aside(connection) == [(2, "CannotDerive")]
    assert sweep(ward, now=LATE, derive=derivation).aside == 0, "tried again the next day"
    assert sweep(ward, now=LATE + timedelta(1), derive=derivation).aside == 1


def test_one_patient_whose_entry_somebody_has_spoilt_stops_nobody(ward: Database) -> None:
    say(ward, live("V02", START, facts={"sex": "female"}))
    intrude(ward, "UPDATE ledger SET payload = '{' WHERE patient_id = 1 AND kind = 'event'")
    done = sweep(ward, now=LATE, derive=derivation)
    assert (done.planned, done.aside) == (1, 1)
    with ward.reading() as connection:
        assert planning.set_aside(connection) == [(1, "JSONDecodeError")]


def test_a_database_that_goes_away_is_gone_on_with(ward: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise CannotWrite

    tick(ward, at("2025-03-16"), Kept())
    sweep(ward, now=LATE, derive=derivation)
    monkeypatch.setattr(addressing, "together", lost)
    with pytest.raises(CannotWrite):
        address(ward, "w1", now=LATE, derive=derivation)
    monkeypatch.setattr(addressing, "together", together)
    assert address(ward, "w1", now=LATE, derive=derivation).said == 0, "it is still held"
    outbox.release(ward, notice, "w1")
    assert address(ward, "w1", now=LATE, derive=derivation).said == 1


def test_who_is_told_to_stop_takes_nothing_new_and_gives_back_the_rest(ward: Database) -> None:
    furnish(ward, BEN)
    say(ward, live("V02", START, facts={"sex": "female"}))
    assign(ward, "V02", "ben")
    tick(ward, LATE, Kept())
    answers = iter([True, True, False, False])
    email, morning = Kept(), at("2025-04-01", "08:00")
    deliver(ward, "w1", email, now=morning, derive=derivation, going=lambda: next(answers))
    assert len(email.sent) == 1
    deliver(ward, "w2", email, now=morning, derive=derivation)
    assert len(email.sent) == 2
    assert sweep(ward, now=morning, derive=derivation, going=lambda: False).planned == 0
