"""The worker: loops that come round again and again, each by itself, so that none holds up another.

APScheduler only wakes them. All that is to be done stands in the database, so that nothing is lost when a
round is missed, comes late or is broken off, and any number of workers may be at work at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Table

from coordination.entries import Site
from coordination.site_calendar import SiteCalendar
from notifications.address import address
from notifications.channels import Channel, Clock
from notifications.deliver import deliver
from notifications.mistakes import in_words
from notifications.site_now import SiteNow
from notifications.sweep import sweep
from store import clock as machine
from store import heartbeat, outbox, queues, tallies
from store.database import Database
from store.derivation import Derivation
from store.errors import StoreError
from store.heartbeat import TICK
from store.record import anew
from store.verify import verify
from store.work_tables import message, notice

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

NIGHT: Final = time(2)
"""When nightly rounds begin, by the site's clock; where nobody is at work then, as soon as somebody is."""

REMEMBERED: Final = timedelta(7)
"""How long a worker that gave no sign is spoken of."""

LONG: Final = timedelta(hours=1)
"""A round that takes longer hangs; a channel by which nothing goes through for longer needs somebody."""


class Round(NamedTuple):
    """When a loop last came round, and what went wrong."""

    ended: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """One of the loops: what a round does, answering in words what it did (empty: nothing).

    A nightly one comes round once a night, whichever worker is first. `back` gives back what a round that
    was broken off had taken.
    """

    name: str
    work: Callable[[], str]
    nightly: bool = False
    back: Callable[[], None] | None = None


