"""What programs are answered about versions, dry runs, and what an administrator looks after."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from web.api.answers import PathwayRef
from web.api.values import Anything, Model


class Versions(Model):
    """The versions of pathways that ship, or in which patients are or were enrolled."""

    versions: tuple[PathwayRef, ...]


class Difference(Model):
    """What became of a part of a declaration. `through`: names in it that stand for something else now."""

    kind: str
    id: str
    title: str
    what: str
    effect: str
    was: str
    now: str
    through: tuple[str, ...]
    statements: tuple[str, ...]


class Differences(Model):
    """What became of a version in the other one."""

    differences: tuple[Difference, ...]


class Job(Model):
    """What takes long: whether it is at work, how far it is, and why it failed if so (empty: it did not)."""

    kind: str
    by: str
    begun: datetime
    ended: datetime | None
    done: int
    total: int
    failed: str


class Tried(Model):
    """What would be otherwise for one patient, the gravest kind first."""

    number: int
    reference: str
    kinds: tuple[str, ...]
    error: str | None
    changes: Anything
    earlier_decisions: tuple[Anything, ...]


class DryRun(Model):
    """The latest dry run of the account: how far it is; once it has ended how many patients stand under each
    kind, and a page of them. `pages` is how many pages there are. Without a `job` nothing was tried, or
    carepath has started anew since.
    """

    job: Job | None
    order: str
    counts: dict[str, int]
    patients: tuple[Tried, ...]
    pages: int


class Verification(Model):
    """Whether the record is as it was recorded: what is being done; what was found last, by whom and when.
    `problems` is null where nobody checked it from the desk yet.
    """

    job: Job | None
    at: datetime | None
    by: str | None
    problems: int | None
    first: tuple[str, ...]


class Message(Model):
    """A message that waits or was given up; it tells no content."""

    id: str
    to: str
    channel: str
    kind: str
    made: datetime
    status: str
    until: datetime | None
    tries: int
    told: str
    last_failure: str


class Messages(Model):
    """The latest messages, and how many there are in all."""

    messages: tuple[Message, ...]
    total: int


class Resent(Model):
    """The message waits to be sent again."""

    message: str


class Way(Model):
    """A channel, where it leads, whom it reaches, and how it does."""

    name: str
    to: str
    per_minute: int | None
    people: tuple[str, ...]
    last_sent: datetime | None
    last_failed: datetime | None
    last_failure: str
    waiting: int
    given_up: int


class Channels(Model):
    """The channels; `trouble`: why those beside the inbox cannot be used, where that is so."""

    channels: tuple[Way, ...]
    trouble: str


class Trial(Model):
    """A channel that was tried out: its steps; why it did not get through and what follows, if so."""

    channel: str
    steps: tuple[str, ...]
    failed: str
    what_then: str


class Setting(Model):
    """A setting: what holds, the default, who says so (default, environment, desk), and what is behind it."""

    name: str
    of: str
    meaning: str
    value: JsonValue
    default: JsonValue
    source: str
    statements: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    others: dict[str, int] | None = None


class Settings(Model):
    """Every setting; of secrets nothing but that there is one."""

    settings: tuple[Setting, ...]


class Seals(Model):
    """The lines of a file of seals and public keys, to be kept where nobody can reach both them and the
    database; `carepath verify --seals` reads it.
    """

    lines: tuple[str, ...]


class Standing(Model):
    """An entry about the site as it stands; `key` are the fields that name it, and `version` is another one
    once it is altered.
    """

    kind: str
    key: dict[str, str]
    version: str
    entry: Anything


class SiteEntries(Model):
    """What stands about the site: how it works, people, teams, absences, phrases, ladders."""

    entries: tuple[Standing, ...]


class Worker(Model):
    """A worker that sends notices, and when it was last seen at work."""

    name: str
    seen: datetime
    stopped: datetime | None


class Workers(Model):
    """The workers; `standstill`: since when nothing is sent, where that is so."""

    workers: tuple[Worker, ...]
    standstill: datetime | None
