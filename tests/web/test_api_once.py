"""What programs ask for at the same moment with the same key is done once, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from notifications.channels import Outgoing
from store import accounts
from store.database import open_database
from tests.keys import KEYS
from tests.web.conftest import NOON, Desk
from tests.web.programs import Program, program
from tests.web.test_operations_record import Way, with_house
from web.house import House

NEW = {"reference": "N-1", "suspected_on": "2025-02-20"}
TO = {"to": "anna@example.org"}


@pytest.fixture
def bare(any_url: str, quick_hashes: None) -> Iterator[Desk]:
    """A desk without patients, on either database."""
    database = open_database(any_url, KEYS)
    with database.writing() as connection:
        accounts.add(connection, "program", ["integration"], None, NOON)
    yield Desk(database)
    database.close()


class Slow(Way):
    """A channel that hands over when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = threading.Event(), threading.Event()

    def send(self, one: Outgoing) -> None:
        self.begun.set()
        assert self.may_end.wait(20)
        super().send(one)


def test_a_patient_whom_several_register_at_once_under_one_key_is_one(bare: Desk) -> None:
    asking, together = program(bare), threading.Barrier(3)

    def register(number: int) -> Any:
        mine = Program(asking.client, asking.secret)
        together.wait(20)
        return mine.send("/patients", NEW, idempotency_key="k")

    with ThreadPoolExecutor(3) as several:
        found = list(several.map(register, range(3)))
    assert {(one.status_code, one.json()["number"], one.headers["etag"]) for one in found} == {
        (200, 1, found[0].headers["etag"])
    }
    at_once = {**NEW, "reference": "N-2"}
    assert asking.send("/patients", at_once, idempotency_key="k").json()["type"].endswith("#key-used")


def test_a_message_that_is_being_sent_is_not_sent_again_under_its_key(bare: Desk) -> None:
    slow = Slow()
    there = with_house(bare, House(channels=lambda: (slow,)))
    asking = program(there)

    def send(key: str = "k") -> Any:
        return asking.send("/channels/email/test", TO, idempotency_key=key)

    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(send)
        assert slow.begun.wait(20)
        meanwhile = send()
        assert (meanwhile.status_code, meanwhile.json()["type"]) == (409, "/api/v1/problems#under-way")
        slow.may_end.set()
        done = first.result(20)
    assert done.status_code == 200
    assert send().json() == done.json()
    assert len(slow.sent) == 1


def test_what_failed_beside_the_database_leaves_its_key_free(bare: Desk) -> None:
    class Broken(Way):
        def send(self, one: Outgoing) -> None:  # noqa: ARG002 - of the channel
            raise RuntimeError

    way: list[Way] = [Broken()]
    asking = program(with_house(bare, House(channels=lambda: tuple(way))))
    assert asking.send("/channels/email/test", TO, idempotency_key="k").status_code == 500
    way[:] = [Way()]
    assert asking.send("/channels/email/test", TO, idempotency_key="k").status_code == 200
