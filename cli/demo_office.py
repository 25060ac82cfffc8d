"""The people of the demonstration, whose patient everybody is, and what they are told on its day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cli.processors import processors
from cli.workplace import Workplace
from coordination.board_pass import first_asked
from coordination.entries import Assigned, Board, Listed, Person, Site
from coordination.saying import say
from notifications.address import address
from notifications.sweep import sweep
from pathways.library import all_pathways
from store import identities
from store.identities import references
from store.settle import Reckoning

SHARING = ("anna", "ben")
"""Two coordinators, who have every other patient each."""
LEAD = "lena"
BOARD = "breast-board"
"""It meets on Thursdays at four."""
LISTED = 8
"""Patients who are on the list of its next meeting whose list is open."""


def furnish(here: Workplace) -> None:
    """Say who works here and whose patient everybody is."""
    people = [*(Person(name=name) for name in SHARING), Person(name=LEAD, role="lead")]
    with here.database.writing() as connection:
        for entry in (*people, Site(lead=LEAD)):
            say(connection, entry, recorder=LEAD, now=here.now)
        for place, patient in enumerate(references(connection).values()):
            owner = Assigned(owner=SHARING[place % len(SHARING)])
            say(connection, owner, patient_id=patient, recorder=LEAD, now=here.now)


def meet(here: Workplace) -> None:
    """A tumour board with its next meetings, and some of those about whom it is to be asked on a list."""
    thursday = here.today + timedelta((3 - here.today.weekday()) % 7)
    days = [thursday + timedelta(weeks=week) for week in range(1, 5)]
    meetings = tuple(datetime.combine(day, time(16), here.now.tzinfo) for day in days)
    board = Board(name=BOARD, place="Room 4.12", chair=LEAD, meetings=meetings, capacity=12)
    at = Reckoning.at(here.now, here.derive)
    found = first_asked(here.database, all_pathways(), at, lambda *_: True, LISTED).found
    with here.database.writing() as connection:
        say(connection, board, recorder=LEAD, now=here.now)
        for one, asked in found:
            entry = Listed(
                board=BOARD,
                question=asked.question,
                meeting=meetings[0],
                pathway=asked.asked.pathway,
                step=asked.asked.step.id,
            )
            identities.head_of(connection, one.patient_id, to_write=True)
            say(connection, entry, patient_id=one.patient_id, recorder=LEAD, now=here.now)


def tell(here: Workplace) -> None:
    """What a worker does that has come round once: everybody's inbox is right for today."""
    sweep(here.database, now=here.now, derive=here.derive, jobs=processors())
    address(here.database, LEAD, now=here.now, derive=here.derive)
