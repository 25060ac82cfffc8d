"""The answer last derived, abridged to what the next is compared with: states, steps, timers, deviations.

One line of canonical JSON for each pathway, so that only the pathways that changed need to be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from engine.snapshot import Deviation, PathwayRef, PatientSnapshot, Snapshot, StepVerdict, TimerItem
from store.canonical import canonical

Row = TypeVar("Row", StepVerdict, TimerItem, Deviation)


def written(snapshot: PatientSnapshot) -> tuple[str, ...]:
    """The lines of a snapshot, in the order of its pathways."""
    return tuple(map(_line, snapshot.pathways))


def read(lines: Iterable[str]) -> tuple[Snapshot, ...]:
    """The pathways as written; guards, facts, profiles, open questions and trail are empty."""
    return tuple(_read_pathway(json.loads(line)) for line in lines)


def _getter(kind: type) -> attrgetter[tuple[object, ...]]:
    return attrgetter(*(field.name for field in fields(kind) if field.name != "decided"))


_ref, _step, _timer, _deviation = map(_getter, (PathwayRef, StepVerdict, TimerItem, Deviation))


def _line(one: Snapshot) -> str:
    place = (one.pathway, one.key, one.state, one.entered_on, one.steps)
    if one.timers or one.deviations:
        return _written(*place, one.timers, one.deviations)
    return _bare(*place)


def _written(
    pathway: PathwayRef,
    key: str,
    state: str,
    entered_on: date | None,
    steps: tuple[StepVerdict, ...],
    timers: tuple[TimerItem, ...] = (),
    deviations: tuple[Deviation, ...] = (),
) -> str:
    return canonical(
        {
            "pathway": _ref(pathway),
            "key": key,
            "state": state,
            "entered_on": entered_on,
            "steps": [_step(step) for step in steps],
            "timers": [_timer(timer) for timer in timers],
            "deviations": [_deviation(deviation) for deviation in deviations],
        }
    )


_bare = lru_cache(maxsize=4096)(_written)
"""A pathway on which nothing is due and nothing departed: most companions of most patients."""


def _read_pathway(said: dict[str, Any]) -> Snapshot:
    return Snapshot(
        pathway=PathwayRef(*said["pathway"]),
        key=said["key"],
        state=said["state"],
        entered_on=_day(said["entered_on"]),
        guards={},
        steps=tuple(_read_row(StepVerdict, row, _step_days) for row in said["steps"]),
        timers=tuple(_read_row(TimerItem, row, _timer_days) for row in said["timers"]),
        deviations=tuple(_read_row(Deviation, row, _deviation_days) for row in said["deviations"]),
        facts={},
        profiles={},
        not_determined=(),
        trail=(),
    )


def _day_places(kind: type) -> frozenset[int]:
    return frozenset(n for n, field in enumerate(fields(kind)) if "date" in str(field.type))


_step_days, _timer_days, _deviation_days = map(_day_places, (StepVerdict, TimerItem, Deviation))


def _read_row(kind: Callable[..., Row], row: list[Any], days: frozenset[int]) -> Row:
    return kind(
        *(
            _day(value) if n in days else tuple(value) if isinstance(value, list) else value
            for n, value in enumerate(row)
        )
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
