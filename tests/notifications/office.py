"""The people of a small site, one patient of theirs, and a channel that keeps what it is handed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from coordination.entries import Assigned, Entry, Person, Site
from coordination.saying import say as say_at_desk
from notifications.address import address
from notifications.channels import Outgoing
from notifications.deliver import Delivered, deliver
from notifications.sweep import sweep
from store import identities
from store.database import Database
from tests.store.cast import NOON
from tests.store.toy import derivation

SITE = Site(zone="Europe/Berlin", lead="lena")
ANNA = Person(name="anna", addresses={"email": "anna@example.org"})
BEN = Person(name="ben", addresses={"email": "ben@example.org"})
LENA = Person(name="lena", role="lead", addresses={"email": "lena@example.org"})


@dataclass
class Kept:
    """A channel that keeps everything; `fails` are raised first, one a try."""

    name: str = "email"
    per_minute: int | None = None
    sent: list[Outgoing] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def send(self, one: Outgoing) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(one)


def furnish(database: Database, *entries: Entry, now: datetime = NOON) -> None:
    """Say these things about the site; the usual people where none are named."""
    with database.writing() as connection:
        for one in entries or (SITE, ANNA, BEN, LENA):
            say_at_desk(connection, one, recorder="anna", now=now)


def say_about(
    database: Database, reference: str, *entries: Entry, now: datetime = NOON, by: str = "anna"
) -> None:
    """Say these things about a patient."""
    with database.writing() as connection:
        head = identities.find(connection, reference, to_write=True)
        assert head is not None
        for one in entries:
            say_at_desk(connection, one, patient_id=head.patient_id, recorder=by, now=now)


def assign(database: Database, reference: str, owner: str | None, now: datetime = NOON) -> None:
    say_about(database, reference, Assigned(owner=owner), now=now)


def tick(database: Database, now: datetime, channel: Kept, worker: str = "w1") -> Delivered:
    """Everything a worker does at one moment."""
    sweep(database, now=now, derive=derivation)
    address(database, worker, now=now, derive=derivation)
    return deliver(database, worker, channel, now=now, derive=derivation)
