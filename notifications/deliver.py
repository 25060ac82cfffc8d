"""From messages to channels: checked once more against the present just before they leave, sent, settled.

At least once: who dies between handing over and settling sends it again, with the same key. What does not
hold any more is left out, visibly; a message of which nothing is left is withdrawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from coordination.entries import Person
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.address import INBOX
from notifications.channels import Channel, Outgoing, Passing
from notifications.channels import Final as Never
from notifications.decide import Drop, Hold, Say, decide
from notifications.messages import Told, words
from notifications.present import present
from notifications.sweep import kept
from notifications.timing import free_at
from store import desk, identities, outbox, planning
from store.database import Database
from store.derivation import Derivation
from store.errors import CannotDerive, UnknownPathway
from store.outbox import DEAD, SENT, WITHDRAWN, Claim
from store.settle import Reckoning
from store.work_tables import message

LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 20
MOST_TRIES: Final = 8
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were sent, put off, withdrawn, and given up."""

    sent: int = 0
    later: int = 0
    withdrawn: int = 0
    dead: int = 0

    def plus(self, other: Delivered) -> Delivered:
        """Both together."""
        return Delivered(
            self.sent + other.sent,
            self.later + other.later,
            self.withdrawn + other.withdrawn,
            self.dead + other.dead,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a message holds at this moment, and why the rest is left out; `again` are to be told to
    others.
    """

    told: tuple[Told, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    again: tuple[str, ...] = ()


def deliver(
    database: Database, worker: str, channel: Channel, *, now: datetime, derive: Derivation, clock: Any = None
) -> Delivered:
    """Send what waits for a channel. `clock` gives the moment each is settled (None: `now`, for rehearsals).

    Raises Busy or CannotWrite; what was sent before is settled.
    """
    with database.reading() as connection:
        site = SiteDesk.of(desk.of_site(connection))
    here = now.astimezone(site.site.time_zone)
    at, done = Reckoning.at(here, derive), Delivered()
    while (found := _claimed(database, worker, here, channel)).rows:
        for one in found.rows:
            done = done.plus(
                _delivered(database, found, one, channel, site, at, here, clock or (lambda: here))
            )
    return done


def _claimed(database: Database, worker: str, now: datetime, channel: Channel) -> Claim:
    return outbox.claim(database, message, worker, now, lease=LEASE, limit=AT_ONCE, channel=channel.name)


def _delivered(
    database: Database,
    claim: Claim,
    row: Row[Any],
    channel: Channel,
    site: SiteDesk,
    at: Reckoning,
    now: datetime,
    clock: Any,
) -> Delivered:
    person = site.people.get(row.recipient)
    if person is None or (channel.name != INBOX and channel.name not in person.addresses):
        return _withdrawn(
            database, claim, row, Checked(), now, f"{row.recipient} has no {channel.name} any more"
        )
    if row.kind == "single" and channel.name != INBOX:
        free = free_at(person, SiteCalendar(site.site), now)
        if free > now:
            return _later(database, claim, row, free, "quiet hours")
    with database.reading() as connection:
        checked = check(connection, row.id, person, site, at, now)
    if not checked.told:
        return _withdrawn(database, claim, row, checked, now, "nothing in it holds any more")
    said = words(person, site.site, checked.told, row.kind, now)
    outgoing = Outgoing(row.id, person.addresses.get(channel.name, ""), said.subject, said.text, said.html)
    with database.writing() as connection:
        if not outbox.still_held(connection, claim, row.id):
            return Delivered()
    try:
        channel.send(outgoing)
    except Passing as error:
        return _again(database, claim, row, clock(), str(error))
    except Never as error:
        return _settled(database, claim, row, checked, clock(), DEAD, str(error))
    digest = hashlib.sha256(said.text.encode()).hexdigest()
    return _settled(database, claim, row, checked, clock(), SENT, "", digest)


def check(
    connection: Connection, id: str, person: Person, site: SiteDesk, at: Reckoning, now: datetime
) -> Checked:
    """What of a message is true for this person at this moment."""
    told: list[Told] = []
    left_out: dict[str, str] = {}
    again: list[str] = []
    rows = outbox.told_by(connection, id)
    names = identities.named(connection, {row.patient_id for row in rows})
    known: dict[int, Any] = {}
    for row in rows:
        try:
            if row.patient_id not in known:
                known[row.patient_id] = present(connection, row.patient_id, site, at, now)
        except (CannotDerive, UnknownPathway) as error:
            left_out[row.id] = f"cannot be derived ({type(error).__name__})"
            again.append(row.id)
            continue
        found = known[row.patient_id]
        decision = decide(kept(row), found)
        match decision:
            case Drop(reason=reason):
                left_out[row.id] = reason
            case Hold(reason=reason):
                left_out[row.id] = reason
                again.append(row.id)
            case Say(to=people) if person not in people:
                left_out[row.id] = "now told to others: " + ", ".join(one.name for one in people)
                again.append(row.id)
            case Say(timer=timer):
                told.append(Told.of(names[row.patient_id], kept(row), timer, found))
    return Checked(tuple(told), left_out, tuple(again))


def _settled(
    database: Database,
    claim: Claim,
    row: Row[Any],
    checked: Checked,
    now: datetime,
    status: str,
    told: str,
    digest: str | None = None,
) -> Delivered:
    """End a message that was handed over, or never can be, with what it left out."""
    with database.writing() as connection:
        if outbox.settle(connection, claim, row.id, now, status, told, digest=digest):
            outcome = SENT if status == SENT else "never"
            outbox.tried(connection, row.id, row.attempts + 1, now, claim.worker, outcome, told)
            _leave_out(connection, row, checked, now)
    return Delivered(sent=1) if status == SENT else Delivered(dead=1)


def _withdrawn(
    database: Database, claim: Claim, row: Row[Any], checked: Checked, now: datetime, reason: str
) -> Delivered:
    with database.writing() as connection:
        if outbox.settle(connection, claim, row.id, now, WITHDRAWN, reason):
            _leave_out(connection, row, checked, now)
    return Delivered(withdrawn=1)


def _leave_out(connection: Connection, row: Row[Any], checked: Checked, now: datetime) -> None:
    """What is true and was not told here is addressed anew; one inbox is enough to see to that."""
    outbox.leave_out(connection, row.id, checked.left_out)
    planning.wait_again(connection, checked.again, now)


def _later(database: Database, claim: Claim, row: Row[Any], wake: datetime, reason: str) -> Delivered:
    with database.writing() as connection:
        outbox.postpone(connection, claim, row.id, wake, reason)
    return Delivered(later=1)


def _again(database: Database, claim: Claim, row: Row[Any], now: datetime, told: str) -> Delivered:
    """Try once more after a pause that doubles, or give up."""
    number = row.attempts + 1
    if number >= MOST_TRIES:
        return _settled(database, claim, row, Checked(), now, DEAD, f"given up after {number} tries: {told}")
    with database.writing() as connection:
        if outbox.postpone(connection, claim, row.id, now + pause(row.id, number), told):
            outbox.tried(connection, row.id, number, now, claim.worker, "again", told)
    return Delivered(later=1)


def pause(id: str, number: int) -> timedelta:
    """How long to wait after so many tries: doubled each time, and spread so that not all come at once."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (number - 1), LONGEST_PAUSE)
    spread = int(hashlib.sha256(f"{id} {number}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return longest * (0.5 + spread / 2)
