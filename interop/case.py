"""A case: one patient's dated story with the questions asked of it, as case files hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.event import Moment, Story


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One question: where do we stand on `as_of`, with what was recorded by `known_at`, under which settings.

    `settings` are overrides that have been checked; `expected` is kept as it was written.
    """

    as_of: date
    known_at: Moment
    settings: Mapping[str, object] = field(default_factory=dict)
    expected: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case that was read without a fault. `file` and `line` say where it stands and are not compared."""

    id: str
    title: str | None
    story: Story
    checkpoints: tuple[Checkpoint, ...] = ()
    file: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)

    @property
    def facts(self) -> Mapping[str, object]:
        """What is known from the beginning, by canonical name."""
        return self.story.facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """A case that was not read, or a file (then `case` is None).

    `error` has one line for each thing wrong, with file, line, event id and what was expected; `line` is
    where the first of them stands.
    """

    case: str | None
    error: str
    file: str | None
    line: int | None
