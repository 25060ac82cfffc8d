"""The people of the demonstration, whose patient everybody is, and what they are told on its day."""

from __future__ import annotations

from cli.processors import processors
from cli.workplace import Workplace
from coordination.entries import Assigned, Person, Site
from coordination.saying import say
from notifications.address import address
from notifications.sweep import sweep
from store.identities import references

SHARING = ("anna", "ben")
"""Two coordinators, who have every other patient each."""
LEAD = "lena"


def furnish(here: Workplace) -> None:
    """Say who works here and whose patient everybody is."""
    people = [*(Person(name=name) for name in SHARING), Person(name=LEAD, role="lead")]
    with here.database.writing() as connection:
        for entry in (*people, Site(lead=LEAD)):
            say(connection, entry, recorder=LEAD, now=here.now)
        for place, patient in enumerate(references(connection).values()):
            owner = Assigned(owner=SHARING[place % len(SHARING)])
            say(connection, owner, patient_id=patient, recorder=LEAD, now=here.now)


def tell(here: Workplace) -> None:
    """What a worker does that has come round once: everybody's inbox is right for today."""
    sweep(here.database, now=here.now, derive=here.derive, jobs=processors())
    address(here.database, LEAD, now=here.now, derive=here.derive)
