"""What the API answers about records as a whole: registered, put right, merged, parted, an entry moved."""

from __future__ import annotations

from datetime import date

from web.api.answers import Changes
from web.api.values import Model


class Registered(Model):
    """The new patient; null where with `dry_run` there is none. `state` is where the patient stands."""

    number: int | None
    version: str | None
    dry_run: bool
    state: str


class Identity(Model):
    """Who a patient is, as it is kept; of one that was erased only the number is left."""

    number: int
    version: str
    reference: str | None
    name: str | None
    birth_date: date | None
    numbers: dict[str, str]


class Identified(Model):
    """What was put right (`name`, `numbers`, `born`), and what follows from another date of birth."""

    number: int
    version: str
    dry_run: bool
    changed: tuple[str, ...]
    changes: Changes | None


class Merged(Model):
    """The record that goes on; `other` is part of it now."""

    number: int
    version: str
    dry_run: bool
    other: int
    state: str | None
    changes: Changes


class Unmerged(Model):
    """Both go on by themselves. `stays` was recorded since and stays here; `idle` of it has no effect."""

    number: int
    version: str
    dry_run: bool
    other: int
    state: str | None
    stays: tuple[str, ...]
    idle: tuple[str, ...]
    changes: Changes


class Moved(Model):
    """The entry is taken back here and recorded `to` the other patient, as `entry`."""

    number: int
    version: str
    dry_run: bool
    to: int
    entry: str
    changes: Changes
    changes_there: Changes
