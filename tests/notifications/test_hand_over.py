"""Handing over, where something is wrong that nobody thought of: told, tried again, and given up at last."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from coordination.entries import Person
from notifications import deliver as module
from notifications.channels import Down, Outgoing, Passing
from notifications.channels import Final as Never
from notifications.deliver import LEASE, deliver, pause
from notifications.worker import Worker
from store import clock, letters, outbox, queues
from store.database import Database
from store.errors import Busy
from store.insist import BREATHS
from store.work_tables import attempt, message
from tests.notifications.office import BEN, LENA, SITE, Kept, assign, furnish, tick
from tests.store.cast import at, event, live, say
from tests.store.toy import derivation

START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
NIGHT, MORNING = at("2025-04-01", "00:05"), at("2025-04-01", "08:00")
ALWAYS = Person(
    name="anna",
    addresses={"email": "anna@example.org"},
    quiet_from=datetime.min.time(),
    quiet_until=datetime.min.time(),
    working_days=(1, 2, 3, 4, 5, 6, 7),
)
EVERY_DAY = SITE.model_copy(update={"working_days": (1, 2, 3, 4, 5, 6, 7)})


MOST = 4
"""Tries, in these tests."""


@pytest.fixture
def ward(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A message to anna, who minds no hour, that is to leave in the morning."""
    monkeypatch.setattr(module, "MOST_TRIES", MOST)
    furnish(database, EVERY_DAY, ALWAYS, BEN, LENA)
    say(database, live("V01", START, facts={"sex": "female"}))
    assign(database, "V01", "anna")
    tick(database, NIGHT, Kept())
    return database


class Watch:
    """A clock that goes on by a moment each time somebody looks at it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=5)
        return self.now


@dataclass
class Mistaken:
    """A channel with a mistake of ours in it."""

    name: str = "email"
    per_minute: int | None = None
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, one: Outgoing) -> None:
        self.sent.append(one)
        raise KeyError("V01 was born on 1970-04-12")


def mail(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(select(message).where(message.c.channel == "email")).one()


def tries(database: Database) -> list[tuple[int, str, str]]:
    columns = (attempt.c.number, attempt.c.outcome, attempt.c.told)
    with database.reading() as connection:
        return [(*row,) for row in connection.execute(select(*columns).order_by(attempt.c.number))]


def hand_over(database: Database, channel: Any, now: datetime = MORNING, **more: Any) -> module.Delivered:
    return deliver(database, "w1", channel, now=now, derive=derivation, **more)


def until_given_up(database: Database, channel: Any, most: int = MOST + 2, **more: Any) -> int:
    """Let a worker come by whenever the message is to be tried; how often it was."""
    watch, rounds = Watch(MORNING), 0
    while (one := mail(database)).wake is not None and rounds < most:
        watch.now = max(watch.now, one.wake)
        deliver(database, "w1", channel, now=watch.now, derive=derivation, clock=watch, **more)
        rounds += 1
    return rounds


def test_a_mistake_in_a_channel_is_told_and_given_up_at_last(ward: Database) -> None:
    channel = Mistaken()
    assert until_given_up(ward, channel) == len(channel.sent) == MOST
    told = "it could not be handed over (KeyError in test_hand_over.py, line "
    assert {outcome for _, outcome, _ in tries(ward)} == {"again", "never"}
    assert all(told in why for _, _, why in tries(ward))
    one = mail(ward)
    assert (one.status, one.reason.startswith(f"given up after {MOST} tries: {told}")) == ("dead", True)


def test_so_is_a_mistake_in_a_template_of_a_long_digest(
    ward: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EACH", LEASE)  # one notice is many
    (tmp_path / "message.txt.j2").write_text("{{ page.nothing.at_all }}")
    assert until_given_up(ward, Kept(), templates=tmp_path) == MOST
    one = mail(ward)
    assert one.status == "dead"
    assert "tries: it could not be written (UndefinedError in " in one.reason


def test_what_is_sent_again_is_tried_soon_and_with_the_same_pauses(ward: Database) -> None:
    until_given_up(ward, Kept(fails=[Passing("no answer")] * MOST))
    for number in (1, 2):
        with ward.writing() as connection:
            letters.send_again(connection, mail(ward).id, MORNING + timedelta(number), "anna")
        now = MORNING + timedelta(number)
        hand_over(ward, Kept(fails=[Passing("no answer")]), now)
        assert mail(ward).wake - now <= timedelta(minutes=2)
        hand_over(ward, Kept(fails=[Never("no")]), now + timedelta(minutes=2))
    assert mail(ward).status == "dead"


def test_a_pause_is_never_too_long_to_be_told() -> None:
    assert max(pause("m", number) for number in range(1, 2000)) <= module.LONGEST_PAUSE


def stand_in_the_way(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The next so many times nobody can write down how a try ended."""
    end_try, left = outbox.end_try, iter(range(times))
    monkeypatch.setattr(clock, "wait", lambda _: None)

    def ended(*said: Any) -> None:
        if next(left, None) is not None:
            raise Busy
        end_try(*said)

    monkeypatch.setattr(outbox, "end_try", ended)


