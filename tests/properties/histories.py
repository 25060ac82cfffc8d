"""Whole histories: any entries at all, courses along the pathway, and known cases retold with changes.

Every type and field of the vocabulary occurs, with nulls, late entries, corrections and retractions (also of
one another), duplicates, deaths, withdrawals and returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from engine.entries import EntryError, read_event, read_facts, read_story
from engine.event import Event, Story
from interop.sources import file_cases
from pathways.worked import shipped
from tests.properties import courses
from tests.properties.courses import Option
from tests.properties.episodes import EPISODES
from tests.properties.values import Raw, content_of, day, days, facts, moments, values, vocabulary

_TESTS: Final = Path(__file__).parents[1]
_CHANGES: Final = ("correction", "retraction")
ORDINARY: Final = tuple(name for name in vocabulary.events if name not in _CHANGES)


@dataclass(frozen=True)
class Told:
    """A story as it was told; what does not fit together is left out, as it would be refused."""

    facts: Raw
    events: tuple[Raw, ...]
    story: Story = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "story", _story(self.facts, self.events))


def _story(facts: Raw, raws: Sequence[Raw]) -> Story:
    known, entries = read_facts(facts), [read_event(raw) for raw in raws]
    while True:
        try:
            return read_story(known, entries)
        except EntryError as error:
            wrong = {fault.event for fault in error.faults}
            fitting = [entry for entry in entries if entry.id not in wrong]
            if len(fitting) == len(entries):
                raise  # the facts are at fault: nothing can be left out
            entries = fitting


def _recorded(draw: st.DrawFn) -> Raw:
    """When it was recorded and documented: mostly with the day itself, sometimes later."""
    chosen = draw(st.sampled_from(["at once", "at once", "late", "in between", "documented late"]))
    if chosen == "at once":
        return {}
    if chosen == "late":
        return {"recorded": draw(moments)}
    if chosen == "in between":
        return {"documented": draw(days), "recorded": draw(moments)}
    return {"documented": draw(moments)}


@st.composite
def ordinary(draw: st.DrawFn, id: str) -> Raw:
    """Any event but a correction or a retraction."""
    type = draw(st.sampled_from(ORDINARY))
    common: Raw = {"id": id, "type": type, "date": draw(moments), **_recorded(draw)}
    return {**common, **draw(content_of(type))}


def _correctable(target: Raw) -> list[str]:
    fields = vocabulary.events[str(target["type"])].fields
    if target["type"] == "correction":
        return ["new"]
    paths = [name for name in fields if name not in ("target", "field", "reason")]
    lesions = target.get("lesions")
    for lesion in lesions if isinstance(lesions, list) else ():
        paths += [f"lesions.{lesion['id']}.{name}" for name in ("status", "organ", "local_treatable")]
    return ["date", *paths]


@st.composite
def change(draw: st.DrawFn, id: str, told: Sequence[Raw]) -> Raw:
    """A retraction or a correction of something told before."""
    target = draw(st.sampled_from(told))
    when: Raw = {"id": id, "date": draw(days), **_recorded(draw)}
    paths = _correctable(target)
    if not paths or draw(st.sampled_from([False, False, True])):
        return {**when, "type": "retraction", "target": target["id"], "reason": "told in error"}
    path = draw(st.sampled_from(paths))
    by_id = {raw["id"]: raw for raw in told}
    root = target
    while root["type"] == "correction":
        if root["target"] not in by_id:
            return {**when, "type": "retraction", "target": target["id"], "reason": "told in error"}
        path, root = str(root["field"]), by_id[root["target"]]
    new = draw(values(vocabulary.field_at(str(root["type"]), path))) if root["type"] not in _CHANGES else None
    named = "new" if target["type"] == "correction" else path
    return {**when, "type": "correction", "target": target["id"], "field": named, "new": new}


@st.composite
def _again(draw: st.DrawFn, id: str, told: Sequence[Raw]) -> Raw:
    """The same content once more, recorded later."""
    first = draw(st.sampled_from([raw for raw in told if raw["type"] not in _CHANGES] or told))
    return {**first, "id": id, "recorded": day(draw(st.sampled_from([400, 700, 900])))}


@st.composite
def _moved(draw: st.DrawFn, told: list[Raw]) -> list[Raw]:
    """One event on another day, or on the day of another."""
    number = draw(st.integers(0, len(told) - 1))
    others = st.sampled_from([str(raw["date"]) for raw in told])
    return [*told[:number], {**told[number], "date": draw(others | moments)}, *told[number + 1 :]]


@st.composite
def _restated(draw: st.DrawFn, told: list[Raw]) -> list[Raw]:
    """One field of one event with another value, null or not stated."""
    number = draw(st.integers(0, len(told) - 1))
    raw = told[number]
    fields = {n: f for n, f in vocabulary.events[str(raw["type"])].fields.items() if f.type != "any"}
    free = [name for name in fields if name not in ("target", "field", "item")]
    if not free:
        return told
    name = draw(st.sampled_from(free))
    present = {key: value for key, value in raw.items() if key not in (name, *fields[name].aliases)}
    if fields[name].required or draw(st.booleans()):
        present[name] = draw(values(fields[name]))
    return [*told[:number], present, *told[number + 1 :]]


@st.composite
def _late(draw: st.DrawFn, told: list[Raw]) -> list[Raw]:
    number = draw(st.integers(0, len(told) - 1))
    return [*told[:number], {**told[number], **_recorded(draw)}, *told[number + 1 :]]


@st.composite
def _dropped(draw: st.DrawFn, told: list[Raw]) -> list[Raw]:
    number = draw(st.integers(0, len(told) - 1))
    return [*told[:number], *told[number + 1 :]]


def _added(
    entry: Callable[[str, Sequence[Raw]], st.SearchStrategy[Raw]],
) -> Callable[[list[Raw]], st.SearchStrategy[list[Raw]]]:
    return lambda told: entry(f"x{len(told) + 1:02}", told).map(lambda raw: [*told, raw])


_WAYS: Final[tuple[Callable[[list[Raw]], st.SearchStrategy[list[Raw]]], ...]] = (
    _moved,
    _restated,
    _restated,
    _late,
    _dropped,
    _added(change),
    _added(change),
    _added(_again),
    _added(lambda id, _: ordinary(id)),
)


@st.composite
def changed(draw: st.DrawFn, raws: Sequence[Raw], most: int = 4) -> list[Raw]:
    """A story retold with a few changes."""
    told = list(raws)
    for way in draw(st.lists(st.sampled_from(_WAYS), max_size=most)):
        if told:
            told = draw(way(told))
    return told


@st.composite
def free(draw: st.DrawFn) -> Told:
    """Anything at all, in any order."""
    told: list[Raw] = []
    for number in range(draw(st.integers(0, 9))):
        id = f"f{number}"
        among = bool(told) and draw(st.sampled_from([False, False, True]))
        told.append(draw(change(id, told)) if among else draw(ordinary(id)))
    return Told(draw(facts()), tuple(told))


@st.composite
def along(draw: st.DrawFn) -> Told:
    """A course along the pathway, changed here and there."""

    def choose(options: Sequence[Option]) -> Option:
        return draw(st.sampled_from(options))

    return Told(courses.facts(choose), tuple(draw(changed(courses.events(choose, EPISODES)))))


def course(seed: int) -> Told:
    """A course that depends on nothing but the seed."""
    choose = Random(seed).choice
    return Told(courses.facts(choose), tuple(courses.events(choose, EPISODES)))


@cache
def _contents() -> tuple[Raw, ...]:
    """The examples, the vignettes and the worked patients, as they are written."""
    folders = (_TESTS / "examples", _TESTS / "vignettes", shipped)
    files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
    found = (raw.content for file in files for raw in file_cases(file))
    return tuple(one for one in found if isinstance(one, dict))


@cache
def known_cases() -> tuple[tuple[Raw, tuple[Raw, ...]], ...]:
    """Their facts and events."""
    return tuple(map(_told, _contents()))


def known_case(id: str) -> tuple[Raw, tuple[Raw, ...]]:
    """Those of one, by its id."""
    return next(_told(one) for one in _contents() if one.get("id") == id)


def _told(one: dict[str, Any]) -> tuple[Raw, tuple[Raw, ...]]:
    return one.get("facts") or {}, tuple(one.get("events", ()))


@st.composite
def retold(draw: st.DrawFn) -> Told:
    """A known case, changed here and there."""
    known, raws = draw(st.sampled_from(known_cases()))
    return Told(known, tuple(draw(changed(raws))))


histories: Final = st.one_of(along(), retold(), free())


def entries(told: Told) -> tuple[Event, ...]:
    return told.story.entries