@dataclass
class Worker:
    """One worker, and the channels beside the inbox. `clock` gives the present moment, `told` takes a line
    about what was done.

    `ping` tells somebody outside that all loops came round; `keep_tries` is how long the tries of messages
    are kept; in the folder `templates` are the site's own for messages.
    """

    database: Database
    derive: Derivation
    channels: Sequence[Channel]
    name: str
    clock: Clock
    told: Callable[[str], None] = lambda _: None
    jobs: int = 1
    ping: Callable[[], None] | None = None
    keep_tries: timedelta = timedelta(365)
    templates: Path | None = None
    tick: timedelta = TICK
    _rounds: dict[str, Round] = field(init=False, default_factory=dict)
    _site_now: SiteNow = field(init=False, default_factory=SiteNow)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._started = self.clock()
        self.identity = f"{self.name} since {self._started.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        """The name under which it takes work: another one after each start, so that nobody is mistaken."""

    def once(self) -> bool:
        """Let each loop come round once, one after the other; False where something went wrong."""
        self.beat()
        for loop in self.loops():
            self.come_round(loop)
        self._ended()
        return not any(one.trouble for one in self._rounds.values())

    def run(self, stop: threading.Event) -> None:
        """Let the loops come round until `stop` is set; what is in hand then is finished first."""
        self.beat()
        scheduler = self._scheduled()
        scheduler.start()
        try:
            while not stop.wait(self.tick.total_seconds()):
                self.beat()
                wake_again(scheduler, self.tick)
        finally:
            self._stopping.set()
            scheduler.shutdown(wait=True)
            self._ended()

    def loops(self) -> Iterator[Loop]:
        """All loops, in the order in which one round of each does most."""
        yield Loop("sweep", self._sweep)
        yield Loop("address", self._address, back=partial(self._back, notice))
        for channel in self.channels:
            back = partial(self._back, message, channel=channel.name)
            yield Loop(f"deliver {channel.name}", partial(self._deliver, channel), back=back)
        yield Loop("prune", self._prune, nightly=True)
        yield Loop("verify", self._verify, nightly=True)
        if self.ping:
            yield Loop("ping", partial(self._ping, self.ping))

    def come_round(self, loop: Loop) -> None:
        """One round of a loop; what goes wrong is kept and told, and the next round tries again."""
        did = trouble = ""
        try:
            if not anew(partial(self._begins, loop)):
                return
            if loop.back and self._rounds.get(loop.name, Round()).trouble:
                loop.back()
            did = loop.work()
        except Exception as error:
            trouble = in_words(error)
        self._rounds[loop.name] = Round(self.clock(), trouble)
        if line := trouble or did:
            self.told(f"{loop.name}: {line}")
        with contextlib.suppress(StoreError), self.database.writing() as connection:
            heartbeat.end(connection, loop.name, self.clock(), trouble)

    def beat(self) -> None:
        """Give a sign of life; where the database does not take it, its absence is the sign."""
        with contextlib.suppress(StoreError):
            anew(self._beat)

    def _beat(self) -> None:
        with self.database.writing() as connection:
            heartbeat.beat(connection, self.name, self._started, self.clock())

    def _ended(self) -> None:
        with contextlib.suppress(StoreError), self.database.writing() as connection:
            heartbeat.stop(connection, self.name, self.clock())

    def _begins(self, loop: Loop) -> bool:
        now = self.clock()
        since = last_night(self._site(), now) if loop.nightly else None
        with self.database.writing() as connection:
            if since:
                return heartbeat.begin_once(connection, loop.name, since, now)
            heartbeat.begin(connection, loop.name, now)
            return True

    def _site(self) -> Site:
        with self.database.reading() as connection:
            return self._site_now(connection).site

    def _going(self) -> bool:
        return not self._stopping.is_set()

    def _back(self, table: Table, **only: object) -> None:
        outbox.release(self.database, table, self.identity, **only)

    def _sweep(self) -> str:
        begin = int(hashlib.sha256(self.identity.encode()).hexdigest(), 16)
        done = sweep(
            self.database,
            now=self.clock(),
            derive=self.derive,
            jobs=self.jobs,
            begin=begin,
            going=self._going,
        )
        return counted(("planned", done.planned), ("new", done.issued), ("set aside", done.aside))

    def _address(self) -> str:
        done = address(
            self.database,
            self.identity,
            now=self.clock(),
            derive=self.derive,
            clock=self.clock,
            going=self._going,
        )
        return counted(
            ("said", done.said), ("held", done.held), ("dropped", done.dropped), ("set aside", done.aside)
        )

    def _deliver(self, channel: Channel) -> str:
        done = deliver(
            self.database,
            self.identity,
            channel,
            now=self.clock(),
            derive=self.derive,
            clock=self.clock,
            going=self._going,
            templates=self.templates,
        )
        return counted(
            ("sent", done.sent), ("later", done.later), ("withdrawn", done.withdrawn), ("given up", done.dead)
        )

    def _prune(self) -> str:
        now = self.clock()
        tallies.bring_up_to_date(self.database, SiteCalendar(self._site()).today(now))
        with self.database.writing() as connection:
            heartbeat.forget(connection, now - REMEMBERED)
            return counted(("tries forgotten", outbox.forget_tries(connection, now - self.keep_tries)))

    def _verify(self) -> str:
        if found := verify(self.database):
            raise NotAsRecorded(f"the ledger is not as it was recorded, in {len(found):,} places")
        return "the ledger is as it was recorded"

    def _ping(self, ping: Callable[[], None]) -> str:
        """Tell it only where every loop came round lately, and well, and by every channel something goes
        through: whoever listens is told by silence.
        """
        now = self.clock()
        lately = now - LONG
        often = [one.name for one in self.loops() if not one.nightly and one.name != "ping"]
        others = [self._rounds.get(name) for name in often]
        with self.database.reading() as connection:
            down = {one.channel for one in queues.in_vain(connection, now, LONG) if one.down}
        if down & {one.name for one in self.channels}:
            return ""
        if all(one and not one.trouble and one.ended and one.ended > lately for one in others):
            ping()
        return ""

    def _scheduled(self) -> BackgroundScheduler:
        """Each loop in a thread of its own. A round that comes late is as good; of several missed, one is."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a round that takes long is no news
        loops = list(self.loops())
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(loops))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        every = self.tick.total_seconds()
        for loop in loops:
            scheduler.add_job(
                self.come_round, "interval", [loop], seconds=every, id=loop.name, next_run_time=machine.now()
            )
        return scheduler


class NotAsRecorded(StoreError):
    """The nightly check found that the ledger is not as it was recorded; `carepath verify` tells where."""


def wake_again(scheduler: BackgroundScheduler, tick: timedelta) -> None:
    """Bring loops back that would sleep for long because the clock was set back."""
    now = machine.now()
    for job in scheduler.get_jobs():
        if job.next_run_time and job.next_run_time > now + 2 * tick:
            job.modify(next_run_time=now)


def last_night(site: Site, now: datetime) -> datetime:
    """The last moment at which a night's rounds began."""
    calendar = SiteCalendar(site)
    tonight = calendar.at(calendar.today(now), NIGHT)
    return tonight if tonight <= now else calendar.at(calendar.today(now) - timedelta(1), NIGHT)


def counted(*numbers: tuple[str, int]) -> str:
    """What was done in words, without what was not done at all."""
    return ", ".join(f"{number:,} {what}" for what, number in numbers if number)