def test_a_database_that_is_busy_for_a_while_lets_nothing_be_sent_twice(
    ward: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in_the_way(monkeypatch, len(BREATHS))
    email = Kept()
    assert hand_over(ward, email).sent == 1
    assert hand_over(ward, email, MORNING + 2 * LEASE).sent == 0
    assert tries(ward) == [(1, "sent", "")]


def test_what_was_handed_over_and_not_written_down_waits_for_its_lease(
    ward: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in_the_way(monkeypatch, len(BREATHS) + 1)
    email = Kept()
    with pytest.raises(Busy):
        hand_over(ward, email)
    outbox.release(ward, message, "w1", channel="email")
    assert hand_over(ward, email, MORNING + timedelta(minutes=1)).sent == 0
    assert hand_over(ward, email, MORNING + LEASE).sent == 1, "nobody knows whether it arrived"
    assert email.sent[0].key == email.sent[1].key
    assert [outcome for _, outcome, _ in tries(ward)] == ["begun", "sent"]


def in_vain(database: Database, now: datetime) -> list[queues.InVain]:
    with database.reading() as connection:
        return queues.in_vain(connection, now, timedelta(hours=1))


def test_what_is_tried_in_vain_for_long_is_counted_until_it_leaves(ward: Database) -> None:
    email = Kept(fails=[Passing("the mailbox is full"), Down("away")])
    hand_over(ward, email)
    hand_over(ward, email, MORNING + timedelta(minutes=59))
    assert in_vain(ward, MORNING + timedelta(hours=1)) == []
    later = MORNING + timedelta(hours=1, seconds=1)
    assert in_vain(ward, later) == [("email", 1, MORNING, "away", True)]
    assert hand_over(ward, email, MORNING + timedelta(hours=2)).sent == 1
    assert in_vain(ward, MORNING + timedelta(hours=3)) == []


def test_what_is_sent_again_has_an_hour_as_before(ward: Database) -> None:
    hand_over(ward, Kept(fails=[Never("no")]))
    again = MORNING + timedelta(days=2)
    with ward.writing() as connection:
        letters.send_again(connection, mail(ward).id, again, "anna")
    assert in_vain(ward, again) == []
    hand_over(ward, Kept(fails=[Passing("full")]), again)
    assert in_vain(ward, again + timedelta(hours=1)) == []
    assert in_vain(ward, again + timedelta(hours=2)) == [("email", 1, again, "full", False)]


@pytest.mark.parametrize(("error", "heard"), [(Passing("full"), True), (Down("away"), False)])
def test_who_listens_is_alarmed_where_nothing_goes_through_for_long(
    ward: Database, error: Exception, heard: bool
) -> None:
    calls, watch = list[datetime](), Watch(MORNING)
    email = Kept(fails=[error] * 9)
    worker = Worker(ward, derivation, [email], "w1", watch, ping=lambda: calls.append(watch.now))
    for now in (MORNING, MORNING + timedelta(hours=2)):
        watch.now = now
        for loop in worker.loops():
            if not loop.nightly:
                worker.come_round(loop)
    assert [one.hour for one in calls] == [8, 10] if heard else [8]
