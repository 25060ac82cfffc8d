"""From notices to messages: whoever is to be told gets it into the inbox, and by the channels they have.

What is told by itself becomes a message of its own; the rest waits for the person's next digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, Row

from coordination.entries import Person
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.channels import INBOX, Clock
from notifications.decide import Decision, Drop, Hold, Say, decide
from notifications.former import former
from notifications.present import Present, presents
from notifications.sweep import kept
from notifications.timing import digest_at, free_at
from store import messages, outbox, worklist
from store.database import Database
from store.derivation import Derivation
from store.outbox import SAID, SENT, Claim
from store.parts import Renamed
from store.settle import Reckoning
from store.together import together
from store.work_tables import notice

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


def address(
    database: Database,
    worker: str,
    *,
    now: datetime,
    derive: Derivation,
    clock: Clock | None = None,
    going: Callable[[], bool] = lambda: True,
) -> Addressed:
    """Make messages of all notices that wait, as they stand now, for as long as it is `going`.

    `clock` gives the moment of each look (None: `now`, for rehearsals). Raises Busy or CannotWrite.
    """
    moment, done = clock or (lambda: now), Addressed()
    while going():
        found = outbox.claim(database, notice, worker, moment(), lease=LEASE, limit=AT_ONCE)
        if not found.rows:
            break
        looked = _looked(database, found, moment(), derive)
        for one in together(database, looked.decided, partial(_kept, looked)):
            done = done.plus(one)
    return done


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is to become of a notice, or the kind of error for which that cannot be told. `former` are the ids
    it had under records that became part of this one.
    """

    id: str
    decision: Decision | str
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was decided about notices that were claimed, at this moment."""

    claim: Claim
    now: datetime
    calendar: SiteCalendar
    decided: tuple[_Decided, ...]


def _looked(database: Database, claim: Claim, now: datetime, derive: Derivation) -> _Looked:
    """Decide about each notice, without a transaction that keeps others off; each patient is derived once."""
    with database.reading() as connection:
        site = SiteDesk.read(connection)
        here = now.astimezone(site.site.time_zone)
        patients = {row.patient_id for row in claim.rows}
        known = presents(connection, patients, site, Reckoning.at(here, derive), here)
        parts = worklist.parts(connection, known)
    decided = tuple(_decided(row, known[row.patient_id], parts) for row in claim.rows)
    return _Looked(claim, here, SiteCalendar(site.site), decided)


def _decided(row: Row[Any], found: Present | str, parts: Mapping[int, Renamed]) -> _Decided:
    if isinstance(found, str):
        return _Decided(row.id, found)
    them = parts.get(row.patient_id, {})
    ids = (id for one in found.effects if one.id == row.id for id in former(one, them)) if them else ()
    return _Decided(row.id, decide(kept(row), found), tuple(ids))


def _kept(looked: _Looked, connection: Connection, decided: Sequence[_Decided]) -> Addressed:
    """Write down what was decided; whoever has a notice by now decides anew."""
    now, calendar = looked.now, looked.calendar
    ends: dict[str, tuple[str, str]] = {}
    until: dict[str, tuple[datetime, str]] = {}
    said: dict[str, tuple[Say, _Decided]] = {}
    aside = 0
    for one in decided:
        match one.decision:
            case str(trouble):
                tomorrow = calendar.at(calendar.today(now) + timedelta(1))
                until[one.id] = tomorrow, f"cannot be derived ({trouble})"
                aside += 1
            case Drop(status=status, reason=reason):
                ends[one.id] = status, reason
            case Hold(until=day, reason=reason):
                until[one.id] = calendar.at(day), reason
            case Say(to=people) as say:
                ends[one.id] = SAID, f"to {', '.join(person.name for person in people)}"
                said[one.id] = say, one
    outbox.postpone_all(connection, looked.claim, until)
    settled = outbox.settle_all(connection, looked.claim, ends, now)
    made = [one for id in said.keys() & settled for one in _made(*said[id])]
    told = messages.were_told(connection, (id for one in made for id in one.ids))
    fresh = [one for one in made if not any((id, one.person.name, one.channel) in told for id in one.ids)]
    _put(connection, fresh, calendar, now)
    return Addressed(len(said), len(until) - aside, len(ends) - len(said), aside)


@dataclass(frozen=True, slots=True)
class _Made:
    """A notice that a person is told by a channel, alone or in the digest.

    What is in the inbox was told by that; other messages wait to be delivered. One that was told by another
    way under its `former` ids is not told by that again; the inbox has a line for the record that goes on.
    """

    person: Person
    channel: str
    notice_id: str
    alone: bool
    former: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.notice_id, *self.former)


def _made(said: Say, notice: _Decided) -> Iterator[_Made]:
    for person in said.to:
        yield _Made(person, INBOX, notice.id, alone=True)
        for channel in sorted(person.addresses):
            yield _Made(person, channel, notice.id, person in said.singly, notice.former)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What one message to a person by a channel is to tell: one notice alone, or some in the digest."""

    person: Person
    channel: str
    notices: tuple[str, ...]
    alone: bool

    def row(self, name: str, wake: datetime, now: datetime) -> dict[str, object]:
        kind = "single" if self.alone else "digest"
        return {
            "id": f"{kind}/{name}/{self.person.name}/{self.channel}",
            "recipient": self.person.name,
            "channel": self.channel,
            "kind": kind,
            "made": now,
            **({"status": SENT, "settled": now} if self.channel == INBOX else {"wake": wake}),
        }

    def singles(self, calendar: SiteCalendar, now: datetime) -> Iterator[dict[str, object]]:
        """The message that tells it alone; another one where that was sent, and it has to be told again."""
        wake = now if self.channel == INBOX else free_at(self.person, calendar, now)
        for number in count(1):
            name = self.notices[0] if number == 1 else f"{self.notices[0]}.{number}"
            yield self.row(name, wake, now)

    def digests(
        self, connection: Connection, calendar: SiteCalendar, now: datetime
    ) -> Iterator[dict[str, object]]:
        """The digest that waits already, else the next that is to be made."""
        wake = digest_at(self.person, calendar, now)
        if waits := messages.next_digest(connection, self.person.name, self.channel, wake):
            yield {**self.row("", wake, now), "id": waits}
        while True:
            yield self.row(str(calendar.today(wake)), wake, now)
            wake = digest_at(self.person, calendar, wake + timedelta(minutes=1))


def _letters(made: Iterable[_Made]) -> Iterator[_Letter]:
    """Each message that these come into."""
    together: dict[tuple[str, str], list[_Made]] = {}
    for one in made:
        if one.alone:
            yield _Letter(one.person, one.channel, (one.notice_id,), alone=True)
        else:
            together.setdefault((one.person.name, one.channel), []).append(one)
    for (_, channel), several in together.items():
        yield _Letter(several[0].person, channel, tuple(one.notice_id for one in several), alone=False)


def _put(connection: Connection, made: Iterable[_Made], calendar: SiteCalendar, now: datetime) -> None:
    """Put each notice into the first message that still takes it."""
    waiting = [
        (one, one.singles(calendar, now) if one.alone else one.digests(connection, calendar, now))
        for one in _letters(made)
    ]
    while waiting:
        rows = [next(tried) for _, tried in waiting]
        wanted = {str(row["id"]): (row, one.notices) for row, (one, _) in zip(rows, waiting, strict=True)}
        late = messages.put(connection, wanted)
        waiting = [one for row, one in zip(rows, waiting, strict=True) if row["id"] in late]
