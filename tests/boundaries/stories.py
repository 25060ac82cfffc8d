"""Stories to stand at a boundary with: the worked patients, as far as each checkpoint sees them, and ways to
move them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from engine.evaluate import Evaluation, Program, View
from engine.event import Event, Moment, Story, not_after
from engine.history import Ledger
from interop.case import Case
from interop.case_file import read_cases
from pathways.library import all_pathways
from pathways.settings import Settings
from pathways.worked import worked_files

LAST: Final = date(2100, 1, 1)
"""Everything that was ever recorded is known."""


@dataclass(frozen=True)
class Point:
    """A patient on a day, with nothing that came later, by the settings of the checkpoint."""

    name: str
    story: Story
    as_of: date
    settings: Settings


@cache
def points() -> tuple[Point, ...]:
    """Every checkpoint of every worked patient, the shortest stories first."""
    cases = [case for p in all_pathways() for file in worked_files(p) for case in read_cases(file)]
    found = [point for case in cases if isinstance(case, Case) for point in _points(case)]
    return tuple(sorted(found, key=lambda point: len(point.story.entries)))


def _points(case: Case) -> list[Point]:
    return [
        Point(
            f"{case.id} at {one.as_of}",
            replace(case.story, entries=_seen(case.story, one.as_of, one.known_at)),
            one.as_of,
            Settings.from_overrides(one.settings),
        )
        for one in case.checkpoints
    ]


def _seen(story: Story, as_of: date, known_at: Moment) -> tuple[Event, ...]:
    return tuple(e for e in story.entries if e.day <= as_of and not_after(e.recorded, known_at))


def moved(story: Story, days: int) -> Story:
    """The whole story so many days later: facts and entries with everything in them that is a day."""
    return replace(
        story,
        facts=_later(story.facts, timedelta(days)),
        entries=tuple(shifted(entry, days) for entry in story.entries),
    )


def shifted(entry: Event, days: int) -> Event:
    """One entry so many days later."""
    by = timedelta(days)
    return replace(
        entry,
        day=entry.day + by,
        documented=entry.documented + by,
        recorded=entry.recorded + by,
        fields=_later(entry.fields, by),
    )


def _later(content: Mapping[str, object], by: timedelta) -> dict[str, object]:
    return {name: _later_value(value, by) for name, value in content.items()}


def _later_value(value: object, by: timedelta) -> object:
    if isinstance(value, date | datetime):
        return value + by
    if isinstance(value, Mapping):
        return _later(value, by)
    return value


def replaced(story: Story, old: Event, new: Event) -> Story:
    return replace(story, entries=tuple(new if entry is old else entry for entry in story.entries))


def viewed(program: Program, story: Story, as_of: date) -> View:
    """The patient on a day with everything known."""
    return Evaluation(program, Ledger(story, LAST), as_of).now()


def value(program: Program, node: Any, view: View) -> Any:
    return program.meanings[node](view)
