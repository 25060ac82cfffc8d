"""Canonical JSON back to the values that were read: lists are tuples again, days are days.

Nothing is checked a second time: what the ledger holds was checked when it was recorded. Equal to reading the
content anew, at a tenth of the cost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from pathways.vocabulary import Field, FieldSet, load_vocabulary
from store.canonical import moment

Convert = Callable[[object], object]


@lru_cache(maxsize=4096)
def event_fields(type: str, payload: str) -> Mapping[str, object]:
    """The fields of an event of this type. Short contents are the same for many patients."""
    return _values(json.loads(payload), _event_plan(type))


def facts(payload: str) -> dict[str, object]:
    """The facts known from the beginning."""
    return _values(json.loads(payload), _facts_plan())


def is_known(value: object) -> bool:
    """Whether a fact says something."""
    return value is not None and value != "unknown"


@cache
def _event_plan(type: str) -> Mapping[str, Convert]:
    return _plan(load_vocabulary().event_type(type).fields)


@cache
def _facts_plan() -> Mapping[str, Convert]:
    return _plan(load_vocabulary().facts)


def _plan(fields: FieldSet) -> Mapping[str, Convert]:
    """How to read the fields that hold days, at whatever depth; all others are plain."""
    converters = ((name, _converter(field)) for name, field in fields.items())
    return {name: convert for name, convert in converters if convert}


def _converter(field: Field) -> Convert | None:
    if field.type == "date":
        return _days if field.is_list else _day
    inner = _plan(field.of) if field.of else {}
    if not inner:
        return None
    return lambda value: _rows(value, inner)


def _values(content: Mapping[str, object], plan: Mapping[str, Convert]) -> dict[str, object]:
    return {
        name: plan[name](value) if name in plan and value is not None else _plain(value)
        for name, value in content.items()
    }


def _rows(value: object, plan: Mapping[str, Convert]) -> object:
    if isinstance(value, list):
        return tuple(_rows(row, plan) for row in value)
    return _values(value, plan) if isinstance(value, dict) else value


def _plain(value: object) -> object:
    if isinstance(value, list):
        return tuple(_plain(one) for one in value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _day(value: object) -> object:
    return moment(value) if isinstance(value, str) else value


def _days(value: object) -> object:
    return tuple(_day(one) for one in value) if isinstance(value, list) else value
