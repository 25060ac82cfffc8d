"""From notices to messages: whoever is to be told gets it into the inbox, and by the channels they have.

What is told by itself becomes a message of its own; the rest waits for the person's next digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from coordination.entries import Person
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.decide import Drop, Hold, Say, decide
from notifications.present import present
from notifications.sweep import kept
from notifications.timing import digest_at, free_at
from store import desk, outbox
from store.database import Database
from store.derivation import Derivation
from store.errors import CannotDerive, UnknownPathway
from store.outbox import Claim
from store.settle import Reckoning
from store.work_tables import notice

INBOX: Final = "inbox"
"""The channel everybody has: nothing leaves the house, and nothing can fail."""

SAID: Final = "said"
LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Addressed:
    """How many notices were said, held back and dropped; how many could not be decided."""

    said: int = 0
    held: int = 0
    dropped: int = 0
    aside: int = 0

    def plus(self, other: Addressed) -> Addressed:
        """Both together."""
        return Addressed(
            self.said + other.said,
            self.held + other.held,
            self.dropped + other.dropped,
            self.aside + other.aside,
        )


def address(database: Database, worker: str, *, now: datetime, derive: Derivation) -> Addressed:
    """Make messages of all notices that wait, as they stand now. Raises Busy or CannotWrite."""
    with database.reading() as connection:
        site = SiteDesk.of(desk.of_site(connection))
    here = now.astimezone(site.site.time_zone)
    done, at = Addressed(), Reckoning.at(here, derive)
    while (found := outbox.claim(database, notice, worker, here, lease=LEASE, limit=AT_ONCE)).rows:
        for one in found.rows:
            with database.writing() as connection:
                done = done.plus(_addressed(connection, found, one, site, at, here))
    return done


def _addressed(
    connection: Connection, claim: Claim, row: Row[Any], site: SiteDesk, at: Reckoning, now: datetime
) -> Addressed:
    calendar = SiteCalendar(site.site)
    try:
        found = present(connection, row.patient_id, site, at, now)
    except (CannotDerive, UnknownPathway) as error:
        tomorrow = calendar.at(calendar.today(now) + timedelta(1))
        outbox.postpone(connection, claim, row.id, tomorrow, f"cannot be derived ({type(error).__name__})")
        return Addressed(aside=1)
    decision = decide(kept(row), found)
    if isinstance(decision, Drop):
        outbox.settle(connection, claim, row.id, now, decision.status, decision.reason)
        return Addressed(dropped=1)
    if isinstance(decision, Hold):
        outbox.postpone(connection, claim, row.id, calendar.at(decision.until), decision.reason)
        return Addressed(held=1)
    told = ", ".join(person.name for person in decision.to)
    if outbox.settle(connection, claim, row.id, now, SAID, f"to {told}"):
        for made in _messages(row.id, decision):
            _put(connection, made, row.id, calendar, now)
    return Addressed(said=1)


@dataclass(frozen=True, slots=True)
class _Made:
    """A message as it is to be put: for whom, by which channel, alone or in the digest."""

    person: Person
    channel: str
    notice_id: str
    alone: bool

    def row(self, wake: datetime, calendar: SiteCalendar, now: datetime) -> dict[str, object]:
        when = self.notice_id if self.alone else str(calendar.today(wake))
        kind = "single" if self.alone else "digest"
        row = {"id": f"{kind}-{when}-{self.person.name}-{self.channel}", "recipient": self.person.name}
        return {**row, "channel": self.channel, "kind": kind, "made": now, "wake": wake}


def _messages(notice_id: str, said: Say) -> Iterator[_Made]:
    for person in said.to:
        yield _Made(person, INBOX, notice_id, alone=True)
        for channel in sorted(person.addresses):
            yield _Made(person, channel, notice_id, alone=person in said.singly)


def _put(connection: Connection, made: _Made, notice_id: str, calendar: SiteCalendar, now: datetime) -> None:
    """Put a message where it belongs; a digest that is leaving just now is missed, the next one takes it."""
    if outbox.was_told(connection, notice_id, made.person.name, made.channel):
        return
    if made.channel == INBOX:
        outbox.put_message(connection, made.row(now, calendar, now), notice_id)
        return
    if made.alone:
        wake = free_at(made.person, calendar, now)
        outbox.put_message(connection, made.row(wake, calendar, now), notice_id)
        return
    wake = digest_at(made.person, calendar, now)
    while not outbox.put_message(connection, made.row(wake, calendar, now), notice_id):
        wake = digest_at(made.person, calendar, wake + timedelta(minutes=1))
