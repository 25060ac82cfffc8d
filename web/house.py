"""What the machine gives the application, as whoever starts it reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from notifications.channels import Channel


class Finding(NamedTuple):
    """One thing that was looked at: what was found, and what is to be done where not all is well."""

    name: str
    found: str
    to_do: str | None = None


class Configured(NamedTuple):
    """A setting of the machine: its variable, what holds (of a secret only that there is one), and whether
    the environment says so.
    """

    variable: str
    value: str
    said: bool


def _no_channels() -> Sequence[Channel]:
    return ()


def _nothing() -> Iterable[Finding]:
    return ()


@dataclass(frozen=True, slots=True)
class House:
    """The surroundings of the application that only the command line reads.

    `channels` reads them anew and raises NotConfigured; `findings` is what `carepath doctor` looks at.
    `backups` is the folder in which backups are made, None where none is named. `processors`: among so many
    long work is shared.
    """

    channels: Callable[[], Sequence[Channel]] = _no_channels
    templates: Path | None = None
    settings: Sequence[Configured] = ()
    backups: Path | None = None
    findings: Callable[[], Iterable[Finding]] = _nothing
    processors: int = 1
