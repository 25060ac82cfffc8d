"""The clinic of the examples with people who are told, and a worker that came by."""

from __future__ import annotations

from datetime import datetime

from coordination.entries import Assigned, Person, Site
from coordination.saying import say
from notifications.address import address
from notifications.deliver import deliver
from notifications.sweep import sweep
from store import identities
from store.database import Database, open_database
from store.library import shipped
from tests.keys import KEYS
from tests.notifications.office import Kept

SITE = Site(zone="Europe/Berlin", lead="lena")
PEOPLE = (
    Person(name="anna", addresses={"email": "anna@example.org"}),
    Person(name="lena", role="lead"),
)


def staffed(url: str, reference: str, now: datetime) -> None:
    """Anna looks after the patient, Lena is the lead."""
    database = open_database(url, KEYS)
    with database.writing() as connection:
        for entry in (SITE, *PEOPLE):
            say(connection, entry, recorder="anna", now=now)
        head = identities.find(connection, reference, to_write=True)
        assert head is not None
        say(connection, Assigned(owner="anna"), patient_id=head.patient_id, recorder="anna", now=now)
    database.close()


def worked(url: str, now: datetime, fails: Exception | None = None) -> None:
    """A worker came by; the first e-mail fails like this."""
    database = open_database(url, KEYS)
    _came_by(database, now, [fails] if fails else [])
    database.close()


def _came_by(database: Database, now: datetime, fails: list[Exception]) -> None:
    derive = shipped(database)
    sweep(database, now=now, derive=derive)
    address(database, "w1", now=now, derive=derive)
    deliver(database, "w1", Kept("email", fails=fails), now=now, derive=derive)
