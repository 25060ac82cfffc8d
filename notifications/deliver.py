"""From messages to channels: checked once more against the present just before they leave, sent, settled.

At least once: who dies between handing over and settling sends it again, with the same key. What does not
hold any more is left out, visibly; a message of which nothing is left is withdrawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row

from coordination.entries import Person
from coordination.ownership import owners_for
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.channels import Channel, Clock, Down, Outgoing, Passing
from notifications.channels import Final as Never
from notifications.decide import Drop, Hold, Say, decide
from notifications.messages import Open, Told, words
from notifications.mistakes import in_words
from notifications.present import presents
from notifications.site_now import SiteNow
from notifications.sweep import kept
from notifications.timing import digest_at, free_at
from store import identities, outbox, planning
from store.database import Database
from store.derivation import Derivation
from store.errors import StoreError
from store.insist import insist
from store.outbox import AGAIN, DEAD, DOWN, NEVER, SENT, WITHDRAWN, Claim
from store.planning import Notice
from store.settle import Reckoning
from store.tracking import overdue_of
from store.work_tables import message

LEASE: Final = timedelta(minutes=5)
EACH: Final = timedelta(seconds=1)
"""How much longer a lease is for each notice of a message: every patient is derived once more."""
LATE: Final = timedelta(hours=1)
"""A digest that leaves later than this after its hour, as nobody worked then or it failed, minds quiet hours,
too.
"""
AT_ONCE: Final = 5
"""Few, so that several workers share the digests of a morning: each may tell of a hundred patients."""
MOST_TRIES: Final = 30
"""With the pauses between them about four days, as long as mail servers try."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were sent, put off, withdrawn, given up; `down`: the channel takes no more now."""

    sent: int = 0
    later: int = 0
    withdrawn: int = 0
    dead: int = 0
    down: bool = False

    def plus(self, other: Delivered) -> Delivered:
        """Both together."""
        return Delivered(
            self.sent + other.sent,
            self.later + other.later,
            self.withdrawn + other.withdrawn,
            self.dead + other.dead,
            self.down or other.down,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a message holds at this moment, and why the rest is left out."""

    told: tuple[Told, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Way:
    """With what messages are delivered; `clock` gives the present moment."""

    database: Database
    channel: Channel
    derive: Derivation
    clock: Clock
    templates: Path | None
    site: SiteNow = field(default_factory=SiteNow)


def deliver(
    database: Database,
    worker: str,
    channel: Channel,
    *,
    now: datetime,
    derive: Derivation,
    clock: Clock | None = None,
    going: Callable[[], bool] = lambda: True,
    templates: Path | None = None,
) -> Delivered:
    """Send what waits for a channel, for as long as it is `going` and the channel takes messages.

    `clock` gives the moment at which each is looked at and settled (None: `now`, for rehearsals); in the
    folder `templates` are the site's own. Raises Busy or CannotWrite; what was sent before is settled.
    """
    way, done = _Way(database, channel, derive, clock or (lambda: now), templates), Delivered()
    while going() and not done.down:
        claim = outbox.claim(
            database, message, worker, way.clock(), lease=LEASE, limit=AT_ONCE, channel=channel.name
        )
        if not claim.rows:
            break
        for row in claim.rows:
            if going() and not done.down:
                done = done.plus(_delivered_or_put_off(way, claim, row))
            else:
                outbox.release(database, message, worker, channel=channel.name)
                break
    return done


def _delivered_or_put_off(way: _Way, claim: Claim, row: Row[Any]) -> Delivered:
    """One message; a mistake of ours with it stops no other."""
    try:
        ready = _ready(way, claim, row)
    except StoreError:
        raise
    except Exception as error:
        now, told = way.clock(), f"it could not be written ({in_words(error)})"
        with way.database.writing() as connection:
            number = outbox.begin_try(connection, claim, row.id, now, LEASE)
        return _again(way, claim, number, row, Passing(told)) if number else Delivered()
    return ready if isinstance(ready, Delivered) else _handed_over(way, claim, row, ready)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message that is to be handed over now."""

    outgoing: Outgoing
    checked: Checked

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.outgoing.text.encode()).hexdigest()


def _ready(way: _Way, claim: Claim, row: Row[Any]) -> _Ready | Delivered:
    """A message in words, as everything stands now; or what became of it instead."""
    with way.database.reading() as connection:
        site = way.site(connection)
        rows = outbox.told_by(connection, row.id)
    here = way.clock().astimezone(site.site.time_zone)
    person = site.people.get(row.recipient)
    if person is None or way.channel.name not in person.addresses:
        reason = f"{row.recipient} has no {way.channel.name} any more"
        return _withdrawn(way, claim, row, {one.id: reason for one in rows}, here, reason)
    calendar = SiteCalendar(site.site)
    if row.kind == "single" or digest_at(person, calendar, here - LATE) > here:
        free = free_at(person, calendar, here)
        if free > here:
            return _later(way, claim, row, free, "quiet hours")
    if len(rows) > LEASE / EACH / 2:
        with way.database.writing() as connection:
            if not outbox.extend(connection, claim, row.id, here + LEASE + len(rows) * EACH):
                return Delivered()
    with way.database.reading() as connection:
        site = way.site(connection)
        rows = outbox.told_by(connection, row.id)
        checked = check(connection, rows, person, site, Reckoning.at(here, way.derive), here)
        also = still_open(connection, site, person, here) if row.kind == "digest" else None
    if not checked.told:
        return _withdrawn(way, claim, row, checked.left_out, here, "nothing in it holds any more")
    said = words(person, site.site, checked.told, row.kind, here, also, way.templates)
    address = person.addresses[way.channel.name]
    return _Ready(Outgoing(row.id, address, said.subject, said.text, said.html), checked)


