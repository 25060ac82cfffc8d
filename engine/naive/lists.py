"""Operators over lesions (lists that may be unknown, R9) and over series of dates (R29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.event import Event
from engine.kleene import ABSENT
from engine.naive import days
from engine.naive.known import Entries
from engine.naive.logic import is_known
from engine.naive.sight import Sight, Value
from engine.naive.story import read, texts
from pathways.graph import Node


class Row(NamedTuple):
    """One lesion of the list of an imaging."""

    imaging: Event
    fields: Mapping[str, object]


Rows = tuple[Row, ...] | None
Dates = tuple[date, ...]


def lesions(node: Node, sight: Sight, imagings: Entries) -> Rows:
    """All that are listed; unknown without an imaging, or where one of them has no list."""
    found: list[Row] = []
    for imaging in imagings:
        listed = imaging.fields.get("lesions")
        if not isinstance(listed, Sequence):
            return None
        found += (Row(imaging, row) for row in listed)
    return tuple(found) if imagings else None


def row_field(node: Node, sight: Sight, row: Value) -> Value:
    return ABSENT if row is ABSENT else read(row.fields.get(str(node.param("name"))), node.type)


def imaging_of(node: Node, sight: Sight, row: Value) -> Value:
    return ABSENT if row is ABSENT else row.imaging


def row_stated(node: Node, sight: Sight, row: Value) -> bool:
    return row is not ABSENT and node.param("name") in row.fields


def values(node: Node, sight: Sight, rows: Rows) -> tuple[str, ...] | None:
    """Each value once; unknown where one of them is."""
    if rows is None:
        return None
    found = {read(row.fields.get(str(node.param("name"))), "code") for row in rows}
    return None if None in found else tuple(sorted(found))


def pairs(node: Node, sight: Sight, rows: Rows) -> frozenset[tuple[object, ...]] | None:
    if rows is None:
        return None
    return frozenset(tuple(row.fields.get(name) for name in texts(node, "names")) for row in rows)


def grid(node: Node, sight: Sight, *values: Value) -> Dates:
    """No date where the anchor or a number is missing, or where the step leads nowhere."""
    anchor, first, step, last = values
    return days.series(anchor, first, step, last) if is_known(*values) and step > 0 else ()


def join(node: Node, sight: Sight, *many: Dates) -> Dates:
    return tuple(day for dates in many for day in dates)


def last_date(node: Node, sight: Sight, many: Dates) -> Value:
    return many[-1] if many else ABSENT


def reach(node: Node, sight: Sight, many: Dates, day: Value, anchor: Value) -> Value:
    """Half of the interval before a date, after it; not there for a day that is no date of the series."""
    if is_known(day, anchor):
        return day + timedelta(days.interval(many, day, anchor) // 2) if day in many else ABSENT
    return ABSENT if day is ABSENT or anchor is ABSENT else None


def assigned(node: Node, sight: Sight, many: Dates, visits: Entries, anchor: Value) -> dict[date, Event]:
    """Each visit goes to its nearest date, at equal distance the earlier, if it lies within half of the
    interval before that date. The first visit of a date counts; without an anchor there are no intervals.
    """
    found: dict[date, Event] = {}
    for visit in visits if many and is_known(anchor) else ():
        nearest = min(many, key=lambda day: (abs(visit.day - day), day))
        if 2 * abs((visit.day - nearest).days) <= days.interval(many, nearest, anchor):
            found.setdefault(nearest, visit)
    return found


def matched(node: Node, sight: Sight, visits: dict[date, Event], day: Value) -> Value:
    return visits.get(day, ABSENT)
