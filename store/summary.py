"""The answer last derived, abridged to what the next is compared with: states, steps, timers, deviations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from engine.snapshot import Deviation, PathwayRef, PatientSnapshot, Snapshot, StepVerdict, TimerItem
from pathways.settings import Settings
from store.canonical import canonical

Row = TypeVar("Row", StepVerdict, TimerItem, Deviation)


def written(snapshot: PatientSnapshot) -> str:
    """The abridged snapshot as canonical JSON, without the day it was derived for."""
    return canonical([_pathway(one) for one in snapshot.pathways])


def read(text: str, as_of: date, settings: Settings) -> PatientSnapshot:
    """The snapshot that was written; guards, facts, profiles, open questions and trail are empty."""
    return PatientSnapshot(as_of, as_of, settings, tuple(_read_pathway(one) for one in json.loads(text)))


def _getter(kind: type) -> attrgetter[tuple[object, ...]]:
    return attrgetter(*(field.name for field in fields(kind)))


_ref, _step, _timer, _deviation = map(_getter, (PathwayRef, StepVerdict, TimerItem, Deviation))


def _pathway(one: Snapshot) -> Mapping[str, object]:
    return {
        "pathway": _ref(one.pathway),
        "key": one.key,
        "state": one.state,
        "entered_on": one.entered_on,
        "steps": [_step(step) for step in one.steps],
        "timers": [_timer(timer) for timer in one.timers],
        "deviations": [_deviation(deviation) for deviation in one.deviations],
    }


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
        *(_day(value) if n in days else tuple(value) if isinstance(value, list) else value
          for n, value in enumerate(row))
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