def _handed_over(way: _Way, claim: Claim, row: Row[Any], ready: _Ready) -> Delivered:
    """Hand it over, and write down how that ended.

    Whatever else a channel raises may pass: nobody has thought of all that can go wrong there.
    """
    now, most = way.clock(), way.channel.per_minute
    with way.database.writing() as connection:
        full = outbox.full_until(connection, way.channel.name, most, now) if most else None
        if full and outbox.postpone(connection, claim, row.id, full, f"no more than {most} a minute"):
            return Delivered(later=1, down=True)
        number = outbox.begin_try(connection, claim, row.id, now, LEASE)
    if number is None:
        return Delivered()
    try:
        way.channel.send(ready.outgoing)
    except Passing as error:
        return _again(way, claim, number, row, error)
    except Never as error:
        return _ended(way, claim, number, row, ready.checked, DEAD, str(error), None)
    except Exception as error:
        told = f"it could not be handed over ({in_words(error)})"
        return _again(way, claim, number, row, Passing(told))
    return _ended(way, claim, number, row, ready.checked, SENT, "", ready.digest)


def check(
    connection: Connection,
    rows: Sequence[Row[Any] | Notice],
    person: Person,
    site: SiteDesk,
    at: Reckoning,
    now: datetime,
) -> Checked:
    """What of the notices in a message is true for this person at this moment."""
    told: list[Told] = []
    left_out: dict[str, str] = {}
    patients = {row.patient_id for row in rows}
    names = identities.named(connection, patients)
    called = identities.names(connection, patients) if site.site.names_in_messages else {}
    known = presents(connection, patients, site, at, now)
    for row in rows:
        found = known[row.patient_id]
        if isinstance(found, str):
            left_out[row.id] = f"cannot be derived ({found})"
            continue
        match decide(kept(row), found):
            case Drop(reason=reason) | Hold(reason=reason):
                left_out[row.id] = reason
            case Say(to=people) if person not in people:
                left_out[row.id] = "now told to others: " + ", ".join(one.name for one in people)
            case Say(timer=timer):
                who = names[row.patient_id], called.get(row.patient_id)
                told.append(Told.of(who, kept(row), timer, found, row.patient_id))
    return Checked(tuple(told), left_out)


def still_open(connection: Connection, site: SiteDesk, person: Person, now: datetime) -> Open:
    """What is overdue of all patients of this person, so that nothing is silent for having been told once."""
    owners = owners_for(site, person, SiteCalendar(site.site).today(now))
    return Open(*overdue_of(connection, owners))


def _ended(
    way: _Way,
    claim: Claim,
    number: int,
    row: Row[Any],
    checked: Checked,
    status: str,
    told: str,
    digest: str | None,
) -> Delivered:
    """End a message that was handed over, or never can be, with what it left out.

    Where the lease has run out meanwhile, and somebody else has the message, only the try is kept.
    """

    def end(connection: Connection) -> None:
        now = way.clock()
        outbox.end_try(connection, row.id, number, SENT if status == SENT else NEVER, told)
        if outbox.settle(connection, claim, row.id, now, status, told, digest=digest):
            _leave_out(connection, row, checked.left_out, now)

    insist(way.database, end)
    return Delivered(sent=1) if status == SENT else Delivered(dead=1)


def _withdrawn(
    way: _Way, claim: Claim, row: Row[Any], left_out: Mapping[str, str], now: datetime, reason: str
) -> Delivered:
    with way.database.writing() as connection:
        if outbox.settle(connection, claim, row.id, now, WITHDRAWN, reason):
            _leave_out(connection, row, left_out, now)
    return Delivered(withdrawn=1)


def _leave_out(connection: Connection, row: Row[Any], left_out: Mapping[str, str], now: datetime) -> None:
    """What was not told waits again: it is decided anew, told in another message, or settled with a reason.

    So nothing is lost where the patient has changed again since the message was checked.
    """
    outbox.leave_out(connection, row.id, left_out)
    planning.wait_again(connection, left_out, now)


def _later(way: _Way, claim: Claim, row: Row[Any], wake: datetime, reason: str) -> Delivered:
    with way.database.writing() as connection:
        outbox.postpone(connection, claim, row.id, wake, reason)
    return Delivered(later=1)


def _again(way: _Way, claim: Claim, number: int, row: Row[Any], error: Passing) -> Delivered:
    """Try once more after a pause that doubles, or give up; what is sent again has as many tries more."""
    told, down = str(error), isinstance(error, Down)
    if number % MOST_TRIES == 0:
        given_up = f"given up after {number} tries: {told}"
        return _ended(way, claim, number, row, Checked(), DEAD, given_up, None)

    def put_off(connection: Connection) -> None:
        now = way.clock()
        outbox.end_try(connection, row.id, number, DOWN if down else AGAIN, told)
        outbox.postpone(connection, claim, row.id, now + max(pause(row.id, number), error.after), told)
        if down and error.after:
            outbox.rest(connection, claim, way.channel.name, now + error.after, told)

    insist(way.database, put_off)
    return Delivered(later=1, down=down)


def pause(id: str, number: int) -> timedelta:
    """How long to wait after so many tries: doubled each time, and spread so that not all come at once.

    What somebody has sent again begins with short ones.
    """
    longest: timedelta = min(FIRST_PAUSE * 2 ** ((number - 1) % MOST_TRIES), LONGEST_PAUSE)
    spread = int(hashlib.sha256(f"{id} {number}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return longest * (0.5 + spread / 2)
