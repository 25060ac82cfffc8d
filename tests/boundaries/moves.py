"""Ways to move a story across the boundary of a comparison, taken from what the comparison reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from engine.event import Event, Story
from pathways.graph import Node, walk
from pathways.settings import Settings
from pathways.vocabulary import load_vocabulary
from tests.boundaries.comparisons import Owner
from tests.boundaries.stories import Point, replaced, shifted

Move = Callable[[Story, date, int], tuple[Story, date]]
"""A story and the day we stand on, so many steps further. Raises ValueError where that cannot be."""

_MOST: Final = 12
_SPACES: Final = (30, 1)
_UNSURE: Final = (2, 5)


@dataclass(frozen=True)
class Read:
    """What a comparison reads: entries of these types, facts and fields of these names."""

    types: frozenset[str]
    facts: frozenset[str]
    fields: frozenset[str]
    row_fields: frozenset[str]
    fact_types: tuple[tuple[str, str], ...]


@cache
def read_by(comparison: Node) -> Read:
    nodes = list(walk(*comparison.args))

    def names(op: str) -> frozenset[str]:
        return frozenset(str(n.param("name")) for n in nodes if n.op == op)

    types = {t for n in nodes if n.op in ("events", "ledger") for t in n.param("types")}  # type: ignore[union-attr]
    facts = tuple(sorted({(str(n.param("name")), n.type) for n in nodes if n.op == "fact"}))
    return Read(frozenset(map(str, types)), names("fact"), names("field"), names("row_field"), facts)


def moves(comparison: Node, story: Story, unit: str) -> Iterator[Move]:
    """By days: today, facts, entries. By numbers: facts, fields, lesions, and how many entries there are."""
    read = read_by(comparison)
    mine = [e for e in reversed(story.entries) if not read.types or e.type in read.types]
    if unit != "number":
        yield lambda story, as_of, steps: (story, as_of + timedelta(steps))
    yield from (_fact(name, unit) for name in sorted(read.facts) if _steps(story.facts.get(name), unit))
    for entry in mine:
        yield from (_field(entry, n, unit) for n in sorted(read.fields) if _steps(entry.fields.get(n), unit))
        if unit == "number":
            yield from _of_lesions(entry, read)
    if unit == "number":
        for entry in mine:
            dropped = ({}, *({name: None} for name in sorted(entry.fields)))
            yield from (_repeated(entry, days, without) for days in _SPACES for without in dropped)
    else:
        yield from (_moved(entry) for entry in mine)


def _steps(value: object, unit: str) -> bool:
    if unit == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, date)


def _further(value: Any, steps: int) -> object:
    return value + timedelta(steps) if isinstance(value, date) else value + steps


def _fact(name: str, unit: str) -> Move:
    def move(story: Story, as_of: date, steps: int) -> tuple[Story, date]:
        return replace(story, facts={**story.facts, name: _further(story.facts[name], steps)}), as_of

    return move


def _field(entry: Event, name: str, unit: str) -> Move:
    def move(story: Story, as_of: date, steps: int) -> tuple[Story, date]:
        fields = {**entry.fields, name: _further(entry.fields[name], steps)}
        return replaced(story, entry, replace(entry, fields=fields)), as_of

    return move


def _moved(entry: Event) -> Move:
    def move(story: Story, as_of: date, steps: int) -> tuple[Story, date]:
        there = shifted(entry, steps)
        return replaced(story, entry, there), max(as_of, there.day)

    return move


def _of_lesions(entry: Event, read: Read) -> Iterator[Move]:
    rows = _rows(entry)
    for number, row in enumerate(rows):
        for name in sorted(read.row_fields):
            if _steps(row.get(name), "number"):
                yield _row_field(entry, number, name)
        yield _more_rows(entry, number)


def _rows(entry: Event) -> list[dict[str, Any]]:
    rows: Any = entry.fields.get("lesions")
    return list(rows or ())


def with_rows(entry: Event, rows: list[dict[str, Any]]) -> Event:
    return replace(entry, fields={**entry.fields, "lesions": tuple(rows)})


def _row_field(entry: Event, number: int, name: str) -> Move:
    def move(story: Story, as_of: date, steps: int) -> tuple[Story, date]:
        rows = _rows(entry)
        rows[number] = {**rows[number], name: rows[number][name] + steps}
        return replaced(story, entry, with_rows(entry, rows)), as_of

    return move


def _more_rows(entry: Event, number: int) -> Move:
    """The same lesion so many times more, or lesions of its organ fewer."""

    def move(story: Story, as_of: date, steps: int) -> tuple[Story, date]:
        rows = _rows(entry)
        alike = [row for row in rows if row["organ"] == rows[number]["organ"]]
        if not -len(alike) <= steps <= _MOST:
            raise ValueError(steps)
        gone = alike[:-steps] if steps < 0 else []
        more = [{**rows[number], "id": f"{rows[number]['id']}-{n}"} for n in range(steps)]
        return replaced(story, entry, with_rows(entry, [r for r in rows if r not in gone] + more)), as_of

    return move


def _repeated(entry: Event, days: int, without: Mapping[str, None]) -> Move:
    """The same entry so many times more, some days apart, or the last ones of its type fewer."""
    again = replace(entry, fields={**entry.fields, **without})

    def move(story: Story, as_of: date, steps: int) -> tuple[Story, date]:
        alike = [e for e in story.entries if e.type == entry.type]
        if not -len(alike) <= steps <= _MOST:
            raise ValueError(steps)
        gone = alike[steps:] if steps < 0 else []
        more = [replace(shifted(again, days * n), id=f"{entry.id}-{n}") for n in range(1, steps + 1)]
        entries = (*(e for e in story.entries if e not in gone), *more)
        return replace(story, entries=entries), as_of + timedelta(days * max(steps, 0))

    return move


def variants(comparison: Node, owner: Owner, point: Point) -> Iterator[Point]:
    """The point, and what it becomes when a little more is told, or a team has chosen otherwise."""
    for story in (point.story, *_told(comparison, point.story)):
        yield replace(point, story=story)
        for name in settings_of(owner):
            for choice in load_vocabulary().settings[name].choices or ():
                if choice != point.settings[name]:
                    settings = Settings.from_overrides({**dict(point.settings), name: choice})
                    yield replace(point, story=story, settings=settings)


@cache
def settings_of(owner: Owner) -> tuple[str, ...]:
    """The settings that a declaration reads."""
    return tuple(sorted({str(n.param("name")) for n in walk(*owner.roots) if n.op == "setting"}))


def _told(comparison: Node, story: Story) -> Iterator[Story]:
    read = read_by(comparison)
    imaging = next((e for e in reversed(story.entries) if e.fields.get("lesions")), None)
    if imaging is not None and "status" in read.row_fields:
        yield from (replaced(story, imaging, other) for other in _counted_otherwise(imaging))
    for name, type in read.fact_types:
        if name not in story.facts and type in ("number", "date"):
            value = 2 if type == "number" else date(2000, 6, 30)
            yield replace(story, facts={**story.facts, name: value})


def _counted_otherwise(imaging: Event) -> Iterator[Event]:
    """Without a stated count; with more lesions of an organ whose status nobody knows; with none known."""
    fields = {name: value for name, value in imaging.fields.items() if name != "lesion_count_total"}
    bare = replace(imaging, fields=fields)
    if "lesion_count_total" in imaging.fields:
        yield bare
    rows = _rows(imaging)
    for organ in sorted({row["organ"] for row in rows}):
        row = next(row for row in rows if row["organ"] == organ)
        for more in _UNSURE:
            yield with_rows(bare, [*rows, *({**row, "id": f"{n}", "status": None} for n in range(more))])
    yield with_rows(bare, [{**row, "status": None} for row in rows])
